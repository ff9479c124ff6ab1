"""One company in two homes, each computed by another engine, and where their tables differ."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from orchestration.manifest import public_tables, read_manifest
from orchestration.settings import Settings

# What names the run, and so differs between any two.
OF_THE_RUN = frozenset({"run_id", "started_at"})


def differing(
    one: Path, other: Path, relations: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, int, int]]:
    """Each relation with rows that only one of two databases has, and how many each has alone."""
    with duckdb.connect() as con:
        con.execute(f"attach '{one}' as one (read_only); attach '{other}' as other (read_only)")
        for schema, name in relations:
            described = con.execute(f"describe one.{schema}.{name}").fetchall()
            columns = ", ".join(f'"{row[0]}"' for row in described if row[0] not in OF_THE_RUN)
            left, right = (
                f"select {columns} from {database}.{schema}.{name}" for database in ("one", "other")
            )
            alone = [
                con.execute(f"select count(*) from ({a} except all {b})").fetchall()[0][0]
                for a, b in ((left, right), (right, left))
            ]
            if any(alone):
                yield f"{schema}.{name}", alone[0], alone[1]


def public_relations(settings: Settings) -> list[tuple[str, str]]:
    """(schema, name) in the warehouse of everything that is published."""
    return [(table.schema, table.name) for table in public_tables(read_manifest(settings))]
