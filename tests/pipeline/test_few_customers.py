"""A small company's release tells no number of few customers, and its table says why."""

import io

import duckdb
import pytest
from rich.console import Console
from small_company import SmallCompany

from orchestration.publishing import list_releases
from orchestration.showing.classes import show_classes

pytestmark = pytest.mark.slow
COUNTED = "select customers, share, net_amount_365d, net_share, is_suppressed from"
# How far each count of a ranked metric is from the one before: the first from 0, the last is all.
APART = """
select reached - lag(reached, 1, 0::bigint) over (partition by scheme, dimension order by reached)
from (
    select scheme, dimension, reached from scheme_cuts
    union
    select scheme, dimension, population from scheme_cuts
)
where reached is not null
"""


def test_few_customers_are_counted_nowhere_in_a_release(first_run: SmallCompany) -> None:
    folder = first_run.settings.served_database.parent
    for file, relation in (
        (first_run.settings.served_database, "scheme_distribution"),
        (folder / "audience_sales.duckdb", "scheme_distribution"),
    ):
        with duckdb.connect(file, read_only=True) as con:
            rows = con.execute(f"{COUNTED} {relation}").fetchall()
        hidden = [row for row in rows if row[-1]]
        assert hidden and all(row[:-1] == (None,) * 4 for row in hidden)
        assert not any(row[0] and row[0] < 5 for row in rows)
        assert any(row[0] and row[0] >= 5 for row in rows)


def test_few_customers_are_not_told_by_subtracting_those_who_reached_a_cut(
    first_run: SmallCompany,
) -> None:
    with duckdb.connect(first_run.settings.served_database, read_only=True) as con:
        apart = {count for (count,) in con.execute(APART).fetchall()}
    assert max(apart) >= 5
    assert not apart & {1, 2, 3, 4}


def test_the_warehouse_keeps_the_numbers_for_the_gates(first_run: SmallCompany) -> None:
    with duckdb.connect(first_run.settings.warehouse, read_only=True) as con:
        counted = con.execute(
            "select count(*), count(customers) from classification.scheme_distribution"
            " where not is_suppressed"
        ).fetchone()
        few = con.execute(
            "select count(*) from classification.scheme_distribution"
            " where customers between 1 and 4"
        ).fetchone()
    assert counted and counted[0] == counted[1] > 0
    assert few and few[0] > 0


def test_the_table_of_classes_says_few_and_what_that_means(first_run: SmallCompany) -> None:
    console = Console(file=io.StringIO(), width=200)
    (release,) = list_releases(first_run.settings.releases)
    show_classes(console, release, [])
    assert isinstance(console.file, io.StringIO)
    told = console.file.getvalue()
    assert "few: < 5 customers, or what would tell such a number by subtraction." in told
    assert any(line.split("│")[-2].strip() == "" for line in told.splitlines() if " few " in line)
