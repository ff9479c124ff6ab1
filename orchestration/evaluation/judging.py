"""What the past says of the schemes of a policy and of their numbers, as files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from orchestration.evaluation.accuracy import accuracy
from orchestration.evaluation.advice import advise
from orchestration.evaluation.advice_rows import ADVICE_FILE, write_advice
from orchestration.evaluation.judged import Judged, judged_schemes
from orchestration.evaluation.looking import Looked, Looking
from orchestration.evaluation.measures import weights
from orchestration.evaluation.panel import Panel
from orchestration.evaluation.rows import MEASURES_FILE, Row, write_rows
from orchestration.evaluation.stability import stability
from orchestration.evaluation.trying import Trying, kept_numbers
from orchestration.evaluation.walking import walk
from orchestration.policy import Policy
from orchestration.progress import Progress


def judge_schemes(panel: Panel, policy: Policy, progress: Progress) -> Mapping[str, Path]:
    """The files of measures and of advice, by the names that history keeps them under."""
    with panel.opened() as con:
        hashes = dict(con.execute("select scheme, conditions_hash from schemes").fetchall())
        supplied = [name for (name,) in con.execute("from supplied").fetchall()]
    judged = list(judged_schemes(policy, supplied))
    looking, trying = Looking(judged), Trying(policy, judged, kept_numbers(panel))
    walk(panel, (looking, trying), progress)
    files = {name: panel.home.home / f"{name}.parquet" for name in (MEASURES_FILE, ADVICE_FILE)}
    write_rows(measured(judged, looking.looked), hashes, panel.day, files[MEASURES_FILE])
    write_advice(advise(trying), hashes, panel.day, files[ADVICE_FILE])
    return files


def measured(judged: Sequence[Judged], looked: Mapping[str, Looked]) -> Iterator[Row]:
    """Every measure of each scheme that is public and switched on."""
    drawn = weights()
    for each in judged:
        found = looked.get(each.scheme)
        yield from accuracy(each, found.seen if found else (), drawn)
        yield from stability(each, found, drawn)
