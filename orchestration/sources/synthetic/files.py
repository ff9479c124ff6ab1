"""Files that are the same to the byte wherever they are written."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZipFile, ZipInfo

Row = dict[str, str]

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CONTENT = "application/vnd.openxmlformats-"


def write_csv(path: Path, rows: Sequence[Row], encoding: str = "utf-8") -> None:
    """Rows with a header, separated by commas."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, _columns(rows), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_jsonl(path: Path, rows: Sequence[Row]) -> None:
    """One object a line; what is blank is null."""
    lines = (
        json.dumps({name: text or None for name, text in row.items()}, ensure_ascii=False)
        for row in rows
    )
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8", newline="\n")


def write_xlsx(path: Path, rows: Sequence[Row], sheet: str) -> None:
    """A workbook with one sheet of texts. Its parts are stored as they are and bear no time."""
    columns = _columns(rows)
    cells = [columns, *([row.get(name, "") for name in columns] for row in rows)]
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
            f'<sheet name="{escape(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": _sheet(cells),
    }
    with ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(ZipInfo(name), XML + part)


def _columns(rows: Sequence[Row]) -> list[str]:
    """The names of all rows, in the order of their first appearance."""
    return list(dict.fromkeys(name for row in rows for name in row))


def _sheet(cells: Sequence[Sequence[str]]) -> str:
    rows = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in cells)
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def _cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>' if text else "<c/>"


def _relation(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/{kind}" Target="{target}"/></Relationships>'
    )


def _content_types() -> str:
    office = f"{CONTENT}officedocument.spreadsheetml"
    return (
        f'<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{CONTENT}package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{office}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{office}.worksheet+xml"/>'
        "</Types>"
    )
