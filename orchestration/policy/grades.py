"""Schemes by a number, from the best class down: ladders and scores."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from orchestration.policy.classes import RangedClass, percent
from orchestration.policy.dimensions import Dimension
from orchestration.policy.kinds import Kind
from orchestration.policy.schemes import Ranking, Reading
from orchestration.policy.values import Expression, Name, Strict, refusal


class Hold(Strict):
    """How a fall waits. A rise is immediate."""

    days: Annotated[int, Field(ge=1)] = Field(description="So long it stays below before it falls.")
    steps: Annotated[int, Field(ge=1)] = Field(1, description="Classes that it falls at a review.")
    review_day: Annotated[int, Field(ge=1, le=28)] | None = Field(
        None, description="Day of the month on which falls are decided; without it every run."
    )


class Graded(Ranking):
    """What ladders and scores have: classes by a number, from the best down."""

    hold: Hold | None = Field(None, description="A fall waits; a rise is immediate.")
    classes: Annotated[list[RangedClass], Field(min_length=1)] = Field(
        description="The classes, best first; the last one has no bound."
    )

    @property
    def has_cuts(self) -> bool:
        return super().has_cuts or any(part.is_ranked for part in self.classes)

    def kept_columns(self) -> dict[str, str]:
        if not self.hold:
            return super().kept_columns()
        held = {f"{self.id}_held": "varchar", f"{self.id}_below_since": "date"}
        return held | super().kept_columns()

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        for position, part in enumerate(self.classes[:-1]):
            if not part.asks:
                told = "takes everybody, and those after it nobody; expected a bound or `when`."
                raise refusal(told, "classes", position)
        self._check_shares("top")
        self._check_shares("top_value")
        for position, part in enumerate(self.classes):
            for better in self.classes[:position]:
                if part.lies_within(better):
                    raise refusal(
                        f"is unreachable: whoever fits it fits {better.code} before. "
                        "Bounds have to fall, shares to rise.",
                        *("classes", position),
                    )
        return self

    def _check_shares(self, key: Literal["top", "top_value"]) -> None:
        greatest = Decimal(0)
        for position, part in enumerate(self.classes):
            share = getattr(part, key) or greatest
            if share < greatest:
                told = "shares have to rise from the best class down."
                raise refusal(
                    f"{percent(share)} after {percent(greatest)}: {told}", "classes", position, key
                )
            greatest = share


class Ladder(Graded):
    """Bounds of one number, or shares of the population ranked by it."""

    kind: Literal["ladder"] = Field(description="ladder: bounds or shares of one number.")
    by: Expression = Field(description="The number; of a ranked ladder one column.")

    @property
    def measure(self) -> str:
        return self.by

    def inputs(self) -> Iterator[Reading]:
        yield from super().inputs()
        yield Reading(("by",), self.by, self.has_cuts, kind="number")

    @model_validator(mode="after")
    def _is_total(self) -> Self:
        last = self.classes[-1]
        if last.asks:
            told = "the last class of a ladder has no bound and no `when`: it takes the rest."
            raise refusal(told, "classes", len(self.classes) - 1)
        ranked = any(part.is_ranked for part in self.classes)
        if ranked and not self.by.isidentifier():
            told = "of a ranked ladder is one column; name the expression a metric."
            raise refusal(f"{self.by!r}: {told}", "by")
        return self


class Score(Graded):
    """The weighted mean of dimensions, each scored from 1 up."""

    kind: Literal["score"] = Field(description="score: the weighted mean of scored dimensions.")
    dimensions: Annotated[dict[Name, Dimension], Field(min_length=1)] = Field(
        description="{name: dimension}; also columns <id>_<name>."
    )
    missing: Literal["reweigh", "none"] = Field(
        "reweigh",
        description="Without a dimension: weigh the others anew, or give no score at all.",
    )

    @property
    def has_cuts(self) -> bool:
        return super().has_cuts or any(each.is_ranked for each in self.dimensions.values())

    @property
    def ranks_itself(self) -> bool:
        """Whether its classes cut its own score."""
        return super().has_cuts

    @property
    def measure(self) -> str:
        return "score"

    @property
    def own_names(self) -> frozenset[str]:
        return frozenset({*self.dimensions, "score"})

    @model_validator(mode="after")
    def _is_within_reach(self) -> Self:
        greatest = max(dimension.scores[-1] for dimension in self.dimensions.values())
        for position, part in enumerate(self.classes):
            if part.at_least is not None and not 1 < part.at_least <= greatest:
                raise refusal(
                    f"{part.at_least}: a score is from 1 to {greatest}; expected more than 1, "
                    f"which everybody has, and at most {greatest}.",
                    *("classes", position, "at_least"),
                )
        return self

    @model_validator(mode="after")
    def _is_ranked_once(self) -> Self:
        for name, dimension in self.dimensions.items():
            if dimension.scored and self.ranks_itself:
                raise refusal(
                    "a score that its own classes rank, by top, top_value or pNN, is made of facts "
                    "and metrics, not of other scores.",
                    *("dimensions", name, "scored"),
                )
        return self

    def score_columns(self) -> list[str]:
        return [*(f"{self.id}_{name}" for name in self.dimensions), f"{self.id}_score"]

    def inputs(self) -> Iterator[Reading]:
        yield from super().inputs()
        for name, dimension in self.dimensions.items():
            place = ("dimensions", name)
            facts_only = self.has_cuts and not dimension.scored
            kind: Kind = None if dimension.points else "number"
            yield Reading((*place, "by"), dimension.by, facts_only, kind)
            if dimension.among:
                yield Reading((*place, "among"), dimension.among, self.has_cuts)

    def coded(self) -> Iterator[Reading]:
        for name, dimension in self.dimensions.items():
            if dimension.points:
                yield Reading(("dimensions", name, "by"), dimension.by)
