"""What every vendor's contract keeps of tokens and secrets: few fetched, none told."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from contract_server import Answer
from crm_shop import CrmShop
from vendors import LONG_AGO


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
    said = capfd.readouterr()
    told = [said.out, said.err, caplog.text, *crm.shop.told]
    told += [
        path.read_bytes().decode("latin-1")
        for path in crm.shop.landing.rglob("*")
        if path.is_file()
    ]
    assert len(told) > 6
    for secret in (*crm.server.secrets.values(), *crm.server.tokens):
        assert not any(secret in text for text in told)
