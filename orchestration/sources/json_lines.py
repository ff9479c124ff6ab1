"""jsonl: one JSON object a line, numbers kept as the text they are written in."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from orchestration.sources.errors import SourceError
from orchestration.sources.json_text import as_text, parsed
from orchestration.sources.tabular import StreamedFile, header, rows_per_batch, schema_of
from orchestration.sources.text import detect_encoding, utf8_blocks

LONGEST_LINE = 1 << 24


class JsonLinesFile(StreamedFile):
    """A jsonl file. Its columns are the keys of all its lines, in order of first appearance.

    A line that is not a JSON object, has a key twice or nests too deep is malformed. A nested value
    is JSON text; null is NULL; true and false are that text. Blank lines are no records.
    """

    def __init__(self, path: Path, encoding: str | None) -> None:
        """Read all keys (one pass). Raises SourceError for bad text or a file without an object."""
        self.path = path
        self._encoding = detect_encoding(path, encoding)
        keys: dict[str, None] = {}
        for line in self._lines():
            keys.update(dict.fromkeys(_record(line) or ()))
        if not keys:
            raise SourceError(
                "holds no JSON object",
                file=path,
                expected='jsonl has one object a line, such as {"id": 1}; a JSON array has not.',
            )
        self._keys = tuple(keys)
        self.columns = header(self._keys, path)
        self.about = f"jsonl, {self._encoding}"

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, at most 50,000 a batch."""
        schema, size = schema_of(self.columns), rows_per_batch(self.columns)
        columns: list[list[object]] = [[] for _ in schema.names]
        for number, line in enumerate(self._lines(), start=1):
            record = _record(line)
            columns[0].append(number)
            columns[1].append(line.decode() if record is None else None)
            for values, key in zip(columns[2:], self._keys, strict=True):
                values.append((record or {}).get(key))
            if number % size == 0:
                yield pa.RecordBatch.from_arrays(_arrays(columns, schema), schema=schema)
                columns = [[] for _ in schema.names]
        yield pa.RecordBatch.from_arrays(_arrays(columns, schema), schema=schema)

    def _lines(self) -> Iterator[bytes]:
        """Every line that is not blank, without its line end."""
        rest = b""
        for block in utf8_blocks(self.path, self._encoding):
            *whole, rest = (rest + block).split(b"\n")
            if len(rest) > LONGEST_LINE:
                raise SourceError("has a line of more than 16 MiB", file=self.path)
            yield from (line.strip(b"\r") for line in whole if line.strip())
        if rest.strip():
            yield rest.strip(b"\r")


def _record(line: bytes) -> dict[str, str | None] | None:
    """The values of one line as text, by key; None when it is no object, or cannot be text."""
    try:
        record = parsed(line)
        if not isinstance(record, dict):
            return None
        texts = {key: as_text(value) for key, value in record.items()}
        if b"\\u" in line:
            _check_text("".join([*texts, *filter(None, texts.values())]))
    except (ValueError, RecursionError):
        return None
    return texts


def _check_text(text: str) -> None:
    """Refuse what only an escape can write: NUL, and half of a surrogate pair (ValueError)."""
    text.encode()
    if "\0" in text:
        raise ValueError("NUL")


def _arrays(columns: list[list[object]], schema: pa.Schema) -> list[pa.Array]:
    return [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
