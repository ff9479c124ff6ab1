"""Every folder of a CRM vendor holds a mapping that fits, and has a contract test of its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from orchestration.canonical import canonical_tables
from orchestration.settings import PROJECT
from orchestration.sources.crm.filling import NAME
from orchestration.sources.crm.vendor import FOLDER, MAPPING, ObjectMapping, Vendor, vendor, vendors
from orchestration.sources.rules import missing_columns
from orchestration.sources.sql import EPOCHS

ALWAYS = {"object", "fields", "since", "last"}


@pytest.fixture(params=vendors())
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_folder_is_a_vendor() -> None:
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir()} - {"__pycache__"}
    assert folders == set(vendors())
    assert {"zoho", "fxiaoke"} <= folders


def test_a_vendor_has_no_python_of_its_own(name: str) -> None:
    assert [path.name for path in (FOLDER / name).iterdir()] == [MAPPING]


def test_a_vendor_has_a_contract_test_and_a_server(name: str) -> None:
    tests = PROJECT / "tests" / "crm"
    assert (tests / f"test_{name}.py").exists()
    assert (tests / f"{name}_server.py").exists()
    assert f'"{name}"' in (tests / "vendors.py").read_text("utf-8")


def test_a_mapping_says_where_it_is_from_and_which_limits_it_keeps(name: str) -> None:
    known = vendor(name)
    assert known.documentation
    assert all(re.match(r"https://", address) for address in known.documentation)
    assert known.limits


def test_every_address_is_https_and_every_region_has_the_same(name: str) -> None:
    known = vendor(name)
    assert len({frozenset(places) for places in known.regions.values()}) == 1
    for places in known.regions.values():
        assert all(address.startswith("https://") for address in places.values())
    assert known.region is None or known.region in known.regions


def test_every_name_in_a_template_is_known(name: str) -> None:
    known = vendor(name)
    places = set(next(iter(known.regions.values())))
    kept = set(known.token.keep) if known.token else set()
    names = {*ALWAYS, *known.credentials, *places, *kept}
    templates = known.model_dump(include={"token", "sign", "listing", "deleted"})
    assert {found for text in _texts(templates) for found in NAME.findall(text)} <= names
    named = [*known.answers.rules, *(known.token.answers.rules if known.token else [])]
    assert {each for rule in named for each in rule.names} <= set(known.credentials)


def test_no_key_stands_twice(name: str) -> None:
    class Strict(yaml.SafeLoader):
        """Takes no key twice."""

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            keys = [self.construct_object(key, deep=True) for key, _ in node.value]
            assert len(keys) == len(set(keys)), f"{node.start_mark}: a key stands twice"
            return super().construct_mapping(node, deep)

    yaml.load((FOLDER / name / MAPPING).read_text("utf-8"), Strict)


def _objects() -> Iterator[tuple[str, str, str]]:
    for name in vendors():
        for table, objects in vendor(name).tables.items():
            for mapped in objects:
                yield name, table, mapped


@pytest.mark.parametrize(("name", "table", "mapped"), list(_objects()))
def test_an_object_becomes_a_canonical_table(name: str, table: str, mapped: str) -> None:
    known = vendor(name)
    canonical, mapping = canonical_tables()[table], known.tables[table][mapped]
    supplied = {*mapping.columns, *mapping.constants}
    assert supplied <= set(canonical.columns)
    assert not set(mapping.columns) & set(mapping.constants)
    assert missing_columns(canonical, supplied) == ""
    assert {"updated_at"} <= supplied
    assert known.deleted is not None or "is_deleted" in supplied
    assert mapping.columns[canonical.key[0]] == known.key
    assert mapping.columns["updated_at"] == known.cursor.field
    assert set(mapping.values) | set(mapping.formats) <= set(mapping.columns)
    for column, words in mapping.values.items():
        lowered = [word.strip().lower() for word in words]
        assert len(lowered) == len(set(lowered))
        _assert_words(table, column, words.values())
    for column, value in mapping.constants.items():
        _assert_words(table, column, [value])
    assert set(mapping.formats.values()) <= set(EPOCHS)
    _assert_derived(known, table, mapped, mapping)


def _assert_derived(known: Vendor, table: str, mapped: str, mapping: ObjectMapping) -> None:
    cases = known.cases(table, mapped)
    assert all(derived.startswith("=") for derived in cases)
    used = {path for path in mapping.columns.values() if path.startswith("=")}
    assert set(mapping.derived) <= used <= set(cases)
    for column, path in mapping.columns.items():
        for case in cases.get(path, ()):
            assert (case.source is None) != (case.constant is None)
            _assert_words(table, column, [case.constant])


def _assert_words(table: str, column: str, words: Any) -> None:
    allowed = canonical_tables()[table].columns[column].values
    assert not allowed or {word for word in words if word} <= set(allowed)


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from _texts(value)
    elif isinstance(content, list):
        for value in content:
            yield from _texts(value)
