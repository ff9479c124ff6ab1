"""Where the parts of the repository are."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
DBT_PROJECT = PROJECT / "dbt_project"
EXPECTATIONS = PROJECT / "expectations"
BUNDLED_SOURCES = PROJECT / "orchestration" / "sources" / "example.yml"
