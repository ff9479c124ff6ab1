"""Back up, wipe, restore with the commands of the guide: the same hashes."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from small_company import NEXT_DAY, SmallCompany

from orchestration.publishing import current_release
from orchestration.run_lock import LOCK, RunLocked, run_lock
from orchestration.settings import PROJECT
from orchestration.store.scan import KEPT

GUIDE = (PROJECT / "docs" / "OPERATIONS.md").read_text("utf-8")


class Operator:
    """Somebody who does what the guide says."""

    def __init__(self, company: SmallCompany, backup: Path) -> None:
        self.company = company
        self.environment = {
            **os.environ,
            "TIERS_HOME": str(company.settings.home),
            "TIERS_SOURCES": str(company.settings.sources),
            "BACKUP": str(backup),
            "DAY": NEXT_DAY.isoformat(),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }

    def does(self, name: str) -> subprocess.CompletedProcess[str]:
        """The commands that stand under this name."""
        found = re.search(rf"<!-- {name} -->\n```bash\n(.*?)```", GUIDE, re.S)
        assert found, name
        return subprocess.run(
            ["bash", "-euc", found[1]], env=self.environment, capture_output=True, text=True
        )

    def published(self) -> dict[str, str]:
        """Table to content hash of what readers see."""
        release = current_release(self.company.settings.releases)
        assert release
        return dict(release.content)


@pytest.fixture
def operator(second_day: SmallCompany, tmp_path: Path) -> Operator:
    return Operator(second_day.copy(tmp_path), tmp_path / "backup.tar.gz")


@pytest.mark.slow
def test_what_was_wiped_is_back_with_the_same_hashes(operator: Operator) -> None:
    before = operator.published()
    backed_up = operator.does("backup")
    assert backed_up.returncode == 0, backed_up.stderr
    shutil.rmtree(operator.company.settings.home)
    restored = operator.does("restore")
    assert restored.returncode == 0, restored.stderr
    assert operator.published() == before


def test_a_backup_waits_for_no_run_and_says_so(operator: Operator, tmp_path: Path) -> None:
    with run_lock(operator.company.settings.home, "a run"):
        refused = operator.does("backup")
    assert refused.returncode != 0
    assert not (tmp_path / "backup.tar.gz").exists()


def test_a_backup_holds_the_truth_and_nothing_else(company: SmallCompany, tmp_path: Path) -> None:
    home = company.settings.home
    for name in ("spark", "superset", "bench", "companies/other/landing"):
        (home / name).mkdir(parents=True)
        (home / name / "file").touch()
    (home / "last_error.log").touch()
    done = Operator(company, tmp_path / "backup.tar.gz").does("backup")
    assert done.returncode == 0, done.stderr
    with tarfile.open(tmp_path / "backup.tar.gz") as backup:
        parts = {name.split("/")[0] for name in backup.getnames()}
    assert {"landing", "history"} <= parts <= set(KEPT)


def test_a_run_that_meets_a_backup_says_what_the_guide_says(tmp_path: Path) -> None:
    told = "Another run has just begun"
    with (tmp_path / LOCK).open("a") as backup:
        fcntl.flock(backup, fcntl.LOCK_EX)
        with pytest.raises(RunLocked, match=told), run_lock(tmp_path, "a run"):
            pass
    assert f"`{told}`; run its day again" in GUIDE
    (heading,) = re.findall(rf"### `{told}`.*?(?=\n### )", GUIDE, re.S)
    assert "a backup" in heading


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("docs/OPERATIONS.md", r"What may be lost, .*? are the truth\."),
        ("docs/RELIABILITY.md", r"Keep backups of .*?;"),
        ("README.md", r"Truth lives in .*?\n\n"),
    ],
)
def test_every_page_names_the_same_folders_as_the_truth(page: str, sentence: str) -> None:
    found = re.search(sentence, (PROJECT / page).read_text("utf-8"), re.S)
    assert found
    assert set(re.findall(r"`(\w+)/`", found[0])) == set(KEPT)
