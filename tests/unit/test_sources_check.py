"""`tiers sources check`: found, mapped, missing, emptied; and no value of anybody shown."""

import io
from pathlib import Path

import pytest
from source_maker import ORDERS, Shop, orders

from orchestration.canonical import CanonicalColumn
from orchestration.cli.terminal import console
from orchestration.sources.check import SourcesCheck, check_sources
from orchestration.sources.gaps import empty_facts, find_gaps
from orchestration.sources.samples import fits, guess_type, masked
from orchestration.sources.source_file import load_source_file

FACTS = """
models:
- name: customer_facts
  columns:
  - {name: customer_id}
  - {name: bought, config: {meta: {needs: [orders]}}}
  - {name: margin, config: {meta: {needs: [orders.cost_amount]}}}
  - {name: quoted, config: {meta: {needs: [[opportunities.quoted_at, interactions]]}}}
  - {name: topic, config: {meta: {needs: [feedback.topic, feedback.score]}}}
"""
POLICY = """
models:
- name: value
  config:
    meta:
      metrics:
        rate: ratio(margin, bought)
        rate_or_none: coalesce(margin, 0)
      schemes:
      - {id: by_rate, kind: ladder, by: rate, classes: [{code: a, at_least: 1}, {code: b}]}
      - {id: by_less, kind: ladder, by: rate_or_none, classes: [{code: a}]}
      - {id: bought, kind: ladder, by: bought, population: bought > 0, classes: [{code: a}]}
      - {id: of_margin, kind: ladder, by: bought, population: margin > 0, classes: [{code: a}]}
      - id: some
        kind: rules
        classes: [{code: a, when: "margin > 1"}, {code: b, when: "bought > 1"}]
      - id: none
        kind: rules
        classes: [{code: a, when: "margin > 1"}, {code: b, otherwise: true}]
      - {id: either, kind: rules, classes: [{code: a, when: "margin > 1 or bought > 1"}]}
      - {id: word, kind: rules, classes: [{code: a, when: "bought = 'margin'"}]}
      - {id: score, kind: score, dimensions: {m: {by: margin}, b: {by: bought}}, classes: []}
      - {id: lost, kind: score, dimensions: {m: {by: margin}}, classes: []}
"""


def printed(check: SourcesCheck) -> str:
    terminal, shown = console(), io.StringIO()
    terminal.file, terminal.width = shown, 200
    terminal.print(check)
    return shown.getvalue()


def test_what_is_found_and_how_it_maps(tmp_path: Path) -> None:
    made = Shop(tmp_path)
    made.write(
        "o1.csv", f"{ORDERS},status,note\n007,anna,2017-01-01,9.90,paid,x\n8,bert,soon,x,,\n"
    )
    made.write("o2.csv", f"{ORDERS},status\n".replace(",", ";"))
    mapped = (
        "columns: {order_id: order_id, customer_id: customer_id, ordered_at: ordered_at,"
        " amount: amount, status: status}"
    )
    check = check_sources(made.source(orders('"o*.csv"', mapped, "constants: {currency: CNY}")))
    (entry,) = check.entries
    assert check.passed
    assert entry.files == (
        ("o1.csv", "csv, utf-8, delimiter ,"),
        ("o2.csv", "csv, utf-8, delimiter ;"),
    )
    assert (entry.sampled, entry.malformed, entry.extras) == (2, 0, ("note",))
    by_name = {column.name: column for column in entry.columns}
    assert (by_name["order_id"].found, by_name["order_id"].samples) == ("integer", ("999", "9"))
    assert (by_name["amount"].found, by_name["amount"].misfits) == ("text", 1)
    assert (by_name["ordered_at"].wanted, by_name["ordered_at"].misfits) == ("timestamp", 1)
    assert by_name["currency"].source == '"CNY"'
    assert " text (1 do not fit) " in printed(check)


def test_nothing_lands_and_no_value_is_shown(tmp_path: Path) -> None:
    made = Shop(tmp_path)
    made.write("c.csv", "customer_id,name,email\n17,[Anna 张],anna@example.org\n")
    check = check_sources(made.source("  customers:\n  - {from: files, path: c.csv}\n"))
    text = printed(check)
    assert "[xxxx x]" in text
    assert "xxxx@xxxxxxx.xxx" in text
    assert not any(secret in text for secret in ("Anna", "anna", "张", "17 "))
    assert not made.landing.exists()


