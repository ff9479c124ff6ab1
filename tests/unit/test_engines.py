"""An engine that is not there is told of before anything runs."""

from pathlib import Path

import pytest

from orchestration.engines import check_engine
from orchestration.settings import SettingError, Settings


def test_what_spark_needs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(home=tmp_path, engine="spark")
    monkeypatch.setattr("orchestration.engines.spark.find_spec", lambda name: None)
    with pytest.raises(SettingError, match="`make spark-setup`"):
        check_engine(settings)
    monkeypatch.setattr("orchestration.engines.spark.find_spec", lambda name: name)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingError, match="openjdk-17-jre-headless"):
        check_engine(settings)


def test_duckdb_is_always_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.engines.spark.find_spec", lambda name: None)
    check_engine(Settings(home=tmp_path))
