"""Requests to erase somebody, as they are kept: the list of whom nothing is let in again."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from orchestration.durable import write_durably
from orchestration.erasing.suppression import CUSTOMER, Suppression

FOLDER = "erasures"
# Names of requests begin with the year; beside them lies what was searched.
REQUESTS = "2*.json"

# Hashes of one person, by the column that they stand in.
Person = Mapping[str, Sequence[str]]
Learnt = tuple[str, str, str]


class ErasureError(ValueError):
    """A request that cannot be read or carried out; says why and what to do."""


@dataclass(frozen=True)
class Request:
    """One request.

    Attributes:
        request_id: also the name of its file.
        asked_at: UTC. by, reason: as the operator gave them.
        salt: of all hashes of this home.
        people: of each person hashes of the ids, and of the keys that are that person's alone.
        rows: per table, how many landed rows were the people's when it was asked, rejected loads
            included.
        emptied: rows of other customers that named one of them as the referrer.
        days: per day of history, how many of its rows.
        releases: those that were kept then, and may show the people.
        finished_at: UTC; None while any of it may be left.
        lifted: when, and by whom, a person was let in again: {"at", "by"}.
    """

    request_id: str
    asked_at: datetime
    by: str
    reason: str
    salt: str
    people: Sequence[Person]
    rows: Mapping[str, int] = field(default_factory=dict)
    emptied: int = 0
    days: Mapping[str, int] = field(default_factory=dict)
    releases: Sequence[str] = ()
    finished_at: datetime | None = None
    lifted: Sequence[Mapping[str, str]] = ()


def requests(folder: Path) -> list[Request]:
    """Every request, in the order in which they were made. Raises ErasureError."""
    return [_read(path) for path in sorted(folder.glob(REQUESTS))]


def keep(folder: Path, request: Request) -> None:
    """Write a request down, at once and for good."""
    content = json.dumps(asdict(request), indent=2, ensure_ascii=False, default=_text)
    write_durably(folder / f"{request.request_id}.json", f"{content}\n".encode())


def new_id(asked_at: datetime) -> str:
    """An id that sorts by time."""
    return f"{asked_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def suppression(folder: Path) -> Suppression:
    """Whoever is erased here. With nobody in it, it has a salt for whoever is going to be."""
    hashes: dict[str, set[str]] = defaultdict(set)
    kept = requests(folder)
    for person in (person for request in kept for person in request.people):
        for column, values in person.items():
            hashes[column].update(values)
    salt = kept[0].salt if kept else secrets.token_hex(16)
    return Suppression(salt, {column: frozenset(each) for column, each in hashes.items()})


def learn(folder: Path, learnt: Iterable[Learnt]) -> None:
    """Keep what came in of erased people: (hash of the customer, column, hash of the key)."""
    keys: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for customer, column, value in learnt:
        keys[customer].add((column, value))
    for request in requests(folder):
        people = [_with(person, keys) for person in request.people]
        if people != list(request.people):
            keep(folder, replace(request, people=people))


def lift(folder: Path, customer: str, by: str) -> int:
    """Let a customer in again: what was kept to recognise this person goes.

    Returns how many requests named the customer. What comes from then on lands; what was erased
    stays erased, except for what the sources tell again.
    """
    wanted = suppression(folder).hash_of(CUSTOMER, customer)
    named = [
        request
        for request in requests(folder)
        if any(wanted in person[CUSTOMER] for person in request.people)
    ]
    note = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "by": by}
    for request in named:
        people = [person for person in request.people if wanted not in person[CUSTOMER]]
        keep(folder, replace(request, people=people, lifted=(*request.lifted, note)))
    return len(named)


def _with(person: Person, learnt: Mapping[str, set[tuple[str, str]]]) -> Person:
    more = {pair for customer in person[CUSTOMER] for pair in learnt.get(customer, ())}
    known = {(column, value) for column, values in person.items() for value in values}
    return by_column(known | more) if more - known else person


def by_column(hashes: Iterable[tuple[str, str]]) -> Person:
    """A person of (column, hash)."""
    sorted_by: dict[str, list[str]] = defaultdict(list)
    for column, value in sorted(hashes):
        sorted_by[column].append(value)
    return dict(sorted_by)


def _text(moment: object) -> str:
    assert isinstance(moment, datetime)
    return moment.isoformat(timespec="seconds")


def _read(path: Path) -> Request:
    try:
        content = json.loads(path.read_text("utf-8"))
        moments = {
            name: content[name] and datetime.fromisoformat(content[name])
            for name in ("asked_at", "finished_at")
        }
        return Request(**content | moments)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ErasureError(
            f"{path} is not a request to erase: {error}. Restore it from a backup: without it the "
            "people it names would be let in again."
        ) from error
