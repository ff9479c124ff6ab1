"""What dbt reads of the landing."""

from dataclasses import replace
from pathlib import Path

import duckdb
from source_maker import numbered_shop, orders

from orchestration.canonical import canonical_tables
from orchestration.inputs.landed import write_landing_view, write_loads
from orchestration.landing import committed_loads


def test_a_column_that_an_old_load_kept_by_the_name_of_a_canonical_one_is_not_read(
    tmp_path: Path,
) -> None:
    made = numbered_shop(tmp_path, 1, 2)
    made.pull(orders("o*.csv"))
    before, after = committed_loads(made.landing)
    # As if amount had become canonical between the two.
    columns = tuple(name for name in before.columns if name != "amount")
    before = replace(before, columns=columns, extra_columns=("amount",))
    with duckdb.connect() as warehouse:
        warehouse.execute("create schema landing")
        write_loads(warehouse, [before, after], made.source(orders("o*.csv")))
        write_landing_view(warehouse, "orders", canonical_tables()["orders"], [before, after])
        found = dict(
            warehouse.execute(
                "select _load_id, count(amount) from landing.orders group by all"
            ).fetchall()
        )
    assert found == {before.load_id: 0, after.load_id: after.rows}
