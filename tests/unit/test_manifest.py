"""What was parsed stands in its place whole, also after the power fails."""

from pathlib import Path

import pytest
from synced import record_syncs

from orchestration import manifest
from orchestration.manifest import prepare_manifest, take_over_manifest
from orchestration.settings import Settings


def test_what_is_parsed_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse(settings: Settings, project: Path, folder: Path, target: str) -> None:
        folder.mkdir()
        (folder / "manifest.json").write_text("{}")

    monkeypatch.setattr(manifest, "_parse", parse)
    (tmp_path / "project").mkdir()
    home, other = Settings(home=tmp_path / "home"), Settings(home=tmp_path / "other")
    synced = record_syncs(monkeypatch)
    prepared = prepare_manifest(home, tmp_path / "project")
    take_over_manifest(other, home)
    for dbt_home in (home.dbt_home, other.dbt_home):
        assert (dbt_home / prepared.name / "manifest.json").read_text() == "{}"
        written = [path for path in synced if path.is_relative_to(dbt_home)]
        assert written[0].name == "manifest.json"
        assert written[0].parents[1].name.startswith(".parsing-")
        assert written[-1] == dbt_home
