"""What a scheme may expect of its own evaluation."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from orchestration.policy.values import Number, Strict, refusal

# The measures of scheme_evaluation; docs/EVALUATION.md says what each means.
Measure = Literal[
    "coverage",
    "unnamed_share",
    "top_revenue_share",
    "top_mean_ratio",
    "concentration",
    "spearman_90d",
    "auc_active_90d",
    "top_lift_90d",
    "monotone_share_90d",
    "spearman_180d",
    "auc_active_180d",
    "top_lift_180d",
    "monotone_share_180d",
    "monthly_moves",
    "flips",
    "distribution_psi",
]


class Bounds(Strict):
    """Between which values a measure is expected."""

    bounds: Annotated[list[Number], Field(min_length=2, max_length=2)] = Field(
        description="[least, greatest] value."
    )
    blocks: bool = Field(
        False, description="true: outside them gate 2 refuses; otherwise it warns."
    )

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.bounds[0] > self.bounds[1]:
            raise refusal("expected [least, greatest]; nothing lies between these.", "bounds")
        return self


def _bounds(value: Any) -> Any:
    """A bare `[least, greatest]` warns."""
    if not isinstance(value, list | dict):
        raise ValueError(f"{value!r} is no range; expected [least, greatest].")
    return {"bounds": value} if isinstance(value, list) else value


_RANGE = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
_EITHER = {
    "anyOf": [
        _RANGE,
        {
            "type": "object",
            "properties": {
                "bounds": {**_RANGE, "description": Bounds.model_fields["bounds"].description},
                "blocks": {
                    "type": "boolean",
                    "description": Bounds.model_fields["blocks"].description,
                },
            },
            "required": ["bounds"],
            "additionalProperties": False,
        },
    ]
}
Expected = Annotated[Bounds, BeforeValidator(_bounds), WithJsonSchema(_EITHER)]
