"""Test the forecasts on public data, and write what came of it into docs/EVALUATION.md.

python -m bench.forecasts
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from orchestration.evaluation.panel import Panel, replayed
from orchestration.landing import pull_table
from orchestration.manifest import read_manifest
from orchestration.policy import load_policy
from orchestration.prediction import origins_needed
from orchestration.prediction.assessment import Assessment
from orchestration.prediction.card import NAMES, TARGETS
from orchestration.prediction.choosing import assess
from orchestration.prediction.customers import dated_facts
from orchestration.progress import terminal_progress
from orchestration.settings import BUNDLED_SOURCES, PROJECT, Settings
from orchestration.sources.source_file import load_source_file

PAGE = PROJECT / "docs" / "EVALUATION.md"
BEGIN, END = "<!-- forecasts -->", "<!-- /forecasts -->"
HEADER = (
    "| data | days | customers | forecast | best model | best plain one | error saved | better |",
    "|---|---:|---:|---|---|---|---:|---|",
)


@dataclass(frozen=True)
class Tried:
    """Data that all may have, with the longest forecast that it is long enough to test."""

    name: str
    sources: Path
    day: date
    horizon: int


TRIED = (
    Tried("The Complete Journey, 2017", BUNDLED_SOURCES, date(2017, 12, 31), 90),
    Tried(
        "CDNOW, 1997 to June 1998",
        PROJECT / "tests" / "pipeline" / "second_source" / "cdnow.yml",
        date(1998, 6, 30),
        180,
    ),
)


def main() -> None:
    """Replay each, and replace the generated part of the page."""
    rows = [row for tried in TRIED for row in told(tried, tested(tried))]
    text = "\n".join((BEGIN, "", *HEADER, *rows, "", END))
    marked = re.compile(f"{BEGIN}.*{END}", re.DOTALL)
    PAGE.write_text(marked.sub(lambda _: text, PAGE.read_text("utf-8")), "utf-8")


def tested(tried: Tried) -> Assessment:
    """What came of forecasting the last days of the data from what was known before."""
    with TemporaryDirectory() as folder, terminal_progress() as progress:
        settings = Settings(home=Path(folder), sources=tried.sources)
        source = load_source_file(tried.sources)
        for table in source.tables:
            pull_table(table, source, settings.landing, audit=_accept, report=progress.say)
        origins = origins_needed(tried.day, tried.horizon)
        policy = load_policy(settings.policy_dir)
        with replayed(settings, source, policy, tried.day, (), progress, origins) as panel:
            return _assessed(panel, tried.horizon)


def told(tried: Tried, found: Assessment) -> Iterator[str]:
    """A row per thing that is forecast."""
    for target, verdict in found.verdicts.items():
        plain = min(verdict.margins, key=lambda name: verdict.scores[name].error)
        margin = verdict.margins[plain]
        cells = (
            tried.name,
            str(tried.horizon),
            f"{found.customers:,}",
            TARGETS[target].en,
            NAMES[verdict.model].en,
            NAMES[plain].en,
            f"{margin.value:.1%} ({margin.low:.1%} to {margin.high:.1%})",
            "yes" if verdict.is_better else "no",
        )
        yield f"| {' | '.join(cells)} |"
    covered = found.covered
    yield (
        f"| | | | Bounds of the amount | hold for {covered.value:.0%} "
        f"({covered.low:.0%} to {covered.high:.0%}) | | | |"
    )


def _assessed(panel: Panel, horizon: int) -> Assessment:
    facts = dated_facts(read_manifest(panel.home))
    with panel.opened() as con:
        return assess(con, horizon, facts, panel.home.smallest_group)


def _accept(table: str, parquet: Path) -> None:
    """The gates are another matter."""


if __name__ == "__main__":
    main()
