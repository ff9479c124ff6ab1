"""YAML without its traps: every value stays text, a key stands once, and every line is known."""

import re
from pathlib import Path

import yaml

from orchestration.sources.errors import SourceError

Place = tuple[str | int, ...]

MOST_PLACES = 100_000  # a few aliases of aliases say more than any file could
NO_TEXT = re.compile("[\0\ud800-\udfff]")


class Document:
    """A YAML file as dicts, lists, text and None, and the line of each of its keys and items.

    Text stays text: `no` is not false, `007` keeps its zeros, `2017-12-31` is not yet a date. Only
    an empty value, `~` and an unquoted `null` are None.
    """

    def __init__(self, path: Path) -> None:
        """Read `path`. Raises SourceError for a missing file, broken YAML or a key given twice."""
        self.path = path
        self._lines: dict[Place, int] = {}
        try:
            root = _composed(path)
            self.content = self._value(root, ()) if root else None
        except RecursionError as error:
            raise SourceError("is nested too deeply", file=path) from error

    def line(self, place: Place) -> int | None:
        """The line of a key or item, or of the nearest one around it."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place)

    def _value(self, node: yaml.Node, place: Place) -> object:
        if len(self._lines) > MOST_PLACES:
            raise SourceError(f"has more than {MOST_PLACES:,} keys and items", file=self.path)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            for position, item in enumerate(node.value):
                self._lines[*place, position] = item.start_mark.line + 1
            return [self._value(item, (*place, n)) for n, item in enumerate(node.value)]
        plain = getattr(node, "style", None) is None and node.value in ("", "~", "null")
        return None if plain else self._text(node)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, object]:
        content: dict[str, object] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise SourceError("a key has to be text", file=self.path, line=line)
            name = self._text(key)
            if name in content:
                raise SourceError(f"the key {name!r} stands twice", file=self.path, line=line)
            self._lines[*place, name] = line
            content[name] = self._value(value, (*place, name))
        return content

    def _text(self, node: yaml.Node) -> str:
        """A scalar. SourceError: an escape writes what no text has, NUL or half a character."""
        if NO_TEXT.search(node.value):
            line = node.start_mark.line + 1
            raise SourceError(f"{node.value!r} is not text", file=self.path, line=line)
        return str(node.value)


def _composed(path: Path) -> yaml.Node | None:
    """The tree of a file; None when it is empty."""
    try:
        return yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", file=path) from error
    except UnicodeDecodeError as error:
        raise SourceError("is not UTF-8 text", file=path, expected="Save it as UTF-8.") from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # Besides its own errors: escapes beyond Unicode, and versions of very many digits.
        raise _broken(path, error) from error


def _broken(path: Path, error: Exception) -> SourceError:
    mark = getattr(error, "problem_mark", None)
    return SourceError(
        f"is not YAML: {getattr(error, 'problem', None) or error}",
        file=path,
        line=mark.line + 1 if mark else None,
        expected='Quote text that begins with * & ! % @ [ or {, such as path: "*.csv".',
    )
