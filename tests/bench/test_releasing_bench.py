"""The gates and publishing are measured over a home that stays as it is."""

from pathlib import Path

from small_company import SmallCompany

from bench.releasing import MEASURES, measure_gates, measure_publishing


def test_gates_and_publishing_take_time_and_leave_the_home_alone(
    first_run: SmallCompany, tmp_path: Path
) -> None:
    before = first_run.served()
    scratch = tmp_path / "scratch"
    found = measure_gates(first_run.settings) | measure_publishing(first_run.settings, scratch)
    assert found.keys() == MEASURES.keys()
    assert all(seconds > 0 for seconds in found.values())
    assert first_run.served() == before
    assert not scratch.exists()
