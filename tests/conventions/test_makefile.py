"""What `make` hands to `tiers`; nothing is installed or run."""

import os
import subprocess
from pathlib import Path

import pytest

from orchestration.settings import PROJECT

ANOTHER = "orchestration/sources/synthetic/sources.yml"
TIERS = """#!/bin/sh
echo "$TIERS_SOURCES"
echo "$TIERS_HOME"
"""


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    """A folder whose `tiers` says which settings it was given."""
    tiers = tmp_path / "tiers"
    tiers.write_text(TIERS)
    tiers.chmod(0o755)
    return tmp_path


def handed_over(bin_folder: Path, *given: str, **environment: str) -> tuple[str, str]:
    """TIERS_SOURCES and TIERS_HOME, as `make run` hands them on."""
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("TIERS_")}
    made = subprocess.run(
        ["make", "--silent", "--old-file=install", "run", f"BIN={bin_folder}", *given],
        cwd=PROJECT,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    sources, home = made.stdout.splitlines()
    return sources, home


def test_make_run_leaves_the_settings_as_they_are(bin_folder: Path) -> None:
    assert handed_over(bin_folder) == ("", "")
    kept = {"TIERS_SOURCES": "/s.yml", "TIERS_HOME": "/home"}
    assert handed_over(bin_folder, **kept) == ("/s.yml", "/home")


@pytest.mark.parametrize(
    ("file", "name"),
    [(ANOTHER, "synthetic"), ("/exports/shop.yml", "shop"), ("../shop/sources.yml", "shop")],
)
def test_another_company_gets_a_home_of_its_own(bin_folder: Path, file: str, name: str) -> None:
    sources, home = handed_over(bin_folder, f"SOURCES={file}")
    assert sources == os.path.normpath(PROJECT / file)
    assert Path(home) == PROJECT / "data" / "companies" / name


def test_a_home_that_is_set_is_kept_for_another_company(bin_folder: Path) -> None:
    handed = handed_over(bin_folder, f"SOURCES={ANOTHER}", TIERS_HOME="/srv/tiers")
    assert handed == (str(PROJECT / ANOTHER), "/srv/tiers")


def test_no_ui_starts_without_its_home(bin_folder: Path) -> None:
    """Dagster would make itself another one, in which its telemetry is on."""
    (bin_folder / "tiers").write_text("#!/bin/sh\necho TIERS_THREADS >&2\nexit 2\n")
    dagster = bin_folder / "dagster"
    dagster.write_text("#!/bin/sh\necho started in $DAGSTER_HOME\n")
    dagster.chmod(0o755)
    command = ["make", "--silent", "--old-file=install", "dev", f"BIN={bin_folder}"]
    refused = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "TIERS_THREADS" in refused.stderr
    (bin_folder / "tiers").write_text("#!/bin/sh\necho /srv/dagster home\n")
    started = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert started.stdout == "started in /srv/dagster home\n"
