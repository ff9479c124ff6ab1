"""What landed and what was decided, damaged: this cannot be built again."""

import re
import shutil
from pathlib import Path

from arena import Arena
from damage import WAYS, Find, damages, overwrite, restore, truncate
from trials import FAILED, WRONG_INPUT, Break, Case, Fault

from orchestration.history import committed_days
from orchestration.landing import committed_loads


def _restored(find: Find, ends: int, says: str) -> dict[str, Case]:
    """Refused until the file is restored from a backup."""
    return {
        name: Case(damages(find, way), ends, rf"(?s){says}.*from a backup", restore)
        for name, way in WAYS.items()
    }


def _load(arena: Arena) -> Path:
    return committed_loads(arena.settings.landing)[0].path


def _load_receipt(arena: Arena) -> Path:
    return _load(arena).with_name("load.json")


def _move_loads_away(arena: Arena, told: str) -> None:
    (folder,) = {Path(each) for each in re.findall(r"move (\S+) away", told)}
    away = arena.company.folder / "damaged"
    away.mkdir()
    for name in {folder.name, *re.findall(r"\d{6}-\w+-[0-9a-f]{8}", told)}:
        shutil.move(folder.with_name(name), away)


def _kept(arena: Arena) -> Path:
    return committed_days(arena.settings.history)[-1].path / "classes.parquet"


def _kept_receipt(arena: Arena) -> Path:
    return _kept(arena).with_name("commit.json")


def _decide_again(arena: Arena, told: str) -> None:
    found = re.search(r"commit (\S+) is damaged.*`tiers (backfill --from [^`]+)`", told, re.DOTALL)
    assert found, told
    shutil.rmtree(found[1])
    ended = arena.tiers(*found[2].split())
    assert ended.code == 0, ended.told


def _decided_again(breaks: Break) -> Case:
    """A day that is decided again sees what has come since, as any backfill does."""
    return Case(breaks, FAILED, "tiers backfill", _decide_again, undisturbed=_backfill)


def _backfill(arena: Arena) -> tuple[str, ...]:
    day = committed_days(arena.settings.history)[-1].as_of.isoformat()
    return ("backfill", "--from", day, "--to", day)


FAULTS = (
    Fault(
        "Load damaged in landing",
        "refused: restore it from a backup, or move what it names away: its source is read again",
        {
            **_restored(_load, FAILED, r"data\.parquet"),
            "moved away": Case(
                damages(_load, truncate), FAILED, r"move \S+ away", _move_loads_away
            ),
        },
    ),
    Fault(
        "Receipt damaged in landing",
        "refused: restore it from a backup, or move what it names away: its source is read again",
        {
            **_restored(_load_receipt, WRONG_INPUT, r"load\.json"),
            "moved away": Case(
                damages(_load_receipt, overwrite), WRONG_INPUT, r"move \S+ away", _move_loads_away
            ),
        },
    ),
    Fault(
        "Day damaged in history",
        "refused: restore it from a backup, or decide it again with the backfill that is named",
        {
            **_restored(_kept, FAILED, r"classes"),
            "decided again": _decided_again(damages(_kept, truncate)),
        },
    ),
    Fault(
        "Receipt damaged in history",
        "refused: restore it from a backup, or decide it again with the backfill that is named",
        {
            **_restored(_kept_receipt, FAILED, r"commit\.json|is damaged"),
            "decided again": _decided_again(damages(_kept_receipt, Path.unlink)),
        },
    ),
)
