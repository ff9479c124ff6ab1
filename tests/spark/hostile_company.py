"""A company whose exports hold what two engines might see in two ways, in two deliveries."""

from datetime import date
from random import Random

from oracle.awkward import Row
from oracle.awkward_tables import OPTIONAL, REQUIRED
from oracle.companies import Files, RandomCompany, again, row_of_cells
from oracle.tables import TABLES

# Rows of each table in the first delivery; the second has late versions of an eighth of them.
SIZES = {
    "customers": 160,
    "orders": 900,
    "order_lines": 300,
    "interactions": 500,
    "refunds": 60,
    "opportunities": 150,
    "feedback": 250,
    "attributes": 400,
    "declared_classes": 120,
    "exchange_rates": 40,
    "customer_merges": 20,
}
PEOPLE = 150
# A letter in two ways, some beyond sixteen bits, some that have no single capital, space that is
# not ASCII, and what means something to SQL or to a pattern.
WORDS = (
    *("é", "e\u0301", "客户", "\U0001f600", "Straße", "STRASSE", "İ", "ı", "ﬁ", "\u3000南\u00a0"),
    "ΟΔΟΣ",
    *("\u200b", "a\nb", "it's", '"', "\\", "\\n", "%", "$1", "{{ x }}", "NULL", "C1", "c1 "),
)
MOMENTS = (
    *("1582-10-10", "1000-01-01", "0999-12-31", "9999-12-31T23:59:59.999999Z", "10000-01-01"),
    *("2024-02-29T24:00:00", "2024-06-30T23:59:60", "2024-06-29T12:00:00.1234565", "2024-6-3"),
    *("2024-06-30T23:59:59.9999999", "2024-03-31T02:30:00+13:45", "2024-06-30 08:00:00-11"),
    *("2024-06-30T12:00Z", "1960-06-30T00:00:00.000001", "２０２４-06-30", "2024-06-30\n"),
)
NUMBERS = (
    *("1d", "1f", "0x1p3", "NaN", "Infinity", "-0", "-0.0", "1e-30", "1e30", "2.00005", "-2.00015"),
    *("99999999999999.9999", "0.000000005", "0.333333335", "١٢", "1e", ".", "1 ", "\t7", "8.3e14"),
)
TRUTHS = ("是", "否", "TRUE", "ＴＲＵＥ", "yes\u00a0", "2")
ODD = {
    "text": WORDS,
    "date": MOMENTS,
    "timestamp": MOMENTS,
    "money": NUMBERS,
    "number": NUMBERS,
    "integer": NUMBERS,
    "boolean": TRUTHS,
}


def hostile_company(as_of: date, timezone: str) -> tuple[RandomCompany, RandomCompany]:
    """The company as it stands after its first delivery, and after its second."""
    deliveries = {table: _deliveries(table, as_of) for table in SIZES}
    first, both = (
        RandomCompany(
            as_of,
            timezone,
            {table: _files(table, rows[:count]) for table, rows in deliveries.items()},
        )
        for count in (1, 2)
    )
    return first, both


def _files(table: str, rows: tuple[tuple[Row, ...], ...]) -> Files:
    columns = tuple(REQUIRED[table] | OPTIONAL[table])
    return Files(columns, rows, entries=1, shared_keys=False, mapped=(columns, columns))


def _deliveries(table: str, as_of: date) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    cells, key = REQUIRED[table] | OPTIONAL[table], len(TABLES[table].key)
    random = Random(f"hostile {table}")
    rows = [row_of_cells(random, cells, as_of, PEOPLE, number) for number in range(SIZES[table])]
    at_once, late = (again(random, rows, cells, as_of, PEOPLE, key) for _ in range(2))
    spoiled = (
        tuple(_spoiled(random, table, row) for row in each) for each in (rows + at_once, late)
    )
    first, second = spoiled
    return first, second


def _spoiled(random: Random, table: str, row: Row) -> Row:
    """Every fourth row with one odd cell, of the type of its column."""
    if random.random() < 0.75:
        return row
    columns = [*REQUIRED[table], *OPTIONAL[table]]
    place = random.randrange(len(row))
    odd = random.choice(ODD[TABLES[table].columns[columns[place]]])
    return (*row[:place], odd, *row[place + 1 :])
