"""Random companies, pulled and built as a run does it, against the independent computation."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import oracle
import pytest
from hypothesis import HealthCheck, currently_in_test_context, given, note
from hypothesis import settings as examples
from hypothesis import strategies as st
from oracle import read_relation
from oracle.companies import DAYS, ZONES, RandomCompany, companies
from oracle.known import Known
from oracle.logic import UNCLASSIFIED
from oracle.made_companies import falling_company, large_company
from oracle.rows import rows_of
from oracle.schemes import PACKS
from oracle.workshop import Workshop

from orchestration.policy import enabled_themes
from orchestration.settings import DBT_PROJECT, Settings

# Building is slow beside drawing; the same companies every time, so that a failure stays one.
careful = examples(
    max_examples=16,
    derandomize=True,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)


SOURCE = """
timezone: UTC
base_currency: CNY
tables: {orders: [{from: files, path: orders.csv}]}
"""
# Days between runs: within a month, over one or several days of review, over a whole hold.
GAPS = (1, 9, 20, 31, 61)
MANY_ORDERS = "order_id,customer_id,ordered_at,amount,status\n" + "".join(
    f"o{number},c{number % 7},2024-06-{1 + number % 28:02d},{number},done\n" for number in range(99)
)


NEEDED = ("ledger", "customer_classes", "sensitive_classes", "classes_to_keep", "class_changes")


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Where every company of this module is built in turn, with every industry pack."""
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(DBT_PROJECT / "policy", folder / "policy")
    themes = [*enabled_themes(DBT_PROJECT / "policy"), *PACKS]
    (folder / "policy" / "themes.txt").write_text("\n".join(themes), "utf-8")
    settings = Settings(home=folder, policy_dir=folder / "policy", threads=1)
    return Workshop(settings, selection=("--select", *(f"+{name}" for name in NEEDED)))


@contextmanager
def landed(company: RandomCompany, workshop: Workshop) -> Iterator[None]:
    """The company's files, written and pulled; shown when the test fails."""
    with TemporaryDirectory() as folder:
        workshop.pull(company.write(Path(folder)))
        for file in sorted(Path(folder).iterdir()) if currently_in_test_context() else ():
            note(f"{file.name}\n{file.read_text(encoding='utf-8')}")
        yield


def expected(company: RandomCompany, workshop: Workshop, as_of: date) -> Known:
    """What is known on a day, computed from what landed."""
    landing = workshop.settings.landing
    return oracle.known(landing, as_of, company.timezone, "CNY", company.shared_keys)


def differences(company: RandomCompany, workshop: Workshop) -> Iterator[list[str]]:
    """Where fates, facts, classes and sensitive classes of a company are not as expected."""
    database = workshop.settings.warehouse
    with landed(company, workshop):
        workshop.make(company.as_of)
        want = expected(company, workshop, company.as_of)
        fates = oracle.ledger(
            workshop.settings.landing, company.timezone, "CNY", company.shared_keys
        )
    yield oracle.compare(fates, read_relation(database, "staging.ledger"), key="load_id")
    yield oracle.compare(want.facts, read_relation(database, "facts.customer_facts"))
    for relation, classes in (
        ("customer_classes", oracle.classes(want, packs=PACKS)),
        ("sensitive_classes", oracle.sensitive_classes(want, packs=PACKS)),
    ):
        yield oracle.compare(classes, read_relation(database, f"classification.{relation}"))


def classes_held(database: Path) -> set[tuple[str, object]]:
    """Each column and value that some customer has, as the catalogue writes them."""
    tables = [
        read_relation(database, f"classification.{name}_classes")
        for name in ("customer", "sensitive")
    ]
    return {
        (str(column), str(value).lower() if isinstance(value, bool) else value)
        for table in tables
        for column in table
        for value in set(table[column])
    }


@careful
@given(company=companies())
def test_every_fate_fact_and_class_of_a_small_company_agrees(
    company: RandomCompany, workshop: Workshop
) -> None:
    assert list(differences(company, workshop)) == [[]] * 4


def test_every_class_has_a_customer_in_some_large_company_and_all_of_them_agree(
    workshop: Workshop,
) -> None:
    held: set[tuple[str, object]] = set()
    for day, timezone in zip(DAYS, (*ZONES, "UTC"), strict=True):
        assert list(differences(large_company(day, timezone), workshop)) == [[]] * 4, day
        held |= classes_held(workshop.settings.warehouse)
    empty = {
        f"{row['scheme']}: {row['class_code']}"
        for row in rows_of(read_relation(workshop.settings.warehouse, "policy.catalogue"))
        if (row["column_name"], row["column_value"]) not in held
        and row["class_code"] != UNCLASSIFIED
        and row["enabled"]
    }
    # Nodes of a tree: whoever enters one also enters a branch of it.
    assert empty == {"channel_tree: terminal", "channel_tree: terminal.commercial"}


@examples(careful, max_examples=5)
@given(company=companies(), gaps=st.lists(st.sampled_from(GAPS), min_size=2, max_size=3))
def test_runs_after_each_other_keep_bounds_for_a_month_and_hold_who_falls(
    company: RandomCompany, workshop: Workshop, gaps: list[int]
) -> None:
    with landed(company, workshop):
        run_after_each_other(company, workshop, gaps)


def run_after_each_other(company: RandomCompany, workshop: Workshop, gaps: list[int]) -> None:
    """Run for days with these gaps between them, the last for the company's own day."""
    days = [company.as_of - timedelta(sum(gaps[place:])) for place in range(len(gaps) + 1)]
    known = [expected(company, workshop, day) for day in days]
    for today, want in oracle.classes_of_runs(known, packs=PACKS):
        _, classes = workshop.build(today.as_of)
        workshop.commit(today.as_of)
        assert oracle.compare(want, classes) == [], f"on {today.as_of}"


def test_memberships_are_held_through_most_of_a_year(workshop: Workshop) -> None:
    company = falling_company(date(2024, 6, 30))
    with landed(company, workshop):
        run_after_each_other(company, workshop, [30, 5, 1, 60, 23, 31, 40, 20, 35])
        changes = read_relation(workshop.settings.warehouse, "classification.class_changes")
    fallen = changes[(changes["scheme"] == "membership") & (changes["cause"] == "hold")]
    steps = {("diamond", "gold"), ("gold", "silver"), ("silver", "basic")}
    assert set(zip(fallen["from_class"], fallen["to_class"], strict=True)) == steps


def test_what_dbt_sends_to_the_engine_does_not_depend_on_the_data(
    workshop: Workshop, tmp_path: Path
) -> None:
    """Or else companies would be built by statements that were made for another one."""
    sent = []
    for number, text in enumerate(["order_id,customer_id,ordered_at,amount\n", MANY_ORDERS]):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "orders.csv").write_text(text, encoding="utf-8")
        (folder / "sources.yml").write_text(SOURCE, encoding="utf-8")
        workshop.pull([folder / "sources.yml"])
        sent.append(workshop.build_with_dbt(date(2024, 6, 30 - number)))
    assert sorted(sent[0]) == sorted(sent[1])
    assert len(sent[0]) > 100
