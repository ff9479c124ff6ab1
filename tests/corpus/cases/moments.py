"""What is a date, and on which business day something happened. The zone is Europe/Berlin."""

from datetime import date, datetime

from .case import STAGED, Case, Fate, cell, quarantined, rows_case

NOT = quarantined("not_a_timestamp", "ordered_at")
RANGE = quarantined("out_of_range", "ordered_at")
NO_DATE = quarantined("not_a_date", "birth_date")


def moment(text: str, then: Fate | datetime, about: str = "") -> Case:
    return cell(f"a moment `{text}`{about}", "ordered_at", text, then)


CASES = [
    moment("2024-05-31", datetime(2024, 5, 31)),
    moment("2024-05-31 23:59", datetime(2024, 5, 31, 23, 59)),
    moment("2024-05-31T23:59:59.999999", datetime(2024, 5, 31, 23, 59, 59, 999999)),
    moment("2024-02-29", datetime(2024, 2, 29), ", a leap day"),
    moment("2023-02-29", NOT, " of a year without it"),
    moment("2025-02-30", NOT),
    moment("2024-13-01", NOT),
    moment("2024-04-31 10:00:00", NOT),
    moment("0000-00-00", NOT),
    moment("0000-00-00 00:00:00", NOT),
    moment("0001-01-01", NOT, ", which means unknown"),
    moment("9999-12-31", datetime(9999, 12, 31), ", which lies in the future"),
    moment("45443", NOT, ", a serial day of a spreadsheet"),
    moment("45443.5", NOT, ", a serial moment of a spreadsheet"),
    moment("20240531", NOT),
    moment("2024/05/31", NOT, " without a format in the mapping"),
    moment("31.05.2024", NOT),
    moment("05/31/2024", NOT),
    moment("31/05/24", NOT),
    moment("2024-5-1", NOT),
    moment("2024年5月31日", NOT),
    moment("31 May 2024", NOT),
    moment("1717106400", NOT, ", seconds of an epoch"),
    moment("2024-05-31 24:00:00", NOT),
    moment("2024-05-31 12:60:00", NOT),
    moment("2024-05-31 7pm", NOT),
    moment("yesterday", NOT),
    moment("now", NOT),
    moment("infinity", NOT),
    moment("epoch", NOT),
    moment("2024-05-31T12:00:00Z", datetime(2024, 5, 31, 14), ": converted, not cut"),
    moment("2024-05-31T23:30:00Z", datetime(2024, 6, 1, 1, 30), ": the next business day"),
    moment("2024-06-01T00:30:00+09:00", datetime(2024, 5, 31, 17, 30)),
    moment("2024-05-31T12:00:00+99:00", NOT),
    moment(
        "2024-03-31 02:30:00", datetime(2024, 3, 31, 2, 30), ", skipped by summer time: as given"
    ),
    moment(
        "2023-10-29 02:30:00", datetime(2023, 10, 29, 2, 30), ", which happened twice: as given"
    ),
    moment("2023-10-29T00:30:00Z", datetime(2023, 10, 29, 2, 30), ", the first of two"),
    moment("2023-10-29T01:30:00Z", datetime(2023, 10, 29, 2, 30), ", the second of two"),
    moment("", quarantined("missing_required", "ordered_at"), ", blank"),
    cell("a birthday on 29 February", "birth_date", "1980-02-29", date(1980, 2, 29), "customers"),
    cell("a birthday that is only a year", "birth_date", "1980", NO_DATE, "customers"),
    cell("a birthday 0000-00-00", "birth_date", "0000-00-00", NO_DATE, "customers"),
    rows_case(
        "an order after the day that is classed: it waits for its day",
        [{}, {"order_id": "{k}-later", "ordered_at": "2024-06-02 00:00:00"}],
        [STAGED, STAGED],
        facts={"order_count": 1, "last_order_date": date(2024, 5, 1)},
    ),
    rows_case(
        "an order at the last moment of the day that is classed",
        [{"ordered_at": "2024-06-01 23:59:59.999999"}],
        [STAGED],
        facts={"order_count": 1, "recency_days": 0},
    ),
    rows_case(
        "an order in the year 2099",
        [{}, {"order_id": "{k}-2099", "ordered_at": "2099-01-01"}],
        [STAGED, STAGED],
        facts={"order_count": 1},
    ),
    rows_case(
        "an order in the year 1900",
        [{"ordered_at": "1900-01-01"}],
        [STAGED],
        facts={"order_count": 1, "first_order_date": date(1900, 1, 1)},
    ),
    rows_case(
        "dates in another form, with a format in the mapping",
        [{"ordered_at": "31/05/2024 18:30"}],
        [STAGED],
        staged={"ordered_at": datetime(2024, 5, 31, 18, 30)},
        entry={"formats": {"ordered_at": "%d/%m/%Y %H:%M"}},
    ),
    rows_case(
        "a date that its format does not fit",
        [{"ordered_at": "05/31/2024 18:30"}],
        [NOT],
        entry={"formats": {"ordered_at": "%d/%m/%Y %H:%M"}},
    ),
]
