"""Conditions of the policy as a reader says them, who does not know the names of columns."""

from __future__ import annotations

import re
from collections.abc import Mapping

from orchestration.report.texts import condition_word
from orchestration.report.wording import Both, filled

Names = Mapping[str, Both]
PART = re.compile(
    r"""
    (?P<text>'(?:[^']|'')*')
    | top\s(?P<top>[\d.]+%)\sby\s(?P<by>\w+)
    | the\scustomers\swho\smake\s(?P<value>[\d.]+%)\sof\s(?P<of>\w+)
    | (?P<known>is\s(?:not\s)?null|not\sin\b)
    | between\s(?P<low>[\d.]+)\sand\s(?P<high>[\d.]+)
    | (?P<sign>>=|<=|!=|<>)
    | \bp(?P<percentile>\d{1,2})\b
    | (?P<number>\b\d+(?:\.\d+)?\b)
    | (?P<word>[A-Za-z_]\w*)
    """,
    re.VERBOSE,
)
SIGNS = {">=": "≥", "<=": "≤", "!=": "≠", "<>": "≠"}
ENDINGS = {1: "st", 2: "nd", 3: "rd"}
WHOLE = ("everyone", "the rest", "no class fits")


def in_words(condition: str, names: Names, scheme: str = "") -> Both:
    """A condition in both languages; `names` says what columns and schemes are called.

    The parts of a score stand there as `scheme.part`; the conditions of a scheme mean its own.
    What is not known stays as it is written, so that nothing is said which the policy does not say.
    """
    own = f"{scheme}."
    parts = {name.removeprefix(own): names[name] for name in names if name.startswith(own)}
    names = {**names, **parts}
    if condition in WHOLE:
        return condition_word(condition) or Both(condition, condition)
    return Both(
        PART.sub(lambda part: _part(part, names).en, condition),
        PART.sub(lambda part: _part(part, names).zh, condition),
    )


def _part(part: re.Match[str], names: Names) -> Both:
    found = {kind: value for kind, value in part.groupdict().items() if value is not None}
    kind, value = next(iter(found.items()))
    match kind:
        case "top":
            return _phrase("top", share=value, name=_name(found["by"], names))
        case "value":
            return _phrase("top_value", share=value, name=_name(found["of"], names))
        case "known":
            return _phrase(value)
        case "low":
            return _same(f"{_number(value)}–{_number(found['high'])}")
        case "sign":
            return _same(SIGNS[value])
        case "percentile":
            return _phrase("percentile", share=Both(_ordinal(int(value)), str(int(value))))
        case "number":
            return _same(_number(value))
        case "word":
            return _name(value, names)
    return _same(value)


def _phrase(key: str, **values: object) -> Both:
    word = condition_word(key)
    assert word, key
    return filled(word, **values)


def _name(name: str, names: Names) -> Both:
    return condition_word(name) or names.get(name, _same(name.replace("_", " ")))


def _number(written: str) -> str:
    whole, dot, rest = written.partition(".")
    return f"{int(whole):,}{dot}{rest}"


def _ordinal(number: int) -> str:
    is_teen = number // 10 == 1
    return f"{number}{'th' if is_teen else ENDINGS.get(number % 10, 'th')}"


def _same(told: str) -> Both:
    return Both(told, told)
