"""The bundled example: real baskets, landed in seconds, with the totals that are known of them."""

import duckdb
import pytest

from orchestration.landing import Load, pull_table
from orchestration.settings import BUNDLED_SOURCES
from orchestration.sources.source_file import load_source_file


@pytest.fixture(scope="module")
def loads(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Load]:
    """The loads of the example, by entry."""
    source = load_source_file(BUNDLED_SOURCES)
    landing = tmp_path_factory.mktemp("example")
    return {
        load.entry: load
        for table in source.tables
        for load in pull_table(
            table, source, landing, audit=lambda *_: None, report=lambda _: None
        ).landed
    }


def one(load: Load, select: str) -> tuple[object, ...]:
    with duckdb.connect() as connection:
        row = connection.execute(f"select {select} from read_parquet('{load.path}')").fetchone()
    assert row
    return row


def test_every_row_of_the_data_lands(loads: dict[str, Load]) -> None:
    assert {entry: load.rows for entry, load in loads.items()} == {
        "customers": 801,
        "orders": 155_848,
        "order_lines": 1_469_307,
        "campaigns": 6_589,
        "coupons": 2_102,
    }
    assert all(load.malformed_rows == 0 for load in loads.values())


@pytest.mark.parametrize(
    ("last_day", "totals"),
    [
        ("2017-12-31", ("155285", "4594146.3200", "2469")),
        ("2017-09-30", ("116344", "3399308.6700", "2446")),
    ],
)
def test_purchases_add_up_to_what_is_known(
    loads: dict[str, Load], last_day: str, totals: tuple[str, ...]
) -> None:
    bought = f"cast(amount as decimal(18, 4)) > 0 and cast(ordered_at as date) <= date '{last_day}'"
    found = one(
        loads["orders"],
        f"count(*) filter ({bought}), sum(cast(amount as decimal(18, 4))) filter ({bought}),"
        f" count(distinct customer_id) filter ({bought})",
    )
    assert tuple(map(str, found)) == totals


def test_keys_are_unique(loads: dict[str, Load]) -> None:
    for entry, key in (
        ("customers", "customer_id"),
        ("orders", "order_id"),
        ("order_lines", "(order_id, line_no)"),
        ("campaigns", "interaction_id"),
        ("coupons", "interaction_id"),
    ):
        assert one(loads[entry], f"count(distinct {key})") == (loads[entry].rows,)


def test_lines_add_up_to_their_orders(loads: dict[str, Load]) -> None:
    select = "sum(cast(amount as decimal(18, 4)))"
    assert one(loads["order_lines"], select) == one(loads["orders"], select)


def test_rows_are_in_the_order_of_their_numbers(loads: dict[str, Load]) -> None:
    for load in loads.values():
        with duckdb.connect() as connection:
            numbers = connection.execute(f"select _row from '{load.path}'").fetchnumpy()["_row"]
        assert (numbers == range(1, load.rows + 1)).all()


def test_households_of_five_and_more_count_as_five(loads: dict[str, Load]) -> None:
    sizes = one(loads["customers"], "list(distinct household_size order by household_size)")
    assert sizes == (["1", "2", "3", "4", "5"],)
    assert "age" in loads["customers"].extra_columns
    assert "age" not in loads["customers"].columns
