"""`tiers evaluate` and `tiers drift`, on a company that has published a day and then another."""

from dataclasses import dataclass, replace
from datetime import timedelta

import duckdb
import pytest
from small_company import FIRST_DAY, SmallCompany, orders_of

from orchestration.calibration import CalibrationError
from orchestration.drift import Drift, find_drift
from orchestration.evaluation.bands import Bands
from orchestration.evaluation.changes import can_be_tried, columns_of, numbers_of, value_sql
from orchestration.evaluation.command import Evaluated, evaluate
from orchestration.evaluation.gathering import name_codes
from orchestration.evaluation.known import Origin
from orchestration.evaluation.panel import Panel
from orchestration.evaluation.trying import Tried, kept_numbers
from orchestration.history import committed_days, evaluations, ordered_calibrations
from orchestration.policy import load_policy
from orchestration.policy.grades import Graded
from orchestration.progress import Silent
from orchestration.run_lock import RunLocked, run_lock

pytestmark = pytest.mark.slow
NEXT_DAY = FIRST_DAY + timedelta(1)
Notes = dict[str, str]


@dataclass
class Judged:
    """The company, what came of its evaluation and its first drift, and what readers saw then."""

    company: SmallCompany
    evaluated: Evaluated
    steady: Drift
    before: Notes
    left_alone: bool


@pytest.fixture(scope="module")
def judged(first_run: SmallCompany, tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """It is evaluated after its first day; on the next all thirty buy more than any did before."""
    company = first_run.copy(tmp_path_factory.mktemp("judged"))
    history = company.settings.history
    before = notes(company), company.served(), committed_days(history)
    steady = find_drift(company.settings, [], Silent())
    done = evaluate(company.settings, Silent(), origins=1)
    left_alone = before[1:] == (company.served(), committed_days(history))
    company.export("more", orders_of(NEXT_DAY, range(1, 31)))
    company.describe(as_of=NEXT_DAY)
    company.run(NEXT_DAY)
    return Judged(company, done, steady, before[0], left_alone)


def notes(company: SmallCompany) -> Notes:
    """What is said of each scheme's rank correlation."""
    with duckdb.connect(company.settings.served_database, read_only=True) as con:
        query = "select scheme, note_en from scheme_evaluation where measure = 'spearman_90d'"
        return dict(con.execute(query).fetchall())


def test_an_evaluation_is_kept_and_the_next_run_shows_it(judged: Judged) -> None:
    assert set(judged.before.values()) == {"Not evaluated yet; tiers evaluate does it."}
    assert judged.left_alone
    history = judged.company.settings.history
    assert evaluations(history, until=FIRST_DAY) == [judged.evaluated.kept]
    told = notes(judged.company)
    assert set(told) == set(judged.before)
    assert "can be judged on: 0; needed: 2" in told["membership"]
    assert "several of its classes may fit at once" in told["need_type"]


def test_bands_by_the_numbers_of_the_policy_give_the_classes_of_the_policy(judged: Judged) -> None:
    settings = judged.company.settings
    home = replace(settings, home=settings.home / "evaluation")
    panel = Panel(judged.evaluated.day, judged.evaluated.origins, home, settings.history)
    kept = kept_numbers(panel)
    tried = {
        each.column: each.scheme
        for _, scheme in load_policy(settings.policy_dir).schemes()
        if isinstance(scheme, Graded)
        and not scheme.sensitive
        and can_be_tried(scheme)
        and kept.issuperset(columns_of(scheme))
        for each in [Tried(scheme)]
    }
    numbers = sorted({column for scheme in tried.values() for column in columns_of(scheme)})
    classified = set()
    with panel.opened() as con:
        name_codes(con, list(tried))
        known = Origin(con, panel.day, (), list(tried), (), numbers)
        for column, scheme in tried.items():
            found, now = known.of(column), numbers_of(scheme)
            bands = Bands.of(known, value_sql(scheme, now.weights), now.cuts)
            expected = found.in_order([part.code for part in scheme.classes])
            assert (column, bands.classed(now).customers.tolist()) == (
                column,
                expected.customers.tolist(),
            )
            classified |= {scheme.id} if expected.customers.sum() else set()
    assert {"pyramid", "amount_level", "value_score", "vip_value", "membership"} <= classified


def test_whoever_left_the_cuts_is_shown_with_what_new_ones_would_change(judged: Judged) -> None:
    settings = judged.company.settings
    assert all(each.index in {0, None} for each in judged.steady.metrics)
    assert (judged.steady.bounds, judged.steady.preview) == ((), None)

    served = judged.company.served()
    found = find_drift(settings, ["amount_level"], Silent())
    (metric,) = found.metrics
    assert metric.index
    assert metric.index > 0.25
    assert found.preview
    assert {each.scheme for each in found.preview.moved} == {"amount_level"}
    assert all(bound.kept and bound.anew and bound.kept < bound.anew for bound in found.bounds)
    assert judged.company.served() == served
    assert ordered_calibrations(settings.history, until=NEXT_DAY) == []


def test_only_what_ranks_can_drift(company: SmallCompany) -> None:
    with pytest.raises(CalibrationError, match="membership: no scheme"):
        find_drift(company.settings, ["membership"], Silent())


def test_one_evaluation_is_made_at_a_time(company: SmallCompany) -> None:
    trial = company.settings.home / "evaluation"
    with run_lock(trial, "tiers evaluate"), pytest.raises(RunLocked, match="tiers evaluate"):
        evaluate(company.settings, Silent(), origins=1)
    assert evaluations(company.settings.history, until=FIRST_DAY) == []
