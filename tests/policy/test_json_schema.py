"""The JSON Schema from which editors complete: it stands for the same models that load a policy."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from policy_project import PolicyProject

from orchestration.policy.json_schema import SCHEMA_FILE, schema_text
from orchestration.settings import DBT_PROJECT

POLICY = DBT_PROJECT / "policy"
REFUSED = Path(__file__).with_name("refused")
SCHEMA = json.loads(schema_text())
VALIDATOR = Draft202012Validator(SCHEMA)


def is_accepted(file: Path) -> bool:
    """Whether an editor marks nothing; to it every key is a text."""
    content = json.dumps(yaml.safe_load(file.read_text("utf-8")))
    return bool(VALIDATOR.is_valid(json.loads(content)))


def properties(schema: Any) -> Iterator[tuple[str, Any]]:
    """Yield (key, what is said of it) wherever the schema describes the keys of a mapping."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
        for part in schema.values():
            yield from properties(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from properties(part)


def test_the_committed_schema_is_that_of_the_models() -> None:
    committed = (POLICY / SCHEMA_FILE).read_text("utf-8")
    assert committed == schema_text(), "`make schema` writes it anew"


def test_it_is_a_valid_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_it_describes_every_key() -> None:
    found = list(properties(SCHEMA))
    assert {"models", "config", "meta", "schemes", "dimensions", "when"} <= {
        key for key, _ in found
    }
    assert [key for key, said in found if not said.get("description")] == []


@pytest.mark.parametrize("file", sorted(POLICY.glob("*.yml")), ids=lambda file: file.stem)
def test_it_accepts_a_bundled_file_and_the_file_names_it(file: Path) -> None:
    assert is_accepted(file)
    first = file.read_text("utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema={SCHEMA_FILE}"


def test_it_accepts_every_form_of_the_language(tmp_path: Path) -> None:
    project = PolicyProject(tmp_path)
    forms = Path(__file__).with_name("every_form.yml")
    project.write("forms", forms.read_text("utf-8"))
    assert is_accepted(project.policy / "forms.yml")


@pytest.mark.parametrize("file", sorted(REFUSED.glob("by_schema/*")), ids=lambda file: file.stem)
def test_it_refuses_wrong_keys_and_values(file: Path) -> None:
    assert not is_accepted(file)


@pytest.mark.parametrize("file", sorted(REFUSED.glob("by_loading/*")), ids=lambda file: file.stem)
def test_names_and_order_are_for_loading_to_refuse(file: Path) -> None:
    assert is_accepted(file)
