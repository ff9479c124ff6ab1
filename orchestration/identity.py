"""Who may be one customer, as the last run found it: ids, and nothing personal."""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.built import open_built
from orchestration.settings import Settings

Pair = tuple[str, str, bool, bool, bool, bool]


@dataclass(frozen=True)
class Candidates:
    """What was found.

    Attributes:
        pairs: two ids; whether phone, e-mail and registration code are the same; whether merged.
        count: how many pairs there are, listed or not.
        common: per kind of contact, how many contacts propose nothing since too many customers
            have them, and how many customers these are.
    """

    pairs: list[Pair]
    count: int
    common: list[tuple[str, int, int]]


def find_candidates(settings: Settings, *, limit: int, merged: bool = False) -> Candidates:
    """The first `limit` pairs by id, with those that are one already if `merged`.

    Raises NothingBuilt or RunLocked.
    """
    with open_built(settings.warehouse) as con:
        meant = "from staging.identity_candidates where ?1 or not is_merged"
        pairs = con.execute(
            "select customer_id, other_customer_id, has_same_phone, has_same_email,"
            f" has_same_registration_code, is_merged {meant}"
            " order by customer_id, other_customer_id limit ?2",
            [merged, limit],
        ).fetchall()
        counted = con.execute(f"select count(*) {meant}", [merged]).fetchone()
        common = con.execute(
            "select kind, count(distinct contact_key), count(distinct customer_id)"
            " from staging.shared_contacts where is_common group by kind order by kind"
        ).fetchall()
    return Candidates(pairs, counted[0] if counted else 0, common)
