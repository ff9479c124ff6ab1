"""Which schemes the past can judge, and in which order their classes stand."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from orchestration.canonical import canonical_tables
from orchestration.evaluation.wording import Note, as_model_says, many_classes, reads_undated
from orchestration.policy import Policy
from orchestration.policy.grades import Ladder, Score
from orchestration.policy.origins import Origins, in_order, tagged_columns
from orchestration.policy.rules import Rules
from orchestration.policy.schemes import Scheme

# Of customers only these mean the same on every day; the rest is as latest known.
DATED = frozenset({"customer_id", "created_at"})
# Facts that are made of columns of another name.
MADE_OF = {"age_years": "birth_date"}


@dataclass(frozen=True)
class Judged:
    """A public scheme that is switched on.

    Attributes:
        scheme: its id, and the column of its class.
        order: its classes, best first, where the policy says so; None where it has to be learned.
        reason: why the past cannot judge it; None when it can.
    """

    scheme: str
    order: tuple[str, ...] | None
    reason: Note | None


def judged_schemes(policy: Policy, supplied: Collection[str]) -> Iterator[Judged]:
    """Every public scheme that is switched on, in the order of the chain.

    `supplied` are the columns of customers that anybody supplies: what nobody does is as unknown
    today as it was on every day of the past.
    """
    undated = undated_facts(supplied)
    origins = Origins(in_order(policy.themes, policy.enabled))
    for _, scheme in policy.schemes():
        if not scheme.sensitive:
            yield Judged(scheme.id, _order(scheme), _reason(origins, scheme, undated))


def _order(scheme: Scheme) -> tuple[str, ...] | None:
    if not isinstance(scheme, Ladder | Score):
        return None
    return tuple(node.code for node in scheme.nodes())


def _reason(origins: Origins, scheme: Scheme, undated: Collection[str]) -> Note | None:
    behind = origins.behind(scheme)
    if unknown := behind.intersection(undated):
        return reads_undated(sorted(unknown))
    if behind & tagged_columns("model_output"):
        return as_model_says()
    return many_classes() if isinstance(scheme, Rules) and scheme.many else None


def undated_facts(supplied: Collection[str]) -> frozenset[str]:
    """The facts of which no day is known, so that a replay knows them as they are now."""
    columns = {name: name for name in canonical_tables()["customers"].columns} | MADE_OF
    return frozenset(
        fact for fact, column in columns.items() if column in supplied and column not in DATED
    )
