"""Who may be one customer is proposed; who was approved to be is one, until that is taken back."""

from collections.abc import Callable, Sequence
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from home_fixtures import MakeSettings
from rich.console import Console
from staged_company import StagedCompany

from orchestration.identity import find_candidates
from orchestration.landing import committed_loads, reject
from orchestration.settings import Settings
from orchestration.showing.identity import show_candidates

TODAY = date(2024, 6, 30)
CODE = "91000000MA00PEAR1K"
KINDS = ["phone", "email", "registration_code"]
IDENTITY: dict[str, object] = {"match": KINDS, "phone_region": "CN"}
MERGE = ("customer_id", "into_customer_id", "approved_by", "approved_at", "is_deleted")
CUSTOMERS = [
    ("a", "13800138000", "A.Li@Example.com", "", "", ""),
    ("b", "+86 138-0013-8000", "b@example.com", "", "", "a"),
    ("c", "", "a.li@EXAMPLE.com ", CODE, "", "b"),
    ("d", "010-62345678", "", CODE.lower(), "", "a"),
    ("e", "call me", "nobody", CODE[::-1], "2024-06-01", ""),
    ("f", "call me", "nobody", CODE[::-1], "", "f"),
]
CROWD = [(f"x{number:02}", "010 6234 5679", "", "", "", "") for number in range(11)]
ORDERS = [
    ("1", "a", "2024-06-01", "100"),
    ("2", "b", "2024-06-11", "50"),
    ("3", "b", "2024-06-21", "20"),
    ("4", "c", "2024-05-01", "7"),
    ("5", "d", "2024-04-01", "-3"),
    ("6", "known by its order alone", "2024-04-01", "9"),
]
INTERACTIONS = [("1", "b", "2024-06-12", "call"), ("2", "c", "2024-06-13", "reply")]
OPPORTUNITIES = [("1", "b", "talk", "2024-06-01")]
FEEDBACK = [("1", "b", "2024-06-05", "csat", "5"), ("2", "a", "2024-06-04", "csat", "1")]
REFUNDS = [("1", "b", "2024-06-22", "5"), ("2", "", "2024-06-22", "5")]
# Of two values of one moment that of the customer who remains stands.
ATTRIBUTES = [
    ("a", "aum", "2024-06-01", "1"),
    ("b", "aum", "2024-06-01", "2"),
    ("c", "aum", "2024-06-02", "3"),
    ("b", "aum", "2024-06-02", "4"),
]
DECLARED = [
    (who, "need_grade", "2024-06-01", code, "ann", "said so")
    for who, code in (("a", "a"), ("b", "b"))
]


def company_of(
    empty: Settings, *merges: Sequence[str], identity: dict[str, object] | None = IDENTITY
) -> StagedCompany:
    """The company as above, with these merges, built down to its facts in a home that is empty."""
    company = StagedCompany(empty.home.parent, empty)
    load = company.load
    columns = ("customer_id", "phone", "email", "registration_code", "created_at", "referrer_id")
    load("customers", columns, *CUSTOMERS, *CROWD)
    load("orders", ("order_id", "customer_id", "ordered_at", "amount"), *ORDERS)
    load("interactions", ("interaction_id", "customer_id", "occurred_at", "kind"), *INTERACTIONS)
    load("opportunities", ("opportunity_id", "customer_id", "stage", "created_at"), *OPPORTUNITIES)
    load("feedback", ("feedback_id", "customer_id", "occurred_at", "kind", "score"), *FEEDBACK)
    rows = [(key, "" if who else "2", who, *rest) for key, who, *rest in REFUNDS]
    load("refunds", ("refund_id", "order_id", "customer_id", "refunded_at", "amount"), *rows)
    load("attributes", ("customer_id", "name", "observed_at", "value"), *ATTRIBUTES)
    declared = ("customer_id", "scheme", "declared_at", "class_code", "author", "reason")
    load("declared_classes", declared, *DECLARED)
    if merges:
        load("customer_merges", MERGE, *merges)
    if identity:
        company.describe(identity=identity)
    build(company)
    return company


