"""A line to a server that stays open and, from some moment on, passes nothing on."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

from bench.servers import Server


class SilentProxy:
    """Passes on what both sides say until the server has said so many bytes; then it is silent."""

    def __init__(self, server: Server, bytes_passed: int) -> None:
        self._server, self._left = server, bytes_passed
        self._closed = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        """Listen."""
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Let go of every line."""
        self._closed.set()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._server.port))
            for source, target in ((client, server), (server, client)):
                passing = (source, target, source is server)
                threading.Thread(target=self._pass, args=passing, daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, counts: bool) -> None:
        # Either side may have hung up by then, and the other thread with it.
        with suppress(OSError), source, target:
            while self._left > 0 and (said := source.recv(4096)):
                if counts:
                    self._left -= len(said)
                target.sendall(said)
            if self._left <= 0:
                self._closed.wait()