def test_one_broken_entry_does_not_hide_the_others(tmp_path: Path) -> None:
    made = Shop(tmp_path)
    made.write("o.csv", f"{ORDERS}\n1,c,2017-01-01,1\n")
    tables = (
        "  orders:\n  - {name: a, from: files, path: gone.csv}\n"
        "  - {name: b, from: files, path: o.csv}\n"
    )
    check = check_sources(made.source(tables))
    assert not check.passed
    first, second = check.entries
    assert "'gone.csv' names no file" in (first.problem or "")
    assert second.problem is None
    assert "1 of 2 entries cannot be pulled" in printed(check)


def test_what_is_missing_over_all_entries_of_a_table(tmp_path: Path) -> None:
    made = Shop(tmp_path)
    made.write("a.csv", f"{ORDERS},status\n1,c,2017-01-01,1,x\n")
    made.write("b.csv", f"{ORDERS},channel\n1,c,2017-01-01,1,x\n")
    tables = (
        "  orders:\n  - {name: a, from: files, path: a.csv}\n"
        "  - {name: b, from: files, path: b.csv}\n"
    )
    check = check_sources(made.source(tables))
    assert "status" not in check.missing["orders"]
    assert "channel" not in check.missing["orders"]
    assert "cost_amount" in check.missing["orders"]
    assert "customers" in check.absent
    assert "margin_amount_365d" in check.gaps.facts
    assert "net_amount_365d" not in check.gaps.facts


def test_the_bundled_example_can_be_pulled_and_its_gaps_are_told() -> None:
    source = Path("orchestration/sources/example.yml")
    check = check_sources(load_source_file(source))
    assert check.passed
    assert [entry.table for entry in check.entries] == [
        *("customers", "orders", "order_lines", "interactions", "interactions")
    ]
    assert all(column.misfits == 0 for entry in check.entries for column in entry.columns)
    assert "cost_amount_365d" in check.gaps.facts
    assert "need_grade" in check.gaps.empty_schemes
    assert not {"pyramid", "lifecycle", "satisfaction"} & set(check.gaps.empty_schemes)
    assert "Everything can be pulled." in printed(check)


@pytest.mark.parametrize(
    ("supplied", "empty"),
    [
        ((), ["bought", "margin", "quoted", "topic"]),
        (("orders", "interactions"), ["margin", "topic"]),
        (("opportunities", "opportunities.quoted_at"), ["bought", "margin", "topic"]),
        (("orders", "orders.cost_amount", "feedback.topic"), ["quoted", "topic"]),
    ],
)
def test_facts_whose_needs_are_not_met_are_empty(
    tmp_path: Path, supplied: tuple[str, ...], empty: list[str]
) -> None:
    (tmp_path / "facts.yml").write_text(FACTS)
    assert list(empty_facts(supplied, tmp_path / "facts.yml")) == empty


def test_schemes_are_empty_or_poorer_through_metrics_and_conditions(tmp_path: Path) -> None:
    (tmp_path / "facts.yml").write_text(FACTS)
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "value.yml").write_text(POLICY)
    (tmp_path / "policy" / "themes.txt").write_text("value")
    gaps = find_gaps(("orders", "interactions"), tmp_path / "policy", tmp_path / "facts.yml")
    assert gaps.facts == ("margin", "topic")
    assert gaps.empty_schemes == ("by_rate", "of_margin", "none", "lost")
    assert gaps.poorer_schemes == {
        "by_less": ("margin",),
        "some": ("margin",),
        "either": ("margin",),
        "score": ("margin",),
    }


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ((), "empty"),
        ((" ",), "empty"),
        (("1", " -2 ", "3.0"), "integer"),
        (("1", "2.5"), "number"),
        (("2017-01-01",), "date"),
        (("2017-01-01", "2017-01-01T10:00:00+08:00"), "timestamp"),
        (("yes", "0"), "boolean"),
        (("1", "x"), "text"),
    ],
)
def test_the_narrowest_type_is_guessed(values: tuple[str, ...], kind: str) -> None:
    assert guess_type(values) == kind


@pytest.mark.parametrize(
    ("value", "kind", "fitting"),
    [
        ("9.90", "money", True),
        ("9,90", "money", False),
        ("2017-01-01 10:00", "date", True),
        ("01.01.2017", "date", False),
        ("2.5", "integer", False),
        ("是", "boolean", True),
        ("anything", "text", True),
        (" ", "money", True),
    ],
)
def test_what_staging_will_not_take_is_told(value: str, kind: str, fitting: bool) -> None:
    assert fits(value, CanonicalColumn("c", kind, "")) is fitting


def test_a_value_has_to_be_one_of_its_column() -> None:
    column = CanonicalColumn("kind", "text", "", values=("call", "visit"))
    assert fits("call", column)
    assert not fits("fax", column)


def test_a_masked_value_keeps_its_shape_only() -> None:
    assert masked("Müller-7 张") == "xxxxxx-9 x"
    assert masked("x" * 30) == "x" * 24 + "…"
