"""Every class of theme profile, at its bounds."""

from decimal import Decimal

import pytest
from oracle.handmade_rows import customer, judged
from oracle.schemes.profile import AS_TOLD, Profile, age_band, credit_band, household


@pytest.mark.parametrize(("scheme", "column"), AS_TOLD.items())
def test_an_attribute_is_its_value_and_unknown_without_one(scheme: str, column: str) -> None:
    value = "government" if scheme == "organisation" else "Ab 北"
    told, silent = judged(Profile, customer(**{column: value}), customer())
    assert [told[scheme], silent[scheme]] == [value, "unknown"]


def test_an_organisation_that_the_scheme_does_not_name_is_unclassified() -> None:
    (row,) = judged(Profile, customer(organisation_kind="club"))
    assert row["organisation"] == "unclassified"


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (None, None),
        (0, "minor"),
        (17, "minor"),
        (18, "from_18"),
        (29, "from_18"),
        (30, "from_30"),
        (44, "from_30"),
        (45, "from_45"),
        (59, "from_45"),
        (60, "from_60"),
    ],
)
def test_age_has_its_bands(age: int | None, expected: str | None) -> None:
    assert age_band(age) == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [(None, None), (0, "single"), (1, "single"), (2, "couple"), (3, "family"), (5, "large")],
)
def test_a_household_is_its_size(size: int | None, expected: str | None) -> None:
    assert household(size) == expected


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (None, None),
        ("700", "good"),
        ("699.99999999", "fair"),
        ("550", "fair"),
        ("549.99999999", "poor"),
    ],
)
def test_credit_has_its_bounds(score: str | None, expected: str | None) -> None:
    assert credit_band(None if score is None else Decimal(score)) == expected