def build(company: StagedCompany) -> None:
    company.stage(TODAY, *STAGED, "customer_facts", "ledger", "quarantine", "identity_candidates")


STAGED = ("attributes", "declared_classes", "customers", "order_lines")


def merge(customer: str, into: str, taken_back: str = "") -> tuple[str, ...]:
    return (customer, into, "ann", "2024-06-30", taken_back)


def take_back_by_the_table(company: StagedCompany) -> None:
    company.load("customer_merges", MERGE, merge("b", "a", "yes"), merge("c", "b", "yes"))


def reject_the_load(company: StagedCompany) -> None:
    landing = company.settings.landing
    (load,) = committed_loads(landing, "customer_merges")
    reject(landing, load.load_id, "both were wrong")


def facts(company: StagedCompany) -> dict[str, tuple[Any, ...]]:
    rows = company.query("select * from facts.customer_facts order by customer_id")
    return {row[0]: row for row in rows}


def candidates(company: StagedCompany) -> set[tuple[Any, ...]]:
    return set(company.query("from staging.identity_candidates"))


@pytest.fixture(scope="module")
def plain(new_home: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> StagedCompany:
    """Customers are compared, and nobody approved anything."""
    return company_of(new_home(tmp_path_factory.mktemp("plain") / "home"))


@pytest.fixture(scope="module")
def merged(new_home: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> StagedCompany:
    """A chain: c is b, and b is a."""
    empty = new_home(tmp_path_factory.mktemp("merged") / "home")
    return company_of(empty, merge("c", "b"), merge("b", "a"))


def test_customers_with_one_contact_are_proposed_however_it_is_written(
    plain: StagedCompany,
) -> None:
    assert candidates(plain) == {
        ("a", "b", True, False, False, False),
        ("a", "c", False, True, False, False),
        ("c", "d", False, False, True, False),
    }


def test_a_contact_of_many_customers_proposes_nothing_and_is_counted(plain: StagedCompany) -> None:
    assert plain.query(
        "select kind, contact_key, customer_count, count(*) from staging.shared_contacts"
        " where is_common group by all"
    ) == [("phone", "+861062345679", 11, 11)]


def test_nobody_is_merged_without_an_approval(plain: StagedCompany) -> None:
    everybody = {row[0] for row in (*CUSTOMERS, *CROWD)} | {"known by its order alone"}
    assert set(facts(plain)) == everybody
    assert plain.query("select count(*) from staging.customers") == [(17,)]


def test_nothing_is_proposed_while_identity_is_off_and_the_facts_are_the_same(
    plain: StagedCompany, new_home: MakeSettings, tmp_path: Path
) -> None:
    off = company_of(new_home(tmp_path / "home"), identity=None)
    assert off.query("from landing.contact_keys") == []
    assert candidates(off) == set()
    assert facts(off) == facts(plain)


def test_only_the_columns_that_are_named_are_compared(
    new_home: MakeSettings, tmp_path: Path
) -> None:
    company = company_of(new_home(tmp_path / "home"), identity={"match": ["email"]})
    assert candidates(company) == {("a", "c", False, True, False, False)}


def test_a_chain_of_merges_leads_to_the_customer_at_its_end(merged: StagedCompany) -> None:
    assert merged.query(
        "select customer_id, surviving_customer_id from staging.customer_merges order by 1"
    ) == [("b", "a"), ("c", "a")]
    assert set(facts(merged)) == {"a", "d", "e", "f", "known by its order alone"} | {
        row[0] for row in CROWD
    }


def test_a_proposal_that_was_approved_says_so(merged: StagedCompany) -> None:
    assert candidates(merged) == {
        ("a", "b", True, False, False, True),
        ("a", "c", False, True, False, True),
        ("c", "d", False, False, True, False),
    }


def test_merged_customers_have_the_facts_of_one_who_did_all_of_it(
    merged: StagedCompany,
    new_home: MakeSettings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    def as_one(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        return [(row[0], "a" if row[1] in {"b", "c"} else row[1], *row[2:]) for row in rows]

    for name in ("ORDERS", "INTERACTIONS", "OPPORTUNITIES", "FEEDBACK", "REFUNDS"):
        monkeypatch.setitem(globals(), name, as_one(globals()[name]))
    referring = [(*row[:5], "a" if row[5] in {"b", "c"} else row[5]) for row in CUSTOMERS]
    one = [row for row in referring if row[0] not in {"b", "c"}]
    monkeypatch.setitem(globals(), "CUSTOMERS", one)
    assert facts(company_of(new_home(tmp_path / "home"))) == facts(merged)


def test_of_two_values_of_one_moment_that_of_the_customer_who_remains_stands(
    merged: StagedCompany,
) -> None:
    assert merged.query(
        "select customer_id, observed_at::date::varchar, value from staging.attributes order by 2"
    ) == [("a", "2024-06-01", "1"), ("a", "2024-06-02", "4")]
    assert merged.query("select customer_id, class_code from staging.declared_classes") == [
        ("a", "a")
    ]


def test_the_ledger_counts_the_rows_of_merged_customers_as_staged(merged: StagedCompany) -> None:
    assert merged.query(
        "select table_name, landed, staged from staging.ledger"
        " where table_name in ('customers', 'customer_merges') order by 1"
    ) == [("customer_merges", 2, 2), ("customers", 17, 17)]
    assert merged.query("select count(*) from staging.customers") == [(15,)]


@pytest.mark.parametrize("take_back", [take_back_by_the_table, reject_the_load])
def test_a_merge_that_is_taken_back_leaves_everything_as_it_was(
    plain: StagedCompany,
    new_home: MakeSettings,
    tmp_path: Path,
    take_back: Callable[[StagedCompany], None],
) -> None:
    company = company_of(new_home(tmp_path / "home"), merge("c", "b"), merge("b", "a"))
    assert facts(company) != facts(plain)
    take_back(company)
    build(company)
    assert facts(company) == facts(plain)
    assert candidates(company) == candidates(plain)
    for table in ("customers", "orders", "attributes", "declared_classes", "refunds"):
        rows = f"from staging.{table} order by all"
        assert company.query(rows) == plain.query(rows), table


def test_merges_that_lead_nowhere_are_quarantined_and_merge_nobody(
    plain: StagedCompany, new_home: MakeSettings, tmp_path: Path
) -> None:
    company = company_of(
        new_home(tmp_path / "home"),
        *(merge("a", "b"), merge("b", "c"), merge("c", "a"), merge("d", "c"), merge("e", "e")),
    )
    assert company.query(
        "select row_number, reason, column_name from staging.quarantine order by 1"
    ) == [
        *((row, "merged_in_a_circle", "into_customer_id") for row in (1, 2, 3, 4)),
        (5, "merged_into_itself", "into_customer_id"),
    ]
    assert facts(company) == facts(plain)


def listed(company: StagedCompany, *, limit: int = 100, merged: bool = False) -> str:
    """What `tiers identity` prints."""
    console = Console(file=StringIO(), width=100)
    show_candidates(console, find_candidates(company.settings, limit=limit, merged=merged))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_the_list_names_ids_and_what_they_share_and_nothing_personal(
    plain: StagedCompany,
) -> None:
    out = listed(plain)
    rows = [line.split() for line in out.splitlines()]
    assert ["a", "b", "phone"] in rows
    assert ["a", "c", "e-mail"] in rows
    assert ["c", "d", "registration", "code"] in rows
    assert "1 × phone that more than 10 customers have each, 11 customers in all" in out
    assert "customer_merges" in out
    assert not any(text in out.lower() for text in ("1380013", "6234567", "example.com", "pear"))


def test_the_list_leaves_out_what_was_approved_and_says_what_it_does_not_show(
    plain: StagedCompany, merged: StagedCompany
) -> None:
    assert [line.split()[:2] for line in listed(merged).splitlines() if " code" in line] == [
        ["c", "d"]
    ]
    assert listed(merged, merged=True).count(" merged") == 2
    assert "2 more" in listed(plain, limit=1)
