"""What things are called and what they tell, in English and Chinese."""

from typing import Any

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from orchestration.policy.values import TEXT, Strict, Text, refusal


class Label(Strict):
    """A name in English and Chinese."""

    en: Text = Field(description="The name in English.")
    zh: Text = Field(description="The name in Chinese.")


class Description(Strict):
    """What something tells, in English and Chinese; a plain text stands for both."""

    en: Text = Field(description="The text in English.")
    zh: Text = Field(description="The text in Chinese.")

    @model_validator(mode="before")
    @classmethod
    def _plain_text_stands_for_both(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"en": value, "zh": value}
        if isinstance(value, dict):
            return value
        raise refusal(f"{value!r}: expected a text, or one in each language: {{en: …, zh: …}}.")

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        both = handler.resolve_ref_schema(handler(schema))
        plain = {"type": "string", "pattern": TEXT}
        return {"description": both.pop("description"), "anyOf": [plain, both]}
