"""A release in PostgreSQL: equal to its files, described as they are, and swapped in whole."""

import json
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from mirrored_schema import (
    MirroredSchema,
    rows_of_parquet,
    rows_of_the_database,
    rows_of_the_schema,
)
from small_release import CUSTOMERS, CUTS, INFO, Company

from orchestration.publishing import PublicTable, Release
from orchestration.publishing.postgresql import Mirrored, MirrorError, Target, mirror
from orchestration.publishing.releases import find_release

VALUES = PublicTable(
    schema="facts",
    name="awkward_values",
    kind="table",
    key=("id",),
    description="One row per awkward value. / 每个棘手的值一行。",
    columns={"id": "Which; it's \\ a 'key'. / 编号。"},
)
AWKWARD = """
create table facts.awkward_values as from (values
    ('001', 0.1::decimal(18, 4), 12345678901234567890.12345678::decimal(38, 8), date '0099-12-31',
     true, '重要价值客户', timestamp '2024-02-29 23:59:59.000001', 9223372036854775807, 1::tinyint),
    ('2', -0.0001, 0, date '9999-12-31', false, '', timestamp '2024-02-29', -1, null),
    ('\\.', null, -1, null, null, e'a "b", \\n\\\\.\\n\\t\\\\N c', null, 0, -128),
    (' 4 ', 99999999999999.9999, null, date '2024-02-29', null, null, null, null, 127)
) as it(id, money, exact, "day", "is it", "text", "moment", "count", small)
"""


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


def published(company: Company, *more: PublicTable, amount: str = "12.5000") -> Release:
    company.build(amount=amount)
    with duckdb.connect(company.warehouse) as con:
        con.execute(AWKWARD)
    return company.publish(tables=(CUSTOMERS, CUTS, INFO, *more))


def names(rows: Sequence[tuple[str]]) -> list[str]:
    return [name for (name,) in rows]


def test_every_value_arrives_as_it_was(company: Company, schema: MirroredSchema) -> None:
    release = published(company, VALUES)
    mirrored = schema.show(release)
    assert mirrored is not None
    assert mirrored.rows == release.rows
    assert schema.tables() == sorted(release.rows)
    for table in release.rows:
        shown = rows_of_the_schema(schema, table)
        assert len(shown) == release.rows[table]
        assert shown == rows_of_the_database(release, table) == rows_of_parquet(release, table)
    types = schema.query(
        "select format_type(atttypid, atttypmod) from pg_attribute"
        " where attrelid = 'customer_tiers.awkward_values'::regclass and attnum > 0 order by attnum"
    )
    assert names(types) == [
        "text",
        "numeric(18,4)",
        "numeric(38,8)",
        "date",
        "boolean",
        "text",
        "timestamp without time zone",
        "bigint",
        "smallint",
    ]


def test_keys_and_comments_are_carried_over(company: Company, schema: MirroredSchema) -> None:
    schema.show(published(company, VALUES))
    keys = "select contype::text from pg_constraint where conrelid = '{}'::regclass"
    assert names(schema.query(keys.format("customer_tiers.customer_facts"))) == ["p"]
    # A cut without a dimension has no whole key.
    assert names(schema.query(keys.format("customer_tiers.scheme_cuts"))) == ["u"]
    told = schema.query(
        "select obj_description('customer_tiers.awkward_values'::regclass),"
        " col_description('customer_tiers.awkward_values'::regclass, 1),"
        " col_description('customer_tiers.awkward_values'::regclass, 2)"
    )
    assert told == [(VALUES.description, VALUES.columns["id"], None)]


def test_a_release_takes_the_place_of_another_and_of_a_newer_one(
    company: Company, schema: MirroredSchema
) -> None:
    first = published(company, VALUES)
    second = published(company, amount="99.0000")
    schema.show(first)
    schema.show(second)
    assert schema.tables() == ["customer_facts", "release_info", "scheme_cuts"]
    amounts = "select min(net_amount)::text from customer_tiers.customer_facts"
    assert schema.query(amounts) == [("99.0000",)]
    assert schema.show(second) is None, "it is shown already"
    schema.show(first)
    assert schema.query(amounts) == [("12.5000",)]
    assert schema.tables() == sorted(first.rows)
    assert schema.schemas() == ["customer_tiers"]
    (told,) = names(schema.query("select obj_description('customer_tiers'::regnamespace)"))
    assert json.loads(told)["release"] == first.id


def test_of_two_that_show_releases_at_once_the_second_takes_the_place_of_the_first(
    company: Company, schema: MirroredSchema
) -> None:
    """As two homes do; the one that goes first has a table more, as a later version may have."""
    first, last = published(company, VALUES), published(company)
    waiting = "select true from pg_stat_activity where wait_event_type = 'Lock'"
    with ThreadPoolExecutor() as threads:
        shown: list[Future[Mirrored | None]] = []

        def meanwhile(told: str) -> None:
            if "takes the place" in told:
                shown.append(threads.submit(schema.show, last))
                while not schema.query(waiting):
                    time.sleep(0.1)

        schema.show(first, report=meanwhile)
        assert shown[0].result()
    assert schema.tables() == sorted(last.rows)


