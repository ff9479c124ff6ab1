"""Whom a request means, and how much of them is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from orchestration.canonical import BLANKS
from orchestration.duckdb_sql import quote_text
from orchestration.durable import make_folder
from orchestration.erasing.leaving_out import keys_of_people
from orchestration.erasing.merges import joined_by_merges
from orchestration.erasing.requests import FOLDER, Person, by_column, suppression
from orchestration.erasing.suppression import CUSTOMER, Suppression, columns_of
from orchestration.history import rewriting as history_rewriting
from orchestration.landing.rewriting import kept_loads
from orchestration.publishing import list_releases
from orchestration.settings import Settings
from orchestration.sources.engine import Resources


@dataclass(frozen=True)
class Found:
    """What is kept of people, as a request writes it down; see `Request`.

    Attributes:
        ids: the ids that were asked for, and those that approved merges join with them.
    """

    ids: Sequence[str]
    salt: str
    people: Sequence[Person]
    rows: Mapping[str, int]
    emptied: int
    days: Mapping[str, int]
    releases: Sequence[str]

    @property
    def is_anybody(self) -> bool:
        """Whether anything is kept of them at all."""
        return bool(self.rows or self.days or self.emptied)


def find(settings: Settings, customers: Sequence[str]) -> Found:
    """Look for customers in whatever is kept, with the merges of a warehouse that has them.

    Raises RunLocked, LandingError.
    """
    groups = joined_by_merges(settings, [customer.strip(BLANKS) for customer in customers])
    known = suppression(settings.home / FOLDER)
    ids = [customer for group in groups for customer in group]
    hashes = frozenset(known.hash_of(CUSTOMER, customer) for customer in ids)
    make_folder(settings.home / FOLDER)
    with TemporaryDirectory(dir=settings.home / FOLDER, prefix=".finding-") as scratch:
        resources = Resources(Path(scratch), settings.threads, settings.memory_limit)
        named = Suppression(known.salt, {CUSTOMER: hashes})
        keys = _keys(settings, named, resources)
        people = [_person(known, group, keys) for group in groups]
        who = Suppression(known.salt, _all(people))
        rows, emptied = _count_landed(settings, who, resources)
    return Found(
        ids=ids,
        salt=known.salt,
        people=people,
        rows=rows,
        emptied=emptied,
        days=_count_history(settings, ids),
        releases=[release.id for release in list_releases(settings.releases)],
    )


def _keys(
    settings: Settings, named: Suppression, resources: Resources
) -> dict[str, set[tuple[str, str]]]:
    """Per hash of a customer, (column, hash) of the keys that are the customer's alone."""
    keys: dict[str, set[tuple[str, str]]] = {}
    for files in _files(settings).values():
        for customer, column, value in keys_of_people(named, files, resources):
            keys.setdefault(customer, set()).add((column, value))
    return keys


def _person(
    known: Suppression, ids: Sequence[str], keys: Mapping[str, set[tuple[str, str]]]
) -> Person:
    own = [known.hash_of(CUSTOMER, customer) for customer in ids]
    theirs = {pair for customer in own for pair in keys.get(customer, ())}
    return by_column({(CUSTOMER, customer) for customer in own} | theirs)


def _all(people: Sequence[Person]) -> dict[str, frozenset[str]]:
    columns = {column for person in people for column in person}
    return {
        column: frozenset(value for person in people for value in person.get(column, ()))
        for column in columns
    }


def _count_landed(
    settings: Settings, who: Suppression, resources: Resources
) -> tuple[dict[str, int], int]:
    """Rows per table, and rows of others that name one of them as the referrer."""
    rows: dict[str, int] = {}
    emptied = 0
    for table, files in _files(settings).items():
        with who.open(resources, files) as engine:
            columns = columns_of(engine)
            theirs, referring = who.rows_of_people(columns), who.rows_referring(columns)
            (count,) = engine.execute(f"select count(*) from ({theirs})").fetchone() or (0,)
            counted = f"select count(*) from (({referring}) except ({theirs}))"
            (others,) = engine.execute(counted).fetchone() or (0,)
        emptied += others
        if count:
            rows[table] = count
    return rows, emptied


def _count_history(settings: Settings, ids: Sequence[str]) -> dict[str, int]:
    """Rows per day."""
    days: dict[str, int] = {}
    with duckdb.connect() as con:
        for file in history_rewriting.kept_files(settings.history):
            counted = f"select count(*) from read_parquet({quote_text(file)})"
            condition = "where list_contains(?, customer_id)"
            (rows,) = con.execute(f"{counted} {condition}", [list(ids)]).fetchone() or (0,)
            if rows:
                days[file.parent.parent.name] = days.get(file.parent.parent.name, 0) + rows
    return days


def _files(settings: Settings) -> dict[str, list[Path]]:
    """The files of every table, rejected loads included."""
    files: dict[str, list[Path]] = {}
    for load in kept_loads(settings.landing):
        files.setdefault(load.table, []).append(load.path)
    return files
