"""What is known of a CRM vendor, read from its mapping file: how it is asked, and what it has.

One folder beside this file is one vendor, its name is what `from:` says. docs/adding-a-crm.md tells
what each part of a mapping file is for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

FOLDER = Path(__file__).parent
MAPPING = "mapping.yml"

Conditions = dict[str, list[str]]


class Strict(BaseModel):
    """Nothing is guessed: an unknown key and a value of another type are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Part(Strict):
    """Pieces of a request; `{name}` in them is filled in. Text that is all `{name}` keeps its type.

    Attributes:
        body: JSON. form: fields of a form, which keeps secrets out of an address.
    """

    headers: dict[str, str] = Field(default_factory=dict)
    params: dict[str, str | int] = Field(default_factory=dict)
    body: dict[str, Any] = Field(default_factory=dict)
    form: dict[str, str] = Field(default_factory=dict)


class Ask(Part):
    """A whole request."""

    method: Literal["GET", "POST"]
    url: str


class Rule(Strict):
    """What an answer means that has one of these statuses and, at each path, one of these values.

    Attributes:
        means: `expired`: the token is fetched anew, once. `busy`: worth waiting. `nothing`: there
            are no records. `credentials`: those in `names` are wrong. `refused`: it says no.
    """

    status: list[int] = Field(default_factory=list)
    where: Conditions = Field(default_factory=dict)
    means: Literal["expired", "busy", "nothing", "credentials", "refused"]
    names: list[str] = Field(default_factory=list)


class Answers(Strict):
    """How to tell what an answer means.

    Attributes:
        success: what an answer that is fine says at each path; nothing when the status tells all.
        message: paths of what the service says for people.
        rules: the first that fits counts; statuses speak for themselves where none does.
    """

    success: Conditions = Field(default_factory=dict)
    message: list[str] = Field(default_factory=list)
    rules: list[Rule] = Field(default_factory=list)


class Token(Strict):
    """A token that has to be fetched.

    Attributes:
        keep: name to path: what of the answer later requests use. lasts: for how many seconds.
    """

    ask: Ask
    keep: dict[str, str]
    lasts: int
    answers: Answers


class Listing(Strict):
    """A list of records, page by page.

    Attributes:
        since: what is added to the request when only changes are wanted.
        records: JSON path to the records. paginator: one of dlt's by name, or `last_record`.
        most: how many records it gives at most. most_fields: how many may be asked for.
    """

    ask: Ask
    since: Part = Field(default_factory=Part)
    records: str
    paginator: dict[str, Any]
    most: int | None = None
    most_fields: int | None = None


class Case(Strict):
    """One way to fill a field: `from` a path, or what it `is`; `when` any of these holds."""

    when: Conditions = Field(default_factory=dict)
    source: str | None = Field(default=None, alias="from")
    constant: str | None = Field(default=None, alias="is")


class ObjectMapping(Strict):
    """How the records of one object become rows of one canonical table; as in a source file.

    Attributes:
        derived: further fields, by the first case that fits and gives a value.
    """

    columns: dict[str, str]
    values: dict[str, dict[str, str | None]] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    formats: dict[str, str] = Field(default_factory=dict)
    derived: dict[str, list[Case]] = Field(default_factory=dict)


class Cursor(Strict):
    """The field that tells what is new, and how its moments are written."""

    field: str
    kind: Literal["instant", "epoch_ms", "epoch_s"]


class Vendor(Strict):
    """A mapping file.

    Attributes:
        documentation: where the vendor says all this. limits: which of its limits are kept.
        credentials: name to what it is. regions: to the address of each `{name}` there.
        region: the one meant when an entry names none.
        sign: headers, or fields of the body, that make a request ours.
        pace: seconds from one request to the next, at least.
        key: the field that identifies a record. dates: the format of all its dates.
        deleted: the list of records that are gone, if it tells them.
        derived: as in an object, for all of them.
        tables: canonical table to object to mapping.
    """

    title: str
    documentation: list[str]
    limits: list[str]
    credentials: dict[str, str]
    regions: dict[str, dict[str, str]]
    region: str | None = None
    token: Token | None = None
    sign: Part
    pace: float = 0.0
    answers: Answers
    key: str
    cursor: Cursor
    dates: Literal["epoch_ms", "epoch_s"] | None = None
    listing: Listing
    deleted: Listing | None = None
    derived: dict[str, list[Case]] = Field(default_factory=dict)
    tables: dict[str, dict[str, ObjectMapping]]

    def object_of(self, table: str, name: object) -> str | None:
        """The object that an entry means; None when it has to say which, or there is none."""
        objects = self.tables.get(table, {})
        if name is None:
            return next(iter(objects)) if len(objects) == 1 else None
        return str(name) if str(name) in objects else None

    def cases(self, table: str, name: str) -> Mapping[str, list[Case]]:
        """The derived fields of an object."""
        return self.derived | self.tables[table][name].derived


def vendors() -> tuple[str, ...]:
    """The vendors that there are."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob(f"*/{MAPPING}")))


@lru_cache
def vendor(name: str) -> Vendor:
    """A vendor by name. pydantic.ValidationError: its mapping file is not one."""
    return Vendor.model_validate(yaml.safe_load(_path(name).read_text("utf-8")))


def vendor_hash(name: str) -> str:
    """SHA-256 of a mapping file, in hex."""
    return hashlib.sha256(_path(name).read_bytes()).hexdigest()


def _path(name: str) -> Path:
    return FOLDER / name / MAPPING
