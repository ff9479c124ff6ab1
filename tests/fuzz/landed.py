"""Land one file of any bytes, and look at every row of it."""

import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from hypothesis import note
from source_maker import Shop, rows

from orchestration.sources.entries import FilesEntry
from orchestration.sources.errors import SourceError
from orchestration.sources.tables import open_file

# What a message for people never holds.
INTERNALS = re.compile(r"Traceback|File \"|object at 0x|Python exception|<class |INTERNAL|_counted")

Row = list[str | None]


@dataclass(frozen=True)
class Landed:
    """One file as it landed.

    Attributes:
        columns: as the file names them.
        about: what the reader found it to be.
        values: of each row, in the order of the columns.
        malformed: by position, the text of the records that could not be split.
    """

    columns: tuple[str, ...]
    about: str
    values: list[Row]
    malformed: dict[int, str]


def land(content: bytes, name: str, **options: str) -> Landed | SourceError:
    """Land a file whose first column is a customer_id; the others are extra columns.

    A SourceError is returned, once its message is one for people. Anything else that is raised is a
    defect, and so is a row whose number is not its position.
    """
    with TemporaryDirectory() as folder:
        shop = Shop(Path(folder))
        path = shop.write(name, content)
        entry: dict[str, object] = {"name": "it", "from": "files", "path": name, **options}
        try:
            file = open_file(path, FilesEntry.model_validate(entry))
            entry["columns"] = {"customer_id": file.columns[0]}
            tables = yaml.safe_dump({"customers": [entry]}, allow_unicode=True, width=10**9)
            (load,) = shop.pull(
                "".join(f"  {line}\n" for line in tables.splitlines()), "customers"
            ).landed
        except SourceError as error:
            note(str(error))
            assert name in str(error)
            assert not INTERNALS.search(str(error))
            return error
        landed = [list(row.values()) for row in rows(load)]
    assert [row[0] for row in landed] == list(range(1, len(landed) + 1))
    assert load.rows == len(landed)
    assert {len(row) for row in landed} <= {2 + len(file.columns)}
    malformed = {number: row[1] for number, row in enumerate(landed) if row[1] is not None}
    assert load.malformed_rows == len(malformed)
    assert all(set(landed[number][2:]) == {None} for number in malformed)
    return Landed(file.columns, file.about, [row[2:] for row in landed], malformed)
