"""The source files of the guide to sources load as they are shown."""

import re
from pathlib import Path

import pytest

from orchestration.settings import PROJECT
from orchestration.sources.source_file import load_source_file

BLOCKS = re.findall(
    r"```yaml\n(timezone.*?)```", (PROJECT / "docs" / "sources.md").read_text("utf-8"), re.S
)


@pytest.mark.parametrize("block", BLOCKS)
def test_a_source_file_of_the_guide_loads(block: str, tmp_path: Path) -> None:
    path = tmp_path / "sources.yml"
    path.write_text(block, "utf-8")
    source = load_source_file(path)
    assert source.tables


def test_the_guide_shows_source_files() -> None:
    assert len(BLOCKS) >= 2
