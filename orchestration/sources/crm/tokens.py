"""Tokens: fetched when they are needed, shared within the process, kept nowhere else.

Vendors limit how often a token may be fetched, so all entries of one account use the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from urllib.parse import quote_plus

from orchestration.sources.crm.filling import Values, at
from orchestration.sources.crm.vendor import Vendor
from orchestration.sources.errors import SourceError

# How long before its end a token is not used any more: a request takes a while.
MARGIN = 60.0

_kept: dict[tuple[tuple[str, str], ...], tuple[float, dict[str, str]]] = {}


class Tokens:
    """The token of one account, and all its secrets.

    Attributes:
        given: the account's credentials, and the addresses of its service.
    """

    def __init__(
        self, vendor: Vendor, given: Mapping[str, str], credentials: Mapping[str, str]
    ) -> None:
        """Nothing is fetched yet."""
        self.given = given
        self._token, self._secrets = vendor.token, {*credentials.values()}
        self._account = (("", vendor.title), *sorted(given.items()))

    def values(self, fetch: Callable[[], object]) -> Values:
        """What requests are filled in with; `fetch` is asked for a token when there is none.

        Raises SourceError: the answer holds no token.
        """
        if self._token is None:
            return self.given
        until, found = _kept.get(self._account, (0.0, {}))
        if time.monotonic() >= until:
            answer = fetch()
            found = {name: str(at(answer, path) or "") for name, path in self._token.keep.items()}
            if not all(found.values()):
                raise SourceError(f"answered without {' and '.join(self._token.keep.values())}")
            _kept[self._account] = time.monotonic() + self._token.lasts - MARGIN, found
        # Those of before too: a service may still tell them back.
        self._secrets |= {*found.values()}
        return {**self.given, **found}

    def forget(self) -> None:
        """The service does not take the token any more."""
        _kept.pop(self._account, None)

    def secrets(self) -> set[str]:
        """The texts that no message may show, also as they are written in an address."""
        texts = {text for text in self._secrets if text}
        return texts | {quote_plus(text) for text in texts}


def forget_all() -> None:
    """Every account fetches anew."""
    _kept.clear()
