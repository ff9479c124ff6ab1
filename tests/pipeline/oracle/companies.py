"""Small random companies: a few customers, and orders that keep to the awkward edges."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import yaml
from hypothesis import strategies as st

from .awkward import OPTIONAL, REQUIRED, Cell, Row

DAYS = (date(2024, 6, 30), date(2024, 2, 29), date(2025, 1, 31), date(2023, 3, 27))
ZONES = ("UTC", "Asia/Shanghai", "America/New_York")
SIZES = {"customers": 14, "orders": 60, "order_lines": 60, "interactions": 40}
SOME_TABLES = (
    *[tuple(SIZES)] * 4,
    ("orders",),
    ("customers",),
    ("customers", "orders", "interactions"),
    ("orders", "order_lines"),
)


@dataclass(frozen=True)
class Files:
    """One table of a company: its columns, and its files in the order in which they land."""

    columns: tuple[str, ...]
    files: tuple[tuple[Row, ...], ...]


@dataclass(frozen=True)
class RandomCompany:
    """A company as it would be exported: text files, and the zone and day to read them in."""

    as_of: date
    timezone: str
    tables: dict[str, Files]

    def write(self, folder: Path) -> Path:
        """Write every file, and a source file over them; return the path of the source file."""
        entries = {}
        for table, content in self.tables.items():
            for number, rows in enumerate(content.files, start=1):
                path = folder / f"{table}_{number}.csv"
                with path.open("w", encoding="utf-8", newline="") as file:
                    csv.writer(file).writerows([content.columns, *rows])
            entries[table] = [{"from": "files", "path": f"{table}_*.csv"}]
        source = folder / "sources.yml"
        settings = {"timezone": self.timezone, "base_currency": "CNY", "tables": entries}
        source.write_text(yaml.safe_dump(settings), encoding="utf-8")
        return source


@st.composite
def companies(draw: st.DrawFn) -> RandomCompany:
    """A company of at most 30 customers and some 60 orders, with some of the four tables.

    Hypothesis chooses the shape and one seed; each row comes from the seed and its own position, so
    that a smaller company is the beginning of a larger one, and a failure shrinks to a few rows.
    """
    as_of, zone = draw(st.sampled_from(DAYS)), draw(st.sampled_from(ZONES))
    people = draw(st.sampled_from([1, 2, 5, 12, 26]))
    seed = draw(st.integers(0, 2**32))
    tables = {}
    for table in draw(st.sampled_from(SOME_TABLES)):
        optional = draw(st.lists(st.sampled_from(sorted(OPTIONAL[table])), unique=True))
        columns = {**REQUIRED[table], **{name: OPTIONAL[table][name] for name in optional}}
        size = draw(st.integers(0, SIZES[table]) | st.just(SIZES[table]))
        rows = [
            _row(Random(f"{seed} {table} {number}"), columns, as_of, people, number)
            for number in range(size)
        ]
        rows += _again(Random(f"{seed} {table}"), rows, columns, as_of, people)
        tables[table] = Files(tuple(columns), _cut(draw, rows))
    return RandomCompany(as_of, zone, tables)


def _row(random: Random, columns: dict[str, Cell], as_of: date, people: int, number: int) -> Row:
    return tuple(cell(random, as_of, people, number) for cell in columns.values())


def _again(
    random: Random, rows: list[Row], columns: dict[str, Cell], as_of: date, people: int
) -> list[Row]:
    """An eighth of the rows once more: as they were, or as another version of the same key."""
    versions = []
    for row in random.sample(rows, len(rows) // 8):
        other = _row(random, columns, as_of, people, 0)
        kept = 2 if "line_no" in columns else 1
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
