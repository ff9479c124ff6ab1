"""Every class of the industry packs, at its bounds."""

from decimal import Decimal

import pytest
from oracle.handmade_rows import classes_of, customer, judged
from oracle.rows import Row
from oracle.schemes.industry_bank import Bank, bank_wealth, finance_risk
from oracle.schemes.industry_care import care_level
from oracle.schemes.industry_education import education_level
from oracle.schemes.industry_insurance import Insurance
from oracle.schemes.industry_telecom import Telecom, telecom_usage


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize(
    ("aum", "expected"),
    [
        (None, "potential"),
        ("0.00999999", "potential"),
        ("-5", "potential"),
        ("0.01", "regular"),
        ("5999999.99999999", "regular"),
        ("6000000", "high_net_worth"),
    ],
)
def test_wealth_is_what_is_managed_for_the_customer(aum: str | None, expected: str) -> None:
    assert bank_wealth(customer(aum=number(aum))) == expected


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        ("3.8", "aggressive"),
        ("3.79999999", "balanced"),
        ("2.4", "balanced"),
        ("2.39999999", "conservative"),
    ],
)
def test_risk_has_its_bounds_and_needs_a_tolerance(score: str, expected: str) -> None:
    assert finance_risk(customer(risk_tolerance=Decimal(1)), Decimal(score)) == expected
    assert finance_risk(customer(), Decimal(score)) is None


def test_risk_weighs_assets_preference_and_tolerance() -> None:
    def client(assets: int | None, preference: str | None, tolerance: int) -> Row:
        told = {"assets": None if assets is None else Decimal(assets)}
        return customer(risk_preference=preference, risk_tolerance=Decimal(tolerance), **told)

    rows = judged(
        Bank,
        client(1, "conservative", 1),
        client(9, "aggressive", 2),
        client(None, "balanced", 3),
        client(5, "reckless", 4),
    )
    names = ("assets", "preference", "tolerance", "score")
    assert [[row[f"finance_risk_{name}"] for name in names] for row in rows] == [
        [1, 1, 1, Decimal(1)],
        [5, 5, 2, Decimal("4.1")],
        [None, 3, 4, Decimal("3.42857143")],
        [3, None, 5, Decimal(4)],
    ]
    assert [row["finance_risk"] for row in rows] == [
        "conservative",
        "aggressive",
        "balanced",
        "aggressive",
    ]


@pytest.mark.parametrize(
    ("visits", "severity", "expected"),
    [
        (None, "5", None),
        ("0", "4", "high"),
        ("12", None, "high"),
        ("11.99999999", "3.99999999", "mid"),
        ("0", "2", "mid"),
        ("4", None, "mid"),
        ("3.99999999", "1.99999999", "usual"),
        ("0", None, "usual"),
    ],
)
def test_care_is_for_grave_cases_and_many_visits(
    visits: str | None, severity: str | None, expected: str | None
) -> None:
    row = customer(visit_count_365d=number(visits), severity=number(severity))
    assert care_level(row) == expected


@pytest.mark.parametrize(
    ("grades", "activities", "expected"),
    [
        (None, "0", None),
        ("59.99999999", "9", "more"),
        ("60", "9", "some"),
        ("79.99999999", None, "some"),
        ("80", "0", "some"),
        ("80", "1", "usual"),
        ("80", None, "usual"),
    ],
)
def test_support_is_for_low_grades_and_who_does_nothing_beside(
    grades: str | None, activities: str | None, expected: str | None
) -> None:
    row = customer(grade_average=number(grades), activity_count=number(activities))
    assert education_level(row) == expected


def policyholder(premium: object, claims: object) -> Row:
    return customer(premium_amount_365d=premium, claim_amount_365d=claims)


def test_a_policyholder_is_worth_its_premium_unless_it_claims_it_back() -> None:
    premiums = [Decimal(10 * number) for number in range(1, 9)]
    claims = [0, 0, 0, 0, 50, Decimal("60.0001"), None, 48]
    rows = [policyholder(*pair) for pair in zip(premiums, claims, strict=True)]
    expected = ["low", "low", "low", "mid", "mid", "low", "high", "high"]
    assert classes_of(Insurance, "insurance_value", *rows) == expected


@pytest.mark.parametrize(("claims", "expected"), [("60", "high"), ("60.0001", "mid")])
def test_a_high_premium_is_worth_less_when_much_of_it_is_claimed(
    claims: str, expected: str
) -> None:
    assert classes_of(
        Insurance, "insurance_value", policyholder(Decimal(100), Decimal(claims))
    ) == [expected]


@pytest.mark.parametrize("premium", [None, Decimal(0), Decimal(-1)])
def test_who_pays_no_premium_is_no_policyholder(premium: Decimal | None) -> None:
    (row,) = judged(Insurance, policyholder(premium, Decimal(5)))
    assert row["insurance_value"] is None


def test_claims_are_held_against_the_premium() -> None:
    assert policyholder(Decimal(3), Decimal(1))["claim_ratio"] == Decimal("0.33333333")
    assert policyholder(Decimal(0), Decimal(1))["claim_ratio"] is None
    assert policyholder(None, Decimal(1))["claim_ratio"] is None


def test_usage_weighs_six_scores_of_which_two_are_best_when_low() -> None:
    def subscriber(bill: int | None, late: int, contacts: int, channel: str | None) -> Row:
        return customer(
            bill_amount_90d=None if bill is None else Decimal(bill),
            usage_minutes_90d=Decimal(bill or 0),
            late_payment_count=Decimal(late),
            credit_score=None,
            service_contact_count=Decimal(contacts),
            registered_channel=channel,
        )

    rows = judged(
        Telecom,
        subscriber(10, late=2, contacts=1, channel="app"),
        subscriber(20, late=1, contacts=1, channel="store"),
        subscriber(30, late=0, contacts=5, channel="fax"),
        subscriber(None, late=0, contacts=0, channel="phone"),
    )
    names = ("bill", "usage", "payment", "credit", "service", "register", "score")
    assert [[row[f"telecom_usage_{name}"] for name in names] for row in rows[:3]] == [
        [1, 1, 1, None, 3, 5, Decimal("1.44444444")],
        [3, 3, 3, None, 3, 3, Decimal(3)],
        [5, 5, 5, None, 1, None, Decimal("4.52941176")],
    ]
    assert rows[3]["telecom_usage_register"] == 2
    assert [row["telecom_usage"] for row in rows] == ["low", "mid", "high", None]


@pytest.mark.parametrize(
    ("score", "expected"),
    [("3.8", "high"), ("3.79999999", "mid"), ("2.4", "mid"), ("2.39999999", "low")],
)
def test_usage_has_its_bounds_and_needs_a_bill(score: str, expected: str) -> None:
    assert telecom_usage(customer(bill_amount_90d=Decimal(0)), Decimal(score)) == expected
    assert telecom_usage(customer(), Decimal(score)) is None
