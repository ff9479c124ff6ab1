"""Schema drift: what is told, what stops its source, and that other loads stay."""

from pathlib import Path

import duckdb
import pytest
from source_maker import ORDERS, ROW, Shop, numbered_shop, orders, rows

from orchestration.auditing.results import AuditResult, GateFailed
from orchestration.landing import PullFailed, committed_loads, pull_table, rejected_loads
from orchestration.sources.errors import SourceError

MAPPED = "columns: {order_id: id, customer_id: who, ordered_at: at, amount: sum, channel: via}"
GIVEN = "id,who,at,sum"
FULL = f"{GIVEN},via\n1,c,2017-01-01,1.00,web\n"
REFUSED = GateFailed(AuditResult("landing", (), 0))


def parquet(shop: Shop, name: str, select: str) -> None:
    """One order in a file that tells types; `select` gives its further columns."""
    order = "'1' as order_id, date '2024-05-01' as ordered_at, 1.5 as amount"
    with duckdb.connect() as con:
        con.execute(f"copy (select {order}, {select}) to '{shop.folder / name}'")


def pull_both(shop: Shop, first: str, second: str, refuse: bool = False) -> None:
    """Pull orders of two entries: of `shop`, and of `store`."""

    def audit(table: str, parquet: Path) -> None:
        if refuse and parquet.parent.name.endswith("-shop"):
            raise REFUSED

    tables = (
        f"  orders:\n  - {{name: shop, from: files, path: '{first}'}}\n"
        f"  - {{name: store, from: files, path: '{second}'}}\n"
    )
    pull_table("orders", shop.source(tables), shop.landing, audit=audit, report=shop.told.append)


def test_a_new_column_lands_with_a_note(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)
    (first,) = made.pull(orders("o*.csv")).landed
    made.write("o2.csv", f"{ORDERS},channel,mood\n2,c,2017-01-01,1.00,web,good\n")
    (load,) = made.pull(orders("o*.csv")).landed
    assert first.notes == ()
    assert load.notes == (
        f"new column channel (last load: {first.load_id})",
        f"new column mood, kept and not used (last load: {first.load_id})",
    )
    assert rows(load)[0]["mood"] == "good"
    assert committed_loads(made.landing)[1].notes == load.notes


def test_a_missing_optional_column_is_reported(tmp_path: Path) -> None:
    made = Shop(tmp_path)
    made.write("o1.csv", FULL)
    (first,) = made.pull(orders("o*.csv", MAPPED)).landed
    made.write("o2.csv", f"{GIVEN}\n2,c,2017-01-01,1.00\n")
    (load,) = made.pull(orders("o*.csv", MAPPED)).landed
    assert load.notes == (f"channel is gone: NULL in these rows (last load: {first.load_id})",)
    assert "channel" not in load.columns


def test_an_optional_column_may_come_in_some_files_of_the_first_pull(tmp_path: Path) -> None:
    made = Shop(tmp_path)
    made.write("o1.csv", f"{GIVEN}\n2,c,2017-01-01,1.00\n")
    made.write("o2.csv", FULL)
    old, new = made.pull(orders("o*.csv", MAPPED, "values: {channel: {web: online}}")).landed
    assert new.notes == (f"new column channel (last load: {old.load_id})",)
    assert rows(new)[0]["channel"] == "online"


def test_an_optional_column_that_was_never_there_is_a_slip(tmp_path: Path) -> None:
    made = Shop(tmp_path)
    made.write("o1.csv", f"{GIVEN}\n2,c,2017-01-01,1.00\n")
    with pytest.raises(SourceError, match="has no column 'via'"):
        made.pull(orders("o*.csv", MAPPED))


def test_a_missing_required_column_stops_its_source_and_the_others_land(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1, 2, 3)
    made.write("o1b.csv", "order_id,customer_id,amount\n9,c,1.00\n")
    with pytest.raises(PullFailed, match=r"needs ordered_at, which o1b\.csv does not") as failed:
        pull_both(made, "o1*.csv", "o[23].csv")
    assert len(failed.value.errors) == 1
    assert [load.origin for load in committed_loads(made.landing)] == ["o2.csv", "o3.csv"]


