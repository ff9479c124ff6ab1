"""Pack industry_care: how much care a person needs."""

from collections.abc import Mapping
from typing import ClassVar

from ..logic import at_least, first_fit, some
from ..rows import Row
from .theme import Theme


class Care(Theme):
    """One scheme, and it is sensitive."""

    attributes: ClassVar[Mapping[str, str]] = {"visit_count_365d": "number", "severity": "number"}
    columns = ()
    sensitive = ("care_level",)

    def judge(self, row: Row) -> Row:
        """The class of the pack."""
        return {"care_level": care_level(row)}


def care_level(row: Row) -> str | None:
    """A grave case, or many visits."""
    visits, severity = row["visit_count_365d"], row["severity"]
    if visits is None:
        return None
    return first_fit(
        ("high", some(at_least(severity, 4), visits >= 12)),
        ("mid", some(at_least(severity, 2), visits >= 4)),
        rest="usual",
    )
