"""Showing a release in PostgreSQL: load, compare, swap."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import psycopg
from psycopg.sql import SQL, Identifier

from orchestration.duckdb_files import attach_read_only, working_connection
from orchestration.durable import make_folder
from orchestration.publishing.postgresql.loading import Loader
from orchestration.publishing.postgresql.swapping import Shown, shown, swap
from orchestration.publishing.postgresql.target import MirrorError, Target
from orchestration.publishing.recovery import BUILDING
from orchestration.publishing.releases import Release, read_manifest

PATIENCE = 15 * 60.0
Report = Callable[[str], None]


@dataclass(frozen=True)
class Mirrored:
    """What is shown now: the release, and the rows of each of its tables."""

    release: str
    rows: Mapping[str, int]


def mirror(
    release: Release,
    target: Target,
    *,
    config: Mapping[str, str],
    report: Report,
    patience: float = PATIENCE,
) -> Mirrored | None:
    """Let the schema show this release; returns what was carried, None when it shows it already.

    A reader's transaction sees one release: the swap waits until nobody is within one that has read
    the old tables, for `patience` seconds, and has nobody wait for longer than half a second.

    Raises MirrorError, which says what to do; the schema is then as it was.
    """
    try:
        with target.transaction() as server:
            if shown(server, target.schema).release == release.id:
                return None
            rows = _load(server, release, target, config, report)
            # Of two that load at once one waits, and finds what the other has shown meanwhile.
            before = shown(server, target.schema)
            report(f"postgresql: {release.id} takes the place of {before.release or 'nothing'}")
            swap(server, target, before, Shown(release.id, sorted(rows)), patience)
    except MirrorError as error:
        raise MirrorError(
            f"Readers of the files see {release.id}; the schema {target.schema} in PostgreSQL is "
            f"as it was before. {error} When that is corrected, `tiers rollback {release.id}` "
            "shows it there, and so does the next run."
        ) from error
    return Mirrored(release.id, rows)


def shown_release(target: Target) -> str | None:
    """The id of the release that the schema shows, if any. Raises MirrorError."""
    with target.transaction() as server:
        return shown(server, target.schema).release


def _load(
    server: psycopg.Connection,
    release: Release,
    target: Target,
    config: Mapping[str, str],
    report: Report,
) -> dict[str, int]:
    server.execute(SQL("create schema {}").format(Identifier(target.loading)))
    scratch = release.path.parent / BUILDING
    make_folder(scratch)
    rows = {}
    with working_connection(scratch, config) as con:
        attach_read_only(con, release.database, "release")
        loader = Loader(con, server, target.loading)
        for table, listed in read_manifest(release.path)["tables"].items():
            report(f"postgresql: loading {table}")
            rows[table] = loader.load(table, listed.get("key", ()))
    return rows
