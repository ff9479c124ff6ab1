"""The kinds of schemes: attribute, rules, ladder, score."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from orchestration.policy.classes import RangedClass, RuleClass, ValueClass
from orchestration.policy.dimensions import Dimension
from orchestration.policy.schemes import Ranking, Reading, Scheme
from orchestration.policy.values import NAME, Expression, Name, Named, Strict


class Hold(Strict):
    """How a fall waits. A rise is immediate."""

    days: Annotated[int, Field(ge=1)] = Field(description="So long it stays below before it falls.")
    steps: Annotated[int, Field(ge=1)] = Field(1, description="Classes that it falls at a review.")
    review_day: Annotated[int, Field(ge=1, le=28)] | None = Field(
        None, description="Day of the month on which falls are decided; without it every run."
    )


class Attribute(Scheme):
    """The value of a column is the class."""

    kind: Literal["attribute"] = Field(description="attribute: the value of a column is the class.")
    by: Annotated[Expression, Field(pattern=NAME)] = Field(description="The column.")
    classes: list[ValueClass] = Field(
        [], description="The values that are allowed; without them every value is a class."
    )

    @property
    def measure(self) -> str:
        return self.by

    def inputs(self) -> Iterator[Reading]:
        yield from super().inputs()
        yield Reading(("by",), self.by)


class Rules(Ranking):
    """Conditions on facts, metrics and earlier schemes; the first class that fits wins."""

    kind: Literal["rules"] = Field(description="rules: conditions; the first class that fits wins.")
    many: bool = Field(False, description="true: every class that fits, a true/false column each.")
    classes: Annotated[list[RuleClass], Field(min_length=1)] = Field(
        description="The classes in order of evaluation."
    )
    follows: dict[Named, list[Named] | Literal["any"]] = Field(
        {}, description="{class: [classes it is entered from] or any}; other moves are warned of."
    )

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.many:
            self._check_many()
        else:
            _check_siblings(self.classes)
        before = [code for states in self.follows.values() if states != "any" for code in states]
        self.check_codes("follows", [*self.follows, *before])
        return self

    def _check_many(self) -> None:
        if self.declared or self.follows:
            raise ValueError("many: a scheme of many classes has neither `declared` nor `follows`.")
        for part in self.classes:
            if not part.when or part.otherwise or part.classes:
                raise ValueError(f"many: the class {part.code!r} has `when` and nothing else.")

    def class_columns(self) -> dict[str, str]:
        if not self.many:
            return super().class_columns()
        return {f"{self.id}_{part.code}": "boolean" for part in self.classes}


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
        for part in self.classes[:-1]:
            if part.otherwise or not (part.is_bounded or part.when):
                raise ValueError(
                    f"the class {part.code!r} takes everybody, so those after it are unreachable."
                )
        for key in ("top", "top_value"):
            shares = [getattr(part, key) for part in self.classes if getattr(part, key) is not None]
            if shares != sorted(set(shares)):
                raise ValueError(f"the shares of `{key}` have to rise from the best class down.")
        return self


class Ladder(Graded):
    """Bounds of one number, or shares of the population ranked by it."""

    kind: Literal["ladder"] = Field(description="ladder: bounds or shares of one number.")
    by: Expression = Field(description="The number; of a ranked ladder one column.")

    @property
    def measure(self) -> str:
        return self.by

    def inputs(self) -> Iterator[Reading]:
        yield from super().inputs()
        yield Reading(("by",), self.by, self.has_cuts)

    @model_validator(mode="after")
    def _is_total(self) -> Self:
        *others, last = self.classes
        if last.is_bounded or last.when:
            raise ValueError(f"the last class of a ladder has no bound; {last.code!r} has one.")
        ranked = any(part.is_ranked for part in self.classes)
        if ranked and not self.by.isidentifier():
            raise ValueError("`by` of a ranked ladder is one column; name the expression a metric.")
        bounds = [part.at_least for part in others if part.at_least is not None]
        if not ranked and bounds != sorted(set(bounds), reverse=True):
            raise ValueError("the bounds of `at_least` have to fall from the best class down.")
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
    def _is_ranked_once(self) -> Self:
        for name, dimension in self.dimensions.items():
            if dimension.scored and self.ranks_itself:
                raise ValueError(
                    f"the dimension {name} is scored already, so top, top_value and pNN cannot "
                    "rank this score: a cut is over facts and metrics, or scores of those."
                )
        return self

    def score_columns(self) -> list[str]:
        return [*(f"{self.id}_{name}" for name in self.dimensions), f"{self.id}_score"]

    def inputs(self) -> Iterator[Reading]:
        yield from super().inputs()
        for name, dimension in self.dimensions.items():
            place = ("dimensions", name)
            facts_only = self.has_cuts and not dimension.scored
            yield Reading((*place, "by"), dimension.by, facts_only)
            if dimension.among:
                yield Reading((*place, "among"), dimension.among, self.has_cuts)


def _check_siblings(siblings: Sequence[RuleClass]) -> None:
    """Each but the last has a condition, the last a condition or `otherwise`; so at every depth."""
    *others, last = siblings
    for part in others:
        if part.otherwise or not part.when:
            raise ValueError(
                f"the class {part.code!r} takes everybody, so those after it are unreachable."
            )
    if not last.when and not last.otherwise:
        raise ValueError(f"the class {last.code!r} needs `when` or `otherwise: true`.")
    for part in siblings:
        if part.classes:
            _check_siblings(part.classes)
