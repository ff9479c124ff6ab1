"""The environment, and what it leaves open from the file `.env`."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from dotenv import dotenv_values

from orchestration.settings.places import PROJECT

ENV_FILE = PROJECT / ".env"


class SettingError(ValueError):
    """A setting that cannot be used: names the variable, what is expected, and what was found.

    A secret is never quoted.
    """


def read_environment() -> dict[str, str]:
    """The environment, and what it leaves open from the file `.env`."""
    said = {name: text for name, text in dotenv_values(ENV_FILE).items() if text}
    return said | dict(os.environ)


def secret(name: str) -> str:
    """A variable that a source file names, from the environment or the file `.env`.

    Raises SettingError when it is not set.
    """
    found = read_environment().get(name)
    if not found:
        raise SettingError(f"{name} is not set; set it in the environment or in {ENV_FILE.name}.")
    return found


@contextmanager
def exported(wanted: Mapping[str, str | None]) -> Iterator[None]:
    """Put variables into the environment, for a block; None takes one out."""
    before = {name: os.environ.get(name) for name in wanted}
    _set(wanted)
    try:
        yield
    finally:
        _set(before)


def _set(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
