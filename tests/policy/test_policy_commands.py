"""`tiers policy check` and `tiers policy schema`, as a person sees them."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration import cli
from orchestration.policy import load_policy
from orchestration.policy.json_schema import schema_text
from orchestration.settings import DBT_PROJECT

Tiers = Callable[..., tuple[int, str, str]]


@pytest.fixture
def tiers(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tiers:
    def run(*arguments: str) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        monkeypatch.setattr(sys, "argv", ["tiers", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    return shutil.copytree(DBT_PROJECT / "policy", tmp_path / "policy")


def test_a_policy_that_is_well_is_counted(tiers: Tiers, policy: Path) -> None:
    known = list(load_policy(policy).schemes(enabled=False))
    code, printed, _ = tiers("policy", "check", str(policy))
    assert code == 0
    assert printed.startswith(f"{len(known)} schemes, ")
    assert printed.endswith("all well.\n")


def test_the_policy_of_the_settings_is_checked_when_no_folder_is_named(
    tiers: Tiers, policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIERS_POLICY_DIR", str(policy))
    (policy / "value.sql").unlink()
    code, _, told = tiers("policy", "check")
    assert code == 2
    assert f"{policy}: value.sql is missing" in told


def test_every_problem_is_told_and_the_exit_code_is_2(tiers: Tiers, policy: Path) -> None:
    for theme, right, wrong in (
        ("value", "by: net_amount_365d", "by: net_amount_1y"),
        ("lifecycle", "order_count = 0", "order_cnt = 0"),
    ):
        file = policy / f"{theme}.yml"
        text = file.read_text("utf-8")
        assert right in text
        file.write_text(text.replace(right, wrong, 1), "utf-8")
    code, printed, told = tiers("policy", "check", str(policy))
    assert (code, printed) == (2, "")
    assert "2 problem(s)" in told
    assert "'net_amount_1y' is not known here" in told
    assert "'order_cnt' is not known here" in told


def test_the_schema_is_written_beside_the_files(tiers: Tiers, policy: Path) -> None:
    (policy / "schema.json").unlink()
    code, printed, _ = tiers("policy", "schema", str(policy))
    assert code == 0
    assert "yaml-language-server" in printed
    assert (policy / "schema.json").read_text("utf-8") == schema_text()
