"""The JSON Schema of policy files, from which editors complete and mark mistakes."""

import json
from decimal import Decimal
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from orchestration.policy.theme import Document

SCHEMA_FILE = "schema.json"


class _ForEditors(GenerateJsonSchema):
    """What may be left out is never written as null, and a key needs no title beside its name."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if schema.get("default"):
            return super().default_schema(schema)
        return self.generate_inner(schema["schema"])

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        made = super().dict_schema(schema)
        return made | {"additionalProperties": False} if "patternProperties" in made else made

    def encode_default(self, dft: Any) -> Any:
        return float(dft) if isinstance(dft, Decimal) else super().encode_default(dft)

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schema_text() -> str:
    """The schema of the whole file, as the text of `schema.json`; the same models load a policy.

    It knows keys and the form of values. What an expression names, and whether classes are in
    order, only `tiers policy check` can tell.
    """
    schema = Document.model_json_schema(schema_generator=_ForEditors)
    whole = {"$schema": _ForEditors.schema_dialect, **schema}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
