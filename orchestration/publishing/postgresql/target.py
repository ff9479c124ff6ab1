"""The schema that releases are shown in: the way to it, and what its errors are told as."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from orchestration.publishing.releases import PublishError

CONNECTION: dict[str, Any] = {
    "application_name": "customer-tiers",
    "client_encoding": "utf8",
    "connect_timeout": 30,
    # A line that is dead is found, also while the server is silent.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
# The limits of a server are for its readers; texts are those that the content is compared by; and
# the rights that are carried over are those of the swap, not those of when the loading began.
SESSION = """
set transaction isolation level read committed;
set local statement_timeout = 0;
set local idle_in_transaction_session_timeout = 0;
set local lock_timeout = '60s';
set local datestyle = 'ISO, YMD';
set local timezone = 'UTC';
"""
# In words of ours where the server's would quote a value, or sound like trouble of this machine.
REASONS = {
    "22P05": "the database is not in UTF-8; make one for it with `encoding 'UTF8'`",
    "22": "a value of the release is none there (it is not shown, since it may be personal)",
    "42501": "the role of TIERS_PUBLISH_POSTGRES lacks a right: it has to own the schema, and to "
    "have CREATE on the database",
    "53": "the server has no disk, memory or connection left",
    "57": "the server was stopped, or somebody ended the statement",
    "58": "the server has trouble with its files",
}


class MirrorError(PublishError):
    """PostgreSQL does not show the release that readers of the files see; it shows one before."""


@dataclass(frozen=True)
class Target:
    """A schema of a database.

    Attributes:
        url: the way to the database, with a password; never shown.
        schema: its name; it belongs to the releases, and what else stands in it stops them.
    """

    url: str = field(repr=False)
    schema: str

    @property
    def loading(self) -> str:
        """The name of the schema while it is made."""
        return f"{self.schema}_loading"

    @contextmanager
    def transaction(self) -> Iterator[psycopg.Connection]:
        """One transaction: all that is done within, or nothing. Raises MirrorError."""
        self._check_url()
        try:
            with (
                psycopg.connect(self.url, autocommit=True, **CONNECTION) as connection,
                connection.transaction(),
            ):
                connection.execute(SESSION)
                yield connection
        except psycopg.Error as error:
            raise MirrorError(self._told(error)) from None

    def _check_url(self) -> None:
        """What is wrong is not told by libpq, which would quote a password that is not escaped."""
        try:
            parts = conninfo_to_dict(self.url)
        except psycopg.ProgrammingError:
            parts = {"port": "?"}
        # Of a cluster there are several hosts and ports.
        ports = str(parts.get("port", "5432")).split(",")
        if not all(map(str.isdecimal, ports)) or "@" in str(parts.get("host", "")):
            raise MirrorError(
                "TIERS_PUBLISH_POSTGRES is no URL; expected postgresql://USER:PASSWORD@HOST:5432/"
                "DATABASE, and in a password @ as %40, / as %2F, : as %3A, % as %25."
            )

    def _told(self, error: psycopg.Error) -> str:
        state = error.sqlstate or ""
        said = error.diag.message_primary or str(error).strip().partition("\n")[0]
        reason = REASONS.get(state) or REASONS.get(state[:2]) or said
        if isinstance(error, psycopg.errors.DependentObjectsStillExist):
            reason = (
                f"something that is not of a release would be lost with the old tables: "
                f"{' and '.join((error.diag.message_detail or said).splitlines())}. Take it out of "
                "the schema, or drop it: what is made over a table stays with the old one"
            )
        password = str(conninfo_to_dict(self.url).get("password") or "")
        return f"{reason.replace(password, '***') if password else reason}."
