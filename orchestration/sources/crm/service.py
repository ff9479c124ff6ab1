"""A service over HTTP: its requests signed, its refusals told without secrets, its pauses kept."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from requests import PreparedRequest, Request, Response, Session
from requests.exceptions import (
    ChunkedEncodingError,
    ContentDecodingError,
    RequestException,
    Timeout,
)

from orchestration.sources.crm.answers import Verdict, judged
from orchestration.sources.crm.filling import arguments, filled
from orchestration.sources.crm.tokens import Tokens
from orchestration.sources.crm.vendor import Answers, Vendor
from orchestration.sources.errors import SourceError


class NoRecords(Exception):
    """There is nothing to list."""


class Service(Session):
    """One account at a vendor's service.

    Attributes:
        values: what requests are filled in with, the fetched token included.
        clock: the service's own, at its first answer; None before it.
        attempts: how often a request is sent that finds the service away, or its answer cut off.
        backoff: seconds before the second of them; each later pause is twice as long.
        patience: seconds that all pauses may take together.
        timeout: seconds to connect, and for the service to say something.
    """

    attempts = 4
    backoff = 1.0
    patience = 300.0
    timeout = (15.0, 60.0)
    sleep = staticmethod(time.sleep)

    def __init__(
        self, place: str, vendor: Vendor, values: Mapping[str, str], variables: Mapping[str, str]
    ) -> None:
        """`variables` are where the credentials among `values` stand in the environment."""
        super().__init__()
        self.clock: datetime | None = None
        self._place, self._vendor, self._variables = place, vendor, variables
        self._tokens = Tokens(vendor, values, {name: values[name] for name in variables})
        self._paused, self._last = 0.0, time.monotonic() - vendor.pace
        # Given here, so that no file of the machine is looked for a password of the host.
        self.auth = self._signed

    @property
    def values(self) -> dict[str, object]:
        """What requests are filled in with; a token is fetched when there is none."""
        return dict(self._tokens.values(self._fetched))

    def send(self, request: PreparedRequest, **kwargs: Any) -> Response:
        """The answer, once it is a good one. NoRecords: it says that there are none.

        Raises SourceError: it refuses, or stays away; the latter is transient.
        """
        response, verdict = self._answered(request, self._vendor.answers, kwargs)
        if verdict.means == "expired":
            self._tokens.forget()
            response, verdict = self._answered(self._signed(request), self._vendor.answers, kwargs)
        if self.clock is None:
            self.clock = _date(response) or datetime.now(UTC)
        if verdict.means == "nothing":
            raise NoRecords
        if verdict.means != "fine":
            raise self._error(verdict)
        return response

    def hidden(self, text: str) -> str:
        """The text without the secrets that the service may have put into it."""
        for secret in sorted(self._tokens.secrets(), key=len, reverse=True):
            text = text.replace(secret, "***")
        return text

    def keep_pace(self) -> None:
        """Wait until the vendor allows for another request."""
        time.sleep(max(0.0, self._last + self._vendor.pace - time.monotonic()))
        self._last = time.monotonic()

    def _signed(self, request: PreparedRequest) -> PreparedRequest:
        parts = arguments(self.values, self._vendor.sign)
        request.headers.update(parts.get("headers", {}))
        if "json" in parts:
            sent = request.body if isinstance(request.body, bytes | str) else b"{}"
            body = json.loads(sent) | parts["json"]
            request.body = json.dumps(body).encode()
            request.prepare_content_length(request.body)
        return request

    def _fetched(self) -> dict[str, object]:
        """The answer of the service to the request for a token."""
        token = self._vendor.token
        if token is None:
            return {}
        given = self._tokens.given
        url, parts = filled(token.ask.url, given), arguments(given, token.ask)
        asked = Request(token.ask.method, url, auth=lambda request: request, **parts)
        response, verdict = self._answered(self.prepare_request(asked), token.answers, {})
        if verdict.means != "fine":
            raise self._error(verdict)
        content: dict[str, object] = response.json()
        return content

    def _answered(
        self, request: PreparedRequest, answers: Answers, kwargs: Mapping[str, Any]
    ) -> tuple[Response, Verdict]:
        """The first answer that waiting would not change."""
        tries = 0
        while True:
            response, verdict = self._once(request, answers, kwargs)
            if response is not None and verdict.means not in ("busy", "broken"):
                return response, verdict
            tries += 1
            self._pause(verdict, _retry_after(response), tries)

    def _once(
        self, request: PreparedRequest, answers: Answers, kwargs: Mapping[str, Any]
    ) -> tuple[Response | None, Verdict]:
        # A redirect would take the token along to whatever address it names.
        bounded = {**kwargs, "timeout": self.timeout, "allow_redirects": False}
        self.keep_pace()
        try:
            response = super().send(request, **bounded)
        except Timeout:
            return None, Verdict("broken", "does not answer in time")
        except (ChunkedEncodingError, ContentDecodingError):
            return None, Verdict("broken", "breaks its answer off")
        except RequestException as error:
            return None, Verdict("broken", f"cannot be reached ({type(error).__name__})")
        return response, judged(response, answers)

    def _pause(self, verdict: Verdict, asked_for: float, tries: int) -> None:
        """Wait before the next try. SourceError: it has been tried and waited for enough."""
        pause = max(asked_for, self.backoff * 2 ** (tries - 1))
        too_often = verdict.means == "broken" and tries >= self.attempts
        if too_often or self._paused + pause > self.patience:
            raise self._error(verdict)
        self._paused += pause
        self.sleep(pause)

    def _error(self, verdict: Verdict) -> SourceError:
        said = self.hidden(verdict.said)
        if verdict.means == "expired":
            said += "; the token was fetched anew just now"
        expected = "Nothing of it landed; the next run reads from the same position again."
        if verdict.means == "credentials":
            listed = " or ".join(self._variables[name] for name in verdict.names)
            said = f"does not accept what {listed} holds: it {said}"
            expected = f"Renew it at {self._vendor.title}, and set {listed} anew."
        return SourceError(
            said,
            file=self._place,
            expected=expected,
            transient=verdict.means in ("busy", "broken"),
        )


def _date(response: Response) -> datetime | None:
    try:
        return parsedate_to_datetime(response.headers["Date"]).astimezone(UTC)
    except (KeyError, ValueError, TypeError):
        return None


def _retry_after(response: Response | None) -> float:
    """For how many seconds an answer asks to be left alone."""
    said = response.headers.get("Retry-After", "") if response is not None else ""
    if said.strip().isdecimal():
        return float(said)
    try:
        until = parsedate_to_datetime(said)
    except (ValueError, TypeError):
        return 0.0
    now = _date(response) if response is not None else None
    return max(0.0, (until - (now or datetime.now(UTC))).total_seconds())
