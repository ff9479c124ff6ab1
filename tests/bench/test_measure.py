"""What a measured command took is its own, whatever the process that asks for it holds."""

import sys
from pathlib import Path

import pytest

from bench.measure import CommandFailed, measure


def test_the_memory_of_whoever_measures_does_not_count(tmp_path: Path) -> None:
    held = b"x" * 300_000_000
    measured = measure([sys.executable, "-c", "pass"], {}, tmp_path / "log")
    assert len(held) / 2**30 > 0.2 > measured.peak_gib > 0


def test_a_command_that_fails_names_its_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with pytest.raises(CommandFailed, match=str(log)):
        measure([sys.executable, "-c", "print('why', flush=True); raise SystemExit(3)"], {}, log)
    assert log.read_text() == "why\n"
