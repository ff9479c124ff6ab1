"""From ids of customers to the pseudonyms that readers see, and back, for who has the key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb

from orchestration.built import open_built
from orchestration.publishing import PseudonymKey, Release, pseudonym
from orchestration.settings import Settings, pseudonym_key_of

# Whoever may stand in a release: also customers of earlier days, and who only referred somebody.
EVERYBODY = """
select customer_id from facts.customer_facts
union
select referrer_id from facts.customer_facts where referrer_id is not null
union
select customer_id from history.classes
"""


class PseudonymError(ValueError):
    """There is no key, or not the one that is needed. Names the variable, never its value."""


def key_in_force(settings: Settings) -> PseudonymKey | None:
    """The key of `TIERS_PSEUDONYM_KEY`; None when ids are published as they are."""
    return PseudonymKey.of(settings.pseudonym_key) if settings.pseudonym_key else None


def key_of_release(settings: Settings, release: Release) -> PseudonymKey | None:
    """The key under which a release was published; None when its ids are the original ones.

    Raises PseudonymError when that is not the key in force.
    """
    key = key_in_force(settings)
    if (key.id if key else None) == release.pseudonym_key_id:
        return key
    was = f"under the key {release.pseudonym_key_id}" if release.pseudonym_key_id else "without key"
    now = f"sets the key {key.id}" if key else "is not set"
    raise PseudonymError(
        f"{release.id} was published {was}, and TIERS_PSEUDONYM_KEY {now}. "
        "Set the key of that release, or publish anew: `tiers run`."
    )


def pseudonyms_of(settings: Settings, customers: Sequence[str]) -> list[str]:
    """The pseudonym of each id, known or not. Raises PseudonymError when there is no key."""
    return [pseudonym_of(_needed(settings), customer) for customer in customers]


def pseudonym_of(key: PseudonymKey, customer: str) -> str:
    """The pseudonym of one id."""
    with duckdb.connect() as con:
        row = con.execute(f"select {pseudonym('$id')}", {"id": customer, **key.bound}).fetchone()
    return str(row[0]) if row else ""


def customers_behind(settings: Settings, pseudonyms: Sequence[str]) -> list[str | None]:
    """Whose pseudonyms these are; None where the warehouse knows nobody.

    Raises PseudonymError when there is no key, NothingBuilt, or RunLocked.
    """
    key = _needed(settings)
    with open_built(settings.warehouse) as con:
        found = con.execute(
            f"select pseudonym, customer_id from"
            f" (select customer_id, {pseudonym('customer_id')} as pseudonym from ({EVERYBODY}))"
            " where pseudonym in (select unnest($asked))",
            {"asked": [one.lower() for one in pseudonyms], **key.bound},
        ).fetchall()
    behind = dict(found)
    return [behind.get(one.lower()) for one in pseudonyms]


def translated(settings: Settings, old_key: str) -> Iterator[tuple[str, str]]:
    """Old and new pseudonym of everybody, by the old one, after a change of the key.

    Args:
        old_key: the variable that holds the key before.

    Raises SettingError, PseudonymError, NothingBuilt, or RunLocked.
    """
    new, old = _needed(settings), PseudonymKey.of(pseudonym_key_of(old_key))
    # Each statement has one pair of pads, so the second key has a statement of its own.
    with open_built(settings.warehouse) as con:
        con.execute(
            "create temp table olds as select customer_id,"
            f" {pseudonym('customer_id')} as old from ({EVERYBODY})",
            old.bound,
        )
        con.execute(
            f"select old, {pseudonym('customer_id')} from olds order by old",
            new.bound,
        )
        while rows := con.fetchmany(10_000):
            yield from rows


def _needed(settings: Settings) -> PseudonymKey:
    key = key_in_force(settings)
    if key is None:
        raise PseudonymError(
            "TIERS_PSEUDONYM_KEY is not set, so releases hold the ids of the source as they are."
        )
    return key
