"""What models may learn from: what is dated, and so was known at an origin of the past."""

from typing import Any

import yaml
from purchase_maker import FACTS

from orchestration.prediction.customers import dated_facts
from orchestration.settings import DBT_PROJECT

FILE = DBT_PROJECT / "models" / "facts" / "customer_facts.yml"


def manifest() -> dict[str, Any]:
    """As much of dbt's manifest as tells of the facts."""
    (model,) = yaml.safe_load(FILE.read_text("utf-8"))["models"]
    columns = {column["name"]: column for column in model["columns"]}
    return {"nodes": {"facts": {**model, "resource_type": "model", "columns": columns}}}


def test_facts_of_events_are_learned_from() -> None:
    facts = dated_facts(manifest())
    assert facts["last_quote_date"] == "date"
    assert facts["replied_after_quote"] == "boolean"
    assert set(FACTS.items()) <= set(facts.items())


def test_nothing_undated_sensitive_or_put_out_by_a_model_is_learned_from() -> None:
    unknown_then = {"region", "need_score", "is_opted_out", "created_at", "referral_count_365d"}
    sensitive = {"gender", "age_years", "income_band", "credit_score"}
    put_out = {"segment_code", "churn_probability", "predicted_net_amount_365d", "predicted_on"}
    itself = {"customer_id", "as_of_date"}
    assert not (unknown_then | sensitive | put_out | itself) & set(dated_facts(manifest()))
