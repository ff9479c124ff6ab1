"""The daily job with `TIERS_PUBLISH_POSTGRES`: what it shows there, and what is said when not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from mirrored_schema import (
    MirroredSchema,
    rows_of_parquet,
    rows_of_the_database,
    rows_of_the_schema,
)
from shell import Shell
from small_company import FIRST_DAY, SmallCompany

from orchestration.erasing.requests import FOLDER, requests
from orchestration.publishing import Release, current_release, list_releases

HOLDER = "create view public.over_it as select customer_id from customer_tiers.customer_facts"
NEXT_DAY = FIRST_DAY + timedelta(1)


@pytest.fixture
def shown_company(
    company: SmallCompany, schema: MirroredSchema, monkeypatch: pytest.MonkeyPatch
) -> SmallCompany:
    """The small company, whose releases are shown in the schema, too."""
    monkeypatch.setenv("TIERS_PUBLISH_POSTGRES", schema.url)
    company.settings = replace(company.settings, postgres=schema.url)
    return company


def served(company: SmallCompany) -> Release:
    release = current_release(company.settings.releases)
    assert release is not None
    return release


def days(schema: MirroredSchema) -> list[tuple[object]]:
    return schema.query("select as_of_date from customer_tiers.release_info")


@pytest.mark.slow
def test_a_run_shows_its_release_and_a_rollback_moves_it(
    shown_company: SmallCompany, schema: MirroredSchema, shell: Shell
) -> None:
    release = shown_company.run(NEXT_DAY).release
    assert release.rows["customer_facts"] == 30
    assert schema.tables() == sorted(release.rows), "views stay in the DuckDB file"
    for table in release.rows:
        shown = rows_of_the_schema(schema, table)
        assert shown == rows_of_the_database(release, table) == rows_of_parquet(release, table)
    (first, _) = list_releases(shown_company.settings.releases)
    code, out, _ = shell.tiers("rollback", first.id)
    assert (code, days(schema)) == (0, [(FIRST_DAY,)])
    assert f"postgresql: customer_tiers shows {first.id}, {len(first.rows)} tables" in out


def test_a_rollback_that_postgresql_does_not_follow_says_so_and_is_made_up_for(
    shown_company: SmallCompany, schema: MirroredSchema, shell: Shell
) -> None:
    release = served(shown_company)
    schema.execute("create schema customer_tiers", "create table customer_tiers.theirs (id int)")
    code, _, err = shell.tiers("rollback", release.id)
    assert code == 1
    assert f"Readers of the files see {release.id}" in err
    assert "table customer_tiers.theirs depends on schema customer_tiers" in err
    assert "TIERS_HOME" not in err, "it is no trouble of this machine"
    schema.execute("drop table customer_tiers.theirs")
    assert shell.tiers("rollback", release.id)[0] == 0
    assert days(schema) == [(FIRST_DAY,)]


def test_status_says_which_release_postgresql_shows(
    shown_company: SmallCompany, schema: MirroredSchema, shell: Shell
) -> None:
    release = served(shown_company)
    code, out, _ = shell.tiers("status")
    assert code == 1
    assert f"customer_tiers shows no release, and the files {release.id}." in out
    shell.tiers("rollback", release.id)
    assert f"customer_tiers shows {release.id}, as the files do." in shell.tiers("status")[1]


def test_status_says_so_when_postgresql_does_not_answer(
    company: SmallCompany, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIERS_PUBLISH_POSTGRES", "postgresql://me:s3cret@127.0.0.1:1/none")
    code, out, err = shell.tiers("status")
    assert code == 1
    assert "Readers have" in out
    assert "does not say which release customer_tiers shows" in err
    assert "s3cret" not in out + err


@pytest.mark.slow
def test_nobody_is_erased_before_postgresql_shows_it(
    shown_company: SmallCompany, schema: MirroredSchema, shell: Shell
) -> None:
    shell.tiers("rollback", served(shown_company).id)
    schema.execute(HOLDER)
    code, _, err = shell.tiers("erase", "c07", "--reason", "asked", "--by", "Ann", "--yes")
    release = served(shown_company)
    assert code == 1
    assert f"The run of {FIRST_DAY} failed; {release.id} is published." in err
    assert "view over_it depends on table customer_tiers.customer_facts" in err
    assert release.rows["customer_facts"] == 29
    of_them = "select count(*) from customer_tiers.customer_facts where customer_id = 'c07'"
    (request,) = requests(shown_company.settings.home / FOLDER)
    assert (schema.query(of_them), request.finished_at) == ([(1,)], None)
    schema.execute("drop view public.over_it")
    assert shell.tiers("erase", "--resume")[0] == 0
    (request,) = requests(shown_company.settings.home / FOLDER)
    assert schema.query(of_them) == [(0,)]
    assert request.finished_at is not None
