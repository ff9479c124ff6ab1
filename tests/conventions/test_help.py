"""What `tiers --help` and the help of each command tell somebody who sees them first."""

import shlex
from collections.abc import Iterator

import pytest
from typer.main import get_command

from orchestration.cli import app


def every_command(command: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, object]]:
    """Every command that does something by itself, with its name as it is typed."""
    children = getattr(command, "commands", {})
    if path and (not children or getattr(command, "invoke_without_command", False)):
        yield " ".join(path), command
    for name, child in children.items():
        yield from every_command(child, (*path, name))


COMMANDS = dict(every_command(get_command(app)))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_told_in_a_sentence_and_shown_in_an_example_that_it_takes(name: str) -> None:
    command = COMMANDS[name]
    first = str(getattr(command, "help", "")).split("\n\n")[0]
    assert first.endswith("."), "a sentence"
    assert len(first) < 100, "the list of commands shows it on a line or two"
    example = str(getattr(command, "epilog", ""))
    assert example.startswith("Example: "), example
    _, _, typed = example.partition("tiers ")
    words = shlex.split(typed.partition(") ")[0].partition(" || ")[0].removesuffix(")"))
    assert words[: len(name.split())] == name.split()
    arguments = words[len(name.split()) :]
    command.make_context(name, arguments)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_says_what_it_is_for(name: str) -> None:
    for parameter in COMMANDS[name].params:  # type: ignore[attr-defined]
        assert parameter.help, parameter.name
