"""What is published of each scheme's worth: measured, or with the reason why not."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from replayed_company import DAY, THEME, company, small_policy
from staged_company import StagedCompany

from orchestration.evaluation.rows import Row, write_rows
from orchestration.evaluation.wording import FINDINGS
from orchestration.expectations import audit
from orchestration.history import keep_evaluation

EXPECTS = "expects: {coverage: [0.99, 1], top_revenue_share: {bounds: [0.9, 1], blocks: true}}"
LOYAL = """- id: loyal
  kind: ladder
  label: {en: Loyal, zh: 忠诚}
  by: order_count
  classes:
  - {code: often,  en: Often,  zh: 常客, at_least: 30}
  - {code: seldom, en: Seldom, zh: 稀客}
"""
Told = Mapping[str, object]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> StagedCompany:
    """A company of which one scheme was evaluated as it is, one as it was, and one never."""
    folder = tmp_path_factory.mktemp("evaluated")
    before = THEME.replace("- id: pace\n", f"{LOYAL}- id: pace\n")
    after = before.replace("- id: loyal\n", f"  {EXPECTS}\n- id: loyal\n")
    made = company(folder / "made", small_policy(folder / "before", before), DAY)
    made.stage(DAY, "scheme_versions")
    hashes = dict(made.query("select scheme, conditions_hash from classification.scheme_versions"))
    # To expect something is no condition: what was measured stays true.
    made.settings = replace(made.settings, policy_dir=small_policy(folder / "after", after))
    keep(made, DAY, hashes | {"pace": "of another policy"}, 0.25)
    keep(made, date(2024, 10, 1), hashes, 0.99)  # of a later day, which nobody knows yet
    made.stage(DAY, "scheme_evaluation", "scheme_catalogue")
    return made


def keep(made: StagedCompany, day: date, hashes: Mapping[str, str], value: float) -> None:
    file = made.folder / "measured.parquet"
    rows = [
        Row(scheme, "spearman_90d", 90, value, finding="better", note=FINDINGS["better"])
        for scheme in ("tier", "pace")
    ]
    write_rows(rows, hashes, day, file)
    keep_evaluation(made.settings.history, day, {"scheme_evaluation": file})


def told(made: StagedCompany, scheme: str, measure: str) -> Told:
    columns = [row[0] for row in made.query("describe classification.scheme_evaluation")]
    (row,) = made.query(
        "from classification.scheme_evaluation where scheme = ? and measure = ?", scheme, measure
    )
    return dict(zip(columns, row, strict=True))


def test_a_scheme_shows_what_was_measured_of_it_or_why_nothing_is(built: StagedCompany) -> None:
    tier = told(built, "tier", "spearman_90d")
    assert (tier["value"], tier["finding"], tier["evaluated_on"]) == (
        Decimal("0.25"),
        "better",
        DAY,
    )
    pace, loyal = (told(built, scheme, "spearman_90d") for scheme in ("pace", "loyal"))
    assert (pace["value"], loyal["value"]) == (None, None)
    assert "policy has changed since" in str(pace["note_en"])
    assert "策略已更改" in str(pace["note_zh"])
    assert "Not evaluated yet" in str(loyal["note_en"])
    rows = built.query(
        "select scheme, count(*), count(distinct measure)"
        " from classification.scheme_evaluation group by all order by 1"
    )
    assert rows == [("loyal", 16, 16), ("pace", 16, 16), ("tier", 16, 16)]


def test_what_the_day_tells_is_computed_from_its_classes(built: StagedCompany) -> None:
    customers = built.query(
        "select tier, coalesce(net_amount_365d, 0) from facts.customer_facts"
        " join classification.customer_classes using (customer_id)"
    )
    named = [(code, float(amount)) for code, amount in customers if code]
    total = sum(amount for _, amount in named)
    high = [amount for code, amount in named if code == "high"]
    share, revenue = len(high) / len(named), sum(high) / total
    expected = {
        "coverage": len(named) / len(customers),
        "unnamed_share": 0,
        "top_revenue_share": revenue,
        "top_mean_ratio": revenue / share,
        # Of two classes twice the area between their line and the diagonal.
        "concentration": revenue - share,
    }
    for measure, number in expected.items():
        found = told(built, "tier", measure)["value"]
        assert float(str(found)) == pytest.approx(number, abs=2e-6), measure


def test_a_scheme_that_is_not_as_it_should_be_warns_or_blocks(built: StagedCompany) -> None:
    coverage, share = (told(built, "tier", each) for each in ("coverage", "top_revenue_share"))
    assert (coverage["is_as_expected"], coverage["is_blocking"]) == (True, False)
    assert (share["is_as_expected"], share["is_blocking"]) == (False, True)
    assert told(built, "tier", "spearman_90d")["is_as_expected"] is None
    found = audit(
        "warehouse",
        built.settings.warehouse,
        relations={"scheme_evaluation": "classification.scheme_evaluation"},
    )
    (failure,) = found.failures
    assert failure.expectation == "evidence_is_as_required"
