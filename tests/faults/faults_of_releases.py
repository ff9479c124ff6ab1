"""Releases and the link to the served one: damaged, deleted, foreign, crowded."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from arena import Arena
from damage import Find, damages, foreign_log, garbage_log, overwrite, truncate
from trials import FAILED, Break, Case, Fault

from orchestration.publishing import list_releases


def _current(arena: Arena) -> Path:
    return arena.settings.served_database.resolve()


def _older(arena: Arena) -> Path:
    return list_releases(arena.settings.releases)[0].path


def _delete(find: Find) -> Break:
    def breaks(arena: Arena) -> None:
        shutil.rmtree(find(arena))

    return breaks


def _link_to(target: str) -> Break:
    def breaks(arena: Arena) -> None:
        link = arena.settings.releases / "current"
        link.unlink()
        link.symlink_to(target)

    return breaks


def _in_place_of_current(make: Callable[[Path], object]) -> Break:
    def breaks(arena: Arena) -> None:
        link = arena.settings.releases / "current"
        link.unlink()
        make(link)

    return breaks


def _move_away(arena: Arena, told: str) -> None:
    found = re.search(r"(\S+) is no symlink.*Move it away", told)
    assert found, told
    shutil.move(found[1], arena.company.folder / "moved_away")


def _crowded(arena: Arena) -> None:
    """Foreign folders and files, what killed runs leave, and many older releases."""
    releases = arena.settings.releases
    for name in ("photos", "2024-05-01", "2024-05-01T000900-feedface", ".building/old/spill-1"):
        (releases / name).mkdir(parents=True)
        (releases / name / "file").write_text("theirs")
    (releases / "README.txt").write_text("theirs")
    (releases / ".current.4711").symlink_to("nowhere")
    older = _older(arena)
    manifest = (older / "manifest.json").read_text("utf-8")
    for number in range(100, 400):
        name = f"2024-05-01T{number:06d}-0ddba11"
        shutil.copytree(older, releases / name, copy_function=os.link)
        (releases / name / "manifest.json").unlink()
        (releases / name / "manifest.json").write_text(
            manifest.replace(older.name, name).replace('"sequence": 1,', f'"sequence": {number},'),
            "utf-8",
        )


def _served_log(way: Callable[[Path], None]) -> Break:
    return lambda arena: way(_current(arena))


def _roll_back(arena: Arena, told: str) -> None:
    found = re.search(r"`tiers rollback (\S+)`", told)
    assert found, told
    ended = arena.tiers("rollback", found[1], reading=False)
    assert ended.code == 0, ended.told


FAULTS = (
    Fault(
        "Served release damaged",
        "refused: roll back to the release that is named, then run again",
        {
            "a Parquet file truncated": Case(
                damages(lambda arena: _current(arena).with_name("positions.parquet"), truncate),
                FAILED,
                "tiers rollback",
                _roll_back,
                readable=False,
            ),
            "the database truncated": Case(
                damages(_current, truncate), FAILED, "tiers rollback", _roll_back, readable=False
            ),
            "the manifest garbage": Case(
                damages(lambda arena: _current(arena).with_name("manifest.json"), overwrite),
                FAILED,
                "tiers rollback",
                _roll_back,
                readable=False,
            ),
            "deleted": Case(
                _delete(lambda arena: _current(arena).parent),
                FAILED,
                "tiers rollback",
                _roll_back,
                readable=False,
            ),
        },
    ),
    Fault(
        "Older release damaged",
        "the run goes on",
        {
            "deleted": Case(_delete(_older)),
            "its manifest garbage": Case(
                damages(lambda arena: _older(arena) / "manifest.json", overwrite)
            ),
        },
    ),
    Fault(
        "`current` broken",
        "published anew when it is missing; else refused: do what the message says",
        {
            "missing": Case(
                lambda arena: (arena.settings.releases / "current").unlink(), readable=False
            ),
            "dangling": Case(
                _link_to("2024-05-01T000009-gone"),
                FAILED,
                "tiers rollback",
                _roll_back,
                readable=False,
            ),
            "leading elsewhere": Case(
                _link_to("/tmp"), FAILED, "tiers rollback", _roll_back, readable=False
            ),
            "a file": Case(
                _in_place_of_current(Path.touch), FAILED, "Move it away", _move_away, readable=False
            ),
            "a folder": Case(
                _in_place_of_current(Path.mkdir), FAILED, "Move it away", _move_away, readable=False
            ),
        },
    ),
    Fault(
        "Releases folder crowded",
        "the run goes on, and leaves alone what is not its own",
        {"foreign folders, leftovers, 300 releases": Case(_crowded)},
    ),
    Fault(
        "Foreign log beside the served file",
        "the run goes on, and sets it aside",
        {
            "of another database": Case(_served_log(foreign_log), readable=False),
            "garbage": Case(_served_log(garbage_log), readable=False),
        },
    ),
)
