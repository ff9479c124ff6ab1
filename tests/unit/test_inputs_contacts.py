"""The keys of contacts in the warehouse: made once, kept while right, gone when not meant."""

from collections.abc import Iterator

import duckdb
import pytest

from orchestration import contact_keys
from orchestration.inputs.contacts import write_contact_keys
from orchestration.sources.identity import Identity

CHINESE = Identity(match=("phone", "email"), phone_region="CN")
Warehouse = duckdb.DuckDBPyConnection


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    with duckdb.connect() as connection:
        connection.execute("create schema landing")
        connection.execute(
            "create table landing.customers as select * from (values"
            " ('13800138000', 'a@b.example', false), (' 13800138000\u3000', null, false),"
            " ('n/a', 'A@b.example', false), ('13900139000', 'old@b.example', true)"
            ") as rows (phone, email, _superseded)"
        )
        yield connection


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts whose keys were made."""
    texts: list[str] = []
    key_of = contact_keys.key_of

    def listening(kind: str, text: str, region: str | None) -> str | None:
        texts.append(text)
        return key_of(kind, text, region)

    monkeypatch.setattr(contact_keys, "key_of", listening)
    return texts


def keys(warehouse: Warehouse) -> set[tuple[str, str, str | None]]:
    rows = warehouse.execute("select kind, given, contact_key from landing.contact_keys")
    return set(rows.fetchall())


EXPECTED = {
    ("phone", "13800138000", "+8613800138000"),
    ("phone", "n/a", None),
    ("email", "a@b.example", "a@b.example"),
    ("email", "A@b.example", "a@b.example"),
}


def test_each_text_of_the_rows_that_count_has_its_key_once(
    warehouse: Warehouse, made: list[str]
) -> None:
    write_contact_keys(warehouse, CHINESE)
    assert keys(warehouse) == EXPECTED
    assert len(made) == len(EXPECTED)


def test_what_is_known_is_not_made_again_and_what_is_gone_is_forgotten(
    warehouse: Warehouse, made: list[str]
) -> None:
    write_contact_keys(warehouse, CHINESE)
    made.clear()
    warehouse.execute("update landing.customers set phone = '13700137000' where phone = 'n/a'")
    write_contact_keys(warehouse, CHINESE)
    assert made == ["13700137000"]
    new = {("phone", "13700137000", "+8613700137000")}
    assert keys(warehouse) == EXPECTED - {("phone", "n/a", None)} | new


def test_keys_of_another_country_are_made_anew(warehouse: Warehouse) -> None:
    write_contact_keys(warehouse, CHINESE)
    write_contact_keys(warehouse, Identity(match=("phone",)))
    assert keys(warehouse) == {("phone", "13800138000", None), ("phone", "n/a", None)}


def test_there_is_no_key_while_identity_is_off(warehouse: Warehouse) -> None:
    write_contact_keys(warehouse, CHINESE)
    write_contact_keys(warehouse, None)
    assert keys(warehouse) == set()
