"""Lists of records, page by page, by the paginators of dlt; never without an end."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from requests import Request, Response

from orchestration.sources.crm.filling import Values, arguments, as_word, at, filled, merged
from orchestration.sources.crm.service import NoRecords, Service
from orchestration.sources.crm.vendor import Listing, Part
from orchestration.sources.errors import SourceError
from orchestration.sources.quiet_dlt import (
    BasePaginator,
    RESTClient,
    create_paginator,
    register_paginator,
)

# How many pages in a row may begin as one before them did, or be empty: rows may move.
REPEATS = 3

Record = dict[str, object]


class LastRecord(BasePaginator):
    """`last_record`: the next page is of the records after the last one, told by its key.

    Unlike an offset it neither skips nor repeats a record when others come, go or move meanwhile.
    """

    def __init__(self, key: str, size: int, add: dict[str, Any]) -> None:
        """`add` is what `{last}`, the last key, adds to the request; `size` is a full page."""
        super().__init__()
        self._key, self._size, self._part = key, size, Part(**add)

    def init_request(self, request: Request) -> None:
        """Keep the first request: the others add to it."""
        self._asked = copy.deepcopy({"params": request.params or {}, "json": request.json or {}})

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        """A page that is not full is the last one."""
        self._has_next_page = len(data or []) >= self._size
        self._last = at(data[-1], self._key) if data else None

    def update_request(self, request: Request) -> None:
        """Ask for what comes after."""
        if self._has_next_page:
            more = arguments({"last": self._last}, self._part)
            request.params = merged(self._asked["params"], more.get("params", {}))
            request.json = merged(self._asked["json"], more.get("json", {}))


register_paginator("last_record", LastRecord)


def pages(
    service: Service, listing: Listing, values: Values, place: str, key: str
) -> Iterator[list[Record]]:
    """The pages of a list.

    Args:
        values: what the request is filled in with; with `since`, only changes are wanted.
        key: the field that identifies a record.

    Raises:
        SourceError: the service refuses or stays away, its answer is another than documented, it
            has more records than it gives or leads to, or repeats its pages for ever.
    """
    parts = [listing.ask, *([listing.since] if "since" in values else [])]
    paginator: Any = listing.paginator
    asked = RESTClient("", session=service).paginate(
        filled(listing.ask.url, values),
        method=listing.ask.method,
        paginator=create_paginator(paginator),
        data_selector=listing.records,
        hooks={"response": []},  # `service` judges its answers itself
        **arguments(values, *parts),
    )
    return _guarded(asked, listing, place, key)


def _guarded(
    asked: Iterator[Any], listing: Listing, place: str, key: str
) -> Iterator[list[Record]]:
    found, repeats = 0, 0
    firsts: set[object] = set()
    while (page := _next(asked, place)) is not None:
        if not isinstance(at(page.response.json(), listing.records), list) or not all(
            isinstance(record, dict) for record in page
        ):
            raise _strange(place, f"it holds no records at {listing.records}")
        first = at(page[0], key) if page else None
        repeats = repeats + 1 if first is None or first in firsts else 0
        firsts.add(first)
        if repeats >= REPEATS:
            raise SourceError("gives the same pages again and again", file=place)
        found += len(page)
        goes_on, has_more = page.paginator.has_next_page, _has_more(page, listing)
        if listing.most and found >= listing.most and (goes_on or has_more):
            raise SourceError(
                f"has more than {listing.most:,} records, the most that it lists at a time",
                file=place,
                expected="Let files bring what changed before some day, and ask for the rest:"
                " begin: 2024-06-01.",
            )
        if has_more and not goes_on:
            raise _strange(place, "it has more records, and no way to the next page")
        yield list(page)


def _has_more(page: Any, listing: Listing) -> bool:
    """Whether a page itself says so; the paginator takes one that leads nowhere for the last."""
    path = listing.paginator.get("has_more_path")
    return path is not None and as_word(at(page.response.json(), path)) == "true"


def _next(asked: Iterator[Any], place: str) -> Any:
    """The next page; None after the last."""
    try:
        return next(asked, None)
    except NoRecords:
        return None
    except SourceError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError):
        # Not chained: such an error quotes the answer.
        raise _strange(place, "its pages cannot be followed") from None


def _strange(place: str, problem: str) -> SourceError:
    return SourceError(
        f"answered in another form than is documented: {problem}",
        file=place,
        expected="Nothing of it landed. Has the service a new version?",
    )
