"""Every `tiers …` that pages, expectations and messages show is one that the program takes.

Parsed, not run: the words that stand for something (LOAD, DAY, WHY) are replaced by a value.
"""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
import yaml
from test_help import COMMANDS

from orchestration.settings import PROJECT

PAGES = [
    PROJECT / "README.md",
    PROJECT / "SECURITY.md",
    *sorted((PROJECT / "docs").glob("*.md")),
    PROJECT / "bench" / "README.md",
    PROJECT / "tests" / "corpus" / "README.md",
]
FENCED = re.compile(r"^( *)```.*?\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^ {4,}\S.*$", re.MULTILINE)
SPAN = re.compile(r"`([^`]+)`")
TYPED = re.compile(r"(?:^|[\s/(])tiers (?=[a-z])(.*)", re.DOTALL)
STANDS_FOR_SOMETHING = re.compile(r"\$?[A-Z_]+|…|\{\}")
# A text and a day at once, and what stands for a number.
SOMETHING = "2026-03-01"
NUMBERS = {"DAYS": "400"}


def in_code(page: str) -> Iterator[str]:
    """What is typed after `tiers` in the blocks of a page, and in its sentences."""
    blocks = [text for _, text in FENCED.findall(page)]
    rest = FENCED.sub("", page)
    blocks += INDENTED.findall(rest)
    for line in "\n".join(blocks).splitlines():
        if found := TYPED.search(line):
            yield found[1]
    yield from in_spans(INDENTED.sub("", rest))


def in_spans(text: str) -> Iterator[str]:
    """What is typed after `tiers` between backticks."""
    for span in SPAN.findall(text):
        if found := TYPED.search(span):
            yield found[1]


def words_of(typed: str) -> list[str]:
    """The words of one command, without what the shell makes of the rest of the line."""
    typed = re.sub(r'"\$\(.*\)"', SOMETHING, typed.replace("\n", " "))
    typed = re.split(r" #|[|>;]|&&", typed)[0]
    return [
        NUMBERS.get(word, SOMETHING) if STANDS_FOR_SOMETHING.fullmatch(word) else word
        for word in shlex.split(typed)
    ]


def problem_with(typed: str, *, may_be_a_name: bool) -> str | None:
    """Why the program would not take it; a command without anything after it may be its name."""
    words = words_of(typed)
    if words[1:] == [SOMETHING] and any(name.startswith(f"{words[0]} ") for name in COMMANDS):
        return None  # `tiers store …`: all of a group
    names = [" ".join(words[:count]) for count in (2, 1)]
    name = next((each for each in names if each in COMMANDS), None)
    if name is None:
        return f"there is no `tiers {typed}`"
    arguments = words[len(name.split()) :]
    if "--help" in arguments or (may_be_a_name and not arguments):
        return None
    try:
        COMMANDS[name].make_context(name, arguments)  # type: ignore[attr-defined]
    except typer.TyperException as error:
        return f"`tiers {typed}`: {error.format_message()}"
    return None


def problems(shown: Iterator[str], *, may_be_a_name: bool) -> list[str]:
    found = (problem_with(typed, may_be_a_name=may_be_a_name) for typed in shown)
    return [problem for problem in found if problem]


def strings_of(tree: ast.AST) -> Iterator[str]:
    """Every text of a program, with `{}` where something is filled in."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            parts = node.values
            yield "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in parts)


def what_to_do(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from [value] if key == "what_to_do" else what_to_do(value)
    elif isinstance(node, list):
        for value in node:
            yield from what_to_do(value)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT).as_posix())
def test_a_command_of_a_page_is_one_that_the_program_takes(page: Path) -> None:
    assert problems(in_code(page.read_text("utf-8")), may_be_a_name=True) == []


def test_what_an_expectation_says_to_type_can_be_typed() -> None:
    suites = [yaml.safe_load(file.read_text("utf-8")) for file in suite_files()]
    advice = [text for suite in suites for text in what_to_do(suite)]
    assert len(advice) > 100
    shown = [typed for text in advice for typed in in_spans(text)]
    assert "reject LOAD --reason WHY" in shown
    assert problems(iter(shown), may_be_a_name=False) == []


def suite_files() -> list[Path]:
    return sorted((PROJECT / "expectations").rglob("*.yml"))


def test_a_command_of_a_message_is_one_that_the_program_takes() -> None:
    files = sorted((PROJECT / "orchestration").rglob("*.py"))
    texts = [text for file in files for text in strings_of(ast.parse(file.read_text("utf-8")))]
    shown = [typed for text in texts for typed in in_spans(text)]
    assert len(shown) > 50
    assert problems(iter(shown), may_be_a_name=True) == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("reject LOAD", "Missing option"),
        ("store sink", "there is no"),
        ("store sync --as-there", "No such option"),
        ("preview DIR DIR", "unexpected extra argument"),
        ("run --as-of yesterday", "Invalid value"),
    ],
)
def test_a_command_that_the_program_does_not_take_is_found(typed: str, told: str) -> None:
    assert told in (problem_with(typed, may_be_a_name=True) or "")
