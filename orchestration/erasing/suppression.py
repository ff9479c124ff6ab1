"""Who is erased, by hashes, and which rows are theirs."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.canonical import BLANKS, canonical_tables
from orchestration.duckdb_sql import quote_name, quote_text, rows_of_parquet, stripped
from orchestration.sources.engine import Resources, confined
from orchestration.sources.rows import PARQUET

CUSTOMER = "customer_id"
# Columns that name whose a row is, one that names another customer in it, and keys of rows.
NAMING = (CUSTOMER, "into_customer_id")
REFERRER = "referrer_id"
KEYS = ("order_id", "refund_id", "interaction_id", "opportunity_id", "feedback_id")
# What says nothing about whose a row is: order 42 is not of customer 42.
NO_FIELDS = frozenset({*KEYS, REFERRER, "_row", "_malformed"})
# Between the words of a malformed record: of a file's fields, and of any text.
SEPARATORS = (r"[,;|\t\r\n\x22]+", r"[^\p{L}\p{N}_.-]+")

# Which of several files a row stands in.
FILE = "_position_of_file"

Hashes = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Cleaned:
    """What was done to a file: rows taken out, and rows whose referrer was emptied."""

    erased: int = 0
    emptied: int = 0

    def __bool__(self) -> bool:
        return bool(self.erased or self.emptied)


@dataclass(frozen=True)
class Suppression:
    """Hashes of ids and keys, by the column that they stand in.

    Attributes:
        salt: hexadecimal; of this home.
        hashes: per column (customer_id, and those of KEYS).
    """

    salt: str
    hashes: Hashes

    def __bool__(self) -> bool:
        return bool(self.hashes)

    def hash_of(self, column: str, value: str) -> str:
        """The hash of an id or key, compared as staging compares it."""
        return hashlib.sha256(f"{self.salt}{column}:{value.strip(BLANKS)}".encode()).hexdigest()

    @property
    def digest(self) -> str:
        """Differs whenever more, or fewer, hashes are known."""
        known = sorted((column, value) for column, many in self.hashes.items() for value in many)
        return hashlib.sha256(repr((self.salt, known)).encode()).hexdigest()

    def open(
        self, resources: Resources, files: Sequence[Path], *targets: Path
    ) -> duckdb.DuckDBPyConnection:
        """An engine with the view `rows` over Parquet files, which finds the person's in it.

        Rows are told apart by FILE and `_row`.
        """

        def prepare(engine: duckdb.DuckDBPyConnection) -> None:
            pairs = [
                (column, value) for column in sorted(self.hashes) for value in self.hashes[column]
            ]
            columns, values = [column for column, _ in pairs], [value for _, value in pairs]
            engine.register("listed", pa.table({"kind": columns, "hash": values}))
            engine.execute("create temp table suppressed as from listed")
            engine.execute(
                f"create temp view rows as select file_index as {FILE}, *"
                f" from {rows_of_parquet(files)}"
            )

        return confined(resources, [*files, *targets], prepare)

    def hashed(self, column: str, value: str) -> str:
        """SQL of the hash of a value that stands in, or is looked for as, `column`."""
        return f"sha256({quote_text(f'{self.salt}{column}:')} || {stripped(value)})"

    def is_listed(self, column: str, value: str) -> str:
        """SQL: a value is a suppressed one of `column`."""
        listed = f"select hash from suppressed where kind = {quote_text(column)}"
        return f"{self.hashed(column, value)} in ({listed})"

    def rows_of_people(self, columns: Collection[str]) -> str:
        """SQL of (FILE, _row) of the view `rows`, which has these columns, to take out."""
        own = [name for name in NAMING if name in columns]
        found = [(self.is_listed(CUSTOMER, quote_name(name)), "rows") for name in own]
        nameless = f"(from rows where {names_nobody(own)})"
        found += [
            (self.is_listed(key, quote_name(key)), nameless) for key in KEYS if key in columns
        ]
        # Any field may tell of one where nothing else does; a refund is whose its order is.
        whose = [*own, "order_id"] if "refund_id" in columns else own
        fields = [name for name in columns if own and name not in NO_FIELDS]
        silent = f"rows where {names_nobody(whose)}"
        spoken = f"(select {FILE}, _row, unnest({_words(fields)}) as word from {silent})"
        found.append((self.is_listed(CUSTOMER, "word"), spoken))
        return " union ".join(
            f"select {FILE}, _row from {relation} where {condition}"
            for condition, relation in found
        )

    def rows_referring(self, columns: Collection[str]) -> str:
        """SQL of (FILE, _row) whose referrer is to be emptied."""
        condition = self.is_listed(CUSTOMER, REFERRER) if REFERRER in columns else "false"
        return f"select {FILE}, _row from rows where {condition}"

    def clean(self, parquet: Path, target: Path, resources: Resources) -> Cleaned:
        """Write landed rows without the people's into `target`; nothing when none is theirs."""
        with self.open(resources, [parquet], target) as engine:
            columns = columns_of(engine)
            theirs = f"create temp table theirs as {self.rows_of_people(columns)}"
            (erased,) = engine.execute(theirs).fetchone() or (0,)
            engine.execute(
                "create temp table referring as select * from"
                f" ({self.rows_referring(columns)}) anti join theirs using ({FILE}, _row)"
            )
            (emptied,) = engine.execute("select count(*) from referring").fetchone() or (0,)
            if erased or emptied:
                engine.execute(f"copy ({_without(columns)}) to {quote_text(target)} ({PARQUET})")
        return Cleaned(erased, emptied)

    def clean_keys(self, parquet: Path, target: Path, resources: Resources) -> None:
        """Write a file of keys alone, as a source tells them, without the people's."""
        with self.open(resources, [parquet], target) as engine:
            named = [(name, CUSTOMER if name in NAMING else name) for name in columns_of(engine)]
            listed = " or ".join(
                self.is_listed(kind, quote_name(name))
                for name, kind in named
                if kind in (CUSTOMER, *KEYS)
            )
            kept = f"select * exclude ({FILE}) from rows"
            condition = f"({listed or 'false'}) is distinct from true"
            engine.execute(f"copy ({kept} where {condition}) to {quote_text(target)} ({PARQUET})")


