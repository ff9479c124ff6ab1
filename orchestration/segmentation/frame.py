"""The customers of a day, as rows of numbers without any identity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

from orchestration.segmentation.features import FEATURES, POPULATION, Feature

Numbers = NDArray[np.float64]
# More would not move a rule that is rounded to be read, and a day has to end.
MOST_CUSTOMERS = 10_000
# A feature is left out when it is unknown of more than this share of the customers,
MOST_UNKNOWN = 0.2
# or when more than this share of those of whom it is known have one and the same value.
MOST_ALIKE = 0.98


@dataclass(frozen=True)
class Reason:
    """Why a feature is left out, in English and Chinese."""

    en: str
    zh: str


@dataclass(frozen=True)
class Frame:
    """Customers, in an order that only their numbers decide.

    Attributes:
        features: what the columns are.
        values: a row per customer and a column per feature; NaN is unknown.
        left_out: names of features that cannot tell customers apart, each with the reason.
    """

    features: tuple[Feature, ...]
    values: Numbers
    left_out: Mapping[str, Reason]

    @classmethod
    def of(cls, columns: Mapping[str, Sequence[float] | Numbers]) -> Frame:
        """Make one of a column per feature; a feature that is missing is unknown of everybody."""
        rows = max((len(column) for column in columns.values()), default=0)
        given = {
            feature: np.asarray(columns.get(feature.name, np.full(rows, np.nan)), np.float64)
            for feature in FEATURES
        }
        reasons = {feature: _useless(column) for feature, column in given.items()}
        used = tuple(feature for feature in FEATURES if not reasons[feature])
        values = np.column_stack([given[feature] for feature in used]) if used else np.empty((0, 0))
        left_out = {feature.name: told for feature, told in reasons.items() if told}
        return cls(used, values[np.lexsort(values.T)] if used else values, left_out)

    def column(self, name: str) -> Numbers | None:
        """The numbers of a feature; None when it is left out."""
        places = [place for place, feature in enumerate(self.features) if feature.name == name]
        return self.values[:, places[0]] if places else None


def read_frame(con: duckdb.DuckDBPyConnection, facts: str) -> Frame:
    """Read a relation with the columns of customer_facts: at most MOST_CUSTOMERS of the population.

    Which ones is left to the hash of their ids, so that it is the same wherever it is computed. Who
    refused to be contacted is not among them: nobody decides on them by a model.
    """
    # As the macro `ratio` of the dbt project has it, for expressions of the policy.
    con.execute(
        "create or replace temp macro ratio(numerator, denominator) as try_cast(round(try_cast("
        "cast(numerator as double) / nullif(cast(denominator as double), 0)"
        " as decimal(38, 12)), 8) as decimal(28, 8))"
    )
    listed = ", ".join(f"cast({each.made_of} as double) as {each.name}" for each in FEATURES)
    found = con.execute(
        f"select {listed} from {facts} where {POPULATION} and is_opted_out is distinct from true"
        f" order by md5(customer_id), customer_id limit {MOST_CUSTOMERS}"
    ).fetchnumpy()
    return Frame.of({name: np.ma.filled(column, np.nan) for name, column in found.items()})


def _useless(column: Numbers) -> Reason | None:
    """Why a feature cannot tell customers apart; None when it can."""
    known = column[~np.isnan(column)]
    unknown = 1 - len(known) / len(column) if len(column) else 1.0
    if unknown > MOST_UNKNOWN:
        told = f"{unknown:.0%}"
        return Reason(f"unknown of {told} of the customers", f"{told} 的客户未知")
    alike = np.unique(known, return_counts=True)[1].max() / len(known)
    if alike > MOST_ALIKE:
        told = f"{alike:.0%}"
        return Reason(f"the same for {told} of the customers", f"{told} 的客户相同")
    return None
