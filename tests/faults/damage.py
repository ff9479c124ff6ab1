"""What is done to files, and undone."""

import random
from collections.abc import Callable
from pathlib import Path

import duckdb
from arena import Arena
from trials import Break

Find = Callable[[Arena], Path]


def truncate(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def overwrite(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(path.stat().st_size))


WAYS: dict[str, Callable[[Path], None]] = {
    "truncated": truncate,
    "garbage": overwrite,
    "deleted": Path.unlink,
}


def damages(find: Find, way: Callable[[Path], None]) -> Break:
    def breaks(arena: Arena) -> None:
        path = find(arena)
        arena.backup[path] = path.read_bytes()
        if path.stat().st_mode & 0o200 == 0:
            path.chmod(0o644)
        way(path)

    return breaks


def restore(arena: Arena, told: str) -> None:
    for path, content in arena.backup.items():
        path.write_bytes(content)


def foreign_log(path: Path) -> None:
    """A write-ahead log that a process left which was killed, beside a file of the same name."""
    with duckdb.connect(path.with_name("other.duckdb")) as other:
        other.execute("set checkpoint_threshold = '1TB'; pragma disable_checkpoint_on_shutdown")
        other.execute("create table theirs as select 1 as one")
    path.with_name("other.duckdb").unlink()
    path.with_name("other.duckdb.wal").replace(path.with_name(f"{path.name}.wal"))


def garbage_log(path: Path) -> None:
    path.with_name(f"{path.name}.wal").write_bytes(random.Random(2).randbytes(4096))
