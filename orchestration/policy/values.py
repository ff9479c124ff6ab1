"""The values that a policy file may hold: names, codes, shares, numbers, expressions."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

NAME = r"^[a-z][a-z0-9_]*$"
UNCLASSIFIED = "unclassified"
UNKNOWN = "unknown"


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
        raise ValueError(f"{value!r} is how YAML reads yes, no, on and off; put it in quotes.")
    if value == UNCLASSIFIED:
        raise ValueError(f"{value!r} is kept for customers whom no class fits.")
    return value


def _value(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError(f"{value!r} is a number, and values are compared as text; quote it.")
    if value == UNKNOWN:
        raise ValueError(f"{value!r} is kept for customers without a value.")
    return _code(value)


SHARE_TEXT = {"type": "string", "pattern": r"^\d{1,3}(\.\d+)?%$"}
Percent = Annotated[Decimal, BeforeValidator(_percent), WithJsonSchema(SHARE_TEXT)]
Number = Annotated[Decimal, BeforeValidator(_number), WithJsonSchema({"type": "number"})]
Expression = Annotated[str, BeforeValidator(_expression), Field(min_length=1)]
Name = Annotated[str, BeforeValidator(_code), Field(pattern=NAME)]
# A value of an attribute becomes a literal of SQL, in which these would need an escape.
Value = Annotated[str, BeforeValidator(_value), Field(pattern=r"^[^'\\]+$")]
# The code of a class where it is named: in a tree a path, in an attribute a value.
Named = Annotated[str, BeforeValidator(_code)]
Text = Annotated[str, AfterValidator(str.strip), Field(min_length=1)]


class Strict(BaseModel):
    """A mapping that has these keys and no other."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _has_known_keys(cls, value: Any) -> Any:
        for key in value if isinstance(value, dict) else ():
            if key not in cls.model_fields:
                raise PydanticCustomError(
                    "unknown_key",
                    "is not known here; expected one of {expected}.",
                    {"key": str(key), "expected": ", ".join(cls.model_fields)},
                )
        return value
