"""YAML without its traps: every value stays text, a key stands once, and every line is known."""

from pathlib import Path

import yaml

from orchestration.sources.errors import SourceError

Place = tuple[str | int, ...]


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
            root = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
        except OSError as error:
            raise SourceError(f"cannot be read: {error.strerror}", file=path) from error
        except UnicodeDecodeError as error:
            raise SourceError(
                "is not UTF-8 text", file=path, expected="Save it as UTF-8."
            ) from error
        except yaml.YAMLError as error:
            raise _broken(path, error) from error
        self.content = self._value(root, ()) if root else None

    def line(self, place: Place) -> int | None:
        """The line of a key or item, or of the nearest one around it."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place)

    def _value(self, node: yaml.Node, place: Place) -> object:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            for position, item in enumerate(node.value):
                self._lines[*place, position] = item.start_mark.line + 1
            return [self._value(item, (*place, n)) for n, item in enumerate(node.value)]
        plain = getattr(node, "style", None) is None and node.value in ("", "~", "null")
        return None if plain else str(node.value)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, object]:
        content: dict[str, object] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise SourceError("a key has to be text", file=self.path, line=line)
            if key.value in content:
                raise SourceError(f"the key {key.value!r} stands twice", file=self.path, line=line)
            self._lines[*place, key.value] = line
            content[key.value] = self._value(value, (*place, key.value))
        return content


def _broken(path: Path, error: yaml.YAMLError) -> SourceError:
    mark = getattr(error, "problem_mark", None)
    return SourceError(
        f"is not YAML: {getattr(error, 'problem', None) or error}",
        file=path,
        line=mark.line + 1 if mark else None,
        expected='Quote text that begins with * & ! % @ [ or {, such as path: "*.csv".',
    )
