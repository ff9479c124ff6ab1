"""The canonical tables, as the staging yml describe them."""

from pathlib import Path

import pytest

from orchestration.canonical import (
    TABLES,
    CanonicalError,
    CanonicalTable,
    canonical_tables,
    read_canonical_table,
)

YML = """
models:
- name: things
  description: One row per thing.
  config: {meta: {key: [thing_id], required: [thing_id], either: [[a, b]]}}
  columns:
  - {name: thing_id, data_type: text, description: Identity.}
  - {name: a, data_type: money, description: A., config: {meta: {personal: true, values: [x, "1"]}}}
  - {name: b, data_type: date, description: B.}
  - {name: c, data_type: date, description: C., config: {meta: {derived: true}}}
"""


def read(folder: Path, content: str) -> CanonicalTable:
    (folder / "things.yml").write_text(content)
    return read_canonical_table(folder / "things.yml")


def test_the_eleven_tables_are_there_in_order() -> None:
    assert tuple(canonical_tables()) == TABLES


def test_each_table_has_the_columns_that_everything_else_counts_on() -> None:
    tables = canonical_tables()
    assert tables["orders"].required == ("order_id", "customer_id", "ordered_at", "amount")
    assert tables["order_lines"].key == ("order_id", "line_no")
    assert tables["refunds"].either == (("order_id", "customer_id"),)
    assert tables["orders"].columns["amount"].data_type == "money"
    assert "order_date" not in tables["orders"].columns
    assert "campaign" in tables["interactions"].columns["kind"].values
    personal = {name for name, column in tables["customers"].columns.items() if column.personal}
    assert personal == {"name", "email", "phone", "registration_code", "birth_date"}


@pytest.mark.parametrize("table", TABLES)
def test_a_row_of_any_table_may_have_a_version_and_be_deleted_at_its_source(table: str) -> None:
    columns = canonical_tables()[table].columns
    assert columns["updated_at"].data_type == "timestamp"
    assert columns["is_deleted"].data_type == "boolean"


def test_a_yml_is_read_with_its_keys_values_and_personal_columns(tmp_path: Path) -> None:
    table = read(tmp_path, YML)
    assert list(table.columns) == ["thing_id", "a", "b"]
    assert table.columns["a"].values == ("x", "1")
    assert table.columns["a"].personal
    assert table.either == (("a", "b"),)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("name: things", "name: others"),
        ("key: [thing_id]", "key: [id]"),
        ("data_type: money", "data_type: decimal"),
        ("required: [thing_id], ", ""),
        ("models:", "models: ["),
    ],
)
def test_a_yml_that_describes_no_table_is_an_error(tmp_path: Path, right: str, wrong: str) -> None:
    assert right in YML
    with pytest.raises(CanonicalError, match=r"things\.yml"):
        read(tmp_path, YML.replace(right, wrong))
