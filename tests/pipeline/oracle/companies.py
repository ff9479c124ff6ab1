"""Small random companies: a few customers, and orders that keep to the awkward edges."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import yaml
from hypothesis import strategies as st

from .awkward import Cell, Row
from .awkward_tables import OPTIONAL, REQUIRED
from .tables import TABLES

DAYS = (date(2024, 6, 30), date(2024, 2, 29), date(2025, 1, 31), date(2023, 3, 27))
ZONES = ("UTC", "Asia/Shanghai", "America/New_York")
SIZES = {
    "customers": 20,
    "orders": 90,
    "order_lines": 60,
    "interactions": 60,
    "refunds": 12,
    "opportunities": 20,
    "feedback": 60,
    "attributes": 200,
    "declared_classes": 30,
    "exchange_rates": 40,
    "customer_merges": 8,
}
FIRST_FOUR = tuple(SIZES)[:4]
SOME_TABLES = (
    ("orders",),
    ("customers",),
    ("orders", "order_lines"),
    ("customers", "orders", "interactions"),
    FIRST_FOUR,
    *[tuple(SIZES)] * 7,
)


@dataclass(frozen=True)
class Files:
    """One table of a company, as it is exported.

    Attributes:
        columns: of every file.
        files: rows of each, in the order in which they land.
        entries: one, or two that take the files in turn.
        shared_keys: what the entries say of themselves.
        mapped: the columns that the first source file maps, and those that its correction does.
    """

    columns: tuple[str, ...]
    files: tuple[tuple[Row, ...], ...]
    entries: int
    shared_keys: bool
    mapped: tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class RandomCompany:
    """A company as it would be exported: text files, and the zone and day to read them in."""

    as_of: date
    timezone: str
    tables: dict[str, Files]

    @property
    def shared_keys(self) -> set[tuple[str, str]]:
        """The (table, entry) pairs that may have keys of each other."""
        return {
            (table, f"entry{number}")
            for table, content in self.tables.items()
            for number in range(content.entries)
            if content.shared_keys
        }

    def write(self, folder: Path) -> Iterator[Path]:
        """Write every file and yield source files over them: the first one, and its correction."""
        for table, content in self.tables.items():
            for number, rows in enumerate(content.files):
                path = folder / f"{table}_{number % content.entries}_{number}.csv"
                with path.open("w", encoding="utf-8", newline="") as file:
                    csv.writer(file).writerows([content.columns, *rows])
        for correction, name in enumerate(("first.yml", "corrected.yml")):
            source = yaml.safe_dump(self._source(correction))
            (folder / name).write_text(source, encoding="utf-8")
            yield folder / name

    def _source(self, correction: int) -> dict[str, object]:
        tables = {
            table: [
                {
                    "name": f"entry{number}",
                    "from": "files",
                    "path": f"{table}_{number}_*.csv",
                    "columns": {name: name for name in content.mapped[correction]},
                    "shared_keys": content.shared_keys,
                }
                for number in range(content.entries)
            ]
            for table, content in self.tables.items()
        }
        return {"timezone": self.timezone, "base_currency": "CNY", "tables": tables}


@st.composite
def companies(draw: st.DrawFn) -> RandomCompany:
    """A company of at most 30 customers and some 90 orders, with some of the tables.

    Hypothesis chooses the shape and one seed; each row comes from the seed and its own position, so
    that a smaller company is the beginning of a larger one, and a failure shrinks to a few rows.
    """
    as_of, zone = draw(st.sampled_from(DAYS)), draw(st.sampled_from(ZONES))
    people = draw(st.sampled_from([1, 2, 5, 12, 30, 30]))
    seed = draw(st.integers(0, 2**32))
    return RandomCompany(
        as_of,
        zone,
        {
            table: draw(_files(table, as_of, people, seed))
            for table in draw(st.sampled_from(SOME_TABLES))
        },
    )


@st.composite
def _files(draw: st.DrawFn, table: str, as_of: date, people: int, seed: int) -> Files:
    every = sorted(OPTIONAL[table])
    chosen = draw(st.sets(st.sampled_from(every)) | st.just({*every})) if every else set()
    columns = REQUIRED[table] | {name: OPTIONAL[table][name] for name in sorted(chosen)}
    size = draw(st.integers(0, SIZES[table]) | st.just(SIZES[table]))
    rows = [
        row_of_cells(Random(f"{seed} {table} {number}"), columns, as_of, people, number)
        for number in range(size)
    ]
    kept = len(TABLES[table].key)
    rows += again(Random(f"{seed} {table}"), rows, columns, as_of, people, kept)
    files = _cut(draw, rows)
    everything, bare = tuple(columns), tuple(REQUIRED[table])
    mappings = [(everything, everything)] * 6 + [(bare, everything), (everything, bare)]
    return Files(
        columns=everything,
        files=files,
        entries=draw(st.sampled_from([1, 2])) if len(files) > 1 else 1,
        shared_keys=draw(st.booleans()),
        mapped=draw(st.sampled_from(mappings)),
    )


def row_of_cells(
    random: Random, columns: Mapping[str, Cell], as_of: date, people: int, number: int
) -> Row:
    """One row of a table: a cell for each column, all of them from one source of chance."""
    return tuple(cell(random, as_of, people, number) for cell in columns.values())


def again(
    random: Random,
    rows: list[Row],
    columns: dict[str, Cell],
    as_of: date,
    people: int,
    kept: int,
) -> list[Row]:
    """An eighth of the rows once more: as they were, or as another version of the same key."""
    versions = []
    for row in random.sample(rows, len(rows) // 8):
        other = row_of_cells(random, columns, as_of, people, 0)
        same = random.random() < 0.3
        versions.append(
            tuple(
                old if same or place < kept or random.random() < 0.5 else new
                for place, (old, new) in enumerate(zip(row, other, strict=True))
            )
        )
    return versions


def _cut(draw: st.DrawFn, rows: list[Row]) -> tuple[tuple[Row, ...], ...]:
    """The rows as one to three files."""
    cuts = sorted(draw(st.lists(st.integers(0, len(rows)), max_size=2)))
    return tuple(
        tuple(rows[start:end]) for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True)
    )
