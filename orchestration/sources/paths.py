"""Where the files of an entry are: beside the source file, or inside an installed package."""

import hashlib
import importlib.util
from pathlib import Path, PurePosixPath

from orchestration.sources.errors import SourceError

PACKAGE = "package:"
# Of the lock file beside an open workbook, and of what macOS keeps beside a file it copies.
HIDDEN = ("~$", ".")


def find_files(folder: Path, pattern: str) -> list[Path]:
    """The files that a `path:` names, sorted by path; empty when there are none.

    Hidden files are no exports: they are left out, unless the last part of the pattern begins as
    they do.

    Args:
        folder: the source file's folder.
        pattern: a path or glob relative to it, or `package:NAME/…` inside an installed package,
            which is found without being imported.

    Raises:
        SourceError: the path is absolute, leaves its folder (symlinks followed), or names a package
            that is not installed.
    """
    base, inner = _base(folder, pattern)
    if PurePosixPath(inner).is_absolute() or ".." in PurePosixPath(inner).parts or not inner:
        raise SourceError(f"{pattern!r} leaves {base}; name files below it, without .. or /")
    try:
        files = sorted(path for path in base.glob(inner) if path.is_file())
    except (ValueError, OSError) as error:
        raise SourceError(f"{pattern!r} is not a path: {error}") from error
    unmeant = tuple(mark for mark in HIDDEN if not PurePosixPath(inner).name.startswith(mark))
    files = [path for path in files if not path.name.startswith(unmeant)]
    for path in files:
        if not path.resolve().is_relative_to(base.resolve()):
            raise SourceError(f"{path} points outside {base}")
        if not _is_text(str(path)):
            raise SourceError(f"{str(path)!r} has a name that is not UTF-8", expected="Rename it.")
    return files


def origin_of(folder: Path, pattern: str, path: Path) -> str:
    """How a found file is written in a receipt: relative to the folder, or inside its package."""
    base, _ = _base(folder, pattern)
    inner = path.relative_to(base).as_posix()
    if pattern.startswith(PACKAGE):
        return f"{PACKAGE}{base.name}/{inner}"
    return inner


def content_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_text(name: str) -> bool:
    """Whether a name of the file system is text: Python keeps the bytes that are not."""
    try:
        return bool(name.encode())
    except UnicodeEncodeError:
        return False


def _base(folder: Path, pattern: str) -> tuple[Path, str]:
    """The folder a pattern starts from, and the rest of the pattern."""
    if not pattern.startswith(PACKAGE):
        return folder, pattern
    name, _, inner = pattern.removeprefix(PACKAGE).partition("/")
    is_name = name.isidentifier() and name != "__main__"
    spec = importlib.util.find_spec(name) if is_name else None
    locations = spec.submodule_search_locations if spec else None
    if not locations:
        raise SourceError(
            f"there is no installed package {name!r}",
            expected="Install it, or check its import name (with _ rather than -).",
        )
    return Path(next(iter(locations))), inner
