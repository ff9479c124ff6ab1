"""The records of a CRM object, streamed page by page, every value as the text that was sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain

import pyarrow as pa

from orchestration.settings import SettingError, secret
from orchestration.sources.crm.filling import at, derived, filled
from orchestration.sources.crm.paging import Record, pages
from orchestration.sources.crm.service import Service
from orchestration.sources.crm.vendor import Listing, vendor
from orchestration.sources.entries import CrmEntry
from orchestration.sources.errors import SourceError
from orchestration.sources.json_text import as_text
from orchestration.sources.positions import beginning, later
from orchestration.sources.remote import Position, RemoteRows
from orchestration.sources.source_file import SourceFile

Row = tuple[str | None, ...]


class CrmRows(RemoteRows):
    """The records of one object, from a position on."""

    def __init__(
        self, source: SourceFile, table: str, entry: CrmEntry, since: Position | None
    ) -> None:
        """Ask for the first page. SourceError: a secret is not set, or the service refuses."""
        self._vendor = vendor(entry.kind)
        self._place, name = entry.origin, entry.object or ""
        self._cases = self._vendor.cases(table, name)
        cursor = self._vendor.cursor
        self.columns = tuple(
            dict.fromkeys((self._vendor.key, cursor.field, *entry.columns.values()))
        )
        self.types = {}
        self.about = (f"{self._vendor.title}, {name}",)
        self.cursor, self.cursor_kind = cursor.field, cursor.kind
        self._service = _connected(source, table, entry)
        fields = self._fields(source, table, entry)
        self._asked = {"object": name, "fields": fields}
        self.since = since
        asked = later(since, beginning(entry.begin, cursor.kind, source.timezone))
        if isinstance(asked, datetime):
            self._asked["since"] = _told(asked, cursor.kind)
        listed = self._listed(self._vendor.listing)
        self._pages = chain([next(listed, [])], listed)

    def clock(self) -> datetime:
        """As the first answer told it."""
        return self._service.clock or datetime.now(UTC)

    def explained(self, error: Exception) -> SourceError | None:
        """None: what the service says is told where it is heard."""
        return None

    def batches(self) -> Iterator[pa.RecordBatch]:
        """A batch for each page; a record that moved to the next page is told once."""
        before: set[Row] = set()
        for page in self._pages:
            rows = dict.fromkeys(
                tuple(self._value(record, column) for column in self.columns) for record in page
            )
            yield _batch([row for row in rows if row not in before], self.columns)
            before = set(rows)

    def deleted(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch] | None:
        """The keys of the records that the service lists as deleted."""
        listing, key = self._vendor.deleted, self._vendor.key
        if listing is not None and list(columns) != [key]:
            listing = None
            self.notes += (f"deleted records are told by {key}, to which no key is mapped",)
        return self.watched(self._keys(listing)) if listing else None

    def _keys(self, listing: Listing) -> Iterator[pa.RecordBatch]:
        for page in self._listed(listing):
            keys = [as_text(at(record, self._vendor.key)) for record in page]
            yield _batch([(key,) for key in keys if key], [self._vendor.key])

    def _listed(self, listing: Listing) -> Iterator[list[Record]]:
        values = self._service.values | self._asked
        return pages(self._service, listing, values, self._place, self._vendor.key)

    def _value(self, record: Record, column: str) -> str | None:
        cases = self._cases.get(column)
        value = derived(record, cases) if cases is not None else at(record, column)
        try:
            text = as_text(value)
        except ValueError as error:
            raise SourceError(f"{column} is nested too deeply", file=self._place) from error
        # What only an escape can write, and no text can hold.
        return text and text.encode("utf-8", "replace").decode().replace("\0", "?")

    def _fields(self, source: SourceFile, table: str, entry: CrmEntry) -> list[str]:
        """The fields of a record that its columns need."""
        paths: list[str] = []
        for column in self.columns:
            for case in self._cases.get(column, ()):
                paths += [*case.when, *([case.source] if case.source else [])]
            if column not in self._cases:
                paths.append(column)
        fields = list(dict.fromkeys(path.partition(".")[0] for path in paths))
        most = self._vendor.listing.most_fields
        if most and len(fields) > most:
            raise source.error(
                f"needs {len(fields)} fields, and {self._vendor.title} gives at most {most}",
                table,
                entry,
                "columns",
                expected="Leave some out with a mapping such as industry: ~.",
            )
        return fields


def _connected(source: SourceFile, table: str, entry: CrmEntry) -> Service:
    known = vendor(entry.kind)
    given: dict[str, str] = {}
    for name, variable in entry.credentials.items():
        try:
            given[name] = secret(variable)
        except SettingError as error:
            raise source.error(str(error), table, entry, "credentials", name) from error
    region = entry.region or known.region or next(iter(known.regions))
    places = {name: entry.host or url for name, url in known.regions[region].items()}
    return Service(entry.origin, known, filled(places, given) | given, entry.credentials)


def _told(since: datetime, kind: str) -> str:
    """A position as the service compares it with its own moments."""
    if kind == "instant":
        return since.astimezone(UTC).isoformat(timespec="seconds")
    return str(int(since.timestamp() * (1000 if kind == "epoch_ms" else 1)))


def _batch(rows: Sequence[Row], columns: Sequence[str]) -> pa.RecordBatch:
    arrays = [pa.array([row[n] for row in rows], pa.string()) for n in range(len(columns))]
    return pa.RecordBatch.from_arrays(arrays, names=list(columns))
