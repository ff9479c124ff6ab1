"""Equal inputs, equal class: customers whom a scheme cannot tell apart are in one class of it."""

import re
from collections.abc import Iterator

import duckdb
import pytest

from orchestration.policy import load_policy
from orchestration.policy.schemes import Scheme
from orchestration.settings import DBT_PROJECT, Settings

SCHEMES = {
    scheme.id: scheme for _, scheme in load_policy(DBT_PROJECT / "policy").schemes(enabled=False)
}
# What customer_inputs brings of earlier days and of what people declared.
STATE = ("__held_before", "__below_before", "__declared")
NOBODY = "no class"
Classified = tuple[duckdb.DuckDBPyConnection, str, set[str]]


def inputs_of(scheme: Scheme, columns: set[str]) -> list[str]:
    """The columns that the scheme's own text names, and its state, but nothing that it makes."""
    texts = [reading.text for reading in scheme.inputs()]
    texts += [reading.text for reading in scheme.conditions()]
    named = {word for text in texts for word in re.findall(r"[a-z_]\w*", text)}
    state = {f"{scheme.id}{kind}" for kind in STATE}
    return sorted(((named - set(scheme.columns())) | state) & columns)


@pytest.fixture(scope="module", params=["example", "synthetic"])
def classified(request: pytest.FixtureRequest) -> Iterator[Classified]:
    """A warehouse, the view at the end of its chain of themes, and the schemes that are on."""
    settings: Settings = request.getfixturevalue(request.param)
    policy = load_policy(settings.policy_dir)
    themes = policy.enabled
    with duckdb.connect() as con:
        con.execute(f"attach '{settings.warehouse}' as warehouse (read_only); use warehouse")
        # Once, in memory: each scheme asks for it again.
        con.execute(f"create table memory.main.customers as from classification.{themes[-1]}")
        yield con, "memory.main.customers", {scheme.id for _, scheme in policy.schemes()}


@pytest.mark.parametrize("name", SCHEMES)
def test_customers_with_the_same_inputs_are_in_the_same_class(
    name: str, classified: Classified
) -> None:
    con, customers, enabled = classified
    if name not in enabled:
        return
    columns = {row[0] for row in con.execute(f"describe {customers}").fetchall()}
    scheme = SCHEMES[name]
    assert set(scheme.columns()) <= columns
    inputs = inputs_of(scheme, columns)
    assert inputs, "a scheme reads something"
    for column in scheme.class_columns():
        found = con.execute(
            f"select {', '.join(inputs)} from {customers} group by all"
            f" having count(distinct coalesce(cast({column} as varchar), '{NOBODY}')) > 1"
        ).fetchall()
        assert found == []
