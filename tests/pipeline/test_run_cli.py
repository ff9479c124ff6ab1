"""The `tiers` command: what it prints, its exit codes, and that errors are written for people."""

import builtins
import re
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from shell import Shell
from small_company import FIRST_DAY, orders_of

from orchestration import exits
from orchestration.run_lock import run_lock
from orchestration.settings import PROJECT, Settings

# Caught where they are of use, or as little to be expected as an error of Python's own.
NEVER_SHOWN = {
    "CannotChange",
    "CannotTell",
    "CommitTargetExists",
    "ExpressionError",
    "GateFailed",
    "Moved",
    "NoRecords",
    "NotAudited",
    "NotFitted",
    "PullFailed",
    "QueryError",
    "SparkError",
}


def test_a_check_of_sources_says_by_its_exit_code_whether_all_can_be_pulled(shell: Shell) -> None:
    code, out, _ = shell.tiers("sources", "check")
    assert (code, "Everything can be pulled." in out) == (0, True)
    (shell.company.folder / "orders_late.csv").write_text("")
    code, out, _ = shell.tiers("sources", "check")
    assert (code, "1 of 1 entries cannot be pulled." in out) == (exits.WRONG_INPUT, True)
    assert "orders_late.csv: is empty" in out


def test_a_run_that_is_stopped_by_hand_before_dbt_exits_with_130(shell: Shell) -> None:
    start_and_stop(shell, seconds=0)


def test_after_one_that_was_stopped_while_dbt_built_a_run_tells_what_it_does_in_a_few_lines(
    shell: Shell,
) -> None:
    start_and_stop(shell, seconds=3)
    code, out, err = shell.tiers("run", "--as-of", FIRST_DAY.isoformat())
    assert code == 0, err
    for step in ("landing/orders", "warehouse:", "gate 2:", "history:", "published:"):
        assert step in err
    first, *others = out.splitlines()
    assert re.fullmatch(r"2024-05-25: 30 customers in \d+ schemes, .* net [\d,.]+ CNY; .*", first)
    assert "No class changed." in others
    served = shell.company.settings.served_database
    published, to_read = others[-2:]
    assert published == f"Published: {served}"
    assert to_read == f"To read: {served.with_name('report.html')}"
    assert len(others) < 10
    assert "dagster" not in (out + err).lower().replace("dagster_home", "")


def start_and_stop(shell: Shell, seconds: float) -> None:
    """Press Ctrl-C so long after the inputs of a run are there; it changes nothing and says so."""
    before = shell.company.served()
    command = [sys.executable, "-c", "from orchestration.cli import main; main()", "run"]
    running = subprocess.Popen(
        [*command, "--as-of", FIRST_DAY.isoformat()], stderr=subprocess.PIPE, text=True
    )
    assert running.stderr
    for line in running.stderr:
        if "landing/run_parameters" in line:
            break
    time.sleep(seconds)
    running.send_signal(signal.SIGINT)
    rest = running.stderr.read()
    assert running.wait(timeout=60) == 130
    assert "Stopped; readers still have the last release." in rest
    assert "Traceback" not in rest
    assert shell.company.served() == before


def test_a_refused_run_exits_with_1_and_says_what_to_do(shell: Shell) -> None:
    rows = [(*row[:3], "a lot") for row in orders_of(FIRST_DAY, range(1, 31))]
    shell.company.export("bad", rows)
    code, _, err = shell.tiers("run", "--as-of", FIRST_DAY.isoformat())
    assert code == 1, err
    assert "amount is mapped to the right column" in err
    assert "in the Dagster UI" in err


@pytest.mark.parametrize("command", [["run", "--as-of", "2024-13-01"], ["nope"], ["rollback"]])
def test_wrong_usage_exits_with_2(shell: Shell, command: list[str]) -> None:
    assert shell.tiers(*command)[0] == 2


def test_a_day_that_is_not_over_exits_with_2(shell: Shell) -> None:
    code, _, err = shell.tiers("run", "--as-of", "2999-01-01")
    assert code == 2, err
    assert "has to be over in Asia/Shanghai" in err


