"""Files that cannot be read as what they are said to be: the run stops and names them."""

import gzip
import io
import zipfile

import openpyxl

from .case import Case, Stops, csv_text, sound_csv, sound_rows

GOOD = sound_csv("a broken file")
HEADER = GOOD.partition("\n")[0]


def broken(
    given: str, content: bytes | str, *says: str, name: str = "o.csv", **entry: object
) -> Case:
    content = content.encode() if isinstance(content, str) else content
    return Case(given, Stops(says), files={name: content}, entries=(entry,))


def _workbook(rows: list[list[str]]) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(content)
    return content.getvalue()


def _zip() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("o.csv", GOOD)
    return content.getvalue()


CASES = [
    Case("a file that is not there", Stops(("names no file in",)), entries=({"path": "o.csv"},)),
    Case("a pattern that fits no file", Stops(("names no file in",)), entries=({"path": "*.csv"},)),
    broken("an empty file", "", "is empty"),
    broken("a file of blank lines", "\n \n\n", "has no header"),
    broken("a file with a header and no row", HEADER + "\n", "has_rows"),
    broken("a header without a line end and no row", HEADER, "has_rows"),
    broken("bytes that no encoding has", GOOD.encode() + b"\xff\xff\x00\x81\xff", "is not utf-8"),
    broken(
        "UTF-8 with a record in GB18030 that neither is",
        GOOD.encode() + "é门".encode() + b"\xb6\xa9\xb5\xa5\xff\n",
        "near line 5",
    ),
    broken(
        "an encoding that does not fit the file",
        GOOD.encode("utf-16"),
        "byte order mark",
        encoding="gb18030",
    ),
    broken(
        "text in GB18030 declared as UTF-8",
        csv_text([row | {"channel": "门店"} for row in sound_rows("x")]).encode("gb18030"),
        "is not utf-8 text",
        encoding="utf-8",
    ),
    broken("UTF-16 without a mark and not declared", GOOD.encode("utf-16-le"), "NUL"),
    broken("a NUL character in a text file", GOOD + "a\0b\n", "NUL"),
    broken(
        "a header that stands twice", "order_id,order_id,customer_id\n1,2,3\n", "several columns"
    ),
    broken("a header with an open quote", '"order_id,customer_id\n1,2\n', "header"),
    broken("a header that could be split two ways", "a;b,c;d,e\n", "could be delimited by"),
    broken("another delimiter than declared", GOOD, "needs order_id", delimiter=";"),
    broken(
        "a file without a required column",
        "order_id,customer_id,amount\n1,2,3\n",
        "needs ordered_at",
    ),
    broken(
        "a file without a header", "1,c,2024-05-01,10.00\n2,d,2024-05-02,11.00\n", "needs order_id"
    ),
    broken("headers that differ by case", GOOD.replace("amount", "Amount"), "needs amount"),
    broken(
        "a mapped column that the file lacks",
        GOOD,
        "has no column 'Amount'",
        "Did you mean amount?",
        columns={
            "order_id": "order_id",
            "customer_id": "customer_id",
            "ordered_at": "ordered_at",
            "amount": "Amount",
        },
    ),
    broken("a zip archive under the name of a csv", _zip(), "zip"),
    broken("a gzip archive under the name of a csv", gzip.compress(GOOD.encode(), mtime=0), "gzip"),
    broken("a .csv.gz", gzip.compress(GOOD.encode(), mtime=0), "is compressed", name="o.csv.gz"),
    broken("a .zip", _zip(), "is compressed", name="o.zip"),
    broken("a workbook under the name of a csv", _workbook([["a"], ["b"]]), "workbook"),
    broken("a csv under the name of a workbook", GOOD, "workbook", name="o.xlsx"),
    broken(
        "a workbook of before 2007 under the new name",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
        "workbook",
        name="o.xlsx",
    ),
    broken("a workbook that is cut", _workbook([["a"], ["b"]])[:-300], "workbook", name="o.xlsx"),
    broken(
        "a workbook with nothing in it", _workbook([]), "has nothing in its sheet", name="o.xlsx"
    ),
    broken(
        "a sheet that is not there",
        _workbook([["a"], ["b"]]),
        "has no sheet 'May'",
        name="o.xlsx",
        sheet="May",
    ),
    broken("a csv under the name of Parquet", GOOD, "Parquet", name="o.parquet"),
    broken("a Parquet file that is cut", b"PAR1" + bytes(100), "Parquet", name="o.parquet"),
    broken(
        "a JSON array instead of JSON lines",
        '[{"order_id": 1}]',
        "holds no JSON object",
        name="o.jsonl",
    ),
    broken("an empty jsonl", "", "is empty", name="o.jsonl"),
]
