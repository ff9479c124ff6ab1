"""A damaged load without a backup: doing what the message says lands the same anew."""

from pathlib import Path

from source_maker import ORDERS, ROW, numbered_shop, orders

from orchestration.landing import committed_loads, damaged_load

CUT_OFF = ValueError("it is cut off")


def test_what_landed_after_a_load_of_its_entry_goes_away_with_it(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, *range(1, 9))
    shop = "  orders:\n  - {name: shop, from: files, path: 'o[1-7].csv'}\n"
    till = "  - {name: till, from: files, path: o8.csv}\n"
    damaged, *later, _ = made.pull(shop + till).landed
    names = ", ".join(load.load_id for load in later[:5])
    assert (
        f"move {damaged.path.parent} away together with what its entry landed later, {names} and"
        " 1 more, and run again"
    ) in str(damaged_load(damaged.path, CUT_OFF))
    last = later[-1].path
    assert f"move {last.parent} away and run again" in str(damaged_load(last, CUT_OFF))


def test_a_file_that_lands_in_place_of_a_damaged_load_wins_over_no_newer_one(
    tmp_path: Path,
) -> None:
    made = numbered_shop(tmp_path, 1)
    made.pull(orders("o*.csv"))
    made.write("o2.csv", f"{ORDERS}\n{ROW.format(n=1).replace('1.00', '2.00')}")
    made.pull(orders("o*.csv"))
    damaged, newer = committed_loads(made.landing)
    told = str(damaged_load(damaged.path, CUT_OFF))
    for load in (damaged, newer):
        if load.load_id in told:
            load.path.parent.rename(tmp_path / load.load_id)
    made.pull(orders("o*.csv"))
    assert [load.origin for load in committed_loads(made.landing)] == ["o1.csv", "o2.csv"]
