"""Files that are something else than their suffix says."""

import bz2
import gzip
import io
import lzma
from pathlib import Path
from zipfile import ZipFile

import pytest
from source_maker import ORDERS, ROW, Shop, orders

from orchestration.sources.disguise import refuse_disguise
from orchestration.sources.errors import SourceError

TEXT = (f"{ORDERS}\n" + ROW.format(n=1) * 99).encode()
OLD_WORKBOOK = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2048)


def zipped() -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr("o.csv", TEXT)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("o.csv", zipped(), "is a zip archive or a workbook"),
        ("o.csv", gzip.compress(TEXT, mtime=0), "is compressed with gzip"),
        ("o.txt", bz2.compress(TEXT), "is compressed with bzip2"),
        ("o.jsonl", lzma.compress(TEXT), "is compressed with xz"),
        ("o.tsv", OLD_WORKBOOK, r"is an old \(.xls\) or a password-protected workbook"),
        ("o.csv", b"PAR1\x15\x04", "is a Parquet file"),
        ("o.xlsx", OLD_WORKBOOK, r"is an old \(.xls\) or a password-protected workbook"),
        ("o.xlsx", TEXT, "cannot be read as a workbook"),
        ("o.xlsx", zipped(), "cannot be read as a workbook"),
        ("o.xlsx", b"", "is empty"),
        ("o.parquet", b"", "is empty"),
        ("o.parquet", b"PARE" + bytes(20) + b"PARE", "is an encrypted Parquet file"),
        ("o.parquet", b"PAR1" + bytes(20) + b"PAR1", "cannot be read as Parquet"),
        ("o.parquet", gzip.compress(TEXT, mtime=0), "is compressed with gzip"),
    ],
)
def test_what_a_file_is_instead_is_said(
    tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    shop = Shop(tmp_path)
    shop.write(name, content)
    with pytest.raises(SourceError, match=rf"{name}: {problem}"):
        shop.land(orders(name))


def test_a_header_may_begin_as_a_parquet_file_does(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("o.csv", f"PAR1,{ORDERS}\nx,{ROW.format(n=1)}")
    assert shop.land(orders("o.csv"))[0]["PAR1"] == "x"


def test_a_file_that_vanishes_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop(tmp_path)
    shop.write("o.csv", TEXT)

    def vanish(path: Path) -> None:
        path.unlink()
        refuse_disguise(path)

    monkeypatch.setattr("orchestration.sources.tables.refuse_disguise", vanish)
    with pytest.raises(SourceError, match=r"o\.csv: cannot be read: No such file"):
        shop.land(orders("o.csv"))
