"""Ranks and classes, on companies small enough to work out on paper."""

from decimal import Decimal
from pathlib import Path

import oracle
import pandas as pd
import pytest
from oracle.handmade import Company, back
from oracle.ranks import Bounds, Ranks
from oracle.rows import rows_of


@pytest.fixture
def company(tmp_path: Path) -> Company:
    """A company of which nothing has landed yet."""
    return Company(tmp_path)


def test_equal_values_share_the_lower_score_and_go_up_together_into_the_top() -> None:
    ranks = Ranks([1, 2, 2, 2, 9])
    assert [ranks.part(value, 5) for value in (1, 2, 9)] == [1, 2, 5]
    assert [ranks.in_top(value, 21) for value in (1, 2, 9)] == [False, True, True]
    assert [ranks.in_top(value, 20) for value in (1, 2, 9)] == [False, False, True]
    assert [ranks.reaches(value, 25) for value in (1, 2, 9)] == [False, True, True]
    assert [ranks.reaches(value, 80) for value in (1, 2, 9)] == [False, False, True]


def test_one_customer_scores_one_and_is_the_top() -> None:
    alone = Ranks([7])
    assert alone.part(7, 5) == 1
    assert alone.in_top(7, 1)
    assert alone.reaches(7, 90)


def test_there_is_no_percentile_when_all_are_equal_or_nobody_is_ranked() -> None:
    assert Ranks([3, 3, 3]).reaches(3, 80) is None
    assert Ranks([]).reaches(3, 40) is None


def test_a_value_that_nobody_has_stands_where_the_next_one_below_it_does() -> None:
    ranks = Ranks([10, 10, 20])
    assert [ranks.part(value, 5) for value in (9, 19, 21)] == [1, 1, 5]
    assert [ranks.in_top(value, 33) for value in (9, 19, 21)] == [False, False, True]
    assert [ranks.reaches(value, 40) for value in (9, 19, 21)] == [False, False, True]


def test_kept_bounds_do_not_move_with_the_population() -> None:
    kept = Bounds([10, 20, 30, 40, 50])
    assert [kept.part(value, 5) for value in (1, 19, 20, 49, 50, 99)] == [1, 1, 2, 4, 5, 5]
    assert [kept.in_top(value, 20) for value in (49, 50, 51)] == [False, True, True]
    assert not Bounds([]).in_top(1, 100)


@pytest.mark.parametrize("values", [[1], [1, 1], [3, 1, 2, 2], [5, 5, 5, 9], list(range(40))])
def test_kept_bounds_say_the_same_as_ranks_on_their_own_day(values: list[int]) -> None:
    ranks, kept = Ranks(values), Bounds(values)
    for value in (*values, min(values) - 1, max(values) + 1, 4):
        assert kept.part(value, 5) == ranks.part(value, 5)
        for percent in (1, 5, 20, 50, 80, 90):
            assert kept.in_top(value, percent) == ranks.in_top(value, percent)
            assert kept.reaches(value, percent) == ranks.reaches(value, percent)


def test_rfm_ranks_the_buyers_of_the_year_and_loses_the_others(company: Company) -> None:
    company.orders(
        *((f"a{n}", "a", back(n), "100") for n in range(3)),
        *((f"b{n}", "b", back(100 + n), "10") for n in range(2)),
        ("c", "c", back(364), "1"),
        ("d", "d", back(365), "1000"),
    )
    company.load("customers", ("customer_id",), ("e",))
    classes = oracle.classes(company.known())
    by_name = {row["customer_id"]: row for row in rows_of(classes)}
    scores = {
        name: (row["rfm_r"], row["rfm_f"], row["rfm_m"], row["rfm_score"], row["rfm"])
        for name, row in by_name.items()
    }
    assert scores == {
        "a": (5, 5, 5, 5, "key_value"),
        "b": (3, 3, 3, 3, "general_win_back"),
        "c": (1, 1, 1, 1, "lost"),
        "d": (None, None, None, None, "lost"),
        "e": (None, None, None, None, None),
    }
    assert [by_name[name]["pyramid"] for name in "abcde"] == [None] * 5
    assert [by_name[name]["deal_status"] for name in "ae"] == ["closed", "open"]


def test_a_scheme_whose_facts_nobody_supplies_says_so(company: Company) -> None:
    company.load("customers", ("customer_id",), ("a",))
    row = next(rows_of(oracle.classes(company.known())))
    assert row["rfm"] is row["membership"] is row["pyramid"] is None
    assert row["activity"] == row["lifecycle"] == row["retail_vip"] == "unclassified"
    assert row["relation"] == row["deal_status"] == "unclassified"


def test_a_tie_at_the_edge_of_the_pyramid_goes_up_whole(company: Company) -> None:
    spent = [9, 9, *range(8), *[8] * 10]
    company.orders(*((str(n), f"{n:02d}", back(1), str(spent[n] + 1)) for n in range(20)))
    classes = oracle.classes(company.known())
    assert list(classes["pyramid"]) == ["platinum"] * 2 + ["lead"] * 8 + ["iron"] * 10


def test_who_returned_is_loyal_again_after_180_days(company: Company) -> None:
    def lifecycle(returned: int) -> object:
        days = [*range(returned - 170, returned + 1, 10), returned + 400, returned + 410]
        rows = [(str(ago), f"r{returned}", back(ago), "1") for ago in days if ago >= 0]
        company.orders(*((f"{returned}-{order}", *rest) for order, *rest in rows))
        classes = oracle.classes(company.known()).set_index("customer_id")
        return classes["lifecycle"][f"r{returned}"]

    assert lifecycle(returned=179) == "repeat"
    assert lifecycle(returned=180) == "loyal"


def test_comparing_names_the_customer_the_column_and_both_values() -> None:
    def table(customers: list[str], net: list[object]) -> pd.DataFrame:
        return pd.DataFrame({"customer_id": customers, "net": net}, dtype=object)

    expected = table(["a", "b"], [Decimal("1.50"), None])
    same = table(["b", "a"], [None, Decimal("1.5")])
    wrong = table(["a", "c"], [Decimal(2), 0])
    assert oracle.compare(expected, same) == []
    assert oracle.compare(expected, wrong) == [
        "customer_id b: missing",
        "customer_id c: unexpected",
        "customer_id a, net: expected Decimal('1.50'), found Decimal('2')",
    ]
    assert oracle.compare(expected, expected.drop(columns="net")) == ["column net: missing"]
    assert oracle.compare(expected, pd.concat([same, same])) == [
        "customer_id a: more than one row",
        "customer_id b: more than one row",
    ]
