"""`tiers erase` asks before it does anything, and says what would go; `erasures` lists them."""

import io

import pytest
from erasing_maker import ask_to_erase
from shell import Shell

from orchestration.erasing.requests import FOLDER, requests
from orchestration.landing import committed_loads, pull_table
from orchestration.run_lock import run_lock
from orchestration.sources.source_file import load_source_file
from orchestration.trials import EVALUATION, PREVIEW

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


def test_without_a_warehouse_the_merges_are_built_for_the_while(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = shell.company.settings
    settings.warehouse.unlink()
    into = "customer_id,into_customer_id,approved_by,approved_at\nc08,c07,Ann,2024-05-25\n"
    (shell.company.folder / "merges_1.csv").write_text(into)
    files = {"orders": "orders_*.csv", "customer_merges": "merges_*.csv"}
    shell.company.describe(
        tables={table: [{"from": "files", "path": path}] for table, path in files.items()}
    )
    pull_table(
        "customer_merges",
        load_source_file(settings.sources),
        settings.landing,
        audit=lambda table, parquet: None,
        report=print,
    )
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    code, out, _ = shell.tiers("erase", "c07", *WHY)
    assert code == 1
    assert "erased too: c08" in out
    assert not settings.warehouse.exists()


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


def test_while_an_evaluation_is_built_nothing_is_erased_nor_written_down(shell: Shell) -> None:
    settings = shell.company.settings
    before = committed_loads(settings.landing)
    with run_lock(settings.home / EVALUATION, "tiers evaluate"):
        code, _, err = shell.tiers("erase", "c07", "--yes", *WHY)
    assert (code, "tiers evaluate" in err) == (3, True), err
    assert requests(settings.home / FOLDER) == []
    assert committed_loads(settings.landing) == before


def test_what_stops_an_erasure_that_is_written_down_is_told_with_how_it_goes_on(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = shell.company.settings
    # A preview that begins just after the look.
    monkeypatch.setattr("orchestration.erasing.command.refuse_while_built", lambda *_: None)
    with run_lock(settings.home / PREVIEW, "tiers preview"):
        code, _, err = shell.tiers("erase", "c07", "--yes", *WHY)
    assert (code, "tiers preview" in err) == (3, True), err
    assert "The request to erase is written down" in err
    assert "`tiers erase --resume`" in err
    (request,) = requests(settings.home / FOLDER)
    assert request.finished_at is None
