"""What the engine says when something fails, without the values of rows that it quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from orchestration.troubles import words_of_trouble

# These name only relations, columns, functions and files; the others may quote a value.
HARMLESS = frozenset(
    {
        *("Binder", "Catalog", "Dependency", "INTERRUPT", "IO", "Not implemented"),
        *("Out of Memory", "Parser", "Permission"),
    }
)
# The same of Spark, by the exceptions of its Python side.
ABOUT_NAMES = frozenset({"AnalysisException", "ParseException"})
# A commit that fails tells why: a constraint, with the value that breaks it; or the machine.
COMMIT = "TransactionContext"
_KIND = re.compile(r"(\w[\w ]*?) Error: ")
_TYPE = re.compile(r"\bto (?:type )?((?:U?(?:BIG|HUGE)?INT|DECIMAL|DOUBLE|DATE|TIMESTAMP|BOOL)\S*)")
_COLUMN = re.compile(r" when casting from source column (\w+)[^\n]*$")
_PLACE = re.compile(r"\n\nLINE \d+: [^\n]*\n *\^+\s*$")
TOO_LARGE = "value is out of range"


def without_values(message: str) -> str:
    """A message of DuckDB without values: its kind, what did not fit, and where in the SQL."""
    kind = _KIND.match(message)
    if kind is None or kind[1] in HARMLESS:
        return message
    if kind[1] == COMMIT and (words := words_of_trouble(message)):
        return f"{kind[1]} Error: the commit failed: {words}"
    place = _PLACE.search(message)
    head = message[: place.start()] if place else message
    wanted, column = _TYPE.search(head), _COLUMN.search(head)
    return "".join(
        (
            f"{kind[1]} Error: a value does not fit",
            f" {_type_name(wanted[1])}" if wanted else "",
            f" in column {column[1]}" if column else "",
            f", {TOO_LARGE}" if TOO_LARGE in head else "",
            " (it is not shown, since it may be personal)",
            place[0] if place else "",
        )
    )


class SparkError(RuntimeError):
    """What Spark says, without the values that it quotes."""


# Spark's names of what went wrong, such as [CAST_OVERFLOW]; a value is in no brackets of this kind.
_CLASS = re.compile(r"\[([A-Z][A-Z_.]{3,})\]")
_ABOUT_VALUES = re.compile("CAST|OVERFLOW|OUT_OF_RANGE|INVALID|PARSE|DIVIDE")
_SPARK_TYPE = re.compile(r"\bDecimal\((\d+), ?(\d+)\)|\bDECIMAL\((\d+),(\d+)\)")
# What the machines of a cluster say: an exception by its full name, or why an executor was lost.
_OF_MACHINES = re.compile(
    r"\b(?:[a-z]\w*\.){2,}[A-Z]\w*(?:Exception|Error)\b"
    r"|\bExecutorLostFailure\b|\bExecutor heartbeat timed out\b|\bFetchFailed\b"
)


def spark_without_values(message: str) -> str:
    """A message of Spark about rows or machines, without values: what it is called, and of what."""
    classes = dict.fromkeys(_CLASS.findall(message))
    kind = _SPARK_TYPE.search(message)
    if not kind and not any(map(_ABOUT_VALUES.search, classes)):
        words = filter(None, [words_of_trouble(message)])
        told = dict.fromkeys((*classes, *_OF_MACHINES.findall(message), *words))
        return f"Spark failed: {', '.join(told) or 'why is in the logs of its executors'}"
    wanted = "DECIMAL({},{})".format(*filter(None, kind.groups())) if kind else ""
    is_too_large = any("OUT_OF_RANGE" in one or "OVERFLOW" in one for one in classes)
    return "".join(
        (
            f"{', '.join(classes) or 'Spark'}: a value does not fit",
            f" {wanted}" if wanted else "",
            f", {TOO_LARGE}" if is_too_large else "",
            " (it is not shown, since it may be personal)",
        )
    )


def _type_name(found: str) -> str:
    """`DECIMAL(18,4)` of what was found, and nothing that a value may have put behind it."""
    name = re.match(r"[A-Z]+\d*(\(\d+,\d+\))?", found)
    return name[0] if name else ""


@contextmanager
def values_kept_back() -> Iterator[None]:
    """Raise the engine's errors of the block without the values that they quote."""
    try:
        yield
    except Exception as error:
        # By name: most commands are quicker without the engine.
        module, kind = type(error).__module__, type(error).__name__
        told: Exception
        if module.endswith("duckdb"):
            told = type(error)(without_values(str(error)))
        elif module.startswith(("pyspark.", "py4j.")) and kind not in ABOUT_NAMES:
            told = SparkError(spark_without_values(str(error)))
        else:
            raise
        # Not `from` it: whoever writes the account of an error writes that of its cause too.
        raise told.with_traceback(error.__traceback__) from None
