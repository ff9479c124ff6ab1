"""A load that cannot be read: what is wrong, where, and what can be done about it."""

from __future__ import annotations

from pathlib import Path

SHOWN_LOADS = 5


class LandingError(ValueError):
    """A landing that cannot be read or changed as asked: says which folder, and what to do."""


def damaged_load(path: Path, error: Exception) -> LandingError:
    """Says what to do about a file of a load that cannot be read.

    What landed after it of the same entry has to go with it: files that land anew come after all
    that is there, and so would win over newer ones.
    """
    later = _later_loads(path.parent)
    more = f" and {len(later) - SHOWN_LOADS} more" if len(later) > SHOWN_LOADS else ""
    names = ", ".join(later[:SHOWN_LOADS])
    with_it = f" together with what its entry landed later, {names}{more}," if later else ""
    return LandingError(
        f"{path} is damaged: {error}\n"
        f"  Nothing here writes such a file: restore it from a backup; or move {path.parent} away"
        f"{with_it} and run again, which lands what the source still offers."
    )


def _later_loads(folder: Path) -> list[str]:
    """The folders of loads of the same table and entry that landed after one, in their order."""
    if folder.parent.name.startswith("."):
        return []  # it was rejected: nothing goes on from it
    number, entry = _number_and_entry(folder.name)
    beside = sorted((*_number_and_entry(other.name), other.name) for other in _beside(folder))
    return [name for other, its_entry, name in beside if other > number and its_entry == entry]


def _beside(folder: Path) -> list[Path]:
    return [other for other in folder.parent.glob("*-*") if other.is_dir()]


def _number_and_entry(name: str) -> tuple[int, str]:
    """As the name of a load's folder tells them, since its receipt may be what is damaged."""
    number, _, rest = name.partition("-")
    return int(number) if number.isdecimal() else 0, rest.rpartition("-")[0]
