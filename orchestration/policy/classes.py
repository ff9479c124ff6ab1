"""The classes of a scheme: codes, labels and what each asks for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from orchestration.policy.labels import Label
from orchestration.policy.values import (
    Expression,
    Name,
    Named,
    Number,
    Percent,
    Portion,
    Text,
    Value,
    refusal,
)

Place = tuple[str | int, ...]


class Group(Label):
    """Classes that some readers take together."""

    of: Annotated[list[Named], Field(min_length=1)] = Field(
        description="Codes of the classes; in a tree their paths. A class is in one group at most."
    )


class PolicyClass(Label):
    """What every class has: a code and its labels."""

    code: str
    aliases: list[Text] = Field([], description="Other words for the same class.")
    share: Annotated[list[Percent], Field(min_length=2, max_length=2)] | None = Field(
        None, description="[least, greatest] share of the classified; outside it gate 2 refuses."
    )

    @model_validator(mode="after")
    def _share_is_a_range(self) -> Self:
        if self.share and self.share[0] > self.share[1]:
            raise refusal("expected [least, greatest]; nothing lies between these.", "share")
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


class FoundClass(PolicyClass):
    """A class of an attribute that no policy lists: a model found it, as a rule."""

    rule: Expression

    def in_words(self, measure: str) -> str:
        return self.rule


class ConditionClass(PolicyClass):
    """A class that is asked for by a condition, or takes the rest."""

    code: Name = Field(description="Code of the class: lower case, digits and _.")
    when: Expression | None = Field(
        None, description="The condition; put it in quotes. A cut is written x >= p80 or x < p40."
    )
    otherwise: Literal[True] | None = Field(
        None, description="true: whom no class before fits, also those without a value."
    )

    @model_validator(mode="after")
    def _is_the_rest_or_asks(self) -> Self:
        if self.otherwise and self.asks:
            raise refusal("takes all who are left, so the class asks for nothing.", "otherwise")
        return self

    @property
    def condition(self) -> str | None:
        return self.when

    @property
    def asks(self) -> bool:
        """Whether it asks for anything."""
        return self.when is not None


class RuleClass(ConditionClass):
    """A class of rules; with classes of its own it is a tree."""

    classes: "list[RuleClass]" = Field(
        [], description="Finer classes; who fits none of them stays in this class."
    )

    @property
    def children(self) -> "Sequence[RuleClass]":
        return self.classes


class RangedClass(ConditionClass):
    """A class of a ladder or score: bounds and a condition, all of which have to hold."""

    at_least: Number | None = Field(None, description="The least `by`, in a score the least score.")
    top: Portion | None = Field(
        None, description="The best share of the population, as in 5%; a tie goes up whole."
    )
    top_value: Portion | None = Field(
        None, description="The best who together make this share of the total, as in 80%."
    )

    @property
    def is_ranked(self) -> bool:
        """Whether it asks for a share of the population."""
        return self.top is not None or self.top_value is not None

    @property
    def asks(self) -> bool:
        return super().asks or bool(self._bounds)

    @property
    def _bounds(self) -> dict[str, Decimal]:
        """Its bounds, of which the smaller is always the narrower."""
        least = None if self.at_least is None else -self.at_least
        bounds = {"at_least": least, "top": self.top, "top_value": self.top_value}
        return {key: bound for key, bound in bounds.items() if bound is not None}

    def lies_within(self, other: "RangedClass") -> bool:
        """Whether whoever fits this class is known to fit the other one too."""
        bounds = self._bounds
        return other.when in (None, self.when) and all(
            key in bounds and bounds[key] <= widest for key, widest in other._bounds.items()
        )

    def in_words(self, measure: str) -> str:
        words = []
        if self.top is not None:
            words.append(f"top {percent(self.top)} by {measure}")
        if self.top_value is not None:
            words.append(f"the customers who make {percent(self.top_value)} of {measure}")
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


def percent(share: Decimal) -> str:
    """0.05 → `5%`."""
    return f"{(share * 100).normalize():f}%"
