"""An installation as docs/deploy describes it, in a folder and on free ports of its own."""

from __future__ import annotations

import base64
import configparser
import os
import re
import shlex
import shutil
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.local import free_ports
from orchestration.settings import PROJECT

DEPLOY = PROJECT / "docs" / "deploy"
# What the files say, and nothing here may take for granted.
PORTS = ("443", "3000", "3001")
START_SECONDS = 180


class Deployment:
    """Starts what the unit files start; `url` is what the reverse proxy listens to."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = {**os.environ, **environment, "PYTHONPATH": str(PROJECT)}
        self.ports = dict(zip(PORTS, map(str, free_ports(len(PORTS))), strict=True))
        self.url = f"https://localhost:{self.ports['443']}"
        self.certificate = folder / "tls.crt"

    @contextmanager
    def started(self) -> Iterator[Deployment]:
        """All of it at work, until the block ends."""
        with ExitStack() as stack:
            for unit in sorted(DEPLOY.glob("*.service")):
                for command in self.commands(unit, "ExecStartPre"):
                    subprocess.run(command, cwd=PROJECT, env=self.environment, check=True)
                (command,) = self.commands(unit, "ExecStart")
                stack.enter_context(self._at_work(command, unit.stem))
            stack.enter_context(self._at_work(self._proxy(), "nginx"))
            self.wait_for("/", "engineer")
            self.wait_for("/look", "viewer")
            yield self

    def commands(self, unit: Path, key: str) -> list[list[str]]:
        """A unit's commands, of this environment and with these ports."""
        parsed = configparser.ConfigParser(strict=False, interpolation=None)
        parsed.read(unit, "utf-8")
        text = parsed["Service"].get(key)
        if text is None:
            return []
        assert parsed["Service"]["WorkingDirectory"] == "/opt/customer-tiers"
        program, *arguments = shlex.split(text)
        name = Path(program).relative_to("/opt/customer-tiers/.venv/bin").name
        return [[str(Path(sys.executable).with_name(name)), *map(self._here, arguments)]]

    def status(self, path: str, login: str | None) -> int:
        """The status of a page, with the login of `engineer` or `viewer`, or without one."""
        request = urllib.request.Request(self.url + path)
        if login:
            token = base64.b64encode(f"{login}:{password(login)}".encode()).decode()
            request.add_header("Authorization", f"Basic {token}")
        trusted = ssl.create_default_context(cafile=str(self.certificate))
        try:
            with urllib.request.urlopen(request, timeout=30, context=trusted) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def wait_for(self, path: str, login: str) -> None:
        """Until a page is there."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            try:
                if self.status(path, login) == 200:
                    return
            except OSError:
                pass
            time.sleep(0.5)
        raise AssertionError(f"no answer from {path} within {START_SECONDS} s")

    def _here(self, argument: str) -> str:
        return self.ports.get(argument, argument)

    def _proxy(self) -> list[str]:
        subject = "-subj /CN=localhost -addext subjectAltName=DNS:localhost -days 2"
        files = ["-keyout", str(self.folder / "tls.key"), "-out", str(self.certificate)]
        subprocess.run(
            [*f"openssl req -x509 -newkey rsa:2048 -nodes {subject}".split(), *files],
            check=True,
            capture_output=True,
        )
        for file, login in (("engineers", "engineer"), ("viewers", "viewer")):
            (self.folder / file).write_text(f"{login}:{{PLAIN}}{password(login)}\n", "utf-8")
        server = (DEPLOY / "nginx.conf").read_text("utf-8")
        server = server.replace("/etc/customer-tiers", str(self.folder))
        for written, port in self.ports.items():
            server = re.sub(rf"\b{written}\b(?=[; ])", port, server)
        main = self.folder / "nginx.conf"
        temporary = "".join(
            f"{kind}_temp_path {self.folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        main.write_text(
            f"daemon off;\nuser root;\npid {self.folder}/nginx.pid;\nerror_log stderr;\n"
            f"events {{}}\nhttp {{\naccess_log off;\n{temporary}{server}}}\n",
            "utf-8",
        )
        program = shutil.which("nginx", path="/usr/sbin:/usr/bin")
        assert program, "needs Debian's package nginx-light"
        return [program, "-e", "stderr", "-c", str(main)]

    @contextmanager
    def _at_work(self, command: list[str], name: str) -> Iterator[None]:
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                command, cwd=PROJECT, env=self.environment, stdout=log, stderr=log
            )
            try:
                yield
            finally:
                process.terminate()
                process.wait(timeout=60)


def password(login: str) -> str:
    """What a login is let in with."""
    return f"the password of {login}"
