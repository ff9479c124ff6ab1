"""Cut delimited text into blocks of whole records, so that a broken quote costs one line, no more.

A quote is sound when it opens a field, closes one, or is doubled inside one. A block whose quotes
are all sound, which numpy tells in a few passes over its bytes, is split as it is. Otherwise its
quoted lines are walked one by one, and the first line of a record that cannot be read to its end is
marked broken; reading goes on with the line after it. So no line is lost, and none is swallowed by
a quote that nothing closes. Two stray quotes, of which one opens a field and the other closes one,
are a field of several lines: nothing in the text tells it from one that was meant.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from orchestration.sources.errors import SourceError

QUOTE, NEWLINE, RETURN = b'"'[0], b"\n"[0], b"\r"[0]
LONGEST_RECORD = 1 << 20
LONGEST_LINE = 1 << 24
MOST_BROKEN = 10_000
SUSPECT = re.compile(rb'"|\r(?!\n)')
BROKEN = '"\0'  # how a broken line begins once marked; no text has a NUL

Positions = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Block:
    """Whole records as UTF-8, each ended by a line end, but for the file's last.

    Attributes:
        records: how many; blank lines are none.
    """

    text: bytes
    records: int


class RecordCutter:
    """Turns blocks of bytes, cut anywhere, into blocks of whole records.

    A broken line comes out quoted whole behind `BROKEN`, as a record with too many fields, so that
    the next step finds it with the ragged ones, in its place.
    """

    def __init__(self, delimiter: str, columns: int) -> None:
        """Prepare for text with this one-character delimiter and this many columns."""
        self._delimiter = delimiter.encode()
        self._tail = self._delimiter * columns
        self._record = record_pattern(delimiter)
        self._broken = 0

    def cut(self, blocks: Iterable[bytes]) -> Iterator[Block]:
        """Every record of the text, in order.

        Raises:
            SourceError: a line of more than 16 MiB, or quotes broken in more than 10,000 lines.
        """
        rest = b""
        for block in blocks:
            whole, rest = self._split(rest + block, last=False)
            if len(rest) > LONGEST_LINE:
                raise SourceError("has a line of more than 16 MiB; a record ends with a line feed")
            if whole.records:
                yield whole
        whole, _ = self._split(rest, last=True)
        if whole.records:
            yield whole

    def _split(self, text: bytes, *, last: bool) -> tuple[Block, bytes]:
        """The whole records that `text` begins with, and the rest."""
        data = np.frombuffer(text, np.uint8)
        quotes = np.flatnonzero(data == QUOTE)
        ends = np.flatnonzero(data == NEWLINE)
        if len(quotes):
            ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
        cut = int(ends[-1]) + 1 if len(ends) else 0
        if last and len(quotes) % 2 == 0:
            cut = len(text)
        # An open quote, or a line, may yet be completed by the next block.
        complete = cut == len(text) if last else len(text) - cut <= LONGEST_RECORD or cut > 0
        if not (complete and self._is_sound(data[:cut], quotes[quotes < cut], ends)):
            return self._repair(text, last=last)
        return Block(text[:cut], _count(data[:cut], ends)), text[cut:]

    def _is_sound(self, data: Bytes, quotes: Positions, ends: Positions) -> bool:
        """Whether every quote opens, closes or is doubled, and no line ends with a bare return."""
        returns = np.flatnonzero(data == RETURN)
        if len(returns) and not (_after(data, returns) == NEWLINE).all():
            return False
        if not len(quotes):
            return True
        if len(ends) and max(ends[0], np.diff(ends).max(initial=0)) > LONGEST_RECORD:
            return False
        delimiter = self._delimiter[0]
        before = np.where(quotes[::2] > 0, data[quotes[::2] - 1], NEWLINE)
        after = _after(data, quotes[1::2])
        return bool(
            np.isin(before, (delimiter, NEWLINE, QUOTE)).all()
            and np.isin(after, (delimiter, NEWLINE, RETURN, QUOTE)).all()
        )

    def _repair(self, text: bytes, *, last: bool) -> tuple[Block, bytes]:
        """Walk the lines that hold a quote or a bare return, and mark the broken ones."""
        pieces, records, position = [], 0, 0
        while position < len(text):
            start = _next_suspect(text, position)
            plain = text[position:start]
            if start == len(text) and not last:  # the last line may be incomplete
                plain = plain[: plain.rfind(b"\n") + 1]
            pieces.append(plain)
            records += _count_lines(plain)
            position += len(plain)
            if position < start or start == len(text):
                break
            end = self._end_of_record(text, start, last=last)
            if end is None and not last and len(text) - start <= LONGEST_RECORD:
                break
            line = text[start:end] if end else _line(text, start)
            if line.strip(b"\r\n"):
                pieces.append(line if end else self._marked(line))
                records += 1
            position += len(line)
        return Block(b"".join(pieces), records), text[position:]

    def _end_of_record(self, text: bytes, start: int, *, last: bool) -> int | None:
        """Where the record ends, its line end included; None when it cannot be read to its end."""
        found = self._record.match(text, start, start + LONGEST_RECORD)
        if found is None:
            return None
        complete = found[0].endswith(b"\n") or (last and found.end() == len(text))
        return found.end() if complete else None

    def _marked(self, line: bytes) -> bytes:
        self._broken += 1
        if self._broken > MOST_BROKEN:
            raise SourceError(
                f"has broken quotes in more than {MOST_BROKEN:,} lines",
                expected='Inside a quoted field a quote is doubled: "a ""b"" c".',
            )
        body = line.removesuffix(b"\n").removesuffix(b"\r").replace(b'"', b'""')
        return BROKEN.encode() + body + b'"' + self._tail + b"\n"


def record_pattern(delimiter: str) -> re.Pattern[bytes]:
    """One record with its line end: a field is quoted whole, or has no delimiter or line end."""
    separator = re.escape(delimiter.encode())
    field = rb'(?:"(?:[^"]++|"")*+"|(?!")[^\r\n' + separator + rb"]*+)"
    return re.compile(field + rb"(?:" + separator + field + rb")*+\r?(?:\n|\Z)")


def _next_suspect(text: bytes, position: int) -> int:
    """Where the next line begins that holds a quote or a bare return; the text's end when none."""
    found = SUSPECT.search(text, position)
    if found is None:
        return len(text)
    return max(text.rfind(b"\n", position, found.start()) + 1, position)


def _line(text: bytes, start: int) -> bytes:
    end = text.find(b"\n", start)
    return text[start : end + 1] if end >= 0 else text[start:]


def _after(data: Bytes, positions: Positions) -> Bytes:
    """The byte after each position; a line feed after the last byte."""
    following = np.minimum(positions + 1, len(data) - 1)
    return np.where(positions + 1 < len(data), data[following], NEWLINE).astype(np.uint8)


def _count_lines(text: bytes) -> int:
    data = np.frombuffer(text, np.uint8)
    return _count(data, np.flatnonzero(data == NEWLINE))


def _count(data: Bytes, ends: Positions) -> int:
    """How many records end at `ends` or at the data's end; blank lines are none."""
    ends = ends[ends < len(data)]
    if len(data) and (not len(ends) or ends[-1] != len(data) - 1):
        ends = np.append(ends, len(data))
    starts = np.concatenate(([0], ends[:-1] + 1))[: len(ends)]
    lengths = ends - starts
    if len(ends):
        lengths = lengths - ((data[np.maximum(ends - 1, 0)] == RETURN) & (lengths > 0))
    return int((lengths > 0).sum())
