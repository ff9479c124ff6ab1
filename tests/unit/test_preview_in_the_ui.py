"""The job `preview` leaves in the records of runs, which are kept for good, nobody's row."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import dagster as dg

from orchestration.preview import Moved, Mover, Preview
from orchestration.preview_job import preview_metadata

FEW = Moved("membership", "silver", "gold", 2, Decimal("4321.09"))
MANY = Moved("membership", "basic", "silver", 1234, Decimal("98765.43"))
FOUND = Preview(
    day=date(2024, 5, 31),
    moved=(MANY, FEW),
    top_movers=(Mover("K-7731", "membership", "silver", "gold", Decimal("3210.98")),),
    added=("copied",),
    removed=(),
    empty=(("copied", "diamond"),),
    refusals=(),
    warehouse=Path("w"),
)


def test_it_counts_moves_and_names_no_customer() -> None:
    shown = preview_metadata(FOUND, 5)
    assert rows(shown)[0] == ("membership", "basic", "silver", "1,234", "98,765.43")
    assert "K-7731" not in str(shown)
    assert "3,210.98" not in str(shown)


def test_it_tells_no_amount_of_few() -> None:
    assert rows(preview_metadata(FOUND, 5))[1] == ("membership", "silver", "gold", "2", "–")
    assert rows(preview_metadata(FOUND, 2))[1][-1] == "4,321.09"


def rows(shown: dict[str, dg.MetadataValue]) -> list[tuple[object, ...]]:
    moves = shown["moves"]
    assert isinstance(moves, dg.TableMetadataValue)
    return [tuple(record.data.values()) for record in moves.records]
