"""A service on the loopback address that behaves as a vendor documents, faults included."""

from __future__ import annotations

import json
import re
import threading
import time
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Self
from urllib.parse import parse_qsl, urlsplit

Record = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """One request, as it came."""

    route: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True)
class Answer:
    """One answer; `cut` breaks it off in its middle, `wait` keeps it back for so many seconds."""

    status: int = 200
    content: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str | None = None
    cut: bool = False
    wait: float = 0

    def body(self) -> bytes:
        """Its bytes; a Decimal is a number with just these digits."""
        if self.text is not None:
            return self.text.encode()
        if self.content is None:
            return b""
        text = json.dumps(self.content, ensure_ascii=False, default=lambda number: f"@{number}@")
        return re.sub(r'"@([^"@]*)@"', r"\1", text).encode()


HTML = Answer(text="<!DOCTYPE html><html><body>Please sign in</body></html>")
Fault = Answer | Callable[[Answer], Answer]


def cut(answer: Answer) -> Answer:
    """The answer, broken off in its middle."""
    return replace(answer, cut=True)


def half(answer: Answer) -> Answer:
    """Half of the answer, sent as if it were whole."""
    return replace(answer, text=answer.body().decode()[:-20])


def late(seconds: float) -> Callable[[Answer], Answer]:
    """The answer, kept back."""
    return lambda answer: replace(answer, wait=seconds)


class ContractServer:
    """Records by object and id, served over HTTP.

    Attributes:
        records: object to id to record; a test may change it while it is read.
        gone: object to id to the moment of deletion.
        faults: by route, what the next requests get instead of their answer.
        asked: every request. served: how many records each object gave.
        skew: how far the service's clock is ahead of this machine's.
    """

    secrets: ClassVar[dict[str, str]]

    def __init__(self) -> None:
        self.records: dict[str, dict[str, Record]] = {}
        self.gone: dict[str, dict[str, datetime]] = {}
        self.faults: dict[str, deque[Fault]] = {}
        self.asked: list[Asked] = []
        self.served: dict[str, int] = {}
        self.skew = timedelta()
        self.tokens: list[str] = []
        self.expired: set[str] = set()
        self._lock = threading.RLock()

    def __enter__(self) -> Self:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server._handle(self)

            def do_POST(self) -> None:
                server._handle(self)

            def date_time_string(self, timestamp: float | None = None) -> str:
                return format_datetime(server.now(), usegmt=True)

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Nobody answers any more."""
        self._http.shutdown()
        self._http.server_close()

    def now(self) -> datetime:
        """The service's clock."""
        return datetime.now(UTC) + self.skew

    def fault(self, route: str, *faults: Fault) -> None:
        """What the next requests of a route get."""
        self.faults.setdefault(route, deque()).extend(faults)

    def load(self, objects: Mapping[str, list[Record]], at: datetime | None = None) -> None:
        """Put many records; see `put`."""
        for name, records in objects.items():
            for record in records:
                self.put(name, record, at)

    def put(self, name: str, record: Record, at: datetime | None = None) -> None:
        """Create, change or restore a record; modified now or at `at`, unless it says when."""
        with self._lock:
            stamped = self.stamped(record, at or self.now())
            self.records.setdefault(name, {})[str(stamped[self.key])] = stamped
            self.gone.get(name, {}).pop(str(stamped[self.key]), None)

    def delete(self, name: str, key: str, at: datetime | None = None) -> None:
        """Delete a record."""
        with self._lock:
            self.remove(name, key, at or self.now())

    def count(self, route: str) -> int:
        """How many requests a route got."""
        return sum(asked.route == route for asked in self.asked)

    def expire(self) -> None:
        """No token that was given so far is taken any more."""
        self.expired.update(self.tokens)

    key: str

    @abstractmethod
    def stamped(self, record: Record, at: datetime) -> Record:
        """The record with the moments that the service keeps itself."""

    @abstractmethod
    def remove(self, name: str, key: str, at: datetime) -> None:
        """Delete as the service does."""

    @abstractmethod
    def route(self, path: str, body: str) -> str:
        """What kind of request it is: token, list, deleted."""

    @abstractmethod
    def answer(self, asked: Asked) -> Answer:
        """The documented answer."""

    def new_token(self) -> str:
        """A token that was never given before."""
        self.tokens.append(f"token-{id(self):x}-{len(self.tokens) + 1:06d}")
        return self.tokens[-1]

    def is_known(self, token: str) -> bool:
        """Whether a token is taken."""
        return token in self.tokens and token not in self.expired

    def _handle(self, handler: BaseHTTPRequestHandler) -> None:
        url = urlsplit(handler.path)
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0)).decode()
        asked = Asked(
            route=self.route(url.path, body),
            path=url.path,
            params=dict(parse_qsl(url.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in handler.headers.items()},
            body=body,
        )
        with self._lock:
            self.asked.append(asked)
            answer = self._with_faults(asked)
        time.sleep(answer.wait)
        self._send(handler, answer)

    def _with_faults(self, asked: Asked) -> Answer:
        waiting = self.faults.get(asked.route)
        fault = waiting.popleft() if waiting else None
        if isinstance(fault, Answer):
            return fault
        answer = self.answer(asked)
        return fault(answer) if fault else answer

    @staticmethod
    def _send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        body = answer.body()
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        if answer.status not in (204, 304):
            handler.send_header("Content-Length", str(len(body)))
        try:
            handler.end_headers()
            handler.wfile.write(body[: len(body) // 2] if answer.cut else body)
        except OSError:
            answer = replace(answer, cut=True)  # nobody waits for it any more
        if answer.cut:
            handler.close_connection = True
