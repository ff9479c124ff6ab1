"""What the last evaluation advises, and a copy of the policy that takes one advice, to be tried."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from orchestration.evaluation.advice_rows import ADVICE_FILE
from orchestration.evaluation.changes import number_at, steps_of
from orchestration.evaluation.wording import changed_since
from orchestration.history import newest_evaluation
from orchestration.policy import Policy, load_policy
from orchestration.policy.changing import CannotChange, with_number
from orchestration.policy.file import META
from orchestration.policy.grades import Graded
from orchestration.settings import Settings


class AdviceError(ValueError):
    """There is no advice, or it cannot be taken; the message says why and what to do."""


@dataclass(frozen=True)
class Kept:
    """What history keeps of one scheme's advice; `place` is None when nothing is advised."""

    scheme: str
    place: str | None
    from_value: str | None
    to_value: str | None
    value_now: Decimal | None
    value_then: Decimal | None
    low: Decimal | None
    high: Decimal | None
    note_en: str
    note_zh: str


def kept_advice(settings: Settings, scheme: str | None = None) -> list[Kept]:
    """The advice of the last evaluation on one scheme, or on all, those with a change first.

    Raises AdviceError when none is kept, or none of that scheme.
    """
    evaluation = newest_evaluation(settings.history, ADVICE_FILE, until=date.max)
    if not evaluation:
        raise AdviceError("No advice is kept yet. `tiers evaluate` replays the past and finds it.")
    table = pq.read_table(
        evaluation.path / f"{ADVICE_FILE}.parquet", columns=list(Kept.__annotations__)
    )
    rows = [Kept(**row) for row in table.to_pylist()]
    known = [row.scheme for row in rows]
    if scheme and scheme not in known:
        raise AdviceError(
            f"{scheme}: no ladder or score that was evaluated. These were: {', '.join(known)}."
        )
    policy = load_policy(settings.policy_dir)
    found = [_as_of_now(policy, row) for row in rows if scheme in (None, row.scheme)]
    return sorted(found, key=lambda row: row.place is None)


def write_advised(settings: Settings, scheme: str, folder: Path) -> Kept:
    """Copy the policy into a new folder, with the advised number of a scheme changed there.

    Raises AdviceError, and PolicyError when the changed policy is refused; then no folder is left.
    """
    (advice,) = kept_advice(settings, scheme)
    if not (advice.place and advice.to_value):
        raise AdviceError(f"{scheme}: {advice.note_en}")
    if folder.exists():
        raise AdviceError(f"{folder} exists already. Name a folder that does not, or remove it.")
    theme, position = _standing(load_policy(settings.policy_dir), scheme)
    place = (*META, "schemes", position, *steps_of(advice.place))
    file = settings.policy_dir / f"{theme}.yml"
    try:
        changed = with_number(file.read_bytes().decode("utf-8"), place, advice.to_value)
    except CannotChange as error:
        raise AdviceError(f"{file}: {scheme}: {error}") from error
    shutil.copytree(settings.policy_dir, folder)
    (folder / file.name).write_bytes(changed.encode("utf-8"))
    try:
        load_policy(folder)
    except ValueError:
        shutil.rmtree(folder)
        raise
    return advice


def _as_of_now(policy: Policy, row: Kept) -> Kept:
    """The advice, or that the policy is no longer the one that it is about."""
    standing = {scheme.id: scheme for _, scheme in policy.schemes()}
    scheme: Any = standing.get(row.scheme)
    if row.place is None or (
        isinstance(scheme, Graded) and number_at(scheme, row.place) == row.from_value
    ):
        return row
    note = changed_since()
    return replace(row, place=None, note_en=note.en, note_zh=note.zh)


def _standing(policy: Policy, scheme: str) -> tuple[str, int]:
    """The theme of a scheme, and its position there."""
    return next(
        (name, position)
        for name, theme in policy.themes.items()
        for position, each in enumerate(theme.schemes)
        if each.id == scheme
    )
