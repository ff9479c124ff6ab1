"""How long a declared class is in force, and which one is."""

from datetime import datetime
from pathlib import Path

import pytest
from oracle.declared import declared_class
from oracle.handmade import Company, back
from oracle.handmade_rows import ago, customer, declared
from oracle.known import Declaration

CODES = ("a", "b")
COLUMNS = ("customer_id", "scheme", "declared_at", "class_code", "author", "reason", "valid_to")


@pytest.mark.parametrize(("days_ago", "expected"), [(0, "a"), (89, "a"), (90, None)])
def test_a_declaration_of_90_days_runs_out_on_the_ninetieth(
    days_ago: int, expected: str | None
) -> None:
    row = customer(**declared("grade", "a", days_ago))
    assert declared_class(row, "grade", 90, CODES) == expected


@pytest.mark.parametrize(("last_day", "expected"), [(0, "a"), (-1, "a"), (1, None)])
def test_its_own_last_day_still_counts(last_day: int, expected: str | None) -> None:
    row = customer(**declared("grade", "a", 1, valid_to=ago(last_day)))
    assert declared_class(row, "grade", 90, CODES) == expected


def test_its_own_last_day_makes_it_no_longer_than_the_policy_does() -> None:
    row = customer(**declared("grade", "a", 90, valid_to=ago(-99)))
    assert declared_class(row, "grade", 90, CODES) is None


def test_a_class_that_the_scheme_has_not_is_as_if_never_declared() -> None:
    earlier, later = datetime(2024, 6, 1), datetime(2024, 6, 2)
    told = [Declaration(later, "z", None), Declaration(earlier, "b", None)]
    row = customer(declarations={"grade": told})
    assert declared_class(row, "grade", 90, CODES) == "b"
    assert declared_class(row, "other", 90, CODES) is None


def test_the_latest_declaration_hides_the_earlier_ones_even_when_it_has_run_out() -> None:
    earlier, later = datetime(2024, 6, 1), datetime(2024, 6, 2)
    told = [Declaration(later, "a", ago(1)), Declaration(earlier, "b", None)]
    assert declared_class(customer(declarations={"grade": told}), "grade", 90, CODES) is None


def test_what_is_declared_after_the_day_is_not_known_yet(tmp_path: Path) -> None:
    company = Company(tmp_path).load(
        "declared_classes",
        COLUMNS,
        ("x", "grade", back(3), "a", "who", "why", None),
        ("x", "grade", f"{back(0)} 23:59:59", "b", "who", "why", None),
        ("x", "grade", f"{back(0)} 12:00", "c", "who", "why", None),
        ("x", "grade", back(-1), "d", "who", "why", None),
    )
    told = company.known().declarations["x"]["grade"]
    assert [declaration.class_code for declaration in told] == ["b", "c", "a"]


def test_an_attribute_is_its_latest_value_on_or_before_the_day(tmp_path: Path) -> None:
    company = Company(tmp_path).load(
        "attributes",
        ("customer_id", "name", "observed_at", "value"),
        ("x", "aum", f"{back(1)} 10:00", "1"),
        ("x", "aum", f"{back(1)} 11:00", " 2.5 "),
        ("x", "aum", back(-1), "9"),
        ("x", "seats", back(4), "3"),
        ("x", "seats", back(3), "many"),
        ("y", "aum", back(3), "7"),
    )
    known = company.known()
    assert known.attribute("x", "aum", "number") == 2.5
    assert known.attribute("x", "seats", "text") == "many"
    assert known.attribute("x", "seats", "number") is None
    assert known.attribute("z", "aum", "number") is None
