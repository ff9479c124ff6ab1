"""The class of every customer in every scheme, from what is known on the day alone."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import pandas as pd

from .calibration import Calibration
from .known import Known
from .rows import Row, rows_of
from .schemes import themes_with
from .schemes.theme import Theme


def classes(
    known: Known,
    period: Sequence[Known] = (),
    previous: pd.DataFrame | None = None,
    packs: Collection[str] = (),
) -> pd.DataFrame:
    """One row for each customer, with exactly the columns of customer_classes.

    Args:
        known: what is known on the day.
        period: the earlier runs of the same period, in order: the first of them that had enough
            customers set the bounds that still hold. By default the day ranks its own customers.
        previous: what this function gave for the run before, whose classes may still be held.
        packs: the industry packs that are switched on.
    """
    themes = themes_with(packs)
    columns = [name for theme in themes for name in theme.columns]
    return _frame(_judged(themes, known, period, previous), columns)


def sensitive_classes(
    known: Known, period: Sequence[Known] = (), packs: Collection[str] = ()
) -> pd.DataFrame:
    """One row for each customer, with exactly the columns of sensitive_classes."""
    themes = themes_with(packs)
    columns = [name for theme in themes for name in theme.sensitive]
    return _frame(_judged(themes, known, period, None), columns)


def classes_of_runs(
    runs: Iterable[Known], packs: Collection[str] = ()
) -> Iterator[tuple[Known, pd.DataFrame]]:
    """What each of several runs decides: bounds stay for their month, and classes are held."""
    before: list[Known] = []
    previous = None
    for known in runs:
        month = known.as_of.replace(day=1)
        period = [earlier for earlier in before if earlier.as_of >= month]
        previous = classes(known, period, previous, packs)
        before.append(known)
        yield known, previous


def _frame(judged: list[Row], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(judged, columns=["customer_id", "as_of_date", *columns], dtype=object)


def _judged(
    themes: Sequence[type[Theme]],
    known: Known,
    period: Sequence[Known],
    previous: pd.DataFrame | None,
) -> list[Row]:
    before: dict[Any, Row] = {}
    if previous is not None:
        before = {row["customer_id"]: row for row in rows_of(previous)}
    rows = [row | {"previous": before.get(row["customer_id"])} for row in _measured(themes, known)]
    earlier = [_measured(themes, day) for day in period]
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
