"""Schemes and classes as the finished tables of a release tell them; hidden is None."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

import duckdb

from orchestration.report.texts import text
from orchestration.report.wording import Both, percent

# An attribute may have a class per city; a person reads so many, the greatest.
MOST_CLASSES = 20


@dataclass(frozen=True)
class Action:
    """What is done for the customers of a class; see the table tier_playbook."""

    text: Both
    channel: str | None
    service_level: str | None
    owner: Both | None
    budget: Decimal | None


@dataclass(frozen=True)
class Class:
    """One class: how many are in it (None: hidden), what it asks for, and what is done for it.

    Shares are of the customers that the scheme classifies, and of their net amount.
    """

    code: str
    label: Both
    customers: int | None
    share: Decimal | None
    net_amount: Decimal | None
    net_share: Decimal | None
    condition: str | None
    action: Action | None

    @property
    def is_hidden(self) -> bool:
        return self.customers is None


@dataclass(frozen=True)
class Scheme:
    """A scheme that is switched on and public, with its classes in the order of the policy.

    Attributes:
        classified: whom it classifies; None where these are few.
        left_out: how many classes there are besides: of those without a place the smallest.
    """

    id: str
    theme: str
    label: Both
    description: Both | None
    population: str
    classified: int | None
    classes: Sequence[Class]
    left_out: int


CLASSES = """
with shown as (
    -- A value that the policy does not list has no row in the catalogue.
    select
        *,
        row_number() over (
            partition by scheme order by position is null, customers desc nulls last, class_code
        ) as place,
        count(*) over (partition by scheme) as classes
    from scheme_distribution
    -- That nobody is left over is worth no line.
    where class_code != 'unclassified' or customers is distinct from 0
),

named as (
    select distinct on (scheme) * from scheme_catalogue order by scheme, position
)

select
    named.scheme, named.theme, named.scheme_en, named.scheme_zh,
    named.scheme_description, named.scheme_description_zh, named.population,
    shown.classified, shown.classes,
    shown.class_code, shown.class_en, shown.class_zh, shown.customers, shown.share,
    shown.net_amount_365d, shown.net_share, scheme_catalogue.condition,
    playbook.action_en, playbook.action_zh, playbook.channel, playbook.service_level,
    positions.position_en, positions.position_zh, playbook.budget_per_customer
from shown
join named using (scheme)
left join scheme_catalogue
    on shown.scheme = scheme_catalogue.scheme and shown.class_code = scheme_catalogue.class_code
left join tier_playbook as playbook
    on shown.scheme = playbook.scheme and shown.class_code = playbook.class_code
left join positions on playbook.owner = positions.position_code
where shown.place <= ?
order by named.theme, named.scheme, shown.position nulls last, shown.place
"""


def told_share(one: Class, share: Decimal | None) -> Both:
    """A share of a class as it is told: hidden, of nothing, or in percent."""
    if one.is_hidden:
        return text("few")
    told = "–" if share is None else percent(share)
    return Both(told, told)


def read_schemes(con: duckdb.DuckDBPyConnection) -> list[Scheme]:
    """Every scheme of scheme_distribution, ordered by theme and id."""
    rows = con.execute(CLASSES, [MOST_CLASSES]).fetchall()
    return [_scheme(list(group)) for _, group in groupby(rows, key=lambda row: row[0])]


def _scheme(rows: Sequence[tuple[Any, ...]]) -> Scheme:
    scheme, theme, en, zh, told_en, told_zh, population, classified, classes, *_ = rows[0]
    return Scheme(
        id=scheme,
        theme=theme,
        label=Both(en, zh),
        description=Both(told_en, told_zh) if told_en is not None else None,
        population=population,
        classified=classified,
        classes=[_class(row[9:]) for row in rows],
        left_out=classes - len(rows),
    )


def _class(row: Sequence[Any]) -> Class:
    code, en, zh, customers, share, net, net_share, condition, *action = row
    return Class(
        code=code,
        label=Both(en, zh),
        customers=customers,
        share=share,
        net_amount=net,
        net_share=net_share,
        condition=condition,
        action=_action(action),
    )


def _action(row: Sequence[Any]) -> Action | None:
    en, zh, channel, service_level, owner_en, owner_zh, budget = row
    if en is None:
        return None
    owner = Both(owner_en, owner_zh) if owner_en is not None else None
    return Action(Both(en, zh), channel, service_level, owner, budget)
