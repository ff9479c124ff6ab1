"""Schemes by conditions, and schemes by the value of a column."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from orchestration.policy.classes import RuleClass, ValueClass
from orchestration.policy.schemes import Ranking, Reading, Scheme
from orchestration.policy.values import UNKNOWN, Before, Column, Named, refusal


class Attribute(Scheme):
    """The value of a column is the class."""

    kind: Literal["attribute"] = Field(description="attribute: the value of a column is the class.")
    by: Column = Field(description="The column whose value is the class.")
    classes: list[ValueClass] = Field(
        [], description="The values that are allowed; without them every value is a class."
    )

    @property
    def measure(self) -> str:
        return self.by

    @property
    def unnamed(self) -> tuple[str, ...]:
        return (UNKNOWN,)

    def inputs(self) -> Iterator[Reading]:
        yield from super().inputs()
        yield Reading(("by",), self.by, kind=None)

    def coded(self) -> Iterator[Reading]:
        if self.classes:
            yield Reading(("by",), self.by)


class Rules(Ranking):
    """Conditions on facts, metrics and earlier schemes; the first class that fits wins."""

    kind: Literal["rules"] = Field(description="rules: conditions; the first class that fits wins.")
    many: bool = Field(False, description="true: every class that fits, a true/false column each.")
    classes: Annotated[list[RuleClass], Field(min_length=1)] = Field(
        description="The classes in order of evaluation."
    )
    follows: dict[Named, Before] = Field(
        {}, description="{class: [classes it is entered from] or any}; other moves are warned of."
    )

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        _check_siblings(self.classes, "classes")
        if self.many:
            self._check_many()
        self.check_codes(self.follows, "follows")
        for code, before in self.follows.items():
            if before is not None:
                self.check_codes(before, "follows", code)
        return self

    def _check_many(self) -> None:
        for field in ("declared", "follows"):
            if field in self.model_fields_set:
                raise refusal("is for one class each; `many` gives as many as fit.", field)
        for position, part in enumerate(self.classes):
            if part.otherwise or part.classes:
                told = "a class beside `many` has no `otherwise` and no classes of its own."
                raise refusal(told, "classes", position)

    def class_columns(self) -> dict[str, str]:
        if not self.many:
            return super().class_columns()
        return {f"{self.id}_{part.code}": "boolean" for part in self.classes}


def _check_siblings(siblings: Sequence[RuleClass], *place: str | int) -> None:
    """Each class but the last has a condition, the last one or `otherwise`; so at every depth."""
    for position, part in enumerate(siblings):
        at = (*place, position)
        if part.when is None and position < len(siblings) - 1:
            raise refusal("takes everybody, and those after it nobody; expected `when`.", *at)
        if part.when is None and not part.otherwise:
            raise refusal("takes nobody; expected `when` or `otherwise: true`.", *at)
        _check_siblings(part.classes, *at, "classes")
