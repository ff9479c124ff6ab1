"""Delimited text read one character at a time: slow, simple, and written from the rules alone.

A record ends with a line end. A field that begins with a quote ends with one, and inside it a
quote is doubled; anywhere else a quote is a character. A record that does not keep to this, or has
a bare carriage return outside quotes, is malformed and costs its first line, no more.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Record:
    """One record: its text without the line end, and its fields; None when it is malformed."""

    text: str
    fields: tuple[str | None, ...] | None


def records(text: str, delimiter: str) -> list[Record]:
    """Every record of a text, its header included; blank lines are none."""
    found = []
    position = 0
    while position < len(text):
        record, after = _record(text, position, delimiter)
        if record.text.strip("\r"):
            found.append(record)
        position = after
    return found


def _record(text: str, start: int, delimiter: str) -> tuple[Record, int]:
    """The record that begins at `start`, and where the next one does."""
    fields: list[str | None] = []
    position = start
    while True:
        read = _quoted(text, position) if text[position : position + 1] == '"' else None
        if read is None and text[position : position + 1] == '"':
            break
        value, position = read or _plain(text, position, delimiter)
        fields.append(value or None)
        rest = text[position : position + 2]
        if rest[:1] == delimiter:
            position += 1
        elif rest in ("", "\r", "\r\n") or rest[:1] == "\n":
            end_of_line = len(rest) if rest[:1] == "\r" else len(rest[:1])
            return Record(text[start:position], tuple(fields)), position + end_of_line
        else:
            break
    line, end, _ = text[start:].partition("\n")
    return Record(line.removesuffix("\r"), None), start + len(line) + len(end)


def _quoted(text: str, start: int) -> tuple[str, int] | None:
    """The value of a field in quotes, and where it ends; None when nothing closes it."""
    value, position = "", start + 1
    while position < len(text):
        if text[position] != '"':
            value += text[position]
            position += 1
        elif text[position + 1 : position + 2] == '"':
            value += '"'
            position += 2
        else:
            return value, position + 1
    return None


def _plain(text: str, start: int, delimiter: str) -> tuple[str, int]:
    """The value of a field without quotes around it, and where it ends."""
    end = start
    while end < len(text) and text[end] not in (delimiter, "\r", "\n"):
        end += 1
    return text[start:end], end
