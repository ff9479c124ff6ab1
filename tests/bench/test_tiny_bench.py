"""What a further day of a backfill adds, by the processes that are measured for it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from bench import tiny
from bench.measure import Measured


def test_a_further_day_is_what_a_longer_backfill_takes_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = []
    took = iter([Measured(5, 4, 1), Measured(14, 12, 2), Measured(16, 13, 2), Measured(24, 19, 3)])

    def measure(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Measured:
        assert Path(environment["TIERS_SOURCES"]).exists()
        commands.append(" ".join(command[1:]))
        return next(took)

    monkeypatch.setattr(tiny, "measure", measure)
    found = tiny.run(4, tmp_path)
    assert commands == [
        "prepare",
        "run --as-of 2025-06-25",
        "backfill --from 2025-06-29 --to 2025-06-29",
        "backfill --from 2025-06-25 --to 2025-06-29",
    ]
    assert found["first"] == Measured(14, 12, 2)
    assert found["further_day"] == Measured(2, 1.5, 3)
