"""The canonical tables: what a source may supply, as the yml beside each staging model says."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from orchestration.settings import DBT_PROJECT

STAGING = DBT_PROJECT / "models" / "staging"
TABLES = (
    "customers",
    "orders",
    "order_lines",
    "refunds",
    "interactions",
    "opportunities",
    "feedback",
    "attributes",
    "declared_classes",
    "exchange_rates",
    "customer_merges",
)
# White space as staging strips it off a text, so that what is compared here is what stands there.
BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
DATA_TYPES = frozenset({"text", "money", "number", "integer", "date", "timestamp", "boolean"})


class CanonicalError(ValueError):
    """A staging yml that does not describe its canonical table: names the file and the fault."""


@dataclass(frozen=True)
class CanonicalColumn:
    """One column that a source may supply.

    Attributes:
        data_type: text, money, number, integer, date, timestamp or boolean; landing keeps text.
        values: the only values allowed, empty when any is.
        personal: true for personal data, which is never published.
    """

    name: str
    data_type: str
    description: str
    values: tuple[str, ...] = ()
    personal: bool = False


@dataclass(frozen=True)
class CanonicalTable:
    """One table that a source may supply.

    Attributes:
        key: the columns that identify a row.
        required: the columns that every entry of a source has to supply.
        either: lists of columns; an entry has to supply at least one of each list.
        columns: by name, in the order of the yml.
    """

    name: str
    description: str
    key: tuple[str, ...]
    required: tuple[str, ...]
    either: tuple[tuple[str, ...], ...]
    columns: Mapping[str, CanonicalColumn]

    def needs(self, column: str) -> bool:
        """Whether a row cannot be used without this column, or without one like it."""
        return column in self.required or any(column in names for names in self.either)


@lru_cache
def canonical_tables() -> dict[str, CanonicalTable]:
    """Every canonical table by name. Raises CanonicalError when a yml does not describe one."""
    return {name: read_canonical_table(STAGING / f"{name}.yml") for name in TABLES}


def read_canonical_table(path: Path) -> CanonicalTable:
    """Read one staging yml; its file name is the table's name. Raises CanonicalError."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        (model,) = [model for model in document["models"] if model["name"] == path.stem]
        meta = model["config"]["meta"]
        columns = [column for column in model["columns"] if not _meta(column).get("derived")]
        table = CanonicalTable(
            name=path.stem,
            description=str(model["description"]).strip(),
            key=tuple(meta["key"]),
            required=tuple(meta["required"]),
            either=tuple(tuple(names) for names in meta.get("either", [])),
            columns={column["name"]: _column(column) for column in columns},
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise CanonicalError(f"{path} does not describe a canonical table: {error!r}.") from error
    _check(table, path)
    return table


def _column(described: Mapping[str, Any]) -> CanonicalColumn:
    meta = _meta(described)
    return CanonicalColumn(
        name=described["name"],
        data_type=described["data_type"],
        description=str(described["description"]).strip(),
        values=tuple(str(value) for value in meta.get("values", ())),
        personal=bool(meta.get("personal", False)),
    )


def _meta(described: Mapping[str, Any]) -> Mapping[str, Any]:
    meta = (described.get("config") or {}).get("meta") or {}
    if not isinstance(meta, Mapping):
        raise TypeError(f"config.meta of {described.get('name')} is not a mapping")
    return meta


def _check(table: CanonicalTable, path: Path) -> None:
    named = {*table.key, *table.required, *(name for names in table.either for name in names)}
    unknown = sorted(named - set(table.columns))
    if unknown:
        raise CanonicalError(f"{path}: key, required or either name no column: {unknown}.")
    for column in table.columns.values():
        if column.data_type not in DATA_TYPES:
            raise CanonicalError(
                f"{path}: {column.name} has data_type {column.data_type!r};"
                f" expected one of {', '.join(sorted(DATA_TYPES))}."
            )
