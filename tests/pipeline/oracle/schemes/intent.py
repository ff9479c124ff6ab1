"""Theme intent: what customers want, as far as they or a person said it."""

from datetime import date

from ..calibration import Calibration
from ..declared import with_declared
from ..logic import (
    above,
    at_least,
    below,
    equal,
    every,
    first_fit,
    one_of,
    opposite,
    or_else,
    some,
)
from ..rows import Row
from .theme import Theme

GRADES = ("a", "b", "c")
STAGES = ("quoted_silent", "never", "not_now", "considering", "interested")


class Intent(Theme):
    """How strong a need is, how far a talk has come, and what both say together."""

    columns = (
        "has_intent",
        "need_grade",
        "need_grade_computed",
        "need_grade_declared",
        "intent_stage",
        "intent_stage_computed",
        "intent_stage_declared",
        "intent_level",
    )

    def __init__(self, calibration: Calibration) -> None:
        """Nothing is ranked."""

    @staticmethod
    def measure(row: Row) -> Row:
        """Whether anything speaks for a purchase to come."""
        quoted = _days_since(row, "last_quote_date")
        wants = one_of(row["declared_intent"], ("interested", "considering", "not_now"))
        return {
            "has_intent": or_else(row["open_opportunity_count"], 0) > 0
            or wants is True
            or (quoted is not None and quoted <= 365)
        }

    def judge(self, row: Row) -> Row:
        """Every class of the theme; the level reads the stage that is in force."""
        stage = with_declared(row, "intent_stage", intent_stage(row), 90, STAGES)
        return {
            **Intent.measure(row),
            **with_declared(row, "need_grade", need_grade(row), 90, GRADES),
            **stage,
            "intent_level": intent_level(row | stage),
        }


def _days_since(row: Row, column: str) -> int | None:
    moment: date | None = row[column]
    return None if moment is None else int((row["as_of_date"] - moment).days)


def need_grade(row: Row) -> str | None:
    """The score of need against fixed bounds."""
    need = row["need_score"]
    if need is None:
        return None
    return "a" if need >= 70 else "b" if need >= 40 else "c"


def intent_stage(row: Row) -> str | None:
    """What the customer said, unless a quote has been without an answer for a week."""
    said, quoted = row["declared_intent"], _days_since(row, "last_quote_date")
    if said is None and quoted is None:
        return None
    bought_before = above(_days_since(row, "last_order_date"), quoted)
    silent = every(
        at_least(quoted, 7), opposite(row["replied_after_quote"]), or_else(bought_before, True)
    )
    later = or_else(above(row["expected_buy_date"], row["as_of_date"]), True)
    return first_fit(
        ("quoted_silent", silent),
        ("never", equal(said, "never")),
        ("not_now", every(equal(said, "not_now"), later)),
        ("considering", one_of(said, ("considering", "not_now"))),
        ("interested", some(equal(said, "interested"), quoted is not None)),
    )


def intent_level(row: Row) -> str | None:
    """The stage; where there is none, the score of need."""
    stage, need = row["intent_stage"], row["need_score"]
    if stage is None and need is None:
        return None
    return first_fit(
        ("none", some(equal(stage, "never"), every(stage is None, below(need, 30)))),
        ("strong", some(equal(stage, "interested"), every(stage is None, at_least(need, 70)))),
        rest="some",
    )
