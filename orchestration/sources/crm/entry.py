"""An entry of a CRM: completed with its vendor's mapping, and held against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from orchestration.canonical import canonical_tables
from orchestration.sources.crm.vendor import ObjectMapping, Vendor, vendor, vendors
from orchestration.sources.errors import Problem

if TYPE_CHECKING:
    from orchestration.sources.entries import CrmEntry

PARTS = ("columns", "values", "constants", "formats")


def with_mapping(table: str, entry: dict[str, Any]) -> dict[str, Any]:
    """The entry as it stands in a source file, and below it what its vendor says of its object.

    What the entry says counts: of a column that it maps or gives as a constant, of a value that it
    translates. A column mapped to nothing is left out. Other entries come back as they are, as do
    those that name no object of their table.
    """
    if entry.get("from") not in vendors() or not all(
        isinstance(entry.get(part, {}), dict) for part in PARTS
    ):
        return entry
    known = vendor(entry["from"])
    name = known.object_of(table, entry.get("object"))
    if name is None:
        return entry
    mapping = known.tables[table][name]
    own = {part: entry.get(part, {}) for part in PARTS}
    said = {**own["columns"], **own["constants"]}
    parts = {
        "columns": _filled({**_besides(mapping.columns, said), **own["columns"]}),
        "constants": {**_besides(mapping.constants, said), **own["constants"]},
    }
    mapped = parts["columns"]
    parts["values"] = _values(mapping, own["values"], mapped)
    parts["formats"] = {**_formats(known, table, mapping, mapped), **own["formats"]}
    return {"cursor": known.cursor.field, **entry, "object": name, **parts}


def crm_problems(table: str, entry: CrmEntry) -> Iterator[Problem]:
    """What of an entry its vendor does not have."""
    known = vendor(entry.kind)
    objects = known.tables.get(table)
    if objects is None:
        said = ", ".join(known.tables)
        yield Problem(("from",), f"{known.title} has nothing for {table}", f"It has: {said}.")
    elif entry.object not in objects:
        problem = "is missing" if entry.object is None else f"{entry.object!r} is not mapped"
        yield Problem(("object",), problem, _choices(entry.object, objects))
    for name in known.credentials:
        if name not in entry.credentials:
            what = f"{name}: env:{entry.kind.upper()}_{name.upper()}"
            yield Problem(("credentials",), f"lacks {name}", f"Add {what}.")
    for name in entry.credentials:
        if name not in known.credentials:
            expected = _choices(name, known.credentials)
            yield Problem(("credentials", name), f"{known.title} has no such", expected)
    if entry.region is None and not (known.region or entry.host):
        yield Problem(("region",), "is missing", _choices(None, known.regions))
    elif entry.region is not None and entry.region not in known.regions:
        expected = _choices(entry.region, known.regions)
        yield Problem(("region",), f"{entry.region!r} is not one", expected)
    if entry.cursor not in (None, known.cursor.field):
        expected = f"Leave it out: {known.title} tells by {known.cursor.field} what is new."
        yield Problem(("cursor",), f"{entry.cursor!r} cannot be asked for", expected)
    if isinstance(entry.overlap, int):
        yield Problem(("overlap",), "has to be a duration, such as 1 hour", None)


def _besides(given: Mapping[str, str], said: Mapping[str, object]) -> dict[str, str]:
    return {name: value for name, value in given.items() if name not in said}


def _filled(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: path for name, path in columns.items() if path is not None}


def _values(
    mapping: ObjectMapping, own: Mapping[str, Any], mapped: Mapping[str, Any]
) -> dict[str, Any]:
    """Per column the vendor's words and the entry's, each word once; the entry's count."""
    values: dict[str, Any] = {name: v for name, v in mapping.values.items() if name in mapped}
    for name, words in own.items():
        if not isinstance(words, dict):
            return {**values, **own}
        mine = {str(word).strip().lower() for word in words}
        theirs = {word: v for word, v in values.get(name, {}).items() if word.lower() not in mine}
        values[name] = {**theirs, **words}
    return values


def _formats(
    known: Vendor, table: str, mapping: ObjectMapping, mapped: Mapping[str, Any]
) -> dict[str, str]:
    """The vendor's format of every date that is mapped."""
    formats = {name: f for name, f in mapping.formats.items() if name in mapped}
    if known.dates is None:
        return formats
    dates = {
        name: known.dates
        for name, column in canonical_tables()[table].columns.items()
        if name in mapped and column.data_type in ("date", "timestamp")
    }
    return dates | formats


def _choices(wrong: str | None, right: Mapping[str, object]) -> str:
    close = get_close_matches(wrong or "", right, n=1)
    return (f"Did you mean {close[0]}? " if close else "") + f"There is: {', '.join(right)}."
