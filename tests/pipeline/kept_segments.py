"""Segments that somebody wrote down, and a policy that shows them."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import yaml

from orchestration.history import keep_evaluation
from orchestration.segmentation.boxes import Bound, Box
from orchestration.segmentation.features import FEATURES
from orchestration.segmentation.fitting import Fit, Segment
from orchestration.segmentation.frame import Frame
from orchestration.segmentation.keeping import write_fit
from orchestration.segmentation.mapping import Match
from orchestration.segmentation.naming import Name

COUNT, REFUNDS, GAP = (
    next(feature for feature in FEATURES if feature.name == name)
    for name in ("order_count_365d", "refund_share_365d", "median_gap_days")
)
FEW = Bound(high=Decimal(8))
BOXES: tuple[Box, ...] = (
    {COUNT: Bound(low=Decimal(8))},
    {COUNT: FEW, REFUNDS: Bound(low=Decimal("0.10"), takes_unknown=True)},
    {COUNT: FEW, REFUNDS: Bound(high=Decimal("0.10")), GAP: Bound(low=Decimal(30))},
)
NAMES = (Name("Frequent", "高频"), Name("High refunds", "高退款"), Name("Slow rhythm", "长间隔"))
THEME = """
schemes:
- id: ai_segment
  kind: attribute
  label: {en: Discovered segment, zh: 智能分群}
  population: order_count >= 3
  by: segment_code
"""


def segment_policy(folder: Path) -> Path:
    """A policy with the one theme that shows what models put out."""
    folder.mkdir()
    model = {
        "name": "predicted",
        "description": "One row per customer.",
        "config": {"meta": yaml.safe_load(THEME)},
    }
    text = yaml.safe_dump({"models": [model]}, allow_unicode=True)
    (folder / "predicted.yml").write_text(text, "utf-8")
    (folder / "predicted.sql").write_text("{{ classify() }}\n", "utf-8")
    (folder / "themes.txt").write_text("predicted\n", "utf-8")
    return folder


def code(place: int) -> str:
    return f"segment_{'abc'[place]}"


def keep_segments(history: Path, day: date, folder: Path) -> None:
    """Keep them as an evaluation of the day does."""
    parts = zip(BOXES, NAMES, strict=True)
    segments = tuple(
        Segment(code(place), name, box, 0.3, 0.9) for place, (box, name) in enumerate(parts)
    )
    matches = tuple(Match("new", None, place, None) for place in range(len(BOXES)))
    fit = Fit(Frame.of({}), segments=segments, matches=matches)
    keep_evaluation(history, day, write_fit(folder, fit, day))
