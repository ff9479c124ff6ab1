"""When customers leave the cuts: how far, and what computing the cuts anew would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from orchestration.calibration import check_ranking
from orchestration.policy import load_policy
from orchestration.preview import Preview, preview_policy
from orchestration.progress import Progress
from orchestration.publishing import Release
from orchestration.settings import Settings
from orchestration.trials import published_now

# Beyond this the cuts no longer describe the population; gate 2 warns of it, too.
LEFT = Decimal("0.25")


@dataclass(frozen=True)
class Metric:
    """A ranked metric, and the population stability index of its customers since its cuts."""

    scheme: str
    dimension: str
    computed_on: date
    index: Decimal | None


@dataclass(frozen=True)
class Bound:
    """A cut as it is, and as it would be."""

    scheme: str
    dimension: str
    band: str
    kept: Decimal | None
    anew: Decimal | None


@dataclass(frozen=True)
class Drift:
    """What drift there is.

    Attributes:
        day: that of the current release.
        metrics: of every ranked metric, the farthest first; of those that were named, if any were.
        bounds: of the schemes that would be calibrated.
        preview: who would move; None when no scheme was named and none has left its cuts.
    """

    day: date
    metrics: tuple[Metric, ...]
    bounds: tuple[Bound, ...]
    preview: Preview | None


def find_drift(settings: Settings, schemes: Sequence[str], progress: Progress) -> Drift:
    """Measure drift, and try new cuts of these schemes, or of those that have left theirs.

    Nothing is ordered, kept or published. Raises CalibrationError for a scheme that does not rank,
    and what `preview_policy` does.
    """
    check_ranking(load_policy(settings.policy_dir), schemes)
    release = published_now(settings)
    metrics = [each for each in _metrics(release) if each.scheme in schemes or not schemes]
    tried = sorted(
        {*schemes} or {each.scheme for each in metrics if each.index and each.index > LEFT}
    )
    if not tried:
        return Drift(release.as_of, tuple(metrics), (), None)
    preview = preview_policy(settings, settings.policy_dir, progress, calibrate=tried)
    bounds = _bounds(release, preview.warehouse, tried)
    return Drift(release.as_of, tuple(metrics), bounds, preview)


def _metrics(release: Release) -> list[Metric]:
    with duckdb.connect(release.database, read_only=True) as con:
        rows = con.execute(
            "select scheme, dimension, computed_on, population_stability_index from cut_drift"
            " order by population_stability_index desc nulls last, scheme, dimension"
        ).fetchall()
    return [Metric(*row) for row in rows]


def _bounds(release: Release, warehouse: Path, schemes: Sequence[str]) -> tuple[Bound, ...]:
    query = "select scheme, dimension, band, bound from {} where list_contains(?, scheme)"
    found: dict[tuple[str, str, str], dict[Path, Decimal | None]] = {}
    for file, relation in (
        (release.database, "scheme_cuts"),
        (warehouse, "classification.scheme_cuts"),
    ):
        with duckdb.connect(file, read_only=True) as con:
            for *key, bound in con.execute(query.format(relation), [list(schemes)]).fetchall():
                found.setdefault((key[0], key[1], key[2]), {})[file] = bound
    return tuple(
        Bound(*key, found[key].get(release.database), found[key].get(warehouse))
        for key in sorted(found)
    )
