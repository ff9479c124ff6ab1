"""`tiers evaluate`: replay the past, measure every scheme by it, and keep what was found."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.engine_errors import values_kept_back
from orchestration.evaluation.judging import judge_schemes
from orchestration.evaluation.origins import ORIGINS, origins_before
from orchestration.evaluation.panel import Panel, replayed
from orchestration.history import Evaluation, keep_evaluation
from orchestration.policy import Policy, load_policy
from orchestration.prediction import THEME, origins_needed
from orchestration.progress import Progress
from orchestration.run_lock import RunLocked
from orchestration.settings import Settings
from orchestration.sources.source_file import load_source_file
from orchestration.store import working_in
from orchestration.trials import published_now

# A run may be at work when all is measured; it is waited for.
PAUSE_SECONDS, PAUSES = 5, 720


def predict_customers(panel: Panel, policy: Policy, progress: Progress) -> Mapping[str, Path]:
    """The files of forecasts; none while their theme is off."""
    if THEME not in policy.enabled:
        return {}
    from orchestration.prediction.part import predict

    return predict(panel, progress)


def segment_customers(panel: Panel, policy: Policy, progress: Progress) -> Mapping[str, Path]:
    """The files of segments; none while the theme that shows them is off."""
    if THEME not in policy.enabled:
        return {}
    from orchestration.segmentation.part import find_segments

    return find_segments(panel, progress)


# What is found out from one panel: each makes files, which are kept together.
Part = Callable[[Panel, Policy, Progress], Mapping[str, Path]]
PARTS: tuple[Part, ...] = (
    judge_schemes,
    predict_customers,
    segment_customers,
)


@dataclass(frozen=True)
class Evaluated:
    """How it ended.

    Attributes:
        day: the day of the release that readers see; its next run shows what was found.
        origins: the days of the past that it was judged on.
        kept: what history keeps.
    """

    day: date
    origins: tuple[date, ...]
    kept: Evaluation


@values_kept_back()
def evaluate(settings: Settings, progress: Progress, origins: int = ORIGINS) -> Evaluated:
    """Judge the policy in force by the past of the published day. Nothing is published.

    A daily run may go on meanwhile; the next one shows what was found. `origins` is how many month
    ends of the past are replayed.

    Raises:
        PolicyError, SourceError: the policy or the source file cannot be used.
        UnknownRelease: nothing is published yet.
        RunLocked: another evaluation is made, or another run does not end.
        BuildFailed: a model failed.
    """
    policy = load_policy(settings.policy_dir)
    source = load_source_file(settings.sources)
    day = published_now(settings).as_of
    past = origins_before(day, origins)
    further = origins_needed(day) if THEME in policy.enabled else ()
    with replayed(settings, source, policy, day, past, progress, further) as panel:
        files: dict[str, Path] = {}
        for part in PARTS:
            files |= part(panel, policy, progress)
        kept = _keep(settings, day, files, progress)
    progress.say(f"evaluation: kept for {day}; the next run publishes it")
    return Evaluated(day, past, kept)


def _keep(
    settings: Settings, day: date, files: Mapping[str, Path], progress: Progress
) -> Evaluation:
    """Commit it when nobody else works in the home. Raises RunLocked when that takes an hour."""
    for _ in range(PAUSES):
        try:
            with working_in(settings, "tiers evaluate", progress.say):
                return keep_evaluation(settings.history, day, files)
        except RunLocked as locked:
            waited_for = locked
            progress.doing(f"evaluation: waiting, {str(locked).split(' and holds ')[0]}")
            time.sleep(PAUSE_SECONDS)
    raise waited_for
