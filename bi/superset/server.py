"""A Superset on this machine only, to look at the dashboard: its users and charts in a SQLite file.

    SUPERSET_PASSWORD=… python -m bi.superset.server

Who serves it to others runs Superset as its documentation says, and imports the dashboard there.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.local import answers
from bi.superset.bundle import bundle
from bi.superset.client import Superset
from orchestration.settings import Settings, secret

PROGRAM = Path(__file__).with_name(".venv") / "bin" / "superset"
PORT = 8088
USER = "admin"
PATIENCE = 300.0


class ServerFailed(RuntimeError):
    """Superset is not installed, or did not start. Says what to do, or where its log is."""


class LocalSuperset:
    """A context manager, within which Superset runs; what it keeps stays in `folder`.

    Attributes:
        url: where it listens, on the loopback address.
    """

    def __init__(self, folder: Path, port: int, password: str) -> None:
        self.folder, self.port, self.password = folder, port, password
        self.url = f"http://127.0.0.1:{port}"
        self._log = folder / "superset.log"

    def __enter__(self) -> Self:
        """Prepare the folder, once, and start. Raises ServerFailed."""
        if not PROGRAM.exists():
            raise ServerFailed(f"{PROGRAM} is missing: `make superset-setup` installs it.")
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._environment = self._as_it_needs()
        if not (ready := self.folder / "ready").exists():
            self._prepare()
            ready.touch()
        command = ["run", "--host", "127.0.0.1", "--port", str(self.port), "--with-threads"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [PROGRAM, *command], env=self._environment, stdout=log, stderr=log
            )
        self._wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Stop it."""
        self._process.terminate()
        self._process.wait()

    def client(self) -> Superset:
        """Its API, for the user who may do everything."""
        return Superset(self.url, USER, self.password)

    def show(self, database: Path) -> None:
        """Import the dashboard over a release's DuckDB file."""
        scratch = self.folder / "scratch"
        scratch.mkdir(exist_ok=True)
        self.client().import_dashboard(bundle(database, scratch, "assets"))

    def _as_it_needs(self) -> dict[str, str]:
        key = self.folder / "key"
        if not key.exists():
            key.write_text(secrets.token_hex(32), "ascii")
        return {
            **os.environ,
            "SUPERSET_HOME": str(self.folder),
            "SUPERSET_SECRET_KEY": key.read_text("ascii"),
            "FLASK_APP": "superset.app:create_app()",
            # Its pages would report to a service that counts installations.
            "SCARF_ANALYTICS": "false",
            # Another project's modules are not its own.
            "PYTHONPATH": "",
        }

    def _prepare(self) -> None:
        user = ["--username", USER, "--firstname", "Local", "--lastname", "Admin"]
        user += ["--email", "admin@example.org", "--password", self.password]
        for command in (["db", "upgrade"], ["fab", "create-admin", *user], ["init"]):
            with self._log.open("ab") as log:
                done = subprocess.run(
                    [PROGRAM, *command], env=self._environment, stdout=log, stderr=log
                )
            if done.returncode:
                raise ServerFailed(f"superset {command[0]} failed; see {self._log}.")

    def _wait(self) -> None:
        if not answers(f"{self.url}/health", self._process, PATIENCE):
            self._process.kill()
            raise ServerFailed(f"Superset did not start; see {self._log}.")


def main() -> None:
    """Serve the dashboard until Ctrl-C."""
    settings = Settings.from_environment()
    with LocalSuperset(settings.home / "superset", PORT, secret("SUPERSET_PASSWORD")) as superset:
        superset.show(settings.served_database)
        print(f"{superset.url}/superset/dashboard/customer-tiers/ (user {USER}); Ctrl-C ends it")
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    try:
        main()
    except ServerFailed as error:
        sys.exit(str(error))
