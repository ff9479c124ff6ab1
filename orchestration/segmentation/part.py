"""Segments as a part of an evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from orchestration.evaluation.panel import Panel
from orchestration.inputs.decided import evaluation_files
from orchestration.policy import Policy
from orchestration.progress import Progress
from orchestration.segmentation.fitting import fit_segments
from orchestration.segmentation.frame import read_frame
from orchestration.segmentation.keeping import read_ended, read_segments, write_fit

# Segments are looked for where this theme shows them.
THEME = "predicted"


def find_segments(panel: Panel, policy: Policy, progress: Progress) -> Mapping[str, Path]:
    """The files of segments, by the names that history keeps them under.

    None while the theme is off. Raises HistoryError when what was kept before cannot be read.
    """
    if THEME not in policy.enabled:
        return {}
    progress.doing("evaluation: looking for segments")
    with panel.opened() as con:
        frame = read_frame(con, f"(select * from facts where origin = date '{panel.day}')")
    segments, mapping = (
        evaluation_files(panel.history, name, until=panel.day)
        for name in ("segments", "segment_mapping")
    )
    previous = [one for file in segments for one in read_segments(file)]
    ended = [code for file in mapping for code in read_ended(file)]
    fit = fit_segments(frame, previous, [*(code for code, _ in previous), *ended])
    progress.say(f"evaluation: {len(fit.segments)} segments are stable enough to be published")
    return write_fit(panel.home.home, fit, panel.day, ended)