def columns_of(engine: duckdb.DuckDBPyConnection) -> list[str]:
    """The columns of the view `rows`."""
    described = engine.execute("describe rows").fetchall()
    return [name for name, *_ in described if name != FILE]


def names_nobody(own: Iterable[str]) -> str:
    """SQL: none of these columns says whose a row is."""
    return (
        " and ".join(f"coalesce({stripped(quote_name(name))}, '') = ''" for name in own) or "true"
    )


def _words(fields: Iterable[str]) -> str:
    """SQL of a list of what may be an id in a row: its fields, and the words of its record."""
    values = ", ".join(map(_word, fields))
    split = ", ".join(
        f"regexp_split_to_array(coalesce(_malformed, ''), {quote_text(each)})"
        for each in SEPARATORS
    )
    return f"list_distinct(flatten([[{values}]::varchar[], {split}]))"


def _word(field: str) -> str:
    """SQL of a field, null where it holds its own number: an amount of 42 is not customer 42."""
    value = quote_name(field)
    if field not in _numeric():
        return value
    return f"case when try_cast({stripped(value)} as double) is null then {value} end"


@lru_cache
def _numeric() -> frozenset[str]:
    """The canonical columns of amounts, scores, numbers of things, and marks of yes or no."""
    texts = ("text", "date", "timestamp")
    return frozenset(
        column.name
        for table in canonical_tables().values()
        for column in table.columns.values()
        if column.data_type not in texts
    )


def _without(columns: Collection[str]) -> str:
    emptied = (
        f" replace (case when referring._row is null then rows.{REFERRER} end as {REFERRER})"
        if REFERRER in columns
        else ""
    )
    return (
        f"select rows.* exclude ({FILE}){emptied} from rows"
        " left join referring on rows._row = referring._row"
        " where rows._row not in (select _row from theirs) order by rows._row"
    )
