"""The corpus: bad and awkward input, and what is promised to happen to it."""

from . import broken_files, gates, keys, moments, numbers, source_files, tables, texts, typed_files
from .case import Case, GoesOn, Stops, Values

CHAPTERS = {
    "Numbers": numbers.CASES,
    "Dates and moments": moments.CASES,
    "Keys and versions": keys.CASES,
    "What tables say of each other": tables.CASES,
    "Text files": texts.CASES,
    "Workbooks, JSON lines and Parquet": typed_files.CASES,
    "Files that cannot be read": broken_files.CASES,
    "Too much that is wrong, and columns that change": gates.CASES,
    "Source files": source_files.CASES,
}
CASES = [case for cases in CHAPTERS.values() for case in cases]

__all__ = ["CASES", "CHAPTERS", "Case", "GoesOn", "Stops", "Values"]
