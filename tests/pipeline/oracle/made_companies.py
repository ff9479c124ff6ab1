"""Companies that are made for something: for every class, or for memberships to fall."""

from datetime import date, timedelta
from random import Random

from .awkward_tables import OPTIONAL, REQUIRED
from .companies import Files, RandomCompany, row_of_cells

# Rows of each table, and how many customers they are about: not all of them ever bought.
SIZES = {
    "customers": (400, 400),
    "orders": (2000, 350),
    "order_lines": (800, 350),
    "interactions": (2000, 220),
    "refunds": (60, 150),
    "opportunities": (500, 400),
    "feedback": (700, 200),
    "attributes": (3500, 300),
    "declared_classes": (200, 240),
    "exchange_rates": (60, 1),
    "customer_merges": (30, 400),
}


def large_company(as_of: date, timezone: str) -> RandomCompany:
    """One company for each day, with every table and column, in one file for each table."""
    return RandomCompany(as_of, timezone, {table: _file(table, as_of) for table in SIZES})


def _file(table: str, as_of: date) -> Files:
    size, people = SIZES[table]
    cells = REQUIRED[table] | OPTIONAL[table]
    rows = tuple(
        row_of_cells(Random(f"{as_of} {table} {number}"), cells, as_of, people, number)
        for number in range(size)
    )
    columns = tuple(cells)
    return Files(columns, (rows,), entries=1, shared_keys=False, mapped=(columns, columns))


def falling_company(as_of: date) -> RandomCompany:
    """Forty customers whose few orders are large, and leave the last 365 days one by one."""
    random = Random("falling")
    orders = tuple(
        (
            f"o{number}",
            f"c{random.randrange(40)}",
            (as_of - timedelta(random.randrange(800))).isoformat(),
            random.choice(("500", "1999.99", "2500", "9000", "12000", "35000")),
        )
        for number in range(130)
    )
    columns = tuple(REQUIRED["orders"])
    file = Files(columns, (orders,), entries=1, shared_keys=False, mapped=(columns, columns))
    return RandomCompany(as_of, "UTC", {"orders": file})
