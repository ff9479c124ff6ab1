"""Why a customer is in its classes, as the view `customer_class_reasons` of the release says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import duckdb

from orchestration.pseudonyms import key_in_force, pseudonym_of
from orchestration.publishing import Release, release_with
from orchestration.settings import Settings

REASONS = "customer_class_reasons"
Language = Literal["en", "zh"]
EXPLAINED = """
select distinct scheme from scheme_catalogue where enabled and not sensitive order by scheme
"""
EXPLANATIONS = """
select
    reasons.scheme,
    schemes.scheme_{language},
    schemes.is_ranked,
    reasons.class_code,
    reasons.reason_{language},
    reasons.gap_{language},
    reasons.loses_{language}
from customer_class_reasons as reasons
join (
    select distinct scheme, scheme_{language}, kind in ('ladder', 'score') as is_ranked
    from scheme_catalogue
) as schemes on reasons.scheme = schemes.scheme
where reasons.customer_id = $customer and ($scheme is null or reasons.scheme = $scheme)
order by reasons.scheme
"""


class UnknownCustomer(ValueError):
    """The release has no such customer."""


class UnknownScheme(ValueError):
    """There is no such scheme, or nobody may see its classes; the message names the others."""


@dataclass(frozen=True)
class Explanation:
    """One class of one customer, in one language.

    Attributes:
        scheme, name: its id and what it is called.
        is_ranked: whether its classes stand from the best down, and not only as they are tried.
        class_code: code of the class, or of all that fit.
        reason: why the customer is in it.
        gap: what reaches the next class; None when nothing exact can be said.
        loses: what would lose this one; None when that cannot be said.
    """

    scheme: str
    name: str
    is_ranked: bool
    class_code: str
    reason: str
    gap: str | None
    loses: str | None


def explain_customer(
    settings: Settings, customer: str, *, scheme: str | None = None, language: Language = "en"
) -> tuple[date, list[Explanation]]:
    """The day of the current release, and a customer's classes on it, by scheme.

    The customer goes by its id, or by its pseudonym in a release with pseudonyms. Empty for a
    customer whom no scheme classifies. Raises UnknownCustomer, UnknownScheme,
    NothingPublished, or BrokenCurrent.
    """
    release = release_with(settings.releases, REASONS)
    with duckdb.connect(release.database, read_only=True) as con:
        _check_scheme(con, scheme)
        known_as = _known_as(con, customer, settings, release)
        found = con.execute(
            EXPLANATIONS.format(language=language), {"customer": known_as, "scheme": scheme}
        ).fetchall()
    return release.as_of, [Explanation(*row) for row in found]


def _check_scheme(con: duckdb.DuckDBPyConnection, scheme: str | None) -> None:
    known = [str(name) for (name,) in con.execute(EXPLAINED).fetchall()]
    if scheme is not None and scheme not in known:
        raise UnknownScheme(
            f"There is no scheme {scheme!r} that is explained; expected one of {', '.join(known)}."
        )


def _known_as(
    con: duckdb.DuckDBPyConnection, customer: str, settings: Settings, release: Release
) -> str:
    """What the release calls a customer. Raises UnknownCustomer."""
    key = key_in_force(settings)
    is_its_key = key is not None and key.id == release.pseudonym_key_id
    for name in (customer, pseudonym_of(key, customer) if key and is_its_key else customer):
        if con.execute("select 1 from customer_facts where customer_id = ?", [name]).fetchone():
            return name
    told = (
        f"There is no customer {customer!r} on {release.as_of}. Ids are text as the source has"
        " them: leading zeros count, and who was merged into another goes by the id of the other."
    )
    if release.pseudonym_key_id and not is_its_key:
        told += (
            f" The release holds pseudonyms under the key {release.pseudonym_key_id}: give one, or"
            " set TIERS_PSEUDONYM_KEY to that key."
        )
    raise UnknownCustomer(told)
