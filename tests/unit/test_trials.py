"""A home beside the home, in which something is tried."""

from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration import manifest
from orchestration.manifest import prepare_manifest
from orchestration.settings import Settings
from orchestration.trials import PREVIEW, trial


def test_what_the_home_has_parsed_is_not_parsed_again(
    new_home: Callable[[Path], Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse(*_: object) -> None:
        pytest.fail("parsed a second time")

    monkeypatch.setattr(manifest, "_parse", parse)
    settings = new_home(tmp_path)
    for _ in range(2):
        with trial(settings, PREVIEW, "a test", settings.landing) as tried:
            prepared = prepare_manifest(tried)
            assert prepared.parent == tried.dbt_home != settings.dbt_home
            assert (prepared / "manifest.msgpack").exists()
            assert (tried.home / "landing").readlink() == settings.landing
