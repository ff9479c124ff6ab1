"""Small random companies, pulled and built as a run does, against the independent computation."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import oracle
import pytest
from hypothesis import HealthCheck, given, note
from hypothesis import settings as examples
from oracle import read_relation
from oracle.companies import RandomCompany, companies
from oracle.known import Known
from oracle.workshop import Workshop

from orchestration.settings import Settings

# Building is slow beside drawing; the same companies every time, so that a failure stays one.
careful = examples(
    max_examples=25,
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
MANY_ORDERS = "order_id,customer_id,ordered_at,amount,status\n" + "".join(
    f"o{number},c{number % 7},2024-06-{1 + number % 28:02d},{number},done\n" for number in range(99)
)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Where every company of this module is built in turn."""
    return Workshop(Settings(home=tmp_path_factory.mktemp("home"), threads=1))


@contextmanager
def landed(company: RandomCompany, workshop: Workshop) -> Iterator[None]:
    """The company's files, written and pulled; shown when the test fails."""
    with TemporaryDirectory() as folder:
        workshop.pull(company.write(Path(folder)))
        for file in sorted(Path(folder).iterdir()):
            note(f"{file.name}\n{file.read_text(encoding='utf-8')}")
        yield


def expected(company: RandomCompany, workshop: Workshop, as_of: date) -> Known:
    """What is known on a day, computed from what landed."""
    landing = workshop.settings.landing
    return oracle.known(landing, as_of, company.timezone, "CNY", company.shared_keys)


@careful
@given(company=companies())
def test_every_fate_fact_and_class_of_a_small_company_agrees(
    company: RandomCompany, workshop: Workshop
) -> None:
    with landed(company, workshop):
        facts, classes = workshop.build(company.as_of)
        ledger = read_relation(workshop.settings.warehouse, "staging.ledger")
        want = expected(company, workshop, company.as_of)
        fates = oracle.ledger(
            workshop.settings.landing, company.timezone, "CNY", company.shared_keys
        )
    assert oracle.compare(fates, ledger, key="load_id") == []
    assert oracle.compare(want.facts, facts) == []
    assert oracle.compare(oracle.classes(want), classes) == []


@examples(careful, max_examples=8)
@given(company=companies())
def test_within_a_month_a_class_is_a_comparison_with_the_bounds_of_its_first_run(
    company: RandomCompany, workshop: Workshop
) -> None:
    first_run = company.as_of - timedelta(days=20)
    with landed(company, workshop):
        workshop.build(first_run)
        workshop.commit(first_run)
        _, classes = workshop.build(company.as_of)
        before = expected(company, workshop, first_run)
        want = expected(company, workshop, company.as_of)
    assert oracle.compare(oracle.classes(want, calibrated_on=before), classes) == []


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
