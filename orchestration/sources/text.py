"""The encoding of a text file, decided strictly before a byte of it lands."""

import codecs
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from orchestration.sources.errors import SourceError

BLOCK = 1 << 21
TRIED = ("utf-8", "gb18030")
ALIKE = ("cp949", "cp950")  # EUC-KR and Big5, as Windows writes them
# So many different letters beyond ASCII tell of a language.
TELLING_LETTERS = 16
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # begins as that of UTF-16 does, so it is looked for first
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def detect_encoding(path: Path, given: str | None) -> str:
    """The encoding that decodes the whole file without a doubt.

    A byte order mark decides; without one it is `given`, or else utf-8 when every byte fits, or
    else gb18030 when every byte fits and the text that comes out is Chinese, and simplified.

    Raises:
        SourceError: nothing fits (with the line where each gave up), the text holds NUL, or its
            bytes fit gb18030 by what looks like chance or may be Korean or traditional Chinese.
    """
    marked = _marked(path)
    family = (marked or "").removesuffix("-sig")
    if given and not codecs.lookup(given).name.startswith(family):
        raise SourceError(
            f"starts with the byte order mark of {family}, yet is declared {given}",
            file=path,
            expected="Leave encoding out; the mark decides.",
        )
    candidates = (marked,) if marked else (given,) if given else TRIED
    failures = []
    for encoding in candidates:
        failure = _first_failure(path, encoding)
        if failure is None:
            if encoding == "gb18030" and not given and not _is_chinese(path):
                raise _could_be_western(path)
            if encoding == "gb18030" and not given and _may_be_another_asian(path):
                raise _could_be_another_asian(path)
            return encoding
        failures.append(failure)
    raise SourceError(
        f"is not {' or '.join(candidates)} text: {'; '.join(failures)}",
        file=path,
        expected="Say which it is, such as encoding: cp1252, or repair the file.",
    )


def utf8_blocks(path: Path, encoding: str) -> Iterator[bytes]:
    """The text of a file as blocks of UTF-8 without a byte order mark, 2 MiB of the file each."""
    plain = codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with path.open("rb") as file:
        if plain and file.read(3) != codecs.BOM_UTF8:
            file.seek(0)
        while block := file.read(BLOCK):
            yield block if plain else decoder.decode(block).encode()
    if not plain and (tail := decoder.decode(b"", final=True)):
        yield tail.encode()


def for_arrow(text: bytes) -> bytes:
    """UTF-8 for a reader of pyarrow, which takes one byte order mark off where a block begins.

    Inside a text it is a character.
    """
    return codecs.BOM_UTF8 + text if text.startswith(codecs.BOM_UTF8) else text


def _marked(path: Path) -> str | None:
    with path.open("rb") as file:
        head = file.read(4)
    return next((name for mark, name in BYTE_ORDER_MARKS.items() if head.startswith(mark)), None)


def _first_failure(path: Path, encoding: str) -> str | None:
    """Why the file is not text of this encoding; None when it is. Raises SourceError for NUL."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines = 0
    with path.open("rb") as file:
        while True:
            block = file.read(BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                lines += error.object[: error.start].count(b"\n")
                wrong = error.object[error.start : error.end].hex(" ")
                return f"{encoding} has no bytes {wrong}, near line {lines + 1}"
            except UnicodeError as error:
                return f"{error}, near line {lines + 1}"
            if "\0" in text:
                raise _holds_nul(path, lines + text[: text.index("\0")].count("\n") + 1)
            lines += text.count("\n")
            if not block:
                return None


def _is_chinese(path: Path) -> bool:
    """Whether most letters beyond ASCII are among the 6,763 that Chinese text is made of.

    In cp1252, `ü` and the letter after it fit gb18030 too, but make a letter that few texts have.
    The first 2 MiB with any such letter tell: a longer file does not fit throughout by chance.
    """
    for block in utf8_blocks(path, "gb18030"):
        if letters := {letter for letter in set(block.decode()) if letter > "\x7f"}:
            usual = "".join(letters).encode("gb2312", errors="ignore").decode("gb2312")
            return 2 * len(usual) >= len(letters)
    return True


def _may_be_another_asian(path: Path) -> bool:
    """Whether a text that fits gb18030 fits Korean or traditional Chinese, and looks like it.

    About half of simplified Chinese begins with a byte above C8 (一是在有中市), while Hangul and
    the usual letters of Big5 begin below; of Big5, a good third ends with a byte of ASCII.
    The blocks up to the first with any letter above tell. Few letters tell nothing: a column of
    男 and 女 begins below, too.
    """
    above = ascii_ends = 0
    seen: set[str] = set()
    for block in utf8_blocks(path, "gb18030"):
        counted = Counter(block.decode())
        seen |= {letter for letter in counted if letter > "\x7f"}
        for letter, times in counted.items():
            lead, *trail = letter.encode("gb18030")
            above += times * (lead > 0xC8)
            ascii_ends += times * (0x40 <= max(trail, default=0) <= 0x7E)
        if above:
            break
    looks_like_it = len(seen) >= TELLING_LETTERS and (not above or ascii_ends > above)
    return looks_like_it and any(_first_failure(path, other) is None for other in ALIKE)


def _could_be_western(path: Path) -> SourceError:
    return SourceError(
        "fits gb18030, yet most of its letters beyond ASCII are none of everyday Chinese",
        file=path,
        expected="Say which it is: encoding: cp1252 is usual in Western Europe, big5 in Taiwan; "
        "else gb18030.",
    )


def _could_be_another_asian(path: Path) -> SourceError:
    return SourceError(
        "fits gb18030, yet may be Korean or traditional Chinese as well",
        file=path,
        expected="Say which it is: encoding: gb18030, euc-kr or big5.",
    )


def _holds_nul(path: Path, line: int) -> SourceError:
    return SourceError(
        "holds a NUL character, which no text has",
        file=path,
        line=line,
        expected="If it is UTF-16 without a byte order mark, say encoding: utf-16-le.",
    )
