"""The corpus as a page for people: `python tests/corpus/page.py` writes it anew."""

from collections.abc import Iterator
from pathlib import Path

from cases import CASES, CHAPTERS, Case, GoesOn, Stops, Values

PAGE = Path(__file__).with_name("README.md")
INTRODUCTION = """\
# What happens to bad input

Every line below is a case that `make test` runs through the whole daily job, from the file to the
published tables. {total} cases: in {stopping} the run stops before anything is published and says
why; in {going_on} everything lands, the rest of the file goes on, and what cannot be used is put
aside row by row. In all of them every landed row has exactly one fate (the ledger balances), no
message is a stack trace, and a run that stops leaves `current` as it was, byte for byte.

- *quarantined*: the row counts nowhere. `tiers quarantine` counts the reasons, and with `--rows`
  shows the rows. Gate 2 refuses the warehouse when a greater share of a table is in quarantine
  than `TIERS_MAX_QUARANTINED_SHARE` allows (1 %), with a table of the reasons.
- *waiting*: the row counts as soon as the exchange rate of its day is there.
- *superseded*, *duplicate*, *deleted*: another version of the row stands, or none.
- *staged as it is*: nothing is wrong with it.

The company of the cases lies in Europe/Berlin, counts in EUR, and is classed as of 2024-06-01.
"""


def page() -> str:
    """The page, as it should be."""
    stopping = sum(isinstance(case.then, Stops) for case in CASES)
    introduction = INTRODUCTION.format(
        total=len(CASES), stopping=stopping, going_on=len(CASES) - stopping
    )
    return introduction + "".join(_chapter(title, cases) for title, cases in CHAPTERS.items())


def _chapter(title: str, cases: list[Case]) -> str:
    lines = "".join(f"| {_cell(case.given)} | {_cell(_promise(case))} |\n" for case in cases)
    return f"\n## {title}\n\n| what comes | what happens |\n|---|---|\n{lines}"


def _promise(case: Case) -> str:
    """What happens to the rows, then what is told of them."""
    if isinstance(case.then, Stops):
        return f"stops: “{case.then.says[0]}”"
    return "; ".join(_outcomes(case.then)) or "staged as it is"


def _outcomes(then: GoesOn) -> Iterator[str]:
    yield from dict.fromkeys(str(fate) for fate in then.fates if fate.name != "staged")
    for values in then.staged.values():
        if values:
            yield f"staged as {_values(values)}"
    if then.facts:
        yield f"in the facts: {_values(next(iter(then.facts.values())))}"
    for note in then.notes:
        yield f"staged, with a note: {note}"


def _values(values: Values) -> str:
    return ", ".join(f"{name} = {_shown(value)}" for name, value in values.items())


def _shown(value: object) -> str:
    text = str(value)
    if len(text) > 60:
        return f"all of its {len(text):,} characters"
    return f"`{text if text.isprintable() else ascii(text)[1:-1]}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
