"""`tiers positions`: who owns which class."""

from pathlib import Path

import pytest
from shell import Shell


def test_positions_are_listed_by_category_with_the_classes_that_they_own(shell: Shell) -> None:
    code, out, err = shell.tiers("positions")
    assert code == 0, err
    assert out.index("Key accounts 大客户管理") < out.index("key_account_manager")
    assert "pyramid platinum" in out
    assert "data_engineer" in out
    assert "data_engineer" not in shell.tiers("positions", "--category", "sales")[1]


@pytest.mark.parametrize(
    "text",
    [
        "key_account_director",
        "key ACCOUNT director",
        "大客户总监",
        "大客户管理",
        "白金",
        "platinum",
    ],
)
def test_a_position_is_found_by_code_title_category_and_class(shell: Shell, text: str) -> None:
    code, out, err = shell.tiers("positions", "search", text)
    assert code == 0, err
    assert "key_account_director" in out
    assert "data_engineer" not in out


def test_a_search_may_be_kept_to_a_category_and_may_find_nothing(shell: Shell) -> None:
    for order in (
        ["search", "manager", "--category", "sales"],
        ["--category", "sales", "search", "manager"],
    ):
        out = shell.tiers("positions", *order)[1]
        assert "sales_manager" in out
        assert "key_account_manager" not in out
    code, out, err = shell.tiers("positions", "search", "50%_")
    assert code == 0, err
    assert "No position matches" in out


def test_an_unknown_category_exits_with_2_and_names_those_there_are(shell: Shell) -> None:
    code, _, err = shell.tiers("positions", "--category", "astrology")
    assert code == 2, err
    assert "key_accounts" in err


def test_there_are_no_positions_before_the_first_release(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIERS_HOME", str(tmp_path / "empty"))
    code, _, err = shell.tiers("positions", "search", "manager")
    assert code == 2, err
    assert "tiers run" in err
