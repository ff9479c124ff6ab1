"""What one cell becomes in staging: a value, or a row in quarantine with its reason and column."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from home_fixtures import MakeSettings
from staged_company import StagedCompany

DAY = "2024-05-31"

NUMBERS = {
    "10": Decimal("10"),
    " 10.5 ": Decimal("10.5"),
    "\u300010\u00a0": Decimal("10"),
    "+7": Decimal("7"),
    "-0.01": Decimal("-0.01"),
    ".5": Decimal("0.5"),
    "5.": Decimal("5"),
    "007": Decimal("7"),
    "1e2": Decimal("100"),
    "1E-05": Decimal("0"),
    "0.00005": Decimal("0.0001"),
    "99999999999999.9999": Decimal("99999999999999.9999"),
}
NO_NUMBERS = {
    **dict.fromkeys(
        ["abc", "NaN", "inf", "-Infinity", "1,234.50", "１２３", "(5.00)", "0x10", "1_000", "$5"],
        "not_a_number",
    ),
    **dict.fromkeys(["--1", "1 2", "1.2.3", "5%", "1e", ".", "true"], "not_a_number"),
    **dict.fromkeys(["1e400", "100000000000000", "99999999999999.99999", "8.3e14"], "out_of_range"),
}
MOMENTS = {
    "2024-05-31": datetime(2024, 5, 31),
    "2024-05-31 23:59": datetime(2024, 5, 31, 23, 59),
    "2024-05-31T23:59:59.999999": datetime(2024, 5, 31, 23, 59, 59, 999999),
    "2024-02-29 12:00:00": datetime(2024, 2, 29, 12),
    "2024-05-31T15:59:59Z": datetime(2024, 5, 31, 23, 59, 59),
    "2024-05-31T16:00:00Z": datetime(2024, 6, 1),
    "2024-05-31 16:00:00+0000": datetime(2024, 6, 1),
    "2024-06-01T00:30:00+09:00": datetime(2024, 5, 31, 23, 30),
    "2024-05-31T21:00-05": datetime(2024, 6, 1, 10),
    "9999-12-31 23:59:59": datetime(9999, 12, 31, 23, 59, 59),
    "9999-12-31T23:59:59Z": datetime(9999, 12, 31),
    "9999-12-30T23:59:59Z": datetime(9999, 12, 31, 7, 59, 59),
}
NO_MOMENTS = [
    *("yesterday", "2024-02-30", "2023-02-29", "2024-13-01", "0000-00-00", "0001-01-01", "45443"),
    *("2024/05/31", "31.05.2024", "2024-5-31", "2024", "20240531", "infinity", "epoch", "now"),
    *("2024-05-31 24:00", "2024-05-31 12:60", "2024-05-31 7pm", "2024-05-31T12:00:00+99:00"),
]
BOOLEANS = {
    **dict.fromkeys(["true", "TRUE", "1", "Yes", "y", "t", "是"], True),
    **dict.fromkeys(["false", "0", "no", "N", "f", "否"], False),
    "  ": None,
}


@pytest.fixture(scope="module")
def company(new_home: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> StagedCompany:
    folder = tmp_path_factory.mktemp("cells")
    staged = StagedCompany(folder, new_home(folder / "home"))
    staged.load(
        "orders",
        ("order_id", "customer_id", "ordered_at", "amount", "status", "currency"),
        *[(ascii(text), "c", DAY, text, "", "") for text in (*NUMBERS, *NO_NUMBERS)],
        *[(ascii(text), "c", text, "10", "", "") for text in (*MOMENTS, *NO_MOMENTS)],
        ("status", "c", DAY, "1", " Cancelled ", "cny"),
        (" 007 ", " C-1 ", DAY, "1", "", ""),
        ("7", "c-1", DAY, "1", "", ""),
        ("nobody's", "\u3000", DAY, "1", "", ""),
        ("without amount", "c", DAY, "", "", ""),
        (" ", "c", DAY, "1", "", ""),
    )
    staged.load(
        "customers",
        ("customer_id", "household_size", "is_targeted", "birth_date", "party_kind"),
        *[(ascii(text), "", text, "", "") for text in BOOLEANS],
        ("four", "4.0", "", "1980-02-29", "Consumer"),
        ("midnight", "", "", "1980-02-29 00:00:00", ""),
        ("perhaps targeted", "", "perhaps", "", ""),
        ("half a person", "1.5", "", "", ""),
        ("too many", "9223372036854775808", "", "", ""),
        ("born in a year", "", "", "1980", ""),
        ("alien", "", "", "", "martian"),
    )
    staged.load(
        "feedback",
        ("feedback_id", "customer_id", "occurred_at", "kind", "score"),
        ("five", "c", DAY, "csat", "5"),
        ("six", "c", DAY, "csat", "6"),
        ("ten", "c", DAY, "NPS", "10"),
        ("eleven", "c", DAY, "nps", "11"),
    )
    staged.load(
        "refunds",
        ("refund_id", "order_id", "customer_id", "refunded_at", "amount"),
        ("by order", "7", "", DAY, "1"),
        ("by customer", "", "c", DAY, "1"),
        ("by nobody", "", " ", DAY, "1"),
        ("negative", "7", "", DAY, "-1"),
    )
    staged.load(
        "order_lines",
        ("order_id", "line_no", "quantity"),
        ("7", "1", "0.5"),
        ("7", "", "1"),
        ("7", "one", "1"),
        ("7", "2", "1", "and a cell too many"),
    )
    staged.stage(date(2024, 6, 1))
    return staged


def staged_value(company: StagedCompany, table: str, column: str, key: str) -> object:
    """The value of a column in the one staged row of a key."""
    ((value,),) = company.query(
        f"select {column} from staging.{table} where {table.rstrip('s')}_id = ?", key
    )
    return value


def quarantined(company: StagedCompany, table: str, key: str) -> tuple[object, ...]:
    """Reason and column of the one row of a key, which is in quarantine."""
    ((fate, reason, column),) = company.query(
        f"select _fate, _reason, _reason_column from staging.landed_{table}"
        f" where {table.rstrip('s')}_id = ?",
        key,
    )
    assert fate == "quarantined"
    return reason, column


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_is_read(company: StagedCompany, text: str) -> None:
    assert staged_value(company, "orders", "amount", ascii(text)) == NUMBERS[text]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_is_quarantined(company: StagedCompany, text: str) -> None:
    assert quarantined(company, "orders", ascii(text)) == (NO_NUMBERS[text], "amount")


@pytest.mark.parametrize("text", MOMENTS)
def test_a_moment_is_read_in_the_business_zone(company: StagedCompany, text: str) -> None:
    assert staged_value(company, "orders", "ordered_at", ascii(text)) == MOMENTS[text]
    assert staged_value(company, "orders", "order_date", ascii(text)) == MOMENTS[text].date()


@pytest.mark.parametrize("text", NO_MOMENTS)
def test_what_is_no_moment_is_quarantined(company: StagedCompany, text: str) -> None:
    assert quarantined(company, "orders", ascii(text)) == ("not_a_timestamp", "ordered_at")


@pytest.mark.parametrize("text", BOOLEANS)
def test_a_boolean_is_read(company: StagedCompany, text: str) -> None:
    assert staged_value(company, "customers", "is_targeted", ascii(text)) is BOOLEANS[text]


@pytest.mark.parametrize(
    ("table", "column", "key", "value"),
    [
        ("orders", "status", "status", "cancelled"),
        ("orders", "currency", "status", "CNY"),
        ("orders", "customer_id", "007", "C-1"),
        ("orders", "customer_id", "7", "c-1"),
        ("customers", "household_size", "four", 4),
        ("customers", "birth_date", "four", date(1980, 2, 29)),
        ("customers", "birth_date", "midnight", date(1980, 2, 29)),
        ("customers", "party_kind", "four", "consumer"),
        ("feedback", "score", "five", Decimal(5)),
        ("feedback", "score", "ten", Decimal(10)),
        ("refunds", "customer_id", "by order", None),
        ("refunds", "amount", "by customer", Decimal(1)),
    ],
)
def test_a_cell_is_read(
    company: StagedCompany, table: str, column: str, key: str, value: object
) -> None:
    assert staged_value(company, table, column, key) == value


@pytest.mark.parametrize(
    ("table", "key", "reason", "column"),
    [
        ("orders", "nobody's", "missing_required", "customer_id"),
        ("orders", "without amount", "missing_required", "amount"),
        ("customers", "perhaps targeted", "not_a_boolean", "is_targeted"),
        ("customers", "half a person", "not_an_integer", "household_size"),
        ("customers", "too many", "out_of_range", "household_size"),
        ("customers", "born in a year", "not_a_date", "birth_date"),
        ("customers", "alien", "unknown_value", "party_kind"),
        ("feedback", "six", "out_of_range", "score"),
        ("feedback", "eleven", "out_of_range", "score"),
        ("refunds", "by nobody", "missing_required", "order_id"),
        ("refunds", "negative", "out_of_range", "amount"),
    ],
)
def test_a_row_that_cannot_be_used_is_quarantined_with_its_reason(
    company: StagedCompany, table: str, key: str, reason: str, column: str
) -> None:
    assert quarantined(company, table, key) == (reason, column)


def test_a_row_without_a_key_is_quarantined_by_its_number(company: StagedCompany) -> None:
    found = company.query(
        "select table_name, row_number, reason, column_name from staging.quarantine"
        " where table_name = 'order_lines' or reason = 'blank_key' order by table_name, row_number"
    )
    orders = len(NUMBERS) + len(NO_NUMBERS) + len(MOMENTS) + len(NO_MOMENTS) + 6
    assert found == [
        ("order_lines", 2, "blank_key", "line_no"),
        ("order_lines", 3, "not_an_integer", "line_no"),
        ("order_lines", 4, "malformed_record", None),
        ("orders", orders, "blank_key", "order_id"),
    ]


def test_every_row_that_landed_is_in_the_ledger_once(company: StagedCompany) -> None:
    assert company.query(
        "select table_name, landed, staged, quarantined from staging.ledger order by table_name"
    ) == [
        ("customers", len(BOOLEANS) + 7, len(BOOLEANS) + 2, 5),
        ("feedback", 4, 2, 2),
        ("order_lines", 4, 1, 3),
        (
            "orders",
            len(NUMBERS) + len(NO_NUMBERS) + len(MOMENTS) + len(NO_MOMENTS) + 6,
            len(NUMBERS) + len(MOMENTS) + 3,
            len(NO_NUMBERS) + len(NO_MOMENTS) + 3,
        ),
        ("refunds", 4, 2, 2),
    ]
