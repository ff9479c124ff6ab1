"""Refusing: by gate 1, to be tried again; by a person, for good."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from source_maker import numbered_shop, orders, rows

from orchestration.auditing.results import NotAudited
from orchestration.landing import LandingError, committed_loads, reject, rejected_loads


class Refusal(Exception):
    """What a gate raises."""


def refusing(reason: str) -> Callable[[str, Path], object]:
    def audit(table: str, parquet: Path) -> None:
        raise Refusal(reason)

    return audit


def test_gate_1_sees_each_load_before_it_is_there(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)
    seen: list[tuple[str, int, int]] = []

    def audit(table: str, parquet: Path) -> None:
        with duckdb.connect() as con:
            (count,) = con.execute(f"select count(*) from '{parquet}'").fetchone() or (0,)
        seen.append((table, count, len(committed_loads(made.landing))))

    made.pull(orders("o1.csv"), audit=audit)
    assert seen == [("orders", 1, 0)]


def test_a_refused_load_is_kept_aside_and_tried_again(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)
    with pytest.raises(Refusal):
        made.pull(orders("o1.csv"), audit=refusing("too few rows"))
    (refused,) = rejected_loads(made.landing)
    assert (refused.reason, refused.by, refused.load.sequence) == ("too few rows", "gate", 1)
    assert len(rows(refused.load)) == 1
    assert committed_loads(made.landing) == []
    (load,) = made.pull(orders("o1.csv")).landed
    assert load.sequence == 2


def test_a_load_that_could_not_be_audited_is_not_refused(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)

    def audit(table: str, parquet: Path) -> None:
        raise NotAudited("Out of Memory")

    with pytest.raises(NotAudited):
        made.pull(orders("o1.csv"), audit=audit)
    assert [*rejected_loads(made.landing), *committed_loads(made.landing)] == []
    assert len(made.pull(orders("o1.csv")).landed) == 1


def test_the_same_refusal_is_kept_once(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)
    for reason in ("first", "second"):
        with pytest.raises(Refusal):
            made.pull(orders("o1.csv"), audit=refusing(reason))
    (refused,) = rejected_loads(made.landing)
    assert (refused.reason, refused.load_id[:6]) == ("second", "000002")


def test_what_landed_before_a_refusal_stays(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1, 2)

    def audit(table: str, parquet: Path) -> None:
        if committed_loads(made.landing):
            raise Refusal("the second")

    with pytest.raises(Refusal):
        made.pull(orders("o*.csv"), audit=audit)
    assert [load.origin for load in committed_loads(made.landing)] == ["o1.csv"]


def test_a_load_that_a_person_rejects_does_not_come_back(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)
    (load,) = made.pull(orders("o1.csv")).landed
    rejected = reject(made.landing, load.load_id, "a test shop")
    assert (rejected.load_id, rejected.reason, rejected.by) == (
        load.load_id,
        "a test shop",
        "person",
    )
    assert committed_loads(made.landing) == []
    assert made.pull(orders("o1.csv")).unchanged == 1
    assert f"o1.csv stays rejected as {load.load_id}: a test shop" in made.told
    assert made.pull(orders("o1.csv", "constants: {currency: CNY}")).landed[0].sequence == 2


def test_rejecting_a_corrected_mapping_brings_the_old_one_back(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)
    (old,) = made.pull(orders("o1.csv")).landed
    (new,) = made.pull(orders("o1.csv", "constants: {currency: CNY}")).landed
    reject(made.landing, new.load_id, "wrong")
    assert [load.superseded_by for load in committed_loads(made.landing)] == [None]
    assert committed_loads(made.landing)[0].load_id == old.load_id


def test_rejecting_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match="There is no load '000001-x'"):
        reject(tmp_path / "landing", "000001-x", "why")
