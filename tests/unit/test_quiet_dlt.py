"""dlt takes no setting from the machine, and tells nobody that it was used."""

import os
import subprocess
import sys
from pathlib import Path

from orchestration.settings import PROJECT

PROGRAM = """
from orchestration.sources import quiet_dlt
from dlt.common.configuration import resolve_configuration
from dlt.common.configuration.specs import RuntimeConfiguration
from dlt.common.runtime import anon_tracker
assert anon_tracker._ANON_TRACKER_ENDPOINT is None, "telemetry is on"
settings = resolve_configuration(RuntimeConfiguration())
assert settings.request_max_attempts != 77, "the environment was read"
assert settings.request_timeout != 0.5, "a file was read"
assert settings.log_level == "WARNING", "the environment was read"
print("quiet")
"""


def test_dlt_depends_on_nothing_around_it(tmp_path: Path) -> None:
    (tmp_path / ".dlt").mkdir()
    (tmp_path / ".dlt" / "config.toml").write_text(
        "[runtime]\ndlthub_telemetry = true\nrequest_timeout = 0.5\n"
    )
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "PYTHONPATH": str(PROJECT),
        "RUNTIME__DLTHUB_TELEMETRY": "true",
        "RUNTIME__REQUEST_MAX_ATTEMPTS": "77",
        "RUNTIME__LOG_LEVEL": "DEBUG",
    }
    before = sorted(tmp_path.rglob("*"))
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout.strip()) == (0, "quiet"), ran.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_dlt_is_imported_in_one_place_only() -> None:
    files = [
        path.relative_to(PROJECT).as_posix()
        for path in (PROJECT / "orchestration").rglob("*.py")
        if any(line.strip().startswith(("from dlt", "import dlt")) for line in path.open("r"))
    ]
    assert files == ["orchestration/sources/quiet_dlt.py"]
