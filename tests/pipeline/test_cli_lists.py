"""What `tiers` lists: releases, loads, quarantine."""

import pytest
from shell import Shell
from small_company import SmallCompany

from orchestration.landing import committed_loads
from orchestration.publishing import list_releases


def test_releases_and_loads_are_listed(shell: Shell) -> None:
    code, out, err = shell.tiers("releases")
    (release,) = list_releases(shell.company.settings.releases)
    assert code == 0, err
    assert release.id in out
    assert "current" in out
    code, out, err = shell.tiers("loads")
    assert code == 0, err
    (load,) = committed_loads(shell.company.settings.landing)
    assert load.load_id in out
    assert "in use" in out


def test_the_classes_of_a_scheme_are_listed_with_how_many_are_in_each(shell: Shell) -> None:
    code, out, err = shell.tiers("classes", "deal_status", "rfm")
    assert code == 0, err
    assert "Classes on 2024-05-25" in out
    assert "重要价值" in out
    row = next(line for line in out.splitlines() if "已成交" in line)
    assert [cell.strip() for cell in row.strip("│").split("│")][3:] == ["30", "100.0%"]
    assert "pyramid" not in out
    code, _, err = shell.tiers("classes", "rfn")
    assert (code, "is not classified by rfn. Its schemes: activity, " in err) == (2, True)


def test_a_rejected_load_is_listed_with_its_reason(shell: Shell) -> None:
    assert shell.tiers("reject", "000001-orders-00000000", "--reason", "twice")[0] == 2
    (folder,) = (shell.company.settings.landing / "orders").iterdir()
    assert shell.tiers("reject", folder.name, "--reason", "sent twice")[0] == 0
    assert "sent twice" in shell.tiers("loads")[1]


def test_rolling_back_to_an_unknown_release_names_those_there_are(shell: Shell) -> None:
    code, _, err = shell.tiers("rollback", "yesterday")
    (release,) = list_releases(shell.company.settings.releases)
    assert code == 2, err
    assert release.id in err


def test_quarantine_counts_rows_and_shows_values_only_when_asked(
    second_day: SmallCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = Shell(second_day, monkeypatch)
    code, out, err = shell.tiers("quarantine")
    assert code == 0, err
    assert "not_a_number" in out
    assert "amount" in out
    assert "secret" not in out
    code, out, err = shell.tiers("quarantine", "--table", "orders", "--rows")
    assert "amount = a secret amount" in out
    assert "row 1" in out
    assert "No row" in shell.tiers("quarantine", "--table", "customers")[1]


def test_there_is_nothing_in_quarantine_before_the_first_run(shell: Shell) -> None:
    shell.company.settings.warehouse.unlink()
    code, _, err = shell.tiers("quarantine")
    assert code == 2, err
    assert "tiers run" in err


def test_nobody_is_proposed_while_customers_are_not_compared(shell: Shell) -> None:
    code, out, err = shell.tiers("identity")
    assert code == 0, err
    assert "`identity`" in out
