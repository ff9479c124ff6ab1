"""Gate 3 refuses a release that has a class and no reason for it."""

from pathlib import Path

import duckdb
import pytest
from small_company import SmallCompany

from orchestration.auditing.explained import audit_explanations
from orchestration.auditing.results import GateFailed

pytestmark = pytest.mark.slow


@pytest.fixture
def release(first_run: SmallCompany, tmp_path: Path) -> Path:
    copied = tmp_path / "release.duckdb"
    copied.write_bytes(first_run.settings.served_database.read_bytes())
    return copied


def spoil(release: Path, replaced: str, kept: str = "true") -> None:
    """Let the view of reasons say something else, or nothing."""
    with duckdb.connect(release) as con:
        (sql,) = con.execute(
            "select sql from duckdb_views() where view_name = 'customer_class_reasons'"
        ).fetchall()
        query = sql[0].partition(" AS ")[2].strip().removesuffix(";")
        con.execute(
            "create or replace view customer_class_reasons as"
            f" select * replace ({replaced}) from ({query}) where {kept}"
        )


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