def test_a_wrong_source_file_exits_with_2_and_names_the_line(shell: Shell) -> None:
    shell.company.describe(nonsense=True)
    code, _, err = shell.tiers("run")
    assert code == 2, err
    assert "sources.yml:" in err
    assert "nonsense" in err


def test_a_wrong_policy_exits_with_2(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "policy").mkdir()
    monkeypatch.setenv("TIERS_POLICY_DIR", str(tmp_path / "policy"))
    code, _, err = shell.tiers("run")
    assert code == 2, err
    assert "behaviour.yml" in err


def test_a_wrong_setting_exits_with_2(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIERS_KEEP_RELEASES", "none")
    code, _, err = shell.tiers("releases")
    assert code == 2, err
    assert "TIERS_KEEP_RELEASES" in err


@pytest.mark.parametrize(
    "command",
    [
        ["run", "--as-of", "2024-05-25"],
        ["backfill", "--from", "2024-05-25", "--to", "2024-05-25"],
        ["rollback", "x"],
        ["reject", "x", "--reason", "y"],
    ],
    ids=lambda command: command[0],
)
def test_what_changes_something_exits_with_3_while_a_run_is_at_work(
    shell: Shell, command: list[str]
) -> None:
    with run_lock(shell.company.settings.home, "a test"):
        code, _, err = shell.tiers(*command)
    assert code == 3, err
    assert "a test" in err


def test_something_unexpected_is_kept_for_a_developer(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.company.settings.dagster_home.joinpath("dagster.yaml").write_text("telemetry: [")
    code, _, err = shell.tiers("run", "--as-of", FIRST_DAY.isoformat())
    assert code == 1, err
    account = shell.company.settings.home / "last_error.log"
    assert str(account) in err
    assert "Traceback" in account.read_text("utf-8")


def test_the_account_of_an_error_is_shut_to_other_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIERS_HOME", str(tmp_path))
    account = tmp_path / "last_error.log"
    account.touch()
    account.chmod(0o644)
    with pytest.raises(SystemExit), exits.told_to_people():
        raise RuntimeError("Li Na, 13800138000")
    assert "Li Na" in account.read_text("utf-8")
    assert not stat.S_IMODE(account.stat().st_mode) & stat.S_IRWXO


def test_help_names_every_command(shell: Shell) -> None:
    code, out, err = shell.tiers("--help")
    assert code == 0, err
    commands = "run backfill releases rollback loads reject quarantine sources positions prepare"
    for command in commands.split():
        assert f" {command} " in out


def test_prepare_prints_the_home_of_dagster(shell: Shell) -> None:
    code, out, err = shell.tiers("prepare")
    assert code == 0, err
    assert out.strip() == str(shell.company.settings.dagster_home)
    assert (shell.company.settings.dagster_home / "dagster.yaml").exists()


def test_every_error_is_told_to_people_or_never_shown_to_them() -> None:
    source = "\n".join(
        path.read_text("utf-8") for path in (PROJECT / "orchestration").rglob("*.py")
    )
    bases = dict(re.findall(r"^class (\w+)\((\w+)", source, re.MULTILINE))
    told = {*exits.WRONG_INPUTS, *exits.FAILURES, "RunLocked", "Stopped"}
    assert told | NEVER_SHOWN <= set(bases)
    for name in bases:
        line = [name]
        while line[-1] in bases:
            line.append(bases[line[-1]])
        if issubclass(getattr(builtins, line[-1], object), BaseException):
            assert bool(told & set(line)) != (name in NEVER_SHOWN), name


def test_listing_releases_imports_nothing_heavy_and_is_quick(tmp_path: Path) -> None:
    program = (
        "import sys; sys.argv = ['tiers', 'releases']\n"
        "from orchestration import cli\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'dagster', 'dbt', 'great_expectations', 'pandas'} & set(sys.modules)))"
    )
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"TIERS_HOME": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"
    # A second on a quiet machine; tests share theirs.
    assert time.monotonic() - started < 5


def test_settings_made_by_a_program_are_not_left_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIERS_HOME", "/elsewhere")
    with Settings(home=tmp_path).exported():
        assert Settings.from_environment().home == tmp_path
    assert Settings.from_environment().home == Path("/elsewhere")
