"""MariaDB, as Debian's package has it."""

from collections.abc import Sequence

from bench.servers.server import PASSWORD, Database, Server


class MariaDBServer(Server):
    """MariaDB, which is read as MySQL is."""

    kind, driver, owner, package = "mysql", "mysql+pymysql", "mysql", "mariadb-server"

    def _install(self) -> Sequence[str]:
        told = self._folder / "owner.sql"
        password = PASSWORD.replace("'", "''")
        told.write_text(
            # While the tables of users are being made, nobody's rights are known yet.
            "flush privileges;\n"
            f"create user owner@127.0.0.1 identified by '{password}';\n"
            "grant all on *.* to owner@127.0.0.1 with grant option;\n",
            "utf-8",
        )
        options = ["--auth-root-authentication-method=normal", "--skip-test-db"]
        options += ["--skip-name-resolve", f"--extra-file={told}"]
        program = self._find("mariadb-install-db")
        return [program, "--no-defaults", f"--datadir={self._folder / 'data'}", *options]

    def _command(self) -> Sequence[str]:
        place = [f"--{name}={self._folder / name}" for name in ("socket", "pid-file")]
        options = ["--bind-address=127.0.0.1", "--skip-name-resolve", "--skip-log-bin"]
        options += ["--character-set-server=utf8mb4", "--innodb-flush-log-at-trx-commit=2"]
        folder = [f"--datadir={self._folder / 'data'}", f"--port={self.port}"]
        return [self._find("mariadbd", "/usr/sbin"), "--no-defaults", *folder, *place, *options]

    def _admin(self) -> Database:
        return Database(self.kind, self.url("mysql"))

    def _drop(self, name: str) -> str:
        return f"drop database {name}"
