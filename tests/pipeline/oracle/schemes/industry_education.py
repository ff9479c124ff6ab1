"""Pack industry_education: how much support a pupil needs."""

from collections.abc import Mapping
from typing import ClassVar

from ..logic import equal, first_fit, some
from ..rows import Row
from .theme import Theme


class Education(Theme):
    """One scheme, and it is sensitive."""

    attributes: ClassVar[Mapping[str, str]] = {
        "grade_average": "number",
        "activity_count": "number",
    }
    columns = ()
    sensitive = ("education_level",)

    def judge(self, row: Row) -> Row:
        """The class of the pack."""
        return {"education_level": education_level(row)}


def education_level(row: Row) -> str | None:
    """Low grades, or nothing beside lessons."""
    grades = row["grade_average"]
    if grades is None:
        return None
    return first_fit(
        ("more", grades < 60),
        ("some", some(grades < 80, equal(row["activity_count"], 0))),
        rest="usual",
    )
