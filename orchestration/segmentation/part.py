"""Segments as a part of an evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from orchestration.evaluation.panel import Panel
from orchestration.inputs.decided import evaluation_files
from orchestration.progress import Progress
from orchestration.segmentation.fitting import fit_segments
from orchestration.segmentation.frame import read_frame
from orchestration.segmentation.keeping import read_ended, read_segments, write_fit


def find_segments(panel: Panel, progress: Progress) -> Mapping[str, Path]:
    """Look for segments among the customers of the panel's day, with those in force in mind.

    Returns files by the names that history keeps them under. Raises HistoryError when what was kept
    before cannot be read.
    """
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
