"""Have cuts computed anew before their period ends, because a person says so and why."""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.days import check_not_older, usual_day
from orchestration.history import CalibrationOrder, committed_days, order_calibration
from orchestration.policy import Policy, load_policy
from orchestration.settings import Settings
from orchestration.sources.source_file import load_source_file
from orchestration.store import working_in


class CalibrationError(ValueError):
    """Nothing of what was named can be calibrated; the message says what can."""


def calibrate(settings: Settings, schemes: Sequence[str], reason: str) -> CalibrationOrder:
    """Order new cuts from the usual day on; the next run computes them. Nothing is run here.

    Args:
        schemes: ids of schemes that rank; empty for all of them.
        reason: why; it is published beside the cuts.

    Raises:
        CalibrationError: there is no reason, or a scheme is off, unknown, or does not rank.
        DayError: history knows a later day than the usual one.
        PolicyError, SourceError, RunLocked: as a run does.
    """
    if not reason.strip():
        raise CalibrationError("Say why: the reason is published beside the cuts.")
    check_ranking(load_policy(settings.policy_dir), schemes)
    with working_in(settings, "tiers calibrate"):
        as_of = usual_day(load_source_file(settings.sources))
        check_not_older(as_of, committed_days(settings.history))
        return order_calibration(settings.history, as_of, schemes, reason.strip())


def check_ranking(policy: Policy, schemes: Sequence[str]) -> None:
    """Raise CalibrationError for a scheme that is off, unknown, or does not rank."""
    ranking = {scheme.id for _, scheme in policy.schemes() if scheme.has_cuts}
    if unknown := sorted(set(schemes) - ranking):
        raise CalibrationError(
            f"{', '.join(unknown)}: no scheme that is switched on and ranks its customers. "
            f"These do: {', '.join(sorted(ranking))}."
        )
