"""PostgreSQL, as Debian's package has it."""

import signal
from collections.abc import Sequence
from pathlib import Path

from bench.servers.server import PASSWORD, Database, Server


class PostgreSQLServer(Server):
    """The newest PostgreSQL that is installed."""

    kind, driver, owner, package = "postgresql", "postgresql+psycopg", "postgres", "postgresql"
    stops_by = signal.SIGQUIT

    def _install(self) -> Sequence[str]:
        secret = self._folder / "password"
        secret.write_text(PASSWORD + "\n", "utf-8")
        options = ["--username=owner", "--pwfile", str(secret), "--auth=scram-sha-256"]
        options += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        return [self._program("initdb"), "-D", str(self._folder / "data"), *options]

    def _command(self) -> Sequence[str]:
        settings = {"listen_addresses": "127.0.0.1", "fsync": "off", "max_wal_size": "4GB"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        place = ["-D", str(self._folder / "data"), "-k", str(self._folder), "-p", str(self.port)]
        return [self._program("postgres"), *place, *options]

    def _admin(self) -> Database:
        return Database(self.kind, self.url("postgres"))

    def _drop(self, name: str) -> str:
        return f"drop database {name} with (force)"

    def _program(self, name: str) -> str:
        versions = Path("/usr/lib/postgresql").glob("*/bin")
        newest = sorted(versions, key=lambda path: int(path.parent.name), reverse=True)
        return self._find(name, *map(str, newest))
