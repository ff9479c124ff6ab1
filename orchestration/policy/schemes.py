"""What all schemes have: a population, classes, the columns they add, what they read."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from orchestration.policy.classes import Group, Node, Place, PolicyClass, nodes
from orchestration.policy.evidence import Expected, Measure
from orchestration.policy.expressions import BOUND
from orchestration.policy.kinds import Kind, kind_of_type
from orchestration.policy.labels import Description, Label
from orchestration.policy.values import UNCLASSIFIED, Expression, Name, Strict, refusal


class Declared(Strict):
    """That a person or a CRM field may set the class."""

    days: Annotated[int, Field(ge=1)] = Field(description="So long a declaration is in force.")


@dataclass(frozen=True)
class Reading:
    """An expression that a scheme reads.

    Attributes:
        facts_only: whether it may name facts and metrics only.
        kind: what it has to come to; None for anything.
    """

    place: Place
    text: str
    facts_only: bool = False
    kind: Kind = "boolean"


class Scheme(Strict):
    """What every scheme has: whom it classifies, what it is called, and its classes, best first."""

    id: Name = Field(description="Id of the scheme, and the column that holds the class.")
    kind: str
    label: Label = Field(description="What the scheme is called.")
    description: Description | None = Field(
        None, description="What the scheme tells, {en, zh}; a plain text stands for both."
    )
    population: Expression | None = Field(
        None, description="Whom it classifies; everyone if it is left out."
    )
    groups: dict[Name, Group] = Field({}, description="Classes that some readers take together.")
    sensitive: bool = Field(False, description="true: no public table shows it.")
    uses_sensitive: list[Name] = Field(
        [], description="Sensitive columns, such as gender, that decide on its classes or whom."
    )
    expects: dict[Measure, Expected] = Field(
        {}, description="{measure: [least, greatest]}: what its evaluation is to say of it."
    )
    declared: Declared | None = Field(None, description="A person may set the class, for a time.")
    classes: Sequence[PolicyClass]

    @model_validator(mode="after")
    def _classes_stand_once(self) -> Self:
        seen: set[str] = set()
        for node in self.nodes():
            if node.code in seen:
                raise refusal(f"{node.code!r} stands twice.", *node.place, "code")
            seen.add(node.code)
        grouped: set[str] = set()
        for name, group in self.groups.items():
            self.check_codes(group.of, "groups", name, "of")
            for code in group.of:
                if code in grouped:
                    raise refusal(f"{code!r} is in a group already.", "groups", name, "of")
                grouped.add(code)
        return self

    @property
    def has_cuts(self) -> bool:
        """Whether anything in the scheme is ranked."""
        return False

    @property
    def measure(self) -> str:
        """What its classes are bounds or values of."""
        return ""

    @property
    def own_names(self) -> frozenset[str]:
        """What only the conditions of its own classes may name."""
        return frozenset()

    @property
    def unnamed(self) -> tuple[str, ...]:
        """What stands for a missing value."""
        return ()

    def check_codes(self, named: Iterable[str], *place: str) -> None:
        """Refuse what is no class of the scheme."""
        codes = [node.code for node in self.nodes()]
        for code in named:
            if code not in codes:
                raise refusal(f"{code!r} is no class; expected of {', '.join(codes)}.", *place)

    def nodes(self) -> list[Node]:
        """Every class in order, those of a tree before the ones below them."""
        return list(nodes(self.classes))

    def values(self, column: str) -> list[str]:
        """The only texts that a column of its classes may hold; none when any may."""
        computed = {f"{self.id}_computed": "varchar"}
        kinds = self.class_columns() | computed | self.kept_columns()
        if not self.classes or kinds.get(column) != "varchar":
            return []
        return [*(node.code for node in self.nodes()), *self.unnamed, UNCLASSIFIED]

    def class_columns(self) -> dict[str, str]:
        """The column of the class that counts in the end, with its SQL type."""
        return {self.id: "varchar"}

    def kept_columns(self) -> dict[str, str]:
        """What a hold or a declaration has decided beside the class, with SQL types."""
        return {f"{self.id}_declared": "varchar"} if self.declared else {}

    def score_columns(self) -> list[str]:
        """The columns that lead to the class."""
        return []

    def kind_of(self, column: str) -> Kind:
        """What one of its columns holds."""
        if column in self.score_columns():
            return "number"
        return kind_of_type((self.class_columns() | self.kept_columns()).get(column, "varchar"))

    def columns(self) -> list[str]:
        """Every column that the scheme adds to a customer's classes."""
        kept = self.kept_columns()
        computed = [f"{self.id}_computed"] if kept else []
        return [*self.score_columns(), *self.class_columns(), *computed, *kept]

    def inputs(self) -> Iterator[Reading]:
        """Yield what the scheme reads, and whom it classifies."""
        if self.population:
            yield Reading(("population",), self.population, self.has_cuts)

    def coded(self) -> Iterator[Reading]:
        """Yield what it reads as text, to compare it with codes."""
        yield from ()

    def conditions(self) -> Iterator[Reading]:
        """Yield the conditions of its classes."""
        for node in self.nodes():
            if node.part.condition:
                yield Reading((*node.place, "when"), node.part.condition)


class Ranking(Scheme):
    """What schemes have that may rank customers by shares of a population."""

    among: Expression | None = Field(None, description="Whom cuts rank; default the population.")
    min_population: Annotated[int, Field(ge=1)] | None = Field(
        None, description="With fewer customers to rank nobody gets a class."
    )
    calibrate: Literal["monthly", "quarterly", "yearly", "each_run"] = Field(
        "monthly", description="How long a cut is kept before it is computed anew."
    )

    @property
    def has_cuts(self) -> bool:
        return any(BOUND.search(condition.text) for condition in self.conditions())

    @model_validator(mode="after")
    def _ranks_if_it_says_how(self) -> Self:
        for field in ("among", "min_population", "calibrate"):
            if field in self.model_fields_set and not self.has_cuts:
                raise refusal(
                    "is for schemes that rank, by top, top_value, pNN or parts of a score.", field
                )
        return self

    def inputs(self) -> Iterator[Reading]:
        yield from super().inputs()
        if self.among:
            yield Reading(("among",), self.among, self.has_cuts)
