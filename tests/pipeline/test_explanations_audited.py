"""Gate 3 refuses a release that has a class and no reason for it."""

from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from small_company import FIRST_DAY, SmallCompany

from orchestration.auditing.explained import (
    audit_explanations,
    explained_before,
    filled_classes,
    sentences_of,
)
from orchestration.auditing.results import GateFailed
from orchestration.manifest import prepare_manifest
from orchestration.progress import Silent
from orchestration.publishing import list_releases
from orchestration.running import RunFailed

pytestmark = pytest.mark.slow


@pytest.fixture
def release(first_run: SmallCompany, tmp_path: Path) -> Path:
    copied = tmp_path / "release.duckdb"
    copied.write_bytes(first_run.settings.served_database.read_bytes())
    return copied


def spoil(database: Path, replaced: str, kept: str = "true", schema: str = "main") -> None:
    """Let the view of reasons say something else, or nothing."""
    with duckdb.connect(database) as con:
        con.execute(f"use {schema}")
        (sql,) = con.execute(
            "select sql from duckdb_views() where view_name = 'customer_class_reasons'"
        ).fetchall()
        query = sql[0].partition(" AS ")[2].strip().removesuffix(";")
        con.execute(
            "create or replace view customer_class_reasons as"
            f" select * replace ({replaced}) from ({query}) where {kept}"
        )


class Spoiler(Silent):
    """Takes the reason of a class that nobody was in before, when gate 2 has passed."""

    def __init__(self, warehouse: Path) -> None:
        self._warehouse = warehouse

    def say(self, text: str) -> None:
        if text.startswith("history:"):
            reason = "case when scheme <> 'membership' or class_code <> 'gold' then reason_en end"
            spoil(self._warehouse, f"{reason} as reason_en", schema="classification")


def test_a_release_that_explains_every_class_passes(release: Path) -> None:
    assert audit_explanations(release, {}).passed


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_class_without_a_reason_in_one_language_is_named(release: Path, language: str) -> None:
    spoil(
        release,
        f"case when scheme <> 'membership' or class_code <> 'basic' then reason_{language} end"
        f" as reason_{language}",
    )
    result = audit_explanations(release, {})
    with pytest.raises(GateFailed, match="every_class_has_a_reason"):
        result.raise_if_failed()
    assert result.failures[0].breakdown == ("membership basic",)


def test_a_scheme_that_is_not_explained_is_named(release: Path) -> None:
    spoil(release, "reason_en as reason_en", kept="scheme <> 'pyramid'")
    told = audit_explanations(release, {}).failures[0].breakdown
    assert told and all(line.startswith("pyramid ") for line in told)


def test_a_class_that_is_filled_on_a_later_day_is_audited_then(company: SmallCompany) -> None:
    day = FIRST_DAY + timedelta(1)
    before = company.served()
    assert "membership gold" not in filled_classes(company.settings.served_database, {})
    company.export("large", [("large", "c01", f"{day} 09:30:00", "20000.00")])
    with pytest.raises(RunFailed, match="membership gold"):
        company.run(day, Spoiler(company.settings.warehouse))
    assert company.served() == before


def test_what_passed_is_told_with_the_release_and_counts_for_the_same_models_alone(
    first_run: SmallCompany,
) -> None:
    (release,) = list_releases(first_run.settings.releases)
    classes = filled_classes(release.database, {})
    assert {"membership basic", "pyramid iron"} <= set(classes)
    models = sentences_of(release.database, prepare_manifest(first_run.settings).name, {})
    assert explained_before([release.quality], models) == set(classes)
    quality = {"published": {"explained": {"made_from": "these", "classes": ["pyramid iron"]}}}
    assert explained_before([quality, {}], "these") == {"pyramid iron"}
    assert explained_before([quality, {}], "others") == set()
