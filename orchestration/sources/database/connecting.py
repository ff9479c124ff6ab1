"""A read-only, bounded connection to the database that an entry names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from orchestration.settings import SettingError, secret
from orchestration.sources.database.dialect import Dialect
from orchestration.sources.database.mysql import MySQL
from orchestration.sources.database.postgresql import PostgreSQL
from orchestration.sources.entries import DatabaseEntry
from orchestration.sources.errors import SourceError
from orchestration.sources.source_file import SourceFile

TIMEOUT = timedelta(minutes=30)
DIALECTS: dict[str, Dialect] = {
    "postgresql": PostgreSQL(),
    "postgres": PostgreSQL(),
    "mysql": MySQL(),
    "mariadb": MySQL(),
}


@dataclass(frozen=True)
class Access:
    """The way into a database.

    Attributes:
        hidden: the texts that no message may show.
    """

    engine: sa.Engine
    dialect: Dialect
    hidden: tuple[str, ...]

    def explained(self, error: Exception, place: str) -> SourceError | None:
        """What a database's error says, without secrets or values; None when it is not one."""
        if not isinstance(error, sa.exc.SQLAlchemyError | self.dialect.errors):
            return None
        original = getattr(error, "orig", None) or error
        said = str(original.args[-1] if original.args else original).strip().partition("\n")[0]
        for text in self.hidden:
            said = said.replace(text, "***")
        if isinstance(original, self.dialect.value_errors):
            said = f"{type(original).__name__} (the value is not shown, since it may be personal)"
        return SourceError(
            f"the database says: {said}",
            file=place,
            expected="Nothing of it landed; the next run reads from the same position again.",
            transient=self.dialect.passes(original),
        )

    def tables(self, schema: str) -> list[str]:
        """The tables and views of a schema, '' for the usual one; none when there is no such."""
        try:
            inspector = sa.inspect(self.engine)
            names = inspector.get_table_names(schema or None)
            return sorted({*names, *inspector.get_view_names(schema or None)})
        except sa.exc.SQLAlchemyError:
            return []


def connect(source: SourceFile, table: str, entry: DatabaseEntry) -> Access:
    """The way into the database of an entry; nothing is asked yet.

    Raises SourceError when the variable of the URL is not set, or holds no URL of a database here.
    """
    try:
        text = secret(entry.url)
    except SettingError as error:
        raise source.error(str(error), table, entry, "url") from error
    url = _url(text)
    if url is None:
        raise source.error(
            f"{entry.url} holds no SQLAlchemy URL",
            table,
            entry,
            "url",
            expected="Write it as postgresql://USER:PASSWORD@HOST:5432/DATABASE, and in a password"
            " @ as %40, / as %2F, : as %3A, % as %25.",
        )
    dialect = DIALECTS.get(url.get_backend_name())
    if dialect is None:
        raise source.error(
            f"{entry.url} is of {url.get_backend_name()!r}, which is not read here",
            table,
            entry,
            "url",
            expected="There is postgresql, mysql and mariadb.",
        )
    password = str(url.password or "")
    hidden = (text, url.render_as_string(hide_password=False), password, quote_plus(password))
    engine = _engine(url, dialect, entry.timeout or TIMEOUT)
    return Access(engine, dialect, tuple(filter(None, hidden)))


def _url(text: str) -> sa.URL | None:
    """None when it is none; what is wrong is not told, since an error would quote the password."""
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        return None
    # Behind an @ that is not escaped, the rest of a password would be taken for a host.
    return None if "@" in (url.host or "") else url


def _engine(url: sa.URL, dialect: Dialect, timeout: timedelta) -> sa.Engine:
    engine = sa.create_engine(
        url.set(drivername=dialect.driver),
        poolclass=NullPool,
        hide_parameters=True,
        isolation_level="REPEATABLE READ",
        connect_args=dialect.connect_args(url, timeout),
    )

    @sa.event.listens_for(engine, "do_connect")
    def connect(_dialect: object, _record: object, _: object, arguments: dict[str, Any]) -> Any:
        return dialect.connect(arguments, timeout)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        version = str(getattr(connection, "server_version", ""))
        with connection.cursor() as cursor:
            for statement in dialect.session(timeout, version):
                cursor.execute(statement)
        connection.commit()

    return engine
