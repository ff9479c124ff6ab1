"""Evaluations: kept whole and for good, shown from their day on, and clean of whoever is erased."""

from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from erasing_maker import erase_people

from orchestration.history import (
    HistoryError,
    committed_days,
    drop_from,
    evaluations,
    keep_evaluation,
    newest_evaluation,
)
from orchestration.inputs import decided

MAY, JUNE, JULY = date(2024, 5, 31), date(2024, 6, 30), date(2024, 7, 31)


def parquet(folder: Path, name: str, **columns: list[object]) -> Path:
    file = folder / f"{name}.parquet"
    pq.write_table(pa.table(columns), file)
    return file


def rows(path: Path) -> list[tuple[object, ...]]:
    with duckdb.connect() as con:
        return con.execute("from read_parquet(?)", [str(path)]).fetchall()


def test_the_newest_of_a_name_counts_from_its_day_on(tmp_path: Path) -> None:
    measures, cards = (parquet(tmp_path, name, value=[1, 2]) for name in ("measures", "cards"))
    history = tmp_path / "history"
    first = keep_evaluation(history, JUNE, {"measures": measures, "cards": cards})
    again = keep_evaluation(history, JUNE, {"measures": measures})
    earlier = keep_evaluation(history, MAY, {"measures": measures})

    assert first.rows == {"measures": 2, "cards": 2}
    assert evaluations(history, until=JULY) == [earlier, first, again]
    assert newest_evaluation(history, "measures", until=JULY) == again
    assert newest_evaluation(history, "cards", until=JULY) == first
    assert newest_evaluation(history, "measures", until=date(2024, 6, 29)) == earlier
    assert newest_evaluation(history, "cards", until=MAY) is None
    assert (committed_days(history), drop_from(history, MAY)) == ([], [])
    assert newest_evaluation(history, "cards", until=JULY) == first


@pytest.mark.parametrize("spoilt", ["evaluation.json", "measures.parquet"])
def test_one_that_is_not_whole_is_told_of(tmp_path: Path, spoilt: str) -> None:
    kept = keep_evaluation(tmp_path, JUNE, {"measures": parquet(tmp_path, "measures", value=[1])})
    (kept.path / spoilt).unlink()
    with pytest.raises(HistoryError, match=f"{kept.id} is damaged.*`tiers evaluate`"):
        evaluations(tmp_path, until=JULY)
    assert evaluations(tmp_path, until=MAY) == []


def test_a_view_shows_the_newest_file_and_a_column_that_it_lacks_as_null(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = {"measures": {"value": "bigint", "note": "varchar"}, "cards": {"text": "varchar"}}
    monkeypatch.setattr(decided, "EVALUATION_COLUMNS", columns)
    measures = parquet(tmp_path, "measures", value=[7])
    kept = keep_evaluation(tmp_path / "history", JUNE, {"measures": measures})
    with duckdb.connect() as con:
        con.execute("create schema history")
        decided.write_evaluation_views(con, tmp_path / "history", until=JULY)
        assert con.execute("from history.measures").fetchall() == [(7, None)]
        assert con.execute("from history.cards").fetchall() == []
        (kept.path / "measures.parquet").write_text("torn")
        with pytest.raises(HistoryError, match="is damaged"):
            decided.write_evaluation_views(con, tmp_path / "history", until=JULY)


def test_whoever_is_erased_is_taken_out_of_every_evaluation(tmp_path: Path) -> None:
    named = parquet(tmp_path, "predictions", customer_id=["c1", "c2"], value=[1, 2])
    nameless = parquet(tmp_path, "measures", value=[1])
    kept = keep_evaluation(tmp_path / "history", JUNE, {"predictions": named, "measures": nameless})
    erase_people(tmp_path, "c1")
    assert rows(kept.path / "predictions.parquet") == [("c2", 2)]
    assert rows(kept.path / "measures.parquet") == [(1,)]
    (cleaned,) = evaluations(tmp_path / "history", until=JUNE)
    assert cleaned.rows == {"predictions": 1, "measures": 1}
