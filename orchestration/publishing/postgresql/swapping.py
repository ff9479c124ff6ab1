"""Putting a schema in the place of another one, so that no reader sees a mixture."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import psycopg
from psycopg.errors import QueryCanceled
from psycopg.sql import SQL, Composed, Identifier, Literal

from orchestration.publishing.postgresql.rights import carry_rights
from orchestration.publishing.postgresql.target import MirrorError, Target

# Less than the second after which a server looks for deadlocks: we give way, and never a reader.
LOCK_MILLISECONDS = 500
PAUSE = 1.0
READERS = """
select distinct pid, coalesce(nullif(application_name, ''), 'no name')
from pg_locks
join pg_stat_activity using (pid)
join pg_class on pg_class.oid = relation
where pid <> pg_backend_pid() and relnamespace = to_regnamespace(quote_ident(%s))
order by pid
"""
TABLES = """
select relname from pg_class
where relkind = 'r' and relnamespace = to_regnamespace(quote_ident(%s)) order by relname
"""
ROW_SECURITY = """
select relname from pg_class
where relrowsecurity and relnamespace = to_regnamespace(quote_ident(%s)) order by relname
"""


@dataclass(frozen=True)
class Shown:
    """What a schema shows, as its comment keeps it: a release, and the tables that are its."""

    release: str | None
    tables: Sequence[str]


def shown(server: psycopg.Connection, schema: str) -> Shown:
    """What the schema shows; no release when there is none, when it is not whole, or not ours."""
    row = server.execute(
        "select obj_description(to_regnamespace(quote_ident(%s)), 'pg_namespace')", [schema]
    ).fetchone()
    try:
        told = Shown(**json.loads(row[0] if row and row[0] else ""))
    except (ValueError, TypeError):
        return Shown(None, ())
    there = [name for (name,) in server.execute(TABLES, [schema]).fetchall()]
    left = [name for name in told.tables if name in there]
    return told if len(left) == len(told.tables) else Shown(None, left)


def swap(
    server: psycopg.Connection, target: Target, before: Shown, after: Shown, patience: float
) -> None:
    """Put the schema that was loaded in the place of the one that readers see.

    Nothing is dropped but the tables of the release before, and what belongs to them, as an index
    does. Anything else in the schema, or made over these tables, is somebody's, and keeps them from
    being dropped.
    """
    old = SQL(", ").join(Identifier(target.schema, table) for table in before.tables)
    if before.tables:
        _lock(server, target.schema, old, patience)
    if secured := server.execute(ROW_SECURITY, [target.schema]).fetchall():
        raise MirrorError(
            f"Row security of {', '.join(name for (name,) in secured)} would be lost, since "
            "policies are not carried over. Take it off, and give rights on columns, or on a copy."
        )
    carry_rights(server, target.schema, target.loading)
    if before.tables:
        server.execute(SQL("drop table {}").format(old))
    names = Identifier(target.schema), Identifier(target.loading)
    server.execute(SQL("drop schema if exists {}").format(names[0]))
    server.execute(SQL("alter schema {1} rename to {0}").format(*names))
    told = Literal(json.dumps(asdict(after)))
    server.execute(SQL("comment on schema {} is {}").format(names[0], told))


def _lock(server: psycopg.Connection, schema: str, tables: Composed, patience: float) -> None:
    """Wait until no transaction is left that has read the tables; later ones wait for the swap.

    Without it, a query that begins while the names change could find one table of the old release
    and one of the new.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            with server.transaction():
                server.execute(SQL("set local statement_timeout = {}").format(LOCK_MILLISECONDS))
                server.execute(SQL("lock table {} in access exclusive mode").format(tables))
                server.execute("set local statement_timeout = 0")
            return
        except QueryCanceled:
            if time.monotonic() > deadline:
                raise MirrorError(_who_reads(server, schema, patience)) from None
            time.sleep(PAUSE)


def _who_reads(server: psycopg.Connection, schema: str, patience: float) -> str:
    found = server.execute(READERS, [schema]).fetchall()
    readers = ", ".join(f"{pid} ({name})" for pid, name in found)
    return (
        f"For {patience:.0f} seconds there was always somebody within a transaction over its "
        f"tables; now it is {readers or 'nobody any more'}. End sessions that were left open "
        "(`select pg_terminate_backend(NUMBER)`)."
    )
