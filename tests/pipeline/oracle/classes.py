"""The class of every customer in every scheme, from what is known on the day alone."""

from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd

from .calibration import Calibration
from .known import Known
from .rows import Row, rows_of
from .schemes import themes_with
from .schemes.theme import Theme


def classes(
    known: Known,
    calibrated_on: Known | None = None,
    previous: pd.DataFrame | None = None,
    packs: Collection[str] = (),
) -> pd.DataFrame:
    """One row for each customer, with exactly the columns of customer_classes.

    Args:
        known: what is known on the day.
        calibrated_on: the earlier day whose population set the bounds that still hold; by default
            the day ranks its own customers.
        previous: what this function gave for the run before, whose classes may still be held.
        packs: the industry packs that are switched on.
    """
    themes = themes_with(packs)
    columns = [name for theme in themes for name in theme.columns]
    return _frame(_judged(themes, known, calibrated_on, previous), columns)


def sensitive_classes(
    known: Known, calibrated_on: Known | None = None, packs: Collection[str] = ()
) -> pd.DataFrame:
    """One row for each customer, with exactly the columns of sensitive_classes."""
    themes = themes_with(packs)
    columns = [name for theme in themes for name in theme.sensitive]
    return _frame(_judged(themes, known, calibrated_on, None), columns)


def _frame(judged: list[Row], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(judged, columns=["customer_id", "as_of_date", *columns], dtype=object)


def _judged(
    themes: Sequence[type[Theme]],
    known: Known,
    calibrated_on: Known | None,
    previous: pd.DataFrame | None,
) -> list[Row]:
    before: dict[Any, Row] = {}
    if previous is not None:
        before = {row["customer_id"]: row for row in rows_of(previous)}
    rows = [row | {"previous": before.get(row["customer_id"])} for row in _measured(themes, known)]
    earlier = None if calibrated_on is None else _measured(themes, calibrated_on)
    judges = [theme(Calibration(rows, earlier)) for theme in themes]
    for row in rows:
        for judge in judges:
            row |= judge.judge(row)
    return rows


def _measured(themes: Sequence[type[Theme]], known: Known) -> list[Row]:
    """Facts, attributes and metrics of each customer."""
    rows = known.rows()
    for row in rows:
        for theme in themes:
            for name, kind in theme.attributes.items():
                row[name] = known.attribute(row["customer_id"], name, kind)
            row |= theme.measure(row)
    return rows
