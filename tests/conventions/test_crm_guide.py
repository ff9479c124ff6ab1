"""What is shown and told of CRMs is so."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from pydantic import BaseModel

from orchestration.settings import PROJECT
from orchestration.sources.crm import vendor as parts
from orchestration.sources.crm.vendor import Case, vendors
from orchestration.sources.entries import CrmEntry
from orchestration.sources.source_file import load_source_file

GUIDE = (PROJECT / "docs" / "adding-a-crm.md").read_text("utf-8")
SOURCES = (PROJECT / "docs" / "sources.md").read_text("utf-8")


def test_the_source_file_of_the_guide_to_sources_loads(tmp_path: Path) -> None:
    block = SOURCES.split("<!-- crm -->")[1].split("```yaml\n")[1].split("```")[0]
    (tmp_path / "sources.yml").write_text(block, "utf-8")
    source = load_source_file(tmp_path / "sources.yml")
    entries = [entry for entries in source.tables.values() for entry in entries]
    assert {entry.kind for entry in entries if isinstance(entry, CrmEntry)} == set(vendors())


def test_the_guide_to_sources_says_that_the_live_services_were_not_called() -> None:
    assert "The live services were not called" in SOURCES


def test_the_guide_tells_every_part_of_a_mapping_file() -> None:
    models = [
        each
        for each in vars(parts).values()
        if isinstance(each, type) and issubclass(each, BaseModel) and each is not BaseModel
    ]
    names = {field.alias or name for model in models for name, field in model.model_fields.items()}
    assert len(names) > 30
    assert {name for name in names if f"`{name}`" not in GUIDE} == set()


def test_the_guide_tells_every_meaning_of_an_answer() -> None:
    meanings = parts.Rule.model_fields["means"].annotation
    words = re.findall(r"'(\w+)'", str(meanings))
    assert len(words) == 5
    assert all(f"| `{word}` |" in GUIDE for word in words)


def test_the_derived_fields_of_the_guide_are_valid() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    for name, cases in yaml.safe_load(block)["derived"].items():
        assert name.startswith("=")
        assert [Case.model_validate(case) for case in cases]
