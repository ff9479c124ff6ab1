"""Whose fixtures the tests share, in which order they run, and what is said at their end."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("thorough")  # see tests/fuzz/budget.py

pytest_plugins = (
    "home_fixtures",
    "company_fixtures",
    "browser_fixture",
    "database_fixtures",
    "crm_fixtures",
    "webhook_fixture",
    "s3_fixture",
    "store_fixtures",
)

TESTS = Path(__file__).parent
CORPUS = "tests/corpus/test_corpus_"
# Files of most of a minute and more, the longest first: one that begins last keeps a single core at
# work. Two that want a home that is made once stand apart, so that the second does not wait for it.
LONGEST = (
    "pipeline/test_oracle_small_companies.py",
    "pipeline/test_run_backfill.py",
    "corpus/test_corpus_stops.py",
    "pipeline/test_as_of.py",
    "browser/test_work_in_the_ui.py",
    "pipeline/test_nothing_leaks.py",
    "pipeline/test_run_gates.py",
    "pipeline/test_erase.py",
    "expectations/test_poison.py",
    "pipeline/test_same_company.py",
    "bench/test_generated_company.py",
    "pipeline/test_run.py",
    "faults/test_daily_job_faults.py",
    "pipeline/test_equal_inputs.py",
    "pipeline/test_history_of_classes.py",
    "conventions/test_documented_commands.py",
    "databases/test_run_to_postgresql.py",
    "store/test_daily_job_with_a_store.py",
    "pipeline/test_evaluate.py",
    "pipeline/test_predictions.py",
    "pipeline/test_run_cli.py",
    "corpus/test_corpus_goes_on.py",
    "operation/test_backup.py",
    "conventions/test_policy_guide.py",
    "operation/test_deployment.py",
    "operation/test_upgrade.py",
    "pipeline/test_preview.py",
    "faults/test_compact.py",
    "faults/test_soak.py",
)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how the corpus of bad input fared: each of its cases has a name of its own."""
    outcomes: dict[str, set[str]] = {}
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.getreports(outcome):
            _, _, case = report.nodeid.partition("[")
            if report.nodeid.startswith(CORPUS) and case:
                outcomes.setdefault(case, set()).add(outcome)
    if outcomes:
        kept = sum(seen == {"passed"} for seen in outcomes.values())
        terminalreporter.write_line(
            f"corpus of bad input: {len(outcomes)} cases, {kept} as promised, "
            f"{len(outcomes) - kept} not"
        )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files; `--no-loadscope-reorder` lets xdist keep to that."""
    places = {TESTS / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))
