"""What every vendor's contract keeps when its service misbehaves."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from contract_server import HTML, Answer, Fault, cut, half, late
from crm_shop import CrmShop
from vendors import LONG_AGO

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


def test_an_expired_token_is_fetched_anew_once(crm: CrmShop) -> None:
    crm.put_many(crm.known.size + 1)

    def expire(answer: Answer) -> Answer:
        crm.server.expire()
        return answer

    crm.server.fault("list", expire)
    assert len(crm.land()) == crm.known.size + 1
    assert crm.server.count("token") == 2
    assert crm.server.count("list") == 3


def test_a_token_that_is_never_taken_is_not_fetched_in_a_loop(crm: CrmShop) -> None:
    crm.put(1)
    crm.server.is_known = lambda token: False  # type: ignore[method-assign]
    error = crm.fails()
    assert "the token was fetched anew just now" in str(error)
    assert (crm.server.count("token"), crm.server.count("list")) == (2, 2)


def test_an_answer_without_a_token_is_refused(crm: CrmShop) -> None:
    crm.server.fault("token", Answer(content={"errorCode": 0, "expires_in": 3600}))
    assert "answered without" in str(crm.fails())


def test_all_entries_of_an_account_share_a_token(crm: CrmShop) -> None:
    crm.put(1)
    crm.pull("customers")
    crm.pull("orders", "overlap: 1 hour")
    assert crm.server.count("token") == 1


def wrong(crm: CrmShop, credential: str, monkeypatch: pytest.MonkeyPatch) -> str:
    variable = crm.variable(credential)
    monkeypatch.setenv(variable, "wrong-and-still-secret")
    return variable


def test_credentials_that_are_refused_are_named_and_not_shown(
    crm: CrmShop, monkeypatch: pytest.MonkeyPatch, pauses: list[float]
) -> None:
    credential = {"zoho": "refresh_token", "fxiaoke": "app_secret"}[crm.known.kind]
    variable = wrong(crm, credential, monkeypatch)
    error = crm.fails()
    assert "does not accept what" in str(error) and variable in str(error)
    assert "wrong-and-still-secret" not in str(error)
    assert (crm.server.count("token"), pauses, error.transient) == (1, [], False)


def test_a_secret_that_is_not_set_is_named_with_its_place(
    crm: CrmShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    credential = next(iter(crm.server.secrets))
    monkeypatch.delenv(crm.variable(credential))
    error = crm.fails()
    assert error.line == 5
    assert error.field == f"tables.customers[1].credentials.{credential}"
    assert f"{crm.variable(credential)} is not set" in str(error)


def echo(crm: CrmShop, status: int) -> Callable[[Answer], Answer]:
    """A refusal that tells the request's secrets back."""

    def told(answer: Answer) -> Answer:
        said = f"no permission for {crm.server.tokens[-1]}"
        said += "".join(f" {secret}" for secret in crm.server.secrets.values())
        return Answer(
            status, {"errorCode": 20017, "code": "NO", "message": said} | {"errorMessage": said}
        )

    return told


def test_a_secret_that_the_service_tells_back_is_masked(crm: CrmShop) -> None:
    crm.put(1)
    crm.server.fault("list", echo(crm, 200 if crm.known.kind == "fxiaoke" else 403))
    error = str(crm.fails())
    assert "no permission for ***" in error
    for secret in (*crm.server.secrets.values(), *crm.server.tokens):
        assert secret not in error


def test_a_token_that_is_over_is_masked_too(crm: CrmShop) -> None:
    crm.put_many(crm.known.size + 1)

    def expire(answer: Answer) -> Answer:
        crm.server.expire()
        return answer

    def tell(answer: Answer) -> Answer:
        said = f"not {crm.server.tokens[0]}, nor {crm.server.tokens[-1]}"
        return Answer(403, {"errorCode": 1, "message": said, "errorMessage": said})

    crm.server.fault("list", expire, lambda answer: answer, tell)
    assert "not ***, nor ***" in str(crm.fails())


def test_no_secret_is_written_or_told_anywhere(
    crm: CrmShop,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    crm.put_many(crm.known.size + 1, at=LONG_AGO)
    crm.pull()
    crm.put(1)
    crm.delete(2)
    crm.pull()
    told = [capfd.readouterr().out, capfd.readouterr().err, caplog.text, *crm.shop.told]
    told += [
        path.read_bytes().decode("latin-1")
        for path in crm.shop.landing.rglob("*")
        if path.is_file()
    ]
    assert len(told) > 6
    for secret in (*crm.server.secrets.values(), *crm.server.tokens):
        assert not any(secret in text for text in told)
