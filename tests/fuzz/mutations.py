"""Bytes of a valid file, damaged as files are damaged on their way."""

import bz2
import codecs
import gzip
from collections.abc import Sequence

from hypothesis import strategies as st

CONTROLS = (b"\0", b"\x01", b"\x0b", b"\x0c", b"\x1a", b"\x1b", b"\x7f", b"\x85", b"\xa0")
LINE_ENDS = (b"\n", b"\r", b"\r\n", b"\n\r", b"\r\r\n", "\u2028".encode(), "\u0085".encode())
MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE)
SIGNS = (b'"', b'""', b'"""', b",", b";", b"\t", b"\\", b"'", b"=", b"{", b"[", b"\\ud800")
STRANGE = ("张三".encode("gb18030"), "é".encode("latin-1"), "张".encode("utf-16-le"), "😀".encode())
PIECES = (*CONTROLS, *LINE_ENDS, *MARKS, *SIGNS, *STRANGE)

Change = tuple[str, float, float, bytes, int]


def changes(pieces: Sequence[bytes] = PIECES) -> st.SearchStrategy[list[Change]]:
    """A few changes: what is done, where and to where in the file, with which bytes, which bit."""
    place = st.floats(0, 1, width=16)
    kind = st.sampled_from(["insert", "insert", "insert", "flip", "delete", "again", "cut"])
    change = st.tuples(kind, place, place, st.sampled_from(pieces), st.integers(0, 7))
    return st.lists(change, max_size=5)


def changed(content: bytes, steps: Sequence[Change], fixed: int = 0) -> bytes:
    """The content after every change; its first `fixed` bytes stay."""
    head, body = content[:fixed], bytearray(content[fixed:])
    for kind, one, other, piece, bit in steps:
        start, end = sorted(round(place * len(body)) for place in (one, other))
        if kind == "insert":
            body[start:start] = piece
        elif kind == "flip" and start < len(body):
            body[start] ^= 1 << bit
        elif kind == "delete":
            del body[start : min(end, start + 20)]
        elif kind == "again":
            body[end:end] = body[start : min(end, start + 200)]
        elif kind == "cut":
            del body[max(start, 1) :]
    return head + bytes(body)


def wrapped(content: bytes, how: str) -> bytes:
    """The content, perhaps inside something else than its name says."""
    match how:
        case "gzip":
            return gzip.compress(content, mtime=0)
        case "bzip2":
            return bz2.compress(content)
        case "twice":
            return content + content
        case _:
            return content


WRAPPINGS = st.sampled_from([*["as it is"] * 17, "gzip", "bzip2", "twice"])
