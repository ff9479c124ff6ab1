"""Pulling: what lands, what does not land again, what supersedes, what is refused."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from source_maker import ORDERS, ROW, numbered_shop, orders

from orchestration.landing import LandingError, committed_loads, pull_table
from orchestration.sources.engine import Resources
from orchestration.sources.entries import FilesEntry
from orchestration.sources.errors import SourceError
from orchestration.sources.files import find
from orchestration.sources.reading import open_all


def test_each_file_is_a_load_with_a_receipt(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1, 2)
    result = made.pull(orders("o*.csv", "constants: {currency: CNY}"))
    assert [load.load_id for load in result.landed] == [
        f"{number:06d}-orders-{load.source_sha256[:8]}"
        for number, load in enumerate(result.landed, start=1)
    ]
    first = result.landed[0]
    assert (first.table, first.entry, first.origin) == ("orders", "orders", "o1.csv")
    assert (first.rows, first.malformed_rows, first.cursor) == (1, 0, None)
    assert first.columns == ("order_id", "customer_id", "ordered_at", "amount", "currency")
    assert first.extra_columns == ()
    assert abs(first.pulled_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert committed_loads(made.landing) == list(result.landed)


def test_a_receipt_is_plain_json_without_paths_of_this_machine(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)
    (load,) = made.pull(orders("o1.csv")).landed
    receipt = json.loads((load.path.parent / "load.json").read_text())
    assert str(tmp_path) not in json.dumps(receipt)
    assert list(receipt) == [
        *("load_id", "sequence", "table", "entry", "origin", "rows", "malformed_rows", "columns"),
        *("extra_columns", "source_sha256", "mapping_sha256", "cursor", "pulled_at", "seconds"),
        *("read_rows", "families", "notes", "replaces", "erased_rows", "compacted_rows"),
        *("rewritten", "data"),
    ]


def test_the_same_bytes_land_once_whatever_their_name(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)
    made.pull(orders("o*.csv"))
    made.write("o2.csv", (tmp_path / "o1.csv").read_bytes())
    again = made.pull(orders("o*.csv"))
    assert (again.landed, again.unchanged) == ((), 2)
    assert len(committed_loads(made.landing)) == 1


def test_the_same_bytes_in_two_files_of_one_pull_land_once(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)
    made.write("o2.csv", (tmp_path / "o1.csv").read_bytes())
    result = made.pull(orders("o*.csv"))
    assert (len(result.landed), result.unchanged) == (1, 1)


def test_two_entries_land_the_same_bytes_each(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)
    tables = (
        "  orders:\n  - {name: a, from: files, path: o1.csv}\n"
        "  - {name: b, from: files, path: o1.csv}\n"
    )
    assert [load.entry for load in made.pull(tables).landed] == ["a", "b"]


def test_an_entry_that_is_renamed_lands_its_files_anew_and_supersedes_its_old_self(
    tmp_path: Path,
) -> None:
    made = numbered_shop(tmp_path, 1, 2)
    made.pull(orders("o1.csv"))
    two = (
        "  orders:\n  - {name: shop, from: files, path: o1.csv}\n"
        "  - {name: store, from: files, path: o2.csv}\n"
    )
    made.pull(two)
    old, shop, store = committed_loads(made.landing)
    assert [load.superseded_by for load in (old, shop, store)] == [shop.load_id, None, None]
    assert made.pull(two).landed == ()


def test_a_file_that_changed_lands_again_beside_its_old_self(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)
    made.pull(orders("o1.csv"))
    made.write("o1.csv", f"{ORDERS}\n{ROW.format(n=1)}{ROW.format(n=2)}")
    made.pull(orders("o1.csv"))
    loads = committed_loads(made.landing)
    assert [(load.rows, load.superseded_by) for load in loads] == [(1, None), (2, None)]


def test_a_corrected_mapping_lands_again_and_supersedes(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)
    made.pull(orders("o1.csv"))
    made.pull(orders("o1.csv", "constants: {currency: CNY}"))
    old, new = committed_loads(made.landing)
    assert (old.superseded_by, new.superseded_by) == (new.load_id, None)


def test_a_mapping_that_is_taken_back_lands_once_more(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)
    for lines in ((), ("constants: {currency: CNY}",), ()):
        made.pull(orders("o1.csv", *lines))
    first, second, third = committed_loads(made.landing)
    assert {first.superseded_by, second.superseded_by} == {third.load_id}
    assert third.superseded_by is None
    assert made.pull(orders("o1.csv")).unchanged == 1


def test_files_land_anew_in_the_order_in_which_they_first_landed(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 4)
    made.pull(orders("o*.csv"))
    for name, number in (("o4-corrected", 40), ("o3", 3), ("o9", 9)):
        made.write(f"{name}.csv", f"{ORDERS}\n{ROW.format(n=number)}")
    made.pull(orders("o[4]*.csv"))
    landed = made.pull(orders("o*.csv", "constants: {currency: CNY}")).landed
    assert [load.origin for load in landed] == ["o4.csv", "o4-corrected.csv", "o3.csv", "o9.csv"]


@pytest.mark.parametrize("line", ["shared_keys: true", "delimiter: ','", 'encoding: "utf-8"'])
def test_what_shapes_no_row_is_no_new_mapping(tmp_path: Path, line: str) -> None:
    made = numbered_shop(tmp_path, 1)
    made.pull(orders("o1.csv"))
    lands_again = len(made.pull(orders("o1.csv", line)).landed) == 1
    assert lands_again == (line != "shared_keys: true")


def test_sequences_go_on_over_all_tables(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)
    made.write("c.csv", "customer_id\nc1\n")
    tables = orders("o1.csv") + "  customers:\n  - {from: files, path: c.csv}\n"
    made.pull(tables, "customers")
    (load,) = made.pull(tables, "orders").landed
    assert load.sequence == 2
    assert [load.table for load in committed_loads(made.landing)] == ["customers", "orders"]
    assert committed_loads(made.landing, "orders") == [committed_loads(made.landing)[1]]


def test_a_table_that_the_source_lacks_lands_nothing(tmp_path: Path) -> None:
    result = numbered_shop(tmp_path, 1).pull(orders("o1.csv"), "feedback")
    assert (result.landed, result.unchanged) == ((), 0)


def test_files_that_were_never_there_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"'o\*.csv' names no file in"):
        numbered_shop(tmp_path).pull(orders("o*.csv"))


def test_files_may_go_once_they_landed(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)
    made.pull(orders("o*.csv"))
    (tmp_path / "o1.csv").unlink()
    assert made.pull(orders("o*.csv")).landed == ()
    assert len(committed_loads(made.landing)) == 1


def test_a_file_that_changes_while_it_is_read_does_not_land(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)
    source = made.source(orders("o1.csv"))
    entry = source.tables["orders"][0]
    assert isinstance(entry, FilesEntry)
    (reading,) = open_all(list(find(source, "orders", entry)))
    made.write("o1.csv", f"{ORDERS}\n{ROW.format(n=1)}{ROW.format(n=2)}")
    with pytest.raises(SourceError, match="changed while it was being read"):
        reading.write(tmp_path / "x.parquet", Resources(tmp_path))


def test_a_folder_without_a_receipt_is_no_load(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)
    (load,) = made.pull(orders("o1.csv")).landed
    (made.landing / "orders" / "000009-orders-aaaaaaaa").mkdir()
    assert [each.load_id for each in committed_loads(made.landing)] == [load.load_id]


def test_a_receipt_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)
    (load,) = made.pull(orders("o1.csv")).landed
    (load.path.parent / "load.json").write_text("{")
    with pytest.raises(LandingError, match=r"load\.json is damaged"):
        committed_loads(made.landing)


def test_malformed_records_are_counted_and_told(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)
    made.write("o1.csv", f"{ORDERS},note\n{ROW.format(n=1)}2,c,2017-01-01,1.00,x\n")
    (load,) = made.pull(orders("o1.csv")).landed
    assert (load.rows, load.malformed_rows) == (2, 1)
    assert "2 rows from o1.csv, 1 of them malformed" in made.told[-1]
    assert "kept and not used: note" in made.told[-1]


def test_parquet_is_zstd_in_groups_a_reader_can_skip(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path)
    duckdb.execute(
        "copy (select i as order_id, 1 as customer_id, 2 as ordered_at, 3 as amount"
        f" from range(300000) as t(i)) to '{tmp_path}/o.parquet'"
    )
    (load,) = made.pull(orders("o.parquet")).landed
    groups = duckdb.execute(
        f"select distinct compression, row_group_num_rows from parquet_metadata('{load.path}')"
        " order by all"
    ).fetchall()
    assert {compression for compression, _ in groups} == {"ZSTD"}
    assert max(count for _, count in groups) == 122_880


def test_the_bytes_of_a_load_do_not_depend_on_threads(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path)
    made.write("o.csv", f"{ORDERS}\n" + "".join(ROW.format(n=n) for n in range(200_000)))
    query = "  orders:\n  - from: files\n    files: {o: o.csv}\n    query: select * from o\n"
    for tables in (orders("o.csv"), query):
        bytes_of = []
        for threads in (1, 2):
            landing = tmp_path / f"landing{threads}-{len(tables)}"
            (load,) = pull_table(
                "orders",
                made.source(tables),
                landing,
                audit=lambda table, parquet: None,
                report=made.told.append,
                threads=threads,
            ).landed
            bytes_of.append(load.path.read_bytes())
        assert bytes_of[0] == bytes_of[1]
