"""What the page of a release counts, held against arithmetic by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_tables import DAY, ReleaseTables

from orchestration.report.cohorts import Kept, kept, read_cohorts
from orchestration.report.concentration import read_tenths
from orchestration.report.facts import read_drift, read_totals
from orchestration.report.moves import read_moves
from orchestration.report.schemes import read_schemes
from orchestration.report.scores import read_rfm


@pytest.fixture
def release() -> ReleaseTables:
    return ReleaseTables()


def test_the_first_tenth_holds_the_greatest_amounts(release: ReleaseTables) -> None:
    release.customers([*range(1, 101), 0, -50])
    tenths = read_tenths(release.con, 5)
    assert [one.customers for one in tenths] == [10] * 10
    assert tenths[0].net_amount == sum(range(91, 101)) == 955
    assert tenths[0].net_share == Decimal(955) / 5050
    assert tenths[4].net_share_so_far == Decimal(sum(range(51, 101))) / 5050
    assert tenths[9].net_share_so_far == 1


def test_equal_amounts_are_a_tenth_each_wherever_they_are_cut(release: ReleaseTables) -> None:
    release.customers([3] * 57)
    tenths = read_tenths(release.con, 5)
    assert sum(one.customers for one in tenths) == 57
    assert [one.net_amount for one in tenths] == [one.customers * 3 for one in tenths]


@pytest.mark.parametrize(("buyers", "least"), [(0, 5), (9, 0), (49, 5)])
def test_too_few_buyers_have_no_tenths(release: ReleaseTables, buyers: int, least: int) -> None:
    if buyers:
        release.customers([7] * buyers)
    assert read_tenths(release.con, least) == []


def test_the_map_counts_customers_by_both_scores(release: ReleaseTables) -> None:
    release.scored("value", 5, 5, 40)
    release.scored("value", 5, 4, 8)
    release.scored("other", 5, 4, 6)
    release.scored("other", 1, 5, 10)
    release.scored("lost", None, None, 9)
    scores = read_rfm(release.con, 5)
    assert scores.columns == [4, 5]
    assert [(r, [cell.customers for cell in cells]) for r, cells in scores.rows] == [
        (5, [14, 40]),
        (1, [0, 10]),
    ]
    assert [cell.shade for _, cells in scores.rows for cell in cells] == [2, 4, 0, 1]
    assert scores.without == 9


def test_a_cell_is_hidden_where_the_count_of_a_class_would_tell_it(release: ReleaseTables) -> None:
    """12 customers of one class are published: to show the 10 of them would tell the 2."""
    release.scored("few", 5, 5, 10)
    release.scored("few", 5, 4, 2)
    release.scored("many", 4, 5, 7)
    release.scored("many", 5, 4, 20)
    scores = read_rfm(release.con, 5)
    assert [(r, [cell.customers for cell in cells]) for r, cells in scores.rows] == [
        (5, [None, None]),
        (4, [0, 7]),
    ]
    shown = read_rfm(release.con, 0)
    assert [cell.customers for _, cells in shown.rows for cell in cells] == [22, 10, 0, 7]


def test_a_policy_of_a_hundred_scores_has_no_map(release: ReleaseTables) -> None:
    for score in range(1, 12):
        release.scored("key", score, 1, 9)
    assert read_rfm(release.con, 5).rows == ()


def test_without_rfm_scores_there_is_no_map(release: ReleaseTables) -> None:
    release.con.execute("alter table customer_classes drop column rfm_f")
    assert read_rfm(release.con, 5).rows == ()


def test_a_cohort_keeps_who_bought_so_many_months_later_or_after(release: ReleaseTables) -> None:
    first = date(2024, 3, 30)
    release.customers([1] * 30, first, first, "a")
    release.customers([1] * 20, first, date(2024, 4, 1), "b")
    release.customers([1] * 50, first, DAY, "c")
    release.customers([1] * 60, date(2024, 5, 1), DAY, "d")
    march, may = read_cohorts(release.con, DAY, 5)
    assert (march.month, march.customers) == (date(2024, 3, 1), 100)
    assert march.kept == [Kept(Decimal(1)), Kept(Decimal("0.7")), Kept(Decimal("0.5"))]
    assert (may.customers, may.kept) == (60, [Kept(Decimal(1))])


def test_a_month_of_few_customers_is_no_cohort(release: ReleaseTables) -> None:
    release.customers([1] * 49, date(2024, 4, 2), DAY, "a")
    release.customers([1] * 50, date(2024, 5, 2), DAY, "b")
    assert [one.customers for one in read_cohorts(release.con, DAY, 5)] == [50]
    assert [one.customers for one in read_cohorts(release.con, DAY, 0)] == [49, 50]


def test_shares_that_differ_by_few_are_told_about() -> None:
    assert kept([20, 18, 12, 12, 3, 0], 5) == [
        Kept(Decimal(1)),
        Kept(Decimal(1), is_exact=False),
        Kept(Decimal("0.6")),
        Kept(Decimal("0.6")),
        Kept(None, is_exact=False),
        Kept(Decimal(0)),
    ]


@given(st.lists(st.integers(0, 40), min_size=1), st.integers(50, 90))
def test_no_two_shares_of_a_cohort_tell_a_small_group(counts: list[int], size: int) -> None:
    left = [size, *sorted((min(count, size) for count in counts), reverse=True)]
    told = {round(one.share * size) for one in kept(left, 5) if one.share is not None}
    told |= {0, size}
    assert all(one == other or abs(one - other) >= 5 for one in told for other in told)


def test_moves_are_counted_by_scheme_and_classes(release: ReleaseTables) -> None:
    release.add("class_history", [("x", DAY - timedelta(1))])
    release.moved("pyramid", "lead", "iron", 7)
    release.moved("pyramid", "iron", "lead", 12)
    release.moved("rfm", None, "new", 6)
    release.add("class_changes", [("x", DAY - timedelta(1), "rfm", "new", "lost")] * 9)
    moves = read_moves(release.con, 5)
    assert (moves.is_first_day, moves.customers, moves.left_out) == (False, 18, 0)
    assert [(one.from_class, one.to_class, one.customers) for one in moves.kinds] == [
        ("iron", "lead", 12),
        ("lead", "iron", 7),
        (None, "new", 6),
    ]


def test_moves_of_few_customers_are_hidden_with_what_would_tell_them(
    release: ReleaseTables,
) -> None:
    release.moved("pyramid", "lead", "iron", 3)
    release.moved("pyramid", "iron", "lead", 12)
    release.moved("pyramid", "iron", "gold", 30)
    release.moved("rfm", "new", "lost", 2)
    moves = read_moves(release.con, 5)
    assert [one.customers for one in moves.kinds] == [30, None, None, None]
    assert moves.is_first_day


def test_who_moved_is_hidden_when_they_are_few(release: ReleaseTables) -> None:
    assert read_moves(release.con, 5).customers == 0
    release.moved("pyramid", "lead", "iron", 4)
    assert read_moves(release.con, 5).customers is None
    assert read_moves(release.con, 0).customers == 4


def test_an_attribute_shows_its_greatest_classes(release: ReleaseTables) -> None:
    release.scheme("city", {"unknown": 5})
    values = [
        ("city", f"Town {number:02}", None, "", "", number, 5, 0, 0, 0) for number in range(30)
    ]
    release.add("scheme_distribution", values)
    (city,) = read_schemes(release.con)
    assert (len(city.classes), city.left_out) == (20, 11)
    assert [one.code for one in city.classes[:3]] == ["unknown", "Town 29", "Town 28"]


def test_a_class_comes_with_what_it_asks_for_and_what_is_done(release: ReleaseTables) -> None:
    release.scheme("pyramid", {"lead": 6, "unclassified": 0}, label="Pyramid")
    release.add("positions", [("kam", "Key account manager", "大客户经理")])
    done = ("pyramid", "lead", "Call", "致电", "phone", "dedicated", "kam", 80)
    release.add("tier_playbook", [done])
    (pyramid,) = read_schemes(release.con)
    (lead,) = pyramid.classes  # that nobody is left over is not told
    assert (pyramid.label.en, pyramid.label.zh) == ("Pyramid", "Pyramid名")
    assert (lead.customers, lead.net_amount, lead.condition) == (6, Decimal(60), "lead > 1")
    assert lead.action is not None and lead.action.owner is not None
    assert (lead.action.text.zh, lead.action.owner.zh, lead.action.budget) == (
        "致电",
        "大客户经理",
        Decimal(80),
    )


def test_drift_of_few_customers_tells_no_index(release: ReleaseTables) -> None:
    rows = [("rfm", "r", DAY, "0.3", False), ("rfm", "f", DAY, "0.9", True)]
    release.add("cut_drift", rows)
    assert [(one.dimension, one.index) for one in read_drift(release.con)] == [
        ("r", Decimal("0.3")),
        ("f", None),
    ]


def test_a_company_without_orders_has_no_totals_of_them(release: ReleaseTables) -> None:
    totals = read_totals(release.con)
    assert (totals.day, totals.purchases, totals.net_amount) == (DAY, None, None)
    assert totals.net_amount_365d is None
    release.customers([3, 4])
    assert read_totals(release.con).net_amount_365d == 7
