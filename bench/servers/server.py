"""A server of databases, of whichever kind: installed, started, killed, and a database in it."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from bench.local import free_ports

PATIENCE = 30.0
# With every letter that a URL has to escape.
PASSWORD = "p@ss:w/o#r?d%41 "
NUMBERS = itertools.count(1)


class ServerFailed(RuntimeError):
    """A server is not installed, or did not start. Says what to do, or what its log says."""


@dataclass(frozen=True)
class Database:
    """One database of a running server, and an owner's URL of it for SQLAlchemy."""

    kind: str
    url: str

    def execute(self, *statements: str) -> None:
        """Run statements one by one, each committed by itself."""
        with self.connect(autocommit=True) as connection:
            for statement in statements:
                connection.execute(_text(statement))

    def one(self, query: str) -> Any:
        """The first value of a query."""
        with self.connect() as connection:
            return connection.execute(_text(query)).scalar()

    @contextmanager
    def connect(self, autocommit: bool = False) -> Iterator[sa.Connection]:
        """A connection; without autocommit, what is done in it is the caller's to commit."""
        level = {"isolation_level": "AUTOCOMMIT"} if autocommit else {}
        engine = sa.create_engine(self.url, poolclass=NullPool, **level)
        with engine.connect() as connection:
            yield connection


def _text(statement: str) -> sa.TextClause:
    """A statement without parameters, whatever it holds."""
    return sa.text(statement.replace(":", "\\:"))


class Server(ABC):
    """One server; a context manager, within which it runs.

    Attributes:
        kind: its name in a URL. driver: with SQLAlchemy's driver of it.
        owner: the user of the system who runs it, when root would; package: what Debian calls it.
        stops_by: the signal that stops it at once.
        port: where it listens, on the loopback address.
    """

    kind: str
    driver: str
    owner: str
    package: str
    stops_by = signal.SIGKILL

    def __enter__(self) -> Self:
        """Install into a new folder, and start. Raises ServerFailed."""
        try:
            self._found()
            self.start()
        except ServerFailed:
            shutil.rmtree(self._folder)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Stop it and remove its folder."""
        self._process.send_signal(self.stops_by)
        self._process.wait()
        shutil.rmtree(self._folder)

    def start(self) -> None:
        """Start it and wait until it answers. Raises ServerFailed."""
        deadline = time.monotonic() + PATIENCE
        self._spawn()
        while not self._answers():
            if time.monotonic() > deadline:
                raise self._failed("did not start")
            if self._process.poll() is not None:
                # What a killed server left behind is in its way for a moment.
                self._spawn()
            time.sleep(0.05)

    def kill(self) -> None:
        """End it as a loss of power would: nothing of it goes on."""
        of_it = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        for pid in (self._process.pid, *map(int, of_it.read_text("ascii").split())):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()

    @contextmanager
    def database(self) -> Iterator[Database]:
        """A new database; dropped afterwards, with whoever is still connected."""
        name = f"shop_{next(NUMBERS)}"
        self._admin().execute(f"create database {name}")
        yield Database(self.kind, self.url(name))
        self._admin().execute(self._drop(name))

    def url(self, database: str, password: str = PASSWORD) -> str:
        """Of a database."""
        url = sa.URL.create(
            self.driver,
            username="owner",
            password=password,
            host="127.0.0.1",
            port=self.port,
            database=database,
        )
        return url.render_as_string(hide_password=False)

    @abstractmethod
    def _install(self) -> Sequence[str]:
        """The command that makes the data folder."""

    @abstractmethod
    def _command(self) -> Sequence[str]:
        """The command that runs it in the foreground."""

    @abstractmethod
    def _admin(self) -> Database:
        """The database of the server itself, of which the user `owner` comes to be."""

    @abstractmethod
    def _drop(self, name: str) -> str:
        """SQL that drops a database."""

    def _found(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix=f"{self.kind}-"))
        self._log = self._folder / "log"
        self._log.touch()
        if os.geteuid() == 0:
            for path in (self._folder, self._log):
                shutil.chown(path, self.owner, self.owner)
        (self.port,) = free_ports(1)
        with self._log.open("ab") as log:
            command = self._as_owner(self._install())
            if subprocess.run(command, cwd=self._folder, stdout=log, stderr=log).returncode:
                raise self._failed("could not be installed")

    def _spawn(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._as_owner(self._command()),
                cwd=self._folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _as_owner(self, command: Sequence[str]) -> list[str]:
        """A command that ends with this process, and is not run by root, whom servers refuse."""
        owner = ("--reuid", self.owner, "--regid", self.owner, "--init-groups")
        return [
            *(self._find("setpriv"), "--pdeathsig", self.stops_by.name.removeprefix("SIG")),
            *(owner if os.geteuid() == 0 else ()),
            *command,
        ]

    def _answers(self) -> bool:
        try:
            self._admin().one("select 1")
        except sa.exc.OperationalError:
            return False
        return True

    def _failed(self, problem: str) -> ServerFailed:
        said = self._log.read_text("utf-8", "replace")
        return ServerFailed(f"{self.kind} {problem}:\n{said[-2000:]}")

    def _find(self, name: str, *places: str) -> str:
        found = shutil.which(name, path=os.pathsep.join([*places, os.environ["PATH"]]))
        if found is None:
            raise ServerFailed(f"{name} is not there; on Debian: apt-get install {self.package}")
        return found
