"""With a key readers see pseudonyms, and whoever has the key finds both ways."""

import csv
import hmac
import io
import re
from dataclasses import replace
from hashlib import sha256

import duckdb
import pytest
from shell import Shell
from small_company import SmallCompany

from orchestration.publishing import PseudonymKey

pytestmark = pytest.mark.slow
OLD, NEW = "the key of the tests, before they change it", "and the key that they change it to"


def hexadecimal(text: str, secret: str = NEW) -> str:
    return hmac.new(secret.encode(), text.encode(), sha256).hexdigest()


@pytest.fixture(scope="module")
def published(first_run: SmallCompany, tmp_path_factory: pytest.TempPathFactory) -> SmallCompany:
    company = first_run.copy(tmp_path_factory.mktemp("pseudonyms"))
    company.settings = replace(company.settings, pseudonym_key=NEW)
    company.run()
    return company


@pytest.fixture
def keyed(published: SmallCompany, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("TIERS_PSEUDONYM_KEY", NEW)
    return Shell(published, monkeypatch)


def test_a_release_says_which_key_and_holds_pseudonyms_everywhere(published: SmallCompany) -> None:
    with duckdb.connect(published.settings.served_database, read_only=True) as con:
        told = con.execute("select pseudonym_key_id from release_info").fetchone()
        tables = con.execute(
            "select distinct table_name from duckdb_columns() where column_name = 'customer_id'"
        ).fetchall()
        seen = {
            customer
            for (table,) in tables
            if table != "customer_class_reasons"
            for (customer,) in con.execute(f"select customer_id from {table}").fetchall()
        }
        reasons = con.execute(
            "select count(*) from customer_class_reasons where customer_id = ?",
            [hexadecimal("c07")],
        ).fetchone()
    assert told == (PseudonymKey.of(NEW).id,)
    assert seen == {hexadecimal(f"c{number:02}") for number in range(1, 31)}
    assert reasons and reasons[0] > 10


def test_a_customer_is_explained_by_its_id_and_by_its_pseudonym(keyed: Shell) -> None:
    answers = []
    for name in ("c07", hexadecimal("c07")):
        code, out, _ = keyed.tiers("explain", name, "--scheme", "membership")
        assert code == 0
        answers.append(out.splitlines()[1:])
    assert answers[0] == answers[1] != []


def test_without_its_key_a_release_is_asked_for_pseudonyms(
    keyed: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIERS_PSEUDONYM_KEY", OLD)
    code, _, err = keyed.tiers("explain", "c07")
    assert code == 2
    assert f"pseudonyms under the key {PseudonymKey.of(NEW).id}" in err
    assert keyed.tiers("explain", hexadecimal("c07"))[0] == 0
    code, _, err = keyed.tiers("preview", "dbt_project/policy")
    assert (code, NEW in err, OLD in err) == (2, False, False)
    assert "publish anew" in err


def test_pseudonyms_are_looked_up_in_both_directions(keyed: Shell) -> None:
    code, out, _ = keyed.tiers("pseudonym", "c07", "nobody")
    assert (code, out.split()) == (0, [hexadecimal("c07"), hexadecimal("nobody")])
    code, out, err = keyed.tiers("pseudonym", "--reverse", hexadecimal("c07"), hexadecimal("x"))
    assert (code, out) == (1, "c07\n\n")
    assert "knows nobody" in err


def test_after_a_change_of_the_key_a_table_leads_from_the_old_to_the_new(
    keyed: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY_BEFORE", OLD)
    code, out, _ = keyed.tiers("pseudonym", "--all", "--old-key-from", "env:KEY_BEFORE")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert [(row["old"], row["new"]) for row in rows] == sorted(
        (hexadecimal(f"c{number:02}", OLD), hexadecimal(f"c{number:02}")) for number in range(1, 31)
    )


def test_without_a_key_there_are_no_pseudonyms_to_look_up(shell: Shell) -> None:
    code, out, err = shell.tiers("pseudonym", "c07")
    assert (code, out) == (2, "")
    assert "TIERS_PSEUDONYM_KEY is not set" in err


@pytest.mark.parametrize(
    "arguments",
    [[], ["--all"], ["--all", "c07"], ["c07", "--old-key-from", "env:X"], ["--all", "--reverse"]],
)
def test_a_question_that_is_none_is_refused(shell: Shell, arguments: list[str]) -> None:
    code, _, err = shell.tiers("pseudonym", *arguments)
    assert code == 2
    assert "Give CUSTOMERs" in err


def test_a_preview_compares_pseudonyms_and_tells_of_nobody_else(keyed: Shell) -> None:
    code, out, err = keyed.tiers("preview", "dbt_project/policy")
    assert code == 0, err
    assert "Nobody would change class." in out
    assert not re.search("The greatest of them|New schemes|Schemes that go", out)
    # Every pseudonym has its match: were they compared with ids, all would come and go.
    assert "c07" not in out
