"""The daily job, broken: a few cases of each kind. `make faults` tries them all."""

from pathlib import Path

import pytest
from arena import Arena
from fault_table import FAULTS
from reliability_page import PAGE, markdown, replace_part, rows
from small_company import FIRST_DAY, SmallCompany
from trials import Case, Tally, try_case

QUICK = [(fault.name, fault.cases[name]) for fault in FAULTS for name in fault.quick]


@pytest.fixture(scope="module")
def arena(first_run: SmallCompany, tmp_path_factory: pytest.TempPathFactory) -> Arena:
    """A company that has run for a day, and knows how its second ends."""
    folder = tmp_path_factory.mktemp("arena")
    prepared = Arena.prepare(first_run.copy(folder / "company"), FIRST_DAY)
    prepared.learn(folder / "calm")
    return prepared


@pytest.mark.slow
@pytest.mark.parametrize(
    "case", [case for _, case in QUICK], ids=[name.replace(" ", "_") for name, _ in QUICK]
)
def test_nothing_is_lost_or_half_and_the_next_run_recovers(
    case: Case, arena: Arena, tmp_path: Path
) -> None:
    try_case(case, arena.copy(tmp_path / "trial"), Tally())


def test_the_page_names_exactly_the_faults_that_are_tried() -> None:
    told = [(row[0], row[1]) for row in rows(PAGE, "faults")]
    assert told == [(fault.name, fault.promise) for fault in FAULTS]


def test_the_page_tells_of_no_loss() -> None:
    for fault, _, tried, survived, lost, reads, torn, _ in rows(PAGE, "faults"):
        assert tried == survived, fault
        assert {lost, torn} <= {"0", "–"}, fault
        assert reads != "0" or tried == "–", fault


def test_a_part_of_the_page_is_replaced_and_the_rest_stays(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("above\n<!-- faults -->\nold\n<!-- /faults -->\nbelow\n", "utf-8")
    replace_part(page, "faults", markdown(("a", "b"), [("one", r"\1"), ("two", "")]))
    assert rows(page, "faults") == [("one", r"\1"), ("two", "")]
    assert page.read_text("utf-8").startswith("above\n")
    assert page.read_text("utf-8").endswith("\nbelow\n")
