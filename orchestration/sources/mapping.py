"""How the columns of a source become ours: chosen, translated, formatted, never dropped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass

from orchestration.canonical import CanonicalTable
from orchestration.duckdb_sql import quote_name, quote_text
from orchestration.sources.entries import Entry
from orchestration.sources.rules import missing_columns
from orchestration.sources.source_file import SourceFile
from orchestration.sources.sql import EPOCHS, from_epoch, trimmed
from orchestration.sources.tabular import columns_told

TIME_OF_DAY = ("%H", "%I", "%M", "%S", "%p", "%f", "%g", "%n", "%z", "%Z", "%c", "%X")


@dataclass(frozen=True)
class Plan:
    """How one opened source maps.

    Attributes:
        sources: canonical column to the source column it is read from.
        constants: canonical column to its value on every row.
        extras: landed name of every other source column, to the source column.
        expressions: landed name to SQL over `c0`, `c1` …, in the order of landing.
    """

    sources: Mapping[str, str]
    constants: Mapping[str, str]
    extras: Mapping[str, str]
    expressions: Mapping[str, str]

    @property
    def columns(self) -> tuple[str, ...]:
        """The canonical columns that are supplied, constants included, in canonical order."""
        return tuple(name for name in self.expressions if name not in self.extras)

    def select(self, relation: str, cursor: int | None = None) -> str:
        """The rows of `relation` (see `TabularFile.attach`) as they land.

        `cursor` is the position of the source column that lands as `_cursor`, as it came.
        """
        columns = f", c{cursor} as _cursor" if cursor is not None else ""
        columns += "".join(
            f", {sql} as {quote_name(name)}" for name, sql in self.expressions.items()
        )
        return f"select _row, _malformed{columns} from {relation}"


def plan(
    source: SourceFile,
    table: CanonicalTable,
    entry: Entry,
    found: Sequence[str],
    where: str,
    seen: Collection[str] = (),
) -> Plan:
    """Map the columns `found` in `where` (a file, or the query) as the entry says.

    `seen` are canonical columns that the entry has supplied before. An optional one of them may be
    gone; one that was never there is more likely a slip of the mapping.

    Raises:
        SourceError: a mapped column is not there, or a required one is supplied by nothing.
    """
    sources = entry.columns or {
        name: name for name in table.columns if name in found and name not in entry.constants
    }
    constants = dict(entry.constants)
    if entry.finds_deletes and "is_deleted" not in sources:
        constants["is_deleted"] = "false"
    gone = {
        name
        for name, column in sources.items()
        if column not in found and name in seen and not table.needs(name)
    }
    sources = {name: column for name, column in sources.items() if name not in gone}
    _check(source, table, entry, sources, found, where, gone)
    extras = _extras(table, [name for name in found if name not in sources.values()])
    position = {name: f"c{number}" for number, name in enumerate(found)}
    expressions = {
        name: _value(entry, name, position[sources[name]])
        if name in sources
        else f"case when _malformed is null then {quote_text(constants[name])} end"
        for name in table.columns
        if name in sources or name in constants
    }
    expressions |= {landed: position[name] for landed, name in extras.items()}
    return Plan(sources, constants, extras, expressions)


def mapping_hash(entry: Entry) -> str:
    """SHA-256 of everything in an entry that shapes the rows, in hex."""
    return hashlib.sha256(json.dumps(entry.shape(), sort_keys=True).encode()).hexdigest()


def _check(
    source: SourceFile,
    table: CanonicalTable,
    entry: Entry,
    sources: Mapping[str, str],
    found: Sequence[str],
    where: str,
    gone: Set[str],
) -> None:
    known = {*sources.values(), *table.columns}
    for name, column in sources.items():
        if column not in found:
            raise source.error(
                f"{where} has no column {column!r}",
                table.name,
                entry,
                "columns",
                name,
                expected=columns_told(found, known, column),
            )
    missing = missing_columns(table, {*sources, *entry.constants})
    if missing:
        raise source.error(
            f"{table.name} needs {missing}, which {where} does not have",
            table.name,
            entry,
            expected=f"Map them under columns. {columns_told(found, known)}",
        )
    for part in ("values", "formats"):
        for name in getattr(entry, part):
            if name not in sources and name not in gone:
                raise source.error(
                    f"{where} supplies no {name}", table.name, entry, part, name, expected=None
                )


def _extras(table: CanonicalTable, names: Sequence[str]) -> dict[str, str]:
    """Landed name of each extra column: its own, or `source_<name>` where that is taken."""
    # DuckDB tells by file_index which file a row came from; a column of that name would hide it.
    taken = {*table.columns, "file_index"}
    extras: dict[str, str] = {}
    for name in names:
        landed = name
        if name.lower() in taken or name.startswith("_"):
            landed = f"source_{name}"
        while landed.lower() in taken:
            landed += "_"
        taken.add(landed.lower())
        extras[landed] = name
    return extras


def _value(entry: Entry, name: str, column: str) -> str:
    """SQL of one mapped column: values translated, formats made ISO, the rest as it is."""
    sql = column
    if values := entry.values.get(name):
        arms = " ".join(
            f"when {quote_text(key.strip().lower())} then {quote_text(value)}"
            for key, value in values.items()
        )
        sql = f"case lower({trimmed(column)}) {arms} else {column} end"
    pattern = entry.formats.get(name)
    if pattern in EPOCHS:
        # A day, too: staging cuts it in the zone that the source file has by then.
        sql = f"coalesce(cast({from_epoch(sql, pattern)} as varchar) || '+00:00', {sql})"
    elif pattern:
        parsed = f"try_strptime({trimmed(sql)}, {quote_text(pattern)})"
        if not any(part in pattern.replace("%-", "%") for part in TIME_OF_DAY):
            parsed = f"cast({parsed} as date)"
        sql = f"coalesce(cast({parsed} as varchar), {sql})"
    return sql
