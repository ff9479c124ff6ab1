"""Who may be one customer, as the last run found it: ids, and nothing personal."""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.built import open_built
from orchestration.pseudonyms import key_in_force
from orchestration.publishing import pseudonym
from orchestration.settings import Settings

Pair = tuple[str, str, bool, bool, bool, bool]


@dataclass(frozen=True)
class Candidates:
    """What was found.

    Attributes:
        pairs: two ids, or pseudonyms; whether phone, e-mail and registration code are the same;
            whether merged.
        count: how many pairs there are, listed or not.
        common: per kind of contact, how many contacts propose nothing since too many customers
            have them, and how many customers these are.
        are_pseudonyms: whether the pairs are told by pseudonym.
    """

    pairs: list[Pair]
    count: int
    common: list[tuple[str, int, int]]
    are_pseudonyms: bool


def find_candidates(
    settings: Settings, *, limit: int, merged: bool = False, ids: bool = False
) -> Candidates:
    """The first `limit` pairs by id, with those that are one already if `merged`.

    While there is a key they are told by pseudonym, unless `ids` asks for the ids.
    Raises NothingBuilt or RunLocked.
    """
    key = None if ids else key_in_force(settings)
    one, other = "customer_id", "other_customer_id"
    shown = f"{pseudonym(one)}, {pseudonym(other)}" if key else f"{one}, {other}"
    with open_built(settings.warehouse) as con:
        meant = "from staging.identity_candidates where $merged or not is_merged"
        pairs = con.execute(
            f"select {shown}, has_same_phone, has_same_email,"
            f" has_same_registration_code, is_merged {meant}"
            " order by 1, 2 limit $limit",
            {"merged": merged, "limit": limit, **(key.bound if key else {})},
        ).fetchall()
        counted = con.execute(f"select count(*) {meant}", {"merged": merged}).fetchone()
        common = con.execute(
            "select kind, count(distinct contact_key), count(distinct customer_id)"
            " from staging.shared_contacts where is_common group by kind order by kind"
        ).fetchall()
    return Candidates(pairs, counted[0] if counted else 0, common, key is not None)
