"""What docs/bi.md tells to run, run."""

import re

import psycopg
import pytest
from mirrored_schema import MirroredSchema
from small_company import SmallCompany

from orchestration.publishing import current_release
from orchestration.settings import PROJECT

GUIDE = (PROJECT / "docs" / "bi.md").read_text("utf-8")


def block(name: str) -> str:
    """The code that stands under a mark."""
    found = re.search(rf"<!-- {name} -->\n```\w+\n(.*?)```", GUIDE, re.DOTALL)
    assert found, name
    return found[1]


def test_the_files_are_read_as_the_guide_says(
    first_run: SmallCompany, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TIERS_HOME", str(first_run.settings.home))
    exec(block("files"), {})
    told = capsys.readouterr().out
    assert "Key value" in told
    assert "重要" in told or "流失" in told


def test_an_analyst_of_the_guide_reads_and_the_publisher_publishes(
    first_run: SmallCompany, schema: MirroredSchema
) -> None:
    database = schema.query("select current_database()")[0][0]
    schema.execute(block("roles").replace("database bi", f"database {database}"))
    place = schema.url.rpartition("@")[2]
    publisher = MirroredSchema(f"postgresql://publisher:SECRET@{place}")
    release = current_release(first_run.settings.releases)
    assert release is not None
    try:
        publisher.show(release)
        analyst = psycopg.connect(f"postgresql://analyst:ANOTHER@{place}", autocommit=True)
        with analyst:
            count = analyst.execute("select count(*) from customer_tiers.customer_classes")
            assert count.fetchone() == (release.rows["customer_classes"],)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                analyst.execute("delete from customer_tiers.customer_classes")
    finally:
        schema.execute("drop owned by publisher cascade", "drop owned by analyst")
        schema.execute("drop role publisher", "drop role analyst")
