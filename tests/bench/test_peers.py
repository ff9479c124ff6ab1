"""A checksum tells a difference of a cent, and the column in which it is."""

from pathlib import Path

import duckdb

from bench.peers.checksums import different_columns

FACTS = """
select 'c' || n as customer_id, (n * 1.25)::decimal(18, 4) as net_amount, n as order_count
from range(1000) as numbers(n)
"""


def write(folder: Path, name: str, query: str) -> Path:
    file = folder / f"{name}.parquet"
    duckdb.execute(f"copy ({query}) to '{file}' (format parquet)")
    return file


def test_the_same_facts_in_another_order_do_not_differ(tmp_path: Path) -> None:
    first = write(tmp_path, "first", f"{FACTS} order by n")
    assert different_columns(first, write(tmp_path, "second", f"{FACTS} order by n desc")) == []


def test_a_cent_of_one_customer_and_a_missing_column_are_named(tmp_path: Path) -> None:
    facts = write(tmp_path, "facts", FACTS)
    cent = "net_amount + if(customer_id = 'c17', 0.01, 0)"
    wrong = write(
        tmp_path,
        "wrong",
        f"select * replace (({cent})::decimal(18, 4) as net_amount) from ({FACTS})",
    )
    fewer = write(tmp_path, "fewer", f"select * exclude (order_count) from ({FACTS})")
    assert different_columns(wrong, facts) == ["net_amount"]
    assert different_columns(fewer, facts) == ["order_count"]


def test_two_customers_whose_facts_are_exchanged_are_noticed(tmp_path: Path) -> None:
    facts = write(tmp_path, "facts", FACTS)
    names = "case customer_id when 'c1' then 'c2' when 'c2' then 'c1' else customer_id end"
    mixed = write(tmp_path, "mixed", f"select * replace ({names} as customer_id) from ({FACTS})")
    assert different_columns(mixed, facts) == ["net_amount", "order_count"]
