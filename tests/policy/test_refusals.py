"""Wrong policy files, each refused for its own reason, with file, line, field and expectation.

UPDATE_SNAPSHOT=1 .venv/bin/pytest tests/policy/test_refusals.py   # when a message is meant
"""

import os
import shutil
from pathlib import Path

import pytest
import yaml

from orchestration.policy import PolicyError, load_policy
from orchestration.settings import DBT_PROJECT

REFUSED = Path(__file__).with_name("refused")
GOLDEN = Path(__file__).with_name("refused.txt")
WRONG = sorted(REFUSED.glob("*/*.yml"))


def project_with(folder: Path, *files: Path) -> Path:
    """A dbt project whose only themes are these files, in this order."""
    (folder / "policy").mkdir()
    for file in files:
        shutil.copyfile(file, folder / "policy" / file.name)
        (folder / "policy" / f"{file.stem}.sql").write_text("{{ classify() }}\n", "utf-8")
    themes = {"vars": {"themes": [file.stem for file in files]}}
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(themes), "utf-8")
    (folder / "models").symlink_to(DBT_PROJECT / "models")
    return folder


def refusal_of(folder: Path, *files: Path) -> list[str]:
    project = project_with(folder, *files)
    with pytest.raises(PolicyError) as refused:
        load_policy(project / "policy", project)
    return [told.replace(f"{project}/policy/", "") for told in refused.value.problems]


def test_every_wrong_file_is_refused_with_its_message(tmp_path: Path) -> None:
    told = []
    for file in WRONG:
        folder = tmp_path / file.stem
        folder.mkdir()
        told += refusal_of(folder, file)
    found = "\n".join(told) + "\n"
    if "UPDATE_SNAPSHOT" in os.environ:
        GOLDEN.write_text(found, "utf-8")
    assert found == GOLDEN.read_text("utf-8")