def test_a_schema_that_lost_a_table_is_made_again(company: Company, schema: MirroredSchema) -> None:
    release = published(company)
    schema.show(release)
    schema.execute("drop table customer_tiers.scheme_cuts")
    assert schema.show(release) is not None
    assert schema.tables() == sorted(release.rows)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("create table customer_tiers.mine (id int)", "table customer_tiers.mine depends on"),
        (
            "create view public.over_it as select * from customer_tiers.customer_facts",
            "view over_it depends on table customer_tiers.customer_facts",
        ),
        (
            "alter table customer_tiers.scheme_cuts enable row level security",
            "Row security of scheme_cuts would be lost",
        ),
    ],
)
def test_what_somebody_made_there_is_not_dropped(
    company: Company, schema: MirroredSchema, statement: str, told: str
) -> None:
    first, second = published(company), published(company, amount="99.0000")
    schema.show(first)
    schema.execute(statement)
    with pytest.raises(MirrorError) as refused:
        schema.show(second)
    assert told in str(refused.value)
    assert f"`tiers rollback {second.id}` shows it there" in str(refused.value)
    assert rows_of_the_schema(schema, "customer_facts") == rows_of_the_database(
        first, "customer_facts"
    )
    assert schema.schemas() == ["customer_tiers"]


def test_a_schema_of_somebody_else_is_not_taken(company: Company, schema: MirroredSchema) -> None:
    schema.execute("create schema customer_tiers", "create table customer_tiers.theirs (id int)")
    with pytest.raises(MirrorError, match=r"table customer_tiers\.theirs depends on"):
        schema.show(published(company))
    assert schema.tables() == ["theirs"]


def test_what_arrives_otherwise_is_not_shown(
    company: Company, schema: MirroredSchema, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trigger that loses a row, or changes one cent, as a faulty line would."""
    first, second = published(company), published(company, amount="99.0000")
    schema.show(first)
    schema.execute(
        "create function public.spoil() returns event_trigger language plpgsql as $$ begin"
        " if to_regclass('customer_tiers_loading.customer_facts') is not null then"
        " execute 'create or replace function public.change() returns trigger language plpgsql as"
        " $f$ begin new.net_amount := new.net_amount + 0.0001; return new; end $f$';"
        " execute 'create trigger change before insert on customer_tiers_loading.customer_facts"
        " for each row execute function public.change()';"
        " end if; end $$",
        "create event trigger spoil on ddl_command_end when tag in ('CREATE TABLE')"
        " execute function public.spoil()",
    )
    with pytest.raises(MirrorError, match="What arrived of customer_facts is not what was sent"):
        schema.show(second)
    assert schema.query("select min(net_amount)::text from customer_tiers.customer_facts") == [
        ("12.5000",)
    ]


def test_a_type_or_a_name_without_a_match_is_refused(
    company: Company, schema: MirroredSchema
) -> None:
    company.build()
    with duckdb.connect(company.warehouse) as con:
        con.execute("create table facts.odd as select 'a' as id, [1] as list")
        con.execute(f"create table facts.long as select 'a' as id, 1 as {'分' * 22}")
    for name, told in (("odd", r"odd\.list is INTEGER\[\]"), ("long", "more than 63 bytes")):
        table = replace(CUSTOMERS, name=name, key=("id",), columns={})
        with pytest.raises(MirrorError, match=told):
            schema.show(company.publish(tables=(table,)))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://owner:s3cret%40x@127.0.0.1:1/none", "onnection"),
        ("postgresql://owner:s3cret@x@127.0.0.1/none", "is no URL"),
        ("postgresql://owner:s3cret/x@127.0.0.1/none", "is no URL"),
    ],
)
def test_a_server_that_cannot_be_reached_is_told_without_the_password(
    company: Company, url: str, told: str
) -> None:
    release = published(company)
    target = Target(url, "customer_tiers")
    with pytest.raises(MirrorError, match=told) as refused:
        mirror(release, target, config={}, report=lambda text: None)
    assert "s3cret" not in f"{refused.value} {target!r}"


def test_a_cluster_of_several_hosts_is_reached(company: Company, schema: MirroredSchema) -> None:
    before, _, place = schema.url.partition("@")
    host, _, database = place.partition("/")
    target = Target(f"{before}@127.0.0.1:1,{host}/{database}", "customer_tiers")
    assert mirror(published(company), target, config={}, report=lambda text: None) is not None


def test_a_database_that_is_not_in_utf_8_is_told_of(
    company: Company, schema: MirroredSchema
) -> None:
    schema.execute("create database latin template template0 encoding 'LATIN1' locale 'C'")
    latin = MirroredSchema(f"{schema.url.rpartition('/')[0]}/latin")
    try:
        with pytest.raises(MirrorError, match="the database is not in UTF-8"):
            latin.show(published(company, VALUES))
    finally:
        schema.execute("drop database latin")


def test_a_wrong_password_and_a_missing_right_are_told(
    company: Company, schema: MirroredSchema
) -> None:
    release = find_release(company.releases, published(company).id)
    schema.execute("create role weak login password 'weak'")
    place = schema.url.partition("@127")[2]
    try:
        for password, told in (("wr0ng", "password authentication failed"), ("weak", "CREATE on")):
            target = Target(f"postgresql://weak:{password}@127{place}", "customer_tiers")
            with pytest.raises(MirrorError, match=told) as refused:
                mirror(release, target, config={}, report=lambda text: None)
            assert "wr0ng" not in str(refused.value)
    finally:
        schema.execute("drop role weak")
