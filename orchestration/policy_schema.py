"""The shape of a policy file: what a theme, a scheme and a class may say, checked by pydantic."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from orchestration.expressions import CUT

NAME = r"^[a-z][a-z0-9_]*$"


def _percent(value: Any) -> Decimal:
    """`5%` → 0.05."""
    if not isinstance(value, str) or not value.endswith("%"):
        raise ValueError(f"{value!r} is not a share; write it as in 5%.")
    try:
        share = Decimal(value[:-1]) / 100
        within = 0 <= share <= 1
    except InvalidOperation:
        raise ValueError(f"{value!r} is not a share; write it as in 5%.") from None
    if not within:
        raise ValueError(f"{value!r} is not between 0% and 100%.")
    return share


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} is not a number.")
    return Decimal(str(value))


def _expression(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not an expression; put it in quotes.")
    return value


def _code(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("is read as yes or no by YAML; put the code in quotes.")
    if value == "unclassified":
        raise ValueError("'unclassified' is kept for customers whom no class fits.")
    return value


Percent = Annotated[Decimal, BeforeValidator(_percent)]
Number = Annotated[Decimal, BeforeValidator(_number)]
Expression = Annotated[str, BeforeValidator(_expression)]
Code = Annotated[str, BeforeValidator(_code), Field(pattern=NAME)]
Text = Annotated[str, AfterValidator(str.strip), Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(_Strict):
    """A name in English and Chinese."""

    en: Text
    zh: Text


class Group(Label):
    """Classes that some readers take together."""

    of: list[Code]


class PolicyClass(Label):
    """One class: a code, its labels, and conditions that all have to hold."""

    code: Code
    aliases: list[Text] = []
    share: tuple[Percent, Percent] | None = None
    at_least: Number | None = None
    top: Percent | None = None
    top_value: Percent | None = None
    when: Expression | None = None
    otherwise: Literal[True] | None = None

    @model_validator(mode="after")
    def _share_is_a_range(self) -> Self:
        if self.share and self.share[0] > self.share[1]:
            raise ValueError("share is [least, greatest]; nothing lies between these two.")
        return self

    @property
    def is_ranged(self) -> bool:
        """Whether it asks for a range of the measure of a ladder or score."""
        return not (self.at_least is None and self.top is None and self.top_value is None)

    @property
    def is_bounded(self) -> bool:
        """Whether the class asks for anything at all."""
        return self.is_ranged or self.when is not None


class Dimension(_Strict):
    """One dimension of a score: a metric, ranked into equal parts or held against fixed bounds."""

    by: Expression
    weight: Number = Decimal(1)
    best: Literal["high", "low"] = "high"
    parts: Annotated[int, Field(ge=2, le=20)] = 5
    at_least: Annotated[list[Number], Field(min_length=1)] | None = None
    among: Expression | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.weight <= 0:
            raise ValueError("a weight is greater than 0; leave out what shall not count.")
        bounds = self.at_least or []
        if bounds != sorted(set(bounds), reverse=self.best == "low"):
            raise ValueError("the bounds of `at_least` go from the worst to the best value.")
        return self


class Scheme(_Strict):
    """One classification: whom it is for, what it reads, and its classes, best first."""

    id: Code
    kind: Literal["ladder", "score", "rules"]
    label: Label
    description: Text | None = None
    population: Expression | None = None
    among: Expression | None = None
    min_population: Annotated[int, Field(ge=1)] | None = None
    calibrate: Literal["monthly", "quarterly", "yearly", "each_run"] = "monthly"
    groups: dict[Code, Group] = {}
    by: Expression | None = None
    dimensions: dict[Code, Dimension] = {}
    classes: Annotated[list[PolicyClass], Field(min_length=1)]
    follows: dict[Code, list[Code] | Literal["any"]] = {}

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        codes = [part.code for part in self.classes]
        for code in codes:
            if codes.count(code) > 1:
                raise ValueError(f"the class {code!r} stands twice.")
        named = {code for group in self.groups.values() for code in group.of} | set(self.follows)
        named |= {code for states in self.follows.values() if states != "any" for code in states}
        if named - set(codes):
            raise ValueError(
                f"groups or follows name no class of the scheme: {sorted(named - set(codes))}."
            )
        if (self.kind == "ladder") != (self.by is not None):
            raise ValueError("`by` belongs to a ladder, and a ladder needs it.")
        if (self.kind == "score") != bool(self.dimensions):
            raise ValueError("`dimensions` belong to a score, and a score needs them.")
        by_share = any(part.top or part.top_value for part in self.classes)
        if by_share and self.by and not re.fullmatch(NAME, self.by):
            raise ValueError("`by` of a ranked ladder is one column; name the expression a metric.")
        if self.min_population and not self.has_cuts:
            raise ValueError(
                "min_population is for schemes that rank (top, top_value, pNN or score parts)."
            )
        self._check_order()
        return self

    def _check_order(self) -> None:
        *others, last = self.classes
        for part in others:
            if part.otherwise or not part.is_bounded:
                raise ValueError(
                    f"the class {part.code!r} takes everybody, so those after it are unreachable."
                )
        if self.kind == "rules":
            if any(part.is_ranged for part in self.classes):
                raise ValueError(
                    "classes of rules use `when`; at_least, top, top_value are for ladders, scores."
                )
            if not last.is_bounded and not last.otherwise:
                raise ValueError(f"the class {last.code!r} needs `when` or `otherwise: true`.")
        elif last.is_bounded and self.kind == "ladder":
            raise ValueError(f"the last class of a ladder has no bound; {last.code!r} has one.")
        for key in ("top", "top_value"):
            shares = [getattr(part, key) for part in self.classes if getattr(part, key) is not None]
            if shares != sorted(set(shares)):
                raise ValueError(f"the shares of `{key}` have to rise from the best class down.")
        if self.kind == "ladder" and not any(part.top or part.top_value for part in self.classes):
            bounds = [part.at_least for part in others if part.at_least is not None]
            if bounds != sorted(set(bounds), reverse=True):
                raise ValueError("the bounds of `at_least` have to fall from the best class down.")

    @property
    def has_cuts(self) -> bool:
        """Whether anything in the scheme is ranked."""
        ranked = any(dimension.at_least is None for dimension in self.dimensions.values())
        return ranked or any(
            part.top is not None
            or part.top_value is not None
            or (part.when and CUT.search(part.when))
            for part in self.classes
        )

    def columns(self) -> list[str]:
        """The columns that the scheme adds to a customer's classes."""
        scores = [f"{self.id}_{name}" for name in self.dimensions]
        return [*scores, *([f"{self.id}_score"] if self.kind == "score" else []), self.id]

    def inputs(self) -> Iterator[tuple[tuple[Any, ...], str]]:
        """Yield (field, expression) of what the scheme reads, and of whom it classifies."""
        for field in ("population", "among", "by"):
            if text := getattr(self, field):
                yield (field,), text
        for name, dimension in self.dimensions.items():
            yield ("dimensions", name, "by"), dimension.by
            if dimension.among:
                yield ("dimensions", name, "among"), dimension.among

    def conditions(self) -> Iterator[tuple[tuple[Any, ...], str]]:
        """Yield (field, expression) of the conditions of its classes."""
        for position, part in enumerate(self.classes):
            if part.when:
                yield ("classes", position, "when"), part.when

    def condition_in_words(self, part: PolicyClass) -> str:
        """What a class asks for, as one line for the catalogue."""
        measure = self.by or "score"
        words = []
        if part.top is not None:
            words.append(f"top {part.top * 100:f}".rstrip("0").rstrip(".") + f"% by {measure}")
        if part.top_value is not None:
            words.append(f"the customers who make {part.top_value:.0%} of {measure}")
        if part.at_least is not None:
            words.append(f"{measure} >= {part.at_least}")
        if part.when:
            words.append(part.when)
        return " and ".join(words) or "the rest"


class Theme(_Strict):
    """One policy file: metrics that it defines, and its schemes in order."""

    metrics: dict[Code, Expression] = {}
    schemes: Annotated[list[Scheme], Field(min_length=1)]

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        ids = [scheme.id for scheme in self.schemes]
        for each in ids:
            if ids.count(each) > 1:
                raise ValueError(f"the scheme {each!r} stands twice.")
        return self
