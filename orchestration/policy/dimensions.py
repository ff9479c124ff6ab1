"""The dimensions of a score: how a value becomes a number from 1 up."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from orchestration.policy.labels import Label
from orchestration.policy.values import Expression, Number, Strict, Value, refusal

Points = Annotated[int, Field(ge=1, le=5)]
FORMS = ("parts", "at_least", "points", "scored")


class Dimension(Strict):
    """One dimension of a score: ranked into parts, held against bounds, given points, or scored."""

    by: Expression = Field(description="The value that is scored.")
    label: Label | None = Field(None, description="What it is called for readers; else its name.")
    weight: Number = Field(Decimal(1), description="Its weight in the score, greater than 0.")
    best: Literal["high", "low"] = Field("high", description="Which values are the better ones.")
    among: Expression | None = Field(
        None, description="Whom it scores and ranks; for others it is missing."
    )
    parts: Annotated[int, Field(ge=2, le=20)] = Field(
        5, description="Equal parts of the ranked population; equal values share the lower part."
    )
    at_least: Annotated[list[Number], Field(min_length=1)] | None = Field(
        None, description="Bounds from the worst to the best value, scored 2, 3 …; below them 1."
    )
    points: Annotated[dict[Value, Points], Field(min_length=1)] | None = Field(
        None, description="{text: 1 to 5}; for another text the dimension is missing."
    )
    scored: Literal[True] | None = Field(
        None, description="true: the value is from 1 to 5 already, such as loyalty_score."
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.weight <= 0:
            raise refusal(
                f"{self.weight}: expected more than 0; leave out what does not count.", "weight"
            )
        said = [form for form in FORMS if form in self.model_fields_set]
        if len(said) > 1:
            raise refusal(f"{' and '.join(said)}: expected one of them.", said[1])
        if "best" in self.model_fields_set and (self.points or self.scored):
            raise refusal(f"says nothing beside `{said[0]}`.", "best")
        bounds = self.at_least or []
        if bounds != sorted(set(bounds), reverse=self.best == "low"):
            raise refusal("expected bounds from the worst to the best value.", "at_least")
        return self

    @property
    def scores(self) -> tuple[int, ...]:
        """The scores that it gives, when something is there to be scored."""
        if self.points:
            return tuple(sorted(set(self.points.values())))
        return tuple(range(1, len(self.at_least) + 2 if self.at_least else self.parts + 1))

    @property
    def is_ranked(self) -> bool:
        """Whether its scores are parts of a ranked population."""
        return not (self.at_least or self.points or self.scored)
