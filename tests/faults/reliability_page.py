"""The tables of docs/RELIABILITY.md, each between two markers."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from fault_table import FAULTS
from readers import Watched
from soak import Day, middle
from trials import Tally

from orchestration.settings import PROJECT

PAGE = PROJECT / "docs" / "RELIABILITY.md"
HEADER = ("fault", "promised", "tried", "survived", "lost rows", "reads", "torn", "seconds")
NOT_TRIED = ("–",) * 6


def write_faults(tallies: Mapping[str, Tally], page: Path = PAGE) -> None:
    """Write the table of faults; those that were not tried now keep what was found before."""
    before = {row[0]: row for row in rows(page, "faults")}
    found = []
    for fault in FAULTS:
        kept = before.get(fault.name, ())[2:] or NOT_TRIED
        tally = tallies.get(fault.name)
        found.append((fault.name, fault.promise, *(_cells(tally) if tally else kept)))
    replace_part(page, "faults", markdown(HEADER, found))


def rows(page: Path, part: str) -> list[tuple[str, ...]]:
    """The rows of a table, without its header."""
    lines = [line for line in _part(page, part).splitlines() if line.startswith("|")]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines[2:]]


def markdown(header: Sequence[str], found: Sequence[Sequence[str]]) -> str:
    """A table."""
    lines = [header, ("---",) * len(header), *found]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def replace_part(page: Path, part: str, text: str) -> None:
    """Put a text between the markers of a part."""
    marked = f"<!-- {part} -->\n{text}\n<!-- /{part} -->"
    found = re.compile(f"<!-- {part} -->.*<!-- /{part} -->", re.DOTALL)
    page.write_text(found.sub(lambda _: marked, page.read_text("utf-8")), "utf-8")


def write_readers(readers: int, publishes: int, watched: Watched) -> None:
    """Write what the readers saw."""
    replace_part(
        PAGE,
        "readers",
        f"{readers} processes read while {publishes} releases were published: {watched.reads:,} "
        f"reads, {len(watched.torn)} that failed or were mixed, {watched.backwards} readers that "
        "saw an older release after a newer one.",
    )


def write_soak(days: Sequence[Day], lost: int) -> None:
    """Write what the days of a soak took: those after the first twenty, and the last."""
    parts = days[20:40] or days[:1], days[-20:]
    measures: dict[str, Callable[[Day], float]] = {
        "processor seconds of a run": lambda day: day.seconds,
        "resident memory, MB": lambda day: day.memory / 1e6,
        "open files": lambda day: day.files,
        **{f"{name}, MB": partial(_megabytes, name) for name in days[0].disk},
    }
    measured = [
        (name, *(f"{middle(of, part):.1f}" for part in parts)) for name, of in measures.items()
    ]
    table = markdown(("median", "days 21 to 40", "last 20 days"), measured)
    replace_part(PAGE, "soak", f"{len(days)} days, {lost} lost orders.\n\n{table}")


def _megabytes(name: str, day: Day) -> float:
    return day.disk[name] / 1e6


def _part(page: Path, part: str) -> str:
    found = re.search(f"<!-- {part} -->(.*)<!-- /{part} -->", page.read_text("utf-8"), re.DOTALL)
    assert found, f"{page} has no part {part}"
    return found[1]


def _cells(tally: Tally) -> tuple[str, ...]:
    counted = (tally.tried, tally.survived, tally.lost_rows, tally.reads, tally.torn_reads)
    return (*map(str, counted), tally.seconds)
