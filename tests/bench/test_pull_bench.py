"""The bench of pulls runs, and holds the rows that land against those that it made."""

from pathlib import Path

import pytest

from bench import pull


def test_a_small_table_is_pulled_and_pulled_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(pull.URL, raising=False)
    pull.run(5_000, tmp_path / "scratch")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "5,000 rows of ten columns. Ratios are to COPY."
    # The changed ones, and the hour before the last position, in which 4 of them were.
    assert int(lines[-1].split()[-1].replace(",", "")) == 50 + 361 - 4
