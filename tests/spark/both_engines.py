"""Where two databases, each computed by another engine, have different rows."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from orchestration.manifest import read_manifest
from orchestration.public_tables import public_tables
from orchestration.settings import Settings

# What names the run, and so differs between any two.
OF_THE_RUN = ("run_id", "started_at")


def differing(one: Path, other: Path, relations: Sequence[str]) -> Iterator[tuple[str, list[int]]]:
    """Each relation that EXCEPT ALL finds different, and how many rows each database has alone."""
    with duckdb.connect() as con:
        for relation in relations:
            for side, database in (("one", one), ("other", other)):
                # By itself: a view knows its tables by the name of its own database.
                with duckdb.connect(database, read_only=True) as source:
                    con.register(side, source.sql(f"select * from {relation}").to_arrow_table())
            columns = con.table("one").columns
            assert con.table("other").columns == columns, relation
            compared = ", ".join(f'"{name}"' for name in columns if name not in OF_THE_RUN)
            alone = [
                len(con.sql(f"select {compared} from {a} except all select {compared} from {b}"))
                for a, b in (("one", "other"), ("other", "one"))
            ]
            if any(alone):
                yield relation, alone


def count_rows(database: Path, relations: Sequence[str]) -> int:
    """All rows of the relations together."""
    with duckdb.connect(database, read_only=True) as source:
        return sum(len(source.table(relation)) for relation in relations)


def public_names(settings: Settings, schema: str | None = None) -> list[str]:
    """Everything that is published, by its name in the warehouse, or in a release (`main`)."""
    return [
        f"{schema or table.schema}.{table.name}" for table in public_tables(read_manifest(settings))
    ]
