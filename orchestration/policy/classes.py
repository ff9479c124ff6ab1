"""The classes of a scheme: codes, labels and what each asks for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from orchestration.policy.values import (
    Expression,
    Name,
    Named,
    Number,
    Percent,
    Strict,
    Text,
    Value,
)

Place = tuple[str | int, ...]


class Label(Strict):
    """A name in English and Chinese."""

    en: Text = Field(description="The name in English.")
    zh: Text = Field(description="The name in Chinese.")


class Group(Label):
    """Classes that some readers take together."""

    of: Annotated[list[Named], Field(min_length=1)] = Field(
        description="Codes of the classes; in a tree their paths. A class is in one group at most."
    )


class PolicyClass(Label):
    """What every class has: a code and its labels."""

    code: str
    aliases: list[Text] = Field([], description="Other words for the same class.")
    share: tuple[Percent, Percent] | None = Field(
        None, description="[least, greatest] share of the classified; outside it gate 2 refuses."
    )

    @model_validator(mode="after")
    def _share_is_a_range(self) -> Self:
        if self.share and self.share[0] > self.share[1]:
            raise ValueError("share is [least, greatest]; nothing lies between these two.")
        return self

    @property
    def children(self) -> "Sequence[PolicyClass]":
        """The classes below it in a tree."""
        return ()

    @property
    def condition(self) -> str | None:
        """The expression that it asks for, if any."""
        return None

    def in_words(self, measure: str) -> str:
        """What the class asks for, as one line for the catalogue."""
        return self.condition or "the rest"


class ValueClass(PolicyClass):
    """A class of an attribute: a value that is allowed, and its labels."""

    code: Value = Field(description="The value, as it stands in the column.")

    def in_words(self, measure: str) -> str:
        return f"{measure} = '{self.code}'"


class RuleClass(PolicyClass):
    """A class of rules: a condition, or the rest; with classes of its own it is a tree."""

    code: Name = Field(description="Code of the class: lower case, digits and _.")
    when: Expression | None = Field(
        None, description="The condition; put it in quotes. The first class that fits wins."
    )
    otherwise: Literal[True] | None = Field(None, description="true: whom no class before fits.")
    classes: "list[RuleClass]" = Field(
        [], description="Finer classes; who fits none of them stays in this class."
    )

    @property
    def children(self) -> "Sequence[RuleClass]":
        return self.classes

    @property
    def condition(self) -> str | None:
        return self.when


class RangedClass(PolicyClass):
    """A class of a ladder or score: bounds and a condition that all have to hold, or the rest."""

    code: Name = Field(description="Code of the class: lower case, digits and _.")
    at_least: Number | None = Field(None, description="The least `by`, in a score the least score.")
    top: Percent | None = Field(
        None, description="The best share of the population, as in 5%; a tie goes up whole."
    )
    top_value: Percent | None = Field(
        None, description="The best who together make this share of the total, as in 80%."
    )
    when: Expression | None = Field(
        None, description="A further condition; put it in quotes. A cut is written x >= p80."
    )
    otherwise: Literal[True] | None = Field(
        None, description="true: the rest, also those without a value."
    )

    @property
    def condition(self) -> str | None:
        return self.when

    @property
    def is_ranked(self) -> bool:
        """Whether it asks for a share of the population."""
        return self.top is not None or self.top_value is not None

    @property
    def is_bounded(self) -> bool:
        """Whether it asks for a range of the measure."""
        return self.is_ranked or self.at_least is not None

    def in_words(self, measure: str) -> str:
        words = []
        if self.top is not None:
            words.append(f"top {_percent(self.top)} by {measure}")
        if self.top_value is not None:
            words.append(f"the customers who make {_percent(self.top_value)} of {measure}")
        if self.at_least is not None:
            words.append(f"{measure} >= {self.at_least}")
        if self.when:
            words.append(self.when)
        return " and ".join(words) or "the rest"


@dataclass(frozen=True)
class Node:
    """A class where it stands: `code` is its path in a tree, `place` where the file has it."""

    code: str
    parent: str | None
    place: Place
    part: PolicyClass


def nodes(
    classes: Sequence[PolicyClass], parent: str | None = None, place: Place = ("classes",)
) -> Iterator[Node]:
    """Yield every class, those of a tree before the ones below them."""
    for position, part in enumerate(classes):
        code = f"{parent}.{part.code}" if parent else part.code
        yield Node(code, parent, (*place, position), part)
        yield from nodes(part.children, code, (*place, position, "classes"))


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%"
