"""A read-only, bounded connection to the database that an entry names."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from orchestration.settings import SettingError, secret
from orchestration.sources.database.dialects import DIALECTS, Dialect
from orchestration.sources.entries import DatabaseEntry
from orchestration.sources.errors import SourceError
from orchestration.sources.source_file import SourceFile

TIMEOUT = timedelta(minutes=30)


def connect(
    source: SourceFile, table: str, entry: DatabaseEntry
) -> tuple[sa.Engine, Dialect, tuple[str, ...]]:
    """An engine, its dialect, and the texts that no message may show.

    Raises SourceError when the variable of the URL is not set, or holds no URL of a database here.
    """
    try:
        url = sa.make_url(secret(entry.url))
    except SettingError as error:
        raise source.error(str(error), table, entry, "url") from error
    except (sa.exc.ArgumentError, ValueError):
        # Not chained: the error quotes the URL with its password.
        raise source.error(
            f"{entry.url} holds no SQLAlchemy URL",
            table,
            entry,
            "url",
            expected="Write it as postgresql://USER:PASSWORD@HOST:5432/DATABASE.",
        ) from None
    dialect = DIALECTS.get(url.get_backend_name())
    if dialect is None:
        raise source.error(
            f"{entry.url} is of {url.get_backend_name()!r}, which is not read here",
            table,
            entry,
            "url",
            expected="There is postgresql, mysql and mariadb.",
        )
    timeout = entry.timeout or TIMEOUT
    engine = sa.create_engine(
        url.set(drivername=dialect.driver),
        poolclass=NullPool,
        hide_parameters=True,
        isolation_level="REPEATABLE READ",
        connect_args=dialect.connect_args(timeout),
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        version = str(getattr(connection, "server_version", ""))
        with connection.cursor() as cursor:
            for statement in dialect.session(timeout, version):
                cursor.execute(statement)
        connection.commit()

    hidden = (url.render_as_string(hide_password=False), str(url.password or ""))
    return engine, dialect, tuple(filter(None, hidden))


def explained(error: Exception, place: str, hidden: tuple[str, ...]) -> SourceError | None:
    """What a database's error says, without secrets or values; None when it is not one."""
    if not isinstance(error, sa.exc.SQLAlchemyError):
        return None
    original = getattr(error, "orig", None) or error
    said = str(original.args[-1] if original.args else original).strip().partition("\n")[0]
    for text in hidden:
        said = said.replace(text, "***")
    if isinstance(error, sa.exc.DataError):
        said = f"{type(original).__name__} (the value is not shown, since it may be personal)"
    away = isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError)
    return SourceError(
        f"the database says: {said}",
        file=place,
        expected="Nothing of it landed; the next run reads from the same position again.",
        transient=away,
    )
