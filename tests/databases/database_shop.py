"""A shop whose orders stand in a database, and what a pull of them lands."""

from pathlib import Path
from typing import Any

from source_maker import Shop, rows

from bench.servers import Database
from orchestration.landing import PullResult, committed_loads

ORDERS = "order_id varchar(20), customer_id varchar(20), ordered_at date, amount decimal(18,4)"


class DatabaseShop(Shop):
    """A shop with a source file and a landing, whose tables are in a database."""

    def __init__(self, folder: Path, database: Database) -> None:
        super().__init__(folder)
        self.database = database
        self.execute = database.execute

    @property
    def is_postgresql(self) -> bool:
        """Rather than MariaDB."""
        return self.database.kind == "postgresql"

    def orders(self, more: str = "", *values: str, table: str = "orders") -> None:
        """A table of orders with `more` columns, and a row of each text of SQL values."""
        self.execute(f"create table {table} ({', '.join(filter(None, [ORDERS, more]))})")
        self.insert(*values, table=table)

    def insert(self, *values: str, table: str = "orders") -> None:
        """Rows of SQL values, added in one go."""
        if values:
            self.execute(f"insert into {table} values {', '.join(f'({row})' for row in values)}")

    def landed(self, table: str = "orders") -> list[dict[str, Any]]:
        """The rows of all loads that are in force, in the order of landing."""
        loads = committed_loads(self.landing, table)
        return [row for load in loads if load.superseded_by is None for row in rows(load)]

    def ids(self, result: PullResult) -> list[str]:
        """The order_ids that a pull landed, sorted."""
        return sorted(row["order_id"] for load in result.landed for row in rows(load))


def entry(*lines: str, table: str = "orders", name: str = "shop") -> str:
    """One entry of a source file, on the database of the shop; `lines` are further ones of it."""
    fixed = (f"name: {name}", "from: database", "url: env:SHOP_URL")
    return f"  {table}:\n  - " + "\n    ".join([*fixed, *lines]) + "\n"


def order(number: int, *more: str, amount: str = "1.00") -> str:
    """SQL values of one order; `more` are those of further columns, as SQL."""
    return ", ".join([f"'{number}'", f"'c{number}'", "'2017-01-01'", amount, *more])
