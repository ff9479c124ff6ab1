"""`tiers explain`: why a customer is in its classes."""

from pathlib import Path

import pytest
from shell import Shell


def test_every_class_of_a_customer_is_explained(shell: Shell) -> None:
    code, out, err = shell.tiers("explain", "c05")
    assert code == 0, err
    assert out.startswith("c05, 2024-05-25\n")
    assert "membership Membership level: basic" in out
    assert "Basic: net amount in 365 days is " in out
    assert "↑ Silver when net amount in 365 days reaches 2,000, " in out
    assert "frequency_level Purchase frequency: " in out
    # Rules are tried in order, and none of their classes is better than another.
    _, _, activity = out.partition("\nactivity ")
    told = activity.splitlines()[2:4]
    assert told[0].lstrip().startswith("→ "), told


def test_it_is_explained_in_chinese_and_for_one_scheme(shell: Shell) -> None:
    code, out, err = shell.tiers("explain", "c05", "--scheme", "membership", "--lang", "zh")
    assert code == 0, err
    assert "membership 会员等级: basic" in out
    assert "普通会员：近365天净消费额为 " in out
    assert "↑ 近365天净消费额达到 2,000 时为白银会员，还差 " in out
    assert "frequency_level" not in out


def test_a_customer_outside_a_population_is_in_no_class(shell: Shell) -> None:
    code, out, err = shell.tiers("explain", "c05", "--scheme", "age_band")
    assert code == 0, err
    assert out == "c05, 2024-05-25: no class, since it is outside the population.\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["c5"], "There is no customer 'c5' on 2024-05-25."),
        (["c05", "--scheme", "astrology"], "expected one of activity, age_band, "),
        (["c05", "--lang", "fr"], "'fr'"),
    ],
)
def test_what_does_not_exist_is_told_with_exit_code_2(
    shell: Shell, arguments: list[str], told: str
) -> None:
    code, _, err = shell.tiers("explain", *arguments)
    assert code == 2, err
    assert told in err


def test_nothing_is_explained_before_the_first_release(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIERS_HOME", str(tmp_path / "empty"))
    code, _, err = shell.tiers("explain", "c05")
    assert code == 2, err
    assert "tiers run" in err
