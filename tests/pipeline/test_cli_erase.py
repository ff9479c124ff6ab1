"""`tiers erase` asks before it does anything, and says what would go; `erasures` lists them."""

import io

import pytest
from erasing_maker import ask_to_erase
from shell import Shell

from orchestration.erasing.requests import FOLDER, requests
from orchestration.landing import committed_loads

WHY = ("--reason", "asked for", "--by", "Ann")


def test_what_would_go_is_shown_and_a_no_erases_nothing(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = shell.company.settings
    before = committed_loads(settings.landing)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    code, out, _ = shell.tiers("erase", "c07", *WHY)
    assert code == 1
    assert "landed orders" in out
    assert "history, 1 days from 2024-05-25" in out
    assert "2024-05-25T000001" in out
    assert committed_loads(settings.landing) == before
    assert requests(settings.home / FOLDER) == []


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("c07",),
        ("c07", "--reason", "asked for"),
        ("c07", "--by", "Ann"),
        ("c07", "--resume"),
        ("--lift", "--by", "Ann"),
        ("c07", "--lift"),
        ("c07", "--lift", *WHY, "--resume"),
    ],
)
def test_what_is_not_whole_is_wrong_usage(shell: Shell, arguments: tuple[str, ...]) -> None:
    code, _, err = shell.tiers("erase", *arguments)
    assert (code, "--resume" in err) == (2, True)


def test_a_customer_whom_nobody_knows_is_wrong_input(shell: Shell) -> None:
    code, _, err = shell.tiers("erase", "c7", "--yes", *WHY)
    assert (code, "spelling" in err) == (2, True)


def test_nothing_to_resume_or_to_list_or_to_lift_is_no_failure(shell: Shell) -> None:
    assert shell.tiers("erase", "--resume")[:2] == (0, "Nobody is erased here.\n")
    assert shell.tiers("erasures")[:2] == (0, "Nobody was erased.\n")
    assert shell.tiers("erase", "c07", "--lift", "--by", "Ann")[:2] == (0, "No one was erased.\n")


def test_a_request_that_was_cut_off_is_listed_as_such_and_can_be_lifted(shell: Shell) -> None:
    ask_to_erase(shell.company.settings, "c07")
    code, out, err = shell.tiers("erasures")
    assert code == 0, err
    assert "to be resumed" in out
    assert "c07" not in out
    code, _, err = shell.tiers("rollback", "2024-05-25T000001-0")
    assert code == 2, err
    assert "land again" in shell.tiers("erase", "c07", "--lift", "--by", "Ann")[1]
    assert "1 let in again" in shell.tiers("erasures")[1]
