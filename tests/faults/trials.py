"""A fault, the cases in which it is tried, and one trial of it."""

import re
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from statistics import median

from arena import Arena
from real_job import Moment

KILLED, DONE, FAILED, WRONG_INPUT, LOCKED = -9, 0, 1, 2, 3
# What nobody can do anything with.
NOT_FOR_PEOPLE = re.compile("Traceback|This should not happen|could not be kept")
MOST_SHOWN = 2_000
Break = Callable[[Arena], AbstractContextManager[object] | None]


@dataclass(frozen=True)
class Case:
    """One way in which a fault comes, and what is promised then.

    Attributes:
        breaks: makes the fault; a context manager that it returns holds it until the run has ended.
        ends: the exit code of the run that meets it.
        says: regular expression that is found in what this run prints.
        mend: does what that text says; gets the text.
        moments: of runs that are broken one after the other; none for a run that is left alone.
        words, environment, prepare: of that run, as `Arena.start` takes them.
        readable: whether readers can read on while the fault stands.
        undisturbed: a command after which the undisturbed run comes that this trial must equal.
        may_die: whether the process may die of it, as if killed: native code that gets no memory.
        repeats: whether the day is run once more, without the fault, after a run that met it.
    """

    breaks: Break = lambda arena: None
    ends: int = DONE
    says: str = ""
    mend: Callable[[Arena, str], None] = lambda arena, told: None
    moments: Sequence[Moment] = ()
    words: Callable[[Arena], tuple[str, ...]] = lambda arena: ()
    environment: dict[str, str] = field(default_factory=dict)
    prepare: Callable[[], None] | None = None
    undisturbed: Callable[[Arena], tuple[str, ...]] = lambda arena: ()
    may_die: bool = False
    readable: bool = True
    repeats: bool = False


@dataclass(frozen=True)
class Fault:
    """A kind of fault: its name and promise as docs/RELIABILITY.md tells them, and its cases.

    `quick` are the cases that the ordinary tests try; `possible` says whether this machine lets
    them be made.
    """

    name: str
    promise: str
    cases: dict[str, Case]
    quick: tuple[str, ...] = ()
    possible: Callable[[], bool] = lambda: True


@dataclass
class Tally:
    """What came of a fault."""

    tried: int = 0
    survived: int = 0
    lost_rows: int = 0
    reads: int = 0
    torn_reads: int = 0
    recoveries: list[float] = field(default_factory=list)

    @property
    def seconds(self) -> str:
        """From the start of the run that recovers to its end: median and worst."""
        if not self.recoveries:
            return "–"
        return f"{median(self.recoveries):.0f}, {max(self.recoveries):.0f}"


def try_case(case: Case, arena: Arena, tally: Tally) -> None:
    """Break a run, look, do what it says, run again, and look whether all is as it should be.

    Raises AssertionError for a broken promise; `tally` then lacks what it should have counted.
    """
    moments = case.moments or (None,)
    tally.tried += len(moments)
    if command := case.undisturbed(arena):
        arena.learn(arena.company.folder.with_name("calm"), *command)
    with case.breaks(arena) or nullcontext():
        for moment in moments:
            told = _meet(case, arena, moment)
    started = time.monotonic()
    case.mend(arena, told)
    # Who was locked out has nothing to do once the other is done.
    if case.ends not in (DONE, LOCKED) or case.repeats:
        recovered = arena.tiers(reading=case.readable)
        assert recovered.code == DONE, recovered.told[-MOST_SHOWN:]
        tally.recoveries.append(time.monotonic() - started)
    tally.lost_rows += arena.check_end()
    tally.reads += arena.reads
    tally.torn_reads += arena.torn_reads
    assert arena.torn_reads == 0, f"{arena.torn_reads} of {arena.reads} reads failed"
    tally.survived += len(moments)


def _meet(case: Case, arena: Arena, moment: Moment | None) -> str:
    ended = arena.tiers(
        *case.words(arena),
        reading=case.readable,
        moment=moment,
        prepare=case.prepare,
        **case.environment,
    )
    shown = ended.told[-MOST_SHOWN:]
    if case.may_die and ended.code < 0:
        arena.check_current()
        return ended.told
    assert ended.code == case.ends, f"it ended with {ended.code}\n{shown}"
    assert re.search(case.says, ended.told), f"it does not say {case.says!r}\n{shown}"
    assert not NOT_FOR_PEOPLE.search(ended.told), shown
    if case.readable:
        arena.check_current()
    return ended.told
