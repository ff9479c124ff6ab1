"""The values that a policy file may hold: names, codes, shares, numbers, expressions."""

import re
from decimal import Decimal
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
VALUE = r"^[^'\\]+$"
TEXT = r"\S"
# A cut is named after its share as it is written, and the warehouse keeps four digits of it.
SHARE = r"^[0-9]{1,3}(\.[0-9]{1,4})?%$"
# What a pattern asks for, in words.
EXPECTED = {
    NAME: "expected lower case letters, digits and _, with a letter first.",
    VALUE: "expected a text without ' and \\.",
    TEXT: "expected a text that is not blank.",
}
UNCLASSIFIED = "unclassified"
UNKNOWN = "unknown"


def _percent(value: Any) -> Decimal:
    """`5%` → 0.05."""
    if not isinstance(value, str) or not re.fullmatch(SHARE, value):
        raise ValueError(f"{value!r} is not a share; write it as in 5% or 0.25%.")
    share = Decimal(value[:-1]) / 100
    if share > 1:
        raise ValueError(f"{value!r} is not between 0% and 100%.")
    return share


def _portion(share: Decimal) -> Decimal:
    if share in (0, 1):
        raise ValueError(f"{share:.0%} is nobody or everybody; expected a share in between.")
    return share


def _number(value: Any) -> Decimal:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not Decimal(str(value)).is_finite():
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


def _before(value: Any) -> Any:
    if value == "any" or isinstance(value, list):
        return None if value == "any" else value
    raise ValueError(f"{value!r}: expected a list of classes, or any.")


def _value(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError(f"{value!r} is a number, and values are compared as text; quote it.")
    if value == UNKNOWN:
        raise ValueError(f"{value!r} is kept for customers without a value.")
    return _code(value)


BEFORE = {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"const": "any"}]}
SHARE_TEXT = {"type": "string", "pattern": SHARE}
Percent = Annotated[Decimal, BeforeValidator(_percent), WithJsonSchema(SHARE_TEXT)]
Portion = Annotated[Percent, AfterValidator(_portion)]
Number = Annotated[Decimal, BeforeValidator(_number), WithJsonSchema({"type": "number"})]
Expression = Annotated[str, Field(min_length=1), BeforeValidator(_expression)]
Column = Annotated[str, Field(pattern=NAME), BeforeValidator(_expression)]
Name = Annotated[str, Field(pattern=NAME), BeforeValidator(_code)]
# A value of an attribute becomes a literal of SQL, in which these would need an escape.
Value = Annotated[str, Field(pattern=VALUE), BeforeValidator(_value)]
# The code of a class where it is named: in a tree a path, in an attribute a value.
Named = Annotated[str, BeforeValidator(_code)]
# The classes that one is entered from; None stands for any.
Before = Annotated[list[Named] | None, BeforeValidator(_before), WithJsonSchema(BEFORE)]
Text = Annotated[str, Field(pattern=TEXT)]


def refusal(told: str, *place: str | int) -> PydanticCustomError:
    """What a validator of a mapping raises; `place` leads from the mapping to what is wrong."""
    return PydanticCustomError("refused", "{told}", {"told": told, "place": place})


class Strict(BaseModel):
    """A mapping that has these keys and no other."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @model_validator(mode="before")
    @classmethod
    def _has_known_keys(cls, value: Any) -> Any:
        for key, content in value.items() if isinstance(value, dict) else ():
            if key not in cls.model_fields:
                known = ", ".join(cls.model_fields)
                raise refusal(f"is not known here; expected one of {known}.", str(key))
            if content is None:
                raise refusal("is empty; expected a value, or no such key.", key)
        return value
