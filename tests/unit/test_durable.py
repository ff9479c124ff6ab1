"""Files and folders appear whole, under a free name, or not at all."""

from pathlib import Path

import pytest
from synced import record_syncs

from orchestration.durable import (
    CommitTargetExists,
    commit_folder,
    sweep_folder,
    write_durably,
)


def test_a_written_file_replaces_the_old_one_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "receipt.json"
    write_durably(file, b"old")
    write_durably(file, b"new")
    assert file.read_bytes() == b"new"
    assert list(file.parent.iterdir()) == [file]


def test_the_folder_of_a_first_file_is_on_the_disk_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = record_syncs(monkeypatch)
    write_durably(tmp_path / "new" / "folder" / "receipt.json", b"first")
    assert {tmp_path, tmp_path / "new", tmp_path / "new" / "folder"} <= set(synced)


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(IsADirectoryError):
        write_durably(tmp_path / "taken", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_a_committed_folder_moves_with_all_it_holds(tmp_path: Path) -> None:
    building = tmp_path / ".incoming" / "load"
    (building / "deep").mkdir(parents=True)
    (building / "deep" / "data").write_bytes(b"rows")
    (building / "link").symlink_to("nowhere")
    commit_folder(building, tmp_path / "orders" / "load")
    assert (tmp_path / "orders" / "load" / "deep" / "data").read_bytes() == b"rows"
    assert not building.exists()


@pytest.mark.parametrize("taken", ["full", "empty", "file", "link"])
def test_a_name_that_is_taken_is_refused_and_both_stay(tmp_path: Path, taken: str) -> None:
    building, final = tmp_path / "building", tmp_path / "final"
    building.mkdir()
    (building / "data").write_bytes(b"new")
    if taken == "link":
        final.symlink_to("nowhere")
    elif taken == "file":
        final.write_bytes(b"old")
    else:
        final.mkdir()
    if taken == "full":
        (final / "data").write_bytes(b"old")
    with pytest.raises(CommitTargetExists, match="final exists already"):
        commit_folder(building, final)
    assert (building / "data").read_bytes() == b"new"
    assert taken != "full" or (final / "data").read_bytes() == b"old"
    assert taken != "empty" or list(final.iterdir()) == []


def test_sweeping_empties_a_folder_and_names_what_went(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "c").write_bytes(b"")
    outside = tmp_path.parent / "outside"
    outside.mkdir(exist_ok=True)
    (tmp_path / "d").symlink_to(outside)
    assert sweep_folder(tmp_path) == ["a", "c", "d"]
    assert list(tmp_path.iterdir()) == []
    assert outside.is_dir()
    assert sweep_folder(tmp_path / "missing") == []
