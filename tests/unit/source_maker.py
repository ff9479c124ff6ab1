"""Write a small source file with its data, pull it, and look at what landed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from orchestration.erasing.requests import FOLDER
from orchestration.landing import Load, PullFailed, PullResult, pull_table
from orchestration.sources.source_file import SourceFile, load_source_file

ZONE = "Asia/Shanghai"
HEAD = f"timezone: {ZONE}\nbase_currency: CNY\ntables:\n"


class Shop:
    """A folder with a source file and its exports, and a landing beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.landing = folder / "landing"
        self.told: list[str] = []

    def write(self, name: str, content: str | bytes) -> Path:
        """An export of the shop."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def source(self, tables: str, head: str = HEAD) -> SourceFile:
        """The source file, given its tables."""
        return load_source_file(self.write("sources.yml", head + tables))

    def pull(
        self,
        tables: str,
        table: str = "orders",
        audit: Callable[[str, Path], object] = lambda table, parquet: None,
    ) -> PullResult:
        """Pull one table of a source file that is written first; raises the one error there is."""
        try:
            return pull_table(
                table,
                self.source(tables),
                self.landing,
                audit=audit,
                report=self.told.append,
                erasures=self.folder / FOLDER,
            )
        except PullFailed as failed:
            (error,) = failed.errors
            raise error from failed

    def land(self, tables: str, table: str = "orders") -> list[dict[str, Any]]:
        """Pull one table and return the rows of its only load, by column name."""
        (load,) = self.pull(tables, table).landed
        return rows(load)


def rows(load: Load) -> list[dict[str, Any]]:
    """The landed rows of a load, in the order of its file."""
    with duckdb.connect() as connection:
        cursor = connection.execute(f"select * from read_parquet('{load.path}')")
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def orders(path: str, *more: str) -> str:
    """One orders entry whose files already have our names; `more` are further lines of it."""
    lines = "".join(f"    {line}\n" for line in more)
    return f"  orders:\n  - from: files\n    path: {path}\n{lines}"


ORDERS = "order_id,customer_id,ordered_at,amount"
ROW = "{n},c{n},2017-01-01,1.00\n"


def numbered_shop(folder: Path, *numbers: int) -> Shop:
    """A shop with one order in each of its numbered files."""
    made = Shop(folder)
    for number in numbers:
        made.write(f"o{number}.csv", f"{ORDERS}\n{ROW.format(n=number)}")
    return made
