"""Files that are something else than their suffix says, told by how they begin."""

from pathlib import Path

from orchestration.sources.errors import SourceError

ZIP, OLE, PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PAR1\x15"
COMPRESSED = {
    b"\x1f\x8b": "gzip",
    b"BZh91AY&SY": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
}
KINDS = {
    ZIP: ("a zip archive or a workbook", "Unpack it, or name it .xlsx if it is a workbook."),
    OLE: (
        "an old (.xls) or a password-protected workbook",
        "Save it in Excel as .xlsx, without a password.",
    ),
    PARQUET: ("a Parquet file", "Name it .parquet."),
    b"PARE": ("an encrypted Parquet file", "Export it without encryption."),
    **{mark: (f"compressed with {name}", "Unpack it first.") for mark, name in COMPRESSED.items()},
}
# How a file of these suffixes begins; text begins in no way of its own.
OWN = {".xlsx": ZIP, ".parquet": PARQUET[:4]}


def refuse_disguise(path: Path) -> None:
    """Raise SourceError for a file that is empty, or of another kind than its suffix says."""
    with path.open("rb") as file:
        head = file.read(16)
    own = OWN.get(path.suffix.lower())
    if own and head.startswith(own):
        return
    if not head:
        raise SourceError("is empty", file=path)
    for mark, (kind, expected) in KINDS.items():
        if head.startswith(mark):
            raise SourceError(f"is {kind}", file=path, expected=expected)
