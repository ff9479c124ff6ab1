"""The entries of a source file: one supplier of one canonical table each, by kind."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from orchestration.sources.crm.vendor import vendor, vendor_hash, vendors
from orchestration.sources.fields import (
    Day,
    Delimiter,
    Duration,
    Host,
    Kind,
    Name,
    Overlap,
    SecretName,
    Share,
    Truth,
)


class Entry(BaseModel):
    """What every entry has: a name, and how the columns of its source map to ours.

    Attributes:
        columns: canonical column to source column; empty when the source already has our names.
        values: per canonical column, source value (trimmed, lower-case) to ours.
        constants: canonical columns that are the same on every row.
        formats: per canonical date or timestamp column, the strptime format it is written in.
        shared_keys: the same key may come from another entry too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    # What shapes the rows of a load, given what the source holds.
    SHAPING: ClassVar[tuple[str, ...]] = ("columns", "values", "constants", "formats")

    name: Name
    kind: Kind = Field(alias="from")
    columns: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str | None]] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    formats: dict[str, str] = Field(default_factory=dict)
    shared_keys: Truth = False

    @property
    def finds_deletes(self) -> bool:
        """Whether its rows are told to be deleted by something else than their own columns."""
        return False

    def shape(self) -> dict[str, Any]:
        """Everything in it that shapes the rows of a load."""
        return self.model_dump(include=set(self.SHAPING))


class FilesEntry(Entry):
    """`from: files`.

    Attributes:
        path: a file or glob; or `files` (table name to file or glob) with a `query` over them.
        watch: new files start a run.
    """

    SHAPING = (*("query", "encoding", "delimiter", "sheet"), *Entry.SHAPING)

    path: str | None = None
    files: dict[Name, str] = Field(default_factory=dict)
    query: str | None = None
    encoding: str | None = None
    delimiter: Delimiter | None = None
    sheet: str | None = None
    watch: Truth = False

    @model_validator(mode="after")
    def _has_a_place(self) -> FilesEntry:
        if (self.path is None) == (not self.files):
            raise ValueError("give either path, or files with a query over them")
        if bool(self.files) != (self.query is not None):
            raise ValueError("files and query belong together: files names the tables of the query")
        return self


class RemoteEntry(Entry):
    """A source that is asked rather than opened, each time for what is new.

    Attributes:
        cursor: the source column that tells what is new: a moment, or a number that grows. Without
            one everything is read each time, and what is as it was does not land again.
        overlap: how far behind the last cursor reading begins again, for rows that were committed
            late; a duration, or a count when the cursor is a number.
        begin: a day; what has a moment before it is not asked for. A later day counts as well, an
            earlier one only once everything is read again.
    """

    cursor: str | None = None
    overlap: Overlap | None = None
    begin: Day | None = None

    @property
    @abstractmethod
    def origin(self) -> str:
        """How the place is written in a receipt and in messages."""


class DatabaseEntry(RemoteEntry):
    """`from: database`.

    Attributes:
        url: where the SQLAlchemy URL stands in the environment, such as env:SHOP_DATABASE_URL.
        table: a table or view, `schema.table` or `table`; or `query`: one SELECT in its own SQL.
        deletes: `compare` reads all keys each time and finds those that are gone.
        most_deleted: the greatest share of the rows that may be gone at once. More of them are a
            table that is being filled anew, rather than deleted rows.
        timeout: how long one statement may take; reading all that is wanted is one.
    """

    SHAPING = ("table", "query", *Entry.SHAPING)

    url: SecretName
    table: str | None = None
    query: str | None = None
    deletes: Literal["compare"] | None = None
    most_deleted: Share = 0.5
    timeout: Duration | None = None

    @model_validator(mode="after")
    def _has_a_place(self) -> DatabaseEntry:
        if (self.table is None) == (self.query is None):
            raise ValueError("give either table or query")
        if self.timeout == timedelta():
            raise ValueError("a timeout of nothing leaves no time for an answer")
        return self

    @property
    def origin(self) -> str:
        """The variable of its URL, and the table, or what tells one query from another."""
        if self.query is None:
            return f"{self.url}: {self.table}"
        return f"{self.url}: query {hashlib.sha256(self.query.encode()).hexdigest()[:8]}"

    @property
    def finds_deletes(self) -> bool:
        """Whether keys are compared."""
        return self.deletes is not None


class CrmEntry(RemoteEntry):
    """`from: <vendor>`; what its mapping file says of the object stands in it, see `with_mapping`.

    Attributes:
        object: what the vendor calls such records.
        credentials: where each stands in the environment, such as env:ZOHO_CLIENT_ID.
        region: the vendor's data centre. host: an address that takes the place of the region's.
    """

    SHAPING = ("object", *Entry.SHAPING)

    object: str | None = None
    credentials: dict[str, SecretName] = Field(default_factory=dict)
    region: str | None = None
    host: Host | None = None

    @property
    def origin(self) -> str:
        """The vendor, a variable that tells its accounts apart, and the object."""
        account = min(self.credentials.values(), default="")
        return f"{self.kind} {account}: {self.object}"

    @property
    def finds_deletes(self) -> bool:
        """Whether the vendor lists what is gone."""
        return vendor(self.kind).deleted is not None

    def shape(self) -> dict[str, Any]:
        """With the vendor's mapping file."""
        return {**super().shape(), "mapping": vendor_hash(self.kind)}


def entry_class(entry: object) -> type[Entry]:
    """The class of an entry, as it stands in the file; of files when its kind is unknown."""
    kind = entry.get("from") if isinstance(entry, dict) else getattr(entry, "kind", None)
    return KINDS.get(str(kind), FilesEntry)


def _tag(entry: object) -> str:
    return entry_class(entry).__name__


KINDS: dict[str, type[Entry]] = {
    "files": FilesEntry,
    "database": DatabaseEntry,
    **dict.fromkeys(vendors(), CrmEntry),
}
TAGS = tuple({kind.__name__ for kind in KINDS.values()})
AnyEntry = Annotated[
    Annotated[FilesEntry, Tag("FilesEntry")]
    | Annotated[DatabaseEntry, Tag("DatabaseEntry")]
    | Annotated[CrmEntry, Tag("CrmEntry")],
    Discriminator(_tag),
]
