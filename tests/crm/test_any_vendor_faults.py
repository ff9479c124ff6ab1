"""What every vendor's contract keeps when its service misbehaves."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from contract_server import HTML, Answer, Fault, cut, half, late
from crm_shop import CrmShop

from orchestration.sources.crm.service import Service

UNAVAILABLE = Answer(503, text="<html>Service Unavailable</html>")
BUSY = Answer(429, text="", headers={"Retry-After": "7"})


@pytest.mark.parametrize(
    "faults",
    [(UNAVAILABLE,), (UNAVAILABLE,) * 3, (cut,), (half,), (late(1.5),), (cut, UNAVAILABLE, half)],
    ids=["away", "away three times", "cut off", "cut off, told as whole", "late", "all of it"],
)
@pytest.mark.parametrize("route", ["list", "token"])
def test_what_goes_by_itself_is_tried_again(
    crm: CrmShop, pauses: list[float], route: str, faults: tuple[Fault, ...]
) -> None:
    crm.put_many(crm.known.size + 1)
    crm.server.fault(route, *faults)
    assert len(crm.land()) == crm.known.size + 1
    assert pauses == [Service.backoff * 2**n for n in range(len(faults))]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (UNAVAILABLE, "HTTP 503"),
        (cut, "breaks its answer off"),
        (half, "cannot be read or breaks off"),
        (late(1.5), "does not answer in time"),
    ],
    ids=["away", "cut off", "cut off, told as whole", "late"],
)
def test_what_does_not_go_by_fails_until_the_next_run(
    crm: CrmShop, fault: Fault, told: str
) -> None:
    crm.put_many(crm.known.size + 1)
    crm.server.fault("list", lambda answer: answer, *[fault] * Service.attempts)
    error = crm.fails()
    assert told in str(error)
    assert error.transient
    assert len(crm.land()) == crm.known.size + 1


def test_a_service_that_cannot_be_reached_fails_until_the_next_run(crm: CrmShop) -> None:
    crm.put(1)
    crm.server.stop()
    error = crm.fails()
    assert "cannot be reached" in str(error)
    assert error.transient


def test_a_busy_service_is_waited_for_as_long_as_it_asks(crm: CrmShop, pauses: list[float]) -> None:
    crm.put(1)
    crm.server.fault("list", BUSY, BUSY)
    assert len(crm.land()) == 1
    assert pauses == [7, 7]


def test_a_moment_to_wait_for_is_of_the_service_s_own_clock(
    crm: CrmShop, pauses: list[float]
) -> None:
    crm.server.skew = timedelta(hours=5)
    crm.put(1)
    until = format_datetime(crm.server.now() + timedelta(seconds=30), usegmt=True)
    crm.server.fault("list", Answer(429, text="", headers={"Retry-After": until}))
    assert len(crm.land()) == 1
    assert 25 <= pauses[0] <= 31


def test_a_service_that_stays_busy_is_left_alone_after_a_while(
    crm: CrmShop, pauses: list[float]
) -> None:
    crm.put(1)
    crm.server.fault("list", *[BUSY] * 100)
    error = crm.fails()
    assert error.transient
    assert 200 < sum(pauses) <= Service.patience


@pytest.mark.parametrize("told_to_wait", ["86400", "0", "soon"])
def test_no_wait_that_is_asked_for_lasts_for_ever(
    crm: CrmShop, pauses: list[float], told_to_wait: str
) -> None:
    crm.put(1)
    crm.server.fault("list", *[Answer(429, headers={"Retry-After": told_to_wait})] * 100)
    assert crm.fails().transient
    assert sum(pauses) <= Service.patience
    assert len(pauses) < 20


def test_html_is_refused(crm: CrmShop, pauses: list[float]) -> None:
    crm.put(1)
    crm.server.fault("list", HTML)
    error = crm.fails()
    assert "answered with HTML" in str(error)
    assert not error.transient
    assert pauses == []


def test_an_answer_in_another_form_is_refused(crm: CrmShop) -> None:
    crm.put(1)
    crm.server.fault(
        "list", lambda answer: Answer(content={"errorCode": 0, "data": {"x": "Wu Li"}})
    )
    error = crm.fails()
    assert "another form than is documented" in str(error)
    assert "Wu Li" not in str(error)


def test_records_that_are_none_are_refused(crm: CrmShop) -> None:
    crm.put(1)

    def numbers(answer: Answer) -> Answer:
        data: Any = [1, 2, 3]
        if crm.known.kind == "fxiaoke":
            data = {"dataList": data}
        return Answer(content={"errorCode": 0, "data": data, "info": {"more_records": False}})

    crm.server.fault("list", numbers)
    assert "another form than is documented" in str(crm.fails())


def test_a_refusal_is_told_once(crm: CrmShop, pauses: list[float]) -> None:
    crm.put(1)
    crm.server.fault("list", crm.known.refusal)
    error = crm.fails()
    assert "permission denied" in str(error)
    assert not error.transient
    assert (crm.server.count("list"), pauses) == (1, [])


def test_a_redirect_takes_no_token_elsewhere(crm: CrmShop) -> None:
    crm.put(1)
    elsewhere = Answer(307, text="", headers={"Location": f"{crm.server.url}/elsewhere"})
    crm.server.fault("list", elsewhere)
    assert "HTTP 307" in str(crm.fails())
    assert not any(asked.path == "/elsewhere" for asked in crm.server.asked)


def test_the_same_page_again_and_again_ends(crm: CrmShop) -> None:
    crm.put_many(crm.known.size * 2)
    first: list[Answer] = []

    def again(answer: Answer) -> Answer:
        first.append(answer)
        return first[0]

    crm.server.fault("list", *[again] * 50)
    assert "the same pages again and again" in str(crm.fails())
    assert crm.server.count("list") <= 5


def test_two_pages_in_turns_end(crm: CrmShop) -> None:
    crm.put_many(crm.known.size * 3)
    seen: list[Answer] = []

    def in_turns(answer: Answer) -> Answer:
        seen.append(answer)
        return seen[(len(seen) - 1) % 2]

    crm.server.fault("list", *[in_turns] * 50)
    assert "the same pages again and again" in str(crm.fails())
