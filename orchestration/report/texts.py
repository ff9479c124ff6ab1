"""Every sentence of the report, in English and in Chinese; they stand in `template/texts.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from orchestration.report.wording import Both


def text(key: str) -> Both:
    """A sentence by its key. Raises KeyError."""
    return _read()["texts"][key]


def code(value: str) -> Both:
    """The word for a code of the playbook or of a theme, or the code itself."""
    return _read()["codes"].get(value, Both(value, value))


def condition_word(key: str) -> Both | None:
    """The word for a part of a condition; None where it has none."""
    return _read()["conditions"].get(key)


@cache
def _read() -> Mapping[str, Mapping[str, Both]]:
    content = yaml.safe_load((files(__package__) / "template" / "texts.yml").read_text("utf-8"))
    return {
        part: {key: Both(*both) for key, both in words.items()} for part, words in content.items()
    }
