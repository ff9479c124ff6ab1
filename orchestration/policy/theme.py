"""A policy file as a whole: one dbt model, with the policy of its theme under `config.meta`."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Discriminator, Field, model_validator

from orchestration.policy.grades import Ladder, Score
from orchestration.policy.labels import Label
from orchestration.policy.rules import Attribute, Rules
from orchestration.policy.values import NAME, Expression, Name, Strict, refusal

AnyScheme = Annotated[Ladder | Score | Rules | Attribute, Discriminator("kind")]


class Theme(Strict):
    """The policy of one theme: what it names, and its schemes in order."""

    attributes: dict[Name, Literal["number", "text"]] = Field(
        {}, description="{name: number or text}: attributes of customers, usable as facts."
    )
    metrics: dict[Name, Expression] = Field(
        {}, description="{name: expression}: named numbers, usable as facts from here on."
    )
    labels: dict[Name, Label] = Field(
        {}, description="{name: {en, zh}}: what attributes and metrics are called for readers."
    )
    schemes: Annotated[list[AnyScheme], Field(min_length=1)] = Field(
        description="The schemes; each may read those before it."
    )
    contradictions: list[Expression] = Field(
        [], description="Conditions that must be true of nobody; gate 2 refuses when one is."
    )

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        ids = [scheme.id for scheme in self.schemes]
        for position, each in enumerate(ids):
            if each in ids[:position]:
                raise refusal(f"{each!r} stands twice.", "schemes", position, "id")
        return self


class Config(BaseModel):
    """dbt's configuration of the model. Its other keys are dbt's."""

    meta: Theme = Field(description="The policy of the theme.")


class Model(BaseModel):
    """The dbt model of the theme. Its other keys are dbt's."""

    name: Annotated[str, Field(pattern=NAME)] = Field(
        description="The theme: the name of the file."
    )
    description: str | None = Field(None, description="What one row of the model is.")
    config: Config = Field(description="dbt's configuration of the model.")


class Document(BaseModel):
    """A policy file of customer-tiers."""

    models: Annotated[list[Model], Field(min_length=1, max_length=1)] = Field(
        description="The one dbt model that the file describes."
    )