def test_what_a_gate_refuses_and_what_cannot_be_read_are_told_together(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)
    made.write("o2.csv", "")
    with pytest.raises(PullFailed) as failed:
        pull_both(made, "o1.csv", "o2.csv", refuse=True)
    refused, unread = failed.value.errors
    assert refused.__cause__ is REFUSED
    assert str(refused).startswith("o1.csv: The gate of landing refused")
    assert "o2.csv: is empty" in str(unread)
    assert str(failed.value) == f"{refused}\n{unread}"


def test_after_a_refused_load_later_loads_of_its_entry_wait(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1, 2)

    def refuse_the_first(table: str, parquet: Path) -> None:
        if not rejected_loads(made.landing):
            raise REFUSED

    with pytest.raises(SourceError, match=r"o1\.csv: The gate of landing refused"):
        made.pull(orders("o*.csv"), audit=refuse_the_first)
    assert committed_loads(made.landing) == []
    assert [load.origin for load in made.pull(orders("o*.csv")).landed] == ["o1.csv", "o2.csv"]


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ("'007' as customer_id", "7 as customer_id", "customer_id was text .* is number now"),
        ("'007' as \" customer_id \"", '7 as " customer_id "', "customer_id was text"),
        (
            "'c' as customer_id, {'a': 1} as channel",
            "'c' as customer_id, 1 as channel",
            r"channel was struct\(a integer\) .* is number now",
        ),
        ("'c' as customer_id, 'a' as channel", "'c' as customer_id, 1 as channel", "channel was"),
        (
            "'c' as customer_id, true as is_deleted",
            "'c' as customer_id, 0 as is_deleted",
            "boolean",
        ),
    ],
)
def test_another_type_stops_its_source(tmp_path: Path, before: str, now: str, told: str) -> None:
    made = Shop(tmp_path)
    parquet(made, "o1.parquet", before)
    made.pull(orders("o*.parquet"))
    parquet(made, "o2.parquet", now)
    with pytest.raises(SourceError, match=told):
        made.pull(orders("o*.parquet"))
    assert [load.origin for load in committed_loads(made.landing)] == ["o1.parquet"]
    assert [each.load.origin for each in rejected_loads(made.landing)] == ["o2.parquet"]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("7::tinyint as customer_id", "7.0::double as customer_id"),
        ("7 as customer_id, 'a' as channel", "8 as customer_id, null::integer as channel"),
        ("7 as customer_id, null::integer as channel", "8 as customer_id, 'a' as channel"),
        (
            "7 as customer_id, date '2024-05-01' as updated_at",
            "8 as customer_id, timestamptz '2024-05-01 00:00:00Z' as updated_at",
        ),
    ],
)
def test_a_type_of_the_same_family_or_without_a_value_is_no_drift(
    tmp_path: Path, before: str, now: str
) -> None:
    made = Shop(tmp_path)
    parquet(made, "o1.parquet", before)
    parquet(made, "o2.parquet", now)
    assert len(made.pull(orders("o*.parquet")).landed) == 2


def test_another_type_under_another_mapping_is_meant(tmp_path: Path) -> None:
    made = Shop(tmp_path)
    parquet(made, "o1.parquet", "'7' as customer_id")
    made.pull(orders("o1.parquet"))
    parquet(made, "o2.parquet", "8 as customer_id")
    (load,) = made.pull(orders("o2.parquet", "constants: {currency: CNY}")).landed
    assert load.families["customer_id"] == "number"


def test_rows_of_text_have_no_types(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)
    (load,) = made.pull(orders("o*.csv")).landed
    assert load.families == {}
    made.write("o2.csv", f"{ORDERS}\n{ROW.format(n='two')}")
    assert made.pull(orders("o*.csv")).landed[0].notes == ()
