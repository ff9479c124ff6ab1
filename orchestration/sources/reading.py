"""What an entry offers, opened and mapped, and written as one load."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestration.duckdb_sql import quote_name, quote_text
from orchestration.sources.engine import ENGINE_ERRORS, Resources, engine_failure
from orchestration.sources.entries import FilesEntry
from orchestration.sources.errors import SourceError
from orchestration.sources.files import Found
from orchestration.sources.mapping import Plan, plan
from orchestration.sources.remote import Question, RemoteRows
from orchestration.sources.rows import PARQUET, Rows
from orchestration.sources.sql import family


@dataclass(frozen=True)
class Written:
    """What was written of one load.

    Attributes:
        rows: all of them, `malformed` included.
        families: of each canonical column that holds a value in a source with types: number, text,
            time, boolean, or the type itself.
    """

    rows: int
    malformed: int
    families: Mapping[str, str]


@dataclass(frozen=True)
class Reading:
    """One load, opened: it maps without an error, and its rows can be streamed once.

    Attributes:
        found: where it comes from.
        plan: how its columns map.
        rows: its rows.
    """

    found: Found | Question
    plan: Plan
    rows: Rows

    def write(self, target: Path, resources: Resources) -> Written:
        """Stream every row into the Parquet file `target`.

        Raises SourceError when the rows cannot all be read, or a file changed meanwhile.
        """
        counted = ["_malformed", *self.plan.columns]
        counts = ", ".join(f"count({quote_name(name)})" for name in counted)
        with self.told(), closing(self.rows):
            engine, relation = self.rows.open(resources, target)
            with engine:
                copy = f"copy ({self._select(relation)}) to {quote_text(target)} ({PARQUET})"
                (landed,) = engine.execute(copy).fetchone() or (0,)
                count = f"select {counts} from read_parquet({quote_text(target)})"
                filled = engine.execute(count).fetchone() or ()
        self._verify(landed)
        families = {
            name: family(self.rows.types[self.plan.sources[name]])
            for name, count in zip(self.plan.columns, filled[1:], strict=True)
            if count and self.plan.sources.get(name) in self.rows.types
        }
        return Written(landed, filled[0], families)

    def sample(self, count: int, resources: Resources) -> list[tuple[str | None, ...]]:
        """The first rows as they would land: `_row`, `_malformed`, then the columns of the plan."""
        if isinstance(self.rows, RemoteRows):
            self.rows.limit = count
        with self.told(), closing(self.rows):
            engine, relation = self.rows.open(resources, None)
            with engine:
                return engine.execute(f"{self.plan.select(relation)} limit {count}").fetchall()

    def _select(self, relation: str) -> str:
        cursor = self.rows.cursor if isinstance(self.rows, RemoteRows) else None
        return self.plan.select(relation, self.rows.columns.index(cursor) if cursor else None)

    @contextmanager
    def told(self) -> Iterator[None]:
        """What the engine raises, as a SourceError."""
        try:
            yield
        except ENGINE_ERRORS as error:
            self._refuse_change()
            raise self.rows.failure() or engine_failure(
                error, self.rows.misfit, self.found.origin
            ) from error

    def _refuse_change(self) -> None:
        changed = self.found.changed()
        if changed:
            raise SourceError(
                "changed while it was being read",
                file=changed,
                expected="Nothing of it landed; it lands with the next run, when it is whole.",
            )

    def _verify(self, landed: int) -> None:
        self._refuse_change()
        if self.rows.records is not None and self.rows.records != landed:
            raise SourceError(
                f"has {self.rows.records:,} records, but {landed:,} were written",
                file=self.found.origin,
                expected="Nothing of it landed. This is a fault of the reader; please report it.",
            )


def open_all(
    offered: Sequence[Found] | Sequence[Question], seen: Collection[str] = ()
) -> list[Reading]:
    """Read and map the headers of the loads that one entry offers.

    Args:
        seen: canonical columns that the entry has supplied before; see `plan`.

    Raises:
        SourceError: all that can be known before rows are read.
    """
    opened = [(found, found.open()) for found in offered]
    seen = {*seen}
    for found, rows in opened:
        seen |= {name for name, column in found.entry.columns.items() if column in rows.columns}
    return [_map(found, rows, seen) for found, rows in opened]


def _map(found: Found | Question, rows: Rows, seen: Collection[str]) -> Reading:
    is_query = isinstance(found.entry, FilesEntry) and found.entry.query
    where = "the query" if is_query else found.origin
    mapped = plan(found.source, found.table, found.entry, rows.columns, where, seen)
    return Reading(found, mapped, rows)
