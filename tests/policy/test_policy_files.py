"""The policy files are checked on load; every refusal says where, what and what is expected."""

import itertools
from pathlib import Path

import duckdb
import pytest

from orchestration.policy import PolicyError, load_policy
from orchestration.settings import DBT_PROJECT

POLICY = DBT_PROJECT / "policy"


def edited(folder: Path, theme: str, old: str, new: str) -> Path:
    """A copy of the bundled policy in which one text is replaced once."""
    for file in POLICY.iterdir():
        text = file.read_text("utf-8")
        if file.name == f"{theme}.yml":
            assert text.count(old) >= 1, f"{old!r} does not stand in {file.name}"
            text = text.replace(old, new, 1)
        (folder / file.name).write_text(text, "utf-8")
    return folder


def test_the_bundled_policy_loads_and_lists_every_class_with_both_labels() -> None:
    policy = load_policy(POLICY)
    rows = policy.catalogue()
    assert {row["scheme"] for row in rows} >= {"rfm", "pyramid", "lifecycle", "membership"}
    assert all(row["class_en"] and row["class_zh"] for row in rows)
    assert all(rows[-1]["class_code"] == "unclassified" for _, rows in by_scheme(rows))


def by_scheme(rows: list[dict[str, object]]) -> list[tuple[object, list[dict[str, object]]]]:
    return [(key, list(group)) for key, group in itertools.groupby(rows, lambda row: row["scheme"])]


@pytest.mark.parametrize(
    ("theme", "old", "new", "said"),
    [
        ("value", "top: 20%, at_least: 0.01", "topp: 20%", "topp"),
        ("value", "kind: ladder", "kind: stairs", "kind"),
        ("value", "zh: 高价值, top", "top", "class high: zh: is missing"),
        ("value", "code: mid", "code: high", "'high' stands twice"),
        ("value", "code: high", "code: no", "put it in quotes"),
        ("value", "top: 50%", "top: 10%", "have to rise"),
        ("value", "top: 50%", "top: 50", "write it as in 5%"),
        ("value", "by: net_amount_365d", "by: net_amount_1y", "'net_amount_1y' is not known here"),
        ("value", "id: amount_level", "id: lifecycle", "stands already"),
        ("value", "zh: 低价值}", "zh: 低价值, at_least: 1}", "no bound"),
        ("value", "population: order_count_365d > 0", "population: 5", "put it in quotes"),
        ("behaviour", "at_least: 12", "at_least: 3", "have to fall"),
        ("behaviour", "at_least: 12", "at_least: twelve", "is not a number"),
        ("behaviour", "order_count = 0", "order_cnt = 0", "'order_cnt' is not known here"),
        ("behaviour", "order_count = 0", "lifecycle = 'lost'", "'lifecycle' is not known here"),
        ("behaviour", "order_count = 0", "read_csv('x') = 0", "not part of the policy language"),
        ("behaviour", "order_count = 0", "(select 1) = 0", "not part of the policy language"),
        ("behaviour", "order_count = 0", "order_count = (", "not an expression"),
        ("behaviour", "order_count = 0", "{{ env_var('HOME') }} = 0", "policy is data only"),
        ("behaviour", "net_amount_365d >= p90", "net_amount_365d + 1 >= p90", "bare column"),
        ("behaviour", "order_count = 0", "1 / order_count = 0", "not part of the policy language"),
        ("behaviour", "greatest(90,", "p80 + greatest(90,", "bare column"),
        ("behaviour", "population: order_count > 0", "population: order_count >= p50", "only the"),
        ("behaviour", "r >= 4 and f >= 4", "r >= p80 and f >= 4", "only the `when`"),
        ("behaviour", "active_within_days:", "recency_days:", "stands already"),
        ("behaviour", "id: retail_vip", "id: order", "a word of SQL"),
        ("behaviour", "order_count = 0", "order_count = 0 -- never", "has a comment"),
        ("behaviour", "order_count = 0", "foo.order_count = 0", "is not known here"),
        ("behaviour", "best: low, among", "best: low, weight: -1, among", "greater than 0"),
        (
            "behaviour",
            "{by: order_count_365d, among",
            "{at_least: [9, 3], by: order_count_365d, among",
            "worst to the best",
        ),
        (
            "lifecycle",
            "population: order_count > 0",
            "metrics: {}\n        population: order_count > 0",
            "metrics",
        ),
        ("value", "top: 20%", "top: five%", "write it as in 5%"),
        ("value", "top: 20%", "top: NaN%", "write it as in 5%"),
        ("value", "zh: 铅", "zh: 铅, share: [90%, 1%]", "nothing lies between"),
        ("value", "zh: 铅", "zh: 铅, zh: 铅", "stands twice"),
        ("value", "by: net_amount_365d", "by: net_amount_365d + 1", "name the expression a metric"),
        ("value", "by: net_amount_365d", "by: rfm_score", "'rfm_score' is not known here"),
        ("lifecycle", "otherwise: true", "aliases: [x]", "needs `when` or `otherwise: true`"),
        ("lifecycle", "[first, loyal, lost]", "[first, gone]", "gone: no class of the scheme"),
        ("lifecycle", "days_since(return_date)", "days_since(greatest(return_date))", "one column"),
    ],
)
def test_a_mistake_is_refused_with_file_and_line(
    tmp_path: Path, theme: str, old: str, new: str, said: str
) -> None:
    folder = edited(tmp_path, theme, old, new)
    text = (folder / f"{theme}.yml").read_text("utf-8")
    line = text[: text.index(new)].count("\n") + 1

    with pytest.raises(PolicyError) as refused:
        load_policy(folder)

    message = str(refused.value)
    assert said in message
    named = [
        int(part.split(":")[1]) for part in message.split(f"{theme}.yml")[1:] if part[0] == ":"
    ]
    assert named, message
    # An error of a whole scheme or class is told at its first line.
    assert any(0 <= line - each <= 20 for each in named), message


def test_a_theme_that_is_switched_on_needs_both_its_files(tmp_path: Path) -> None:
    folder = edited(tmp_path, "value", "models:", "models:")
    (folder / "value.sql").unlink()
    with pytest.raises(PolicyError, match=r"value\.sql is missing"):
        load_policy(folder)
    (folder / "value.yml").unlink()
    with pytest.raises(PolicyError, match=r"value\.yml is missing"):
        load_policy(folder)


def test_a_label_changes_the_hash_of_the_policy(tmp_path: Path) -> None:
    folder = edited(tmp_path, "value", "en: Pyramid", "en: The pyramid")
    assert load_policy(folder).hash != load_policy(POLICY).hash


def test_every_rfm_cell_has_exactly_one_segment() -> None:
    scheme = next(scheme for _, scheme in load_policy(POLICY).schemes() if scheme.id == "rfm")
    fits = ", ".join(f"({part.condition}) as {part.code}" for part in scheme.classes)
    cells = [*itertools.product(range(1, 6), repeat=3), (None, None, None)]
    with duckdb.connect() as connection:
        for cell in cells:
            found = connection.execute(
                f"select {fits} from (select ?::int as r, ?::int as f, ?::int as m)", list(cell)
            ).fetchone()
            assert found is not None
            assert sum(bool(each) for each in found) == 1, f"cell {cell} fits {found}"
