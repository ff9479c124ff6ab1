"""The guide to operation quotes what the program says, and names files that are there."""

import re

import pytest

from orchestration.settings import PROJECT

GUIDE = (PROJECT / "docs" / "OPERATIONS.md").read_text("utf-8")
RUNBOOK = GUIDE[GUIDE.index("## When something is wrong") : GUIDE.index("## Back up and restore")]
CODE = "\n".join(
    # A sentence may be broken over lines of a source file.
    re.sub(r'"\n\s*f?"', "", path.read_text("utf-8"))
    for path in sorted((PROJECT / "orchestration").rglob("*.py"))
)
SAID = re.findall(r"(?m)(?:^### .*?|Says )`([A-Za-z][^`]*? [^`]*?)`", RUNBOOK)


@pytest.mark.parametrize("words", SAID)
def test_what_an_alarm_is_found_by_is_what_the_program_says(words: str) -> None:
    assert words in CODE


def test_alarms_are_quoted() -> None:
    assert len(SAID) >= 6


@pytest.mark.parametrize(
    "name", sorted(set(re.findall(r"`((?:docs|tests|expectations)/[^`]*)`", GUIDE)))
)
def test_files_of_the_guide_are_there(name: str) -> None:
    assert (PROJECT / name).exists()
