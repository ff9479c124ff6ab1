"""The customers of a panel as models see them: numbers known at an origin, and what followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from orchestration.evaluation.origins import CLASSED_ON

Floats = NDArray[np.float64]
Rows = NDArray[np.bool_] | NDArray[np.int64]

# Columns of what customers are compared by, and not of what models learn.
CLASSES = ("lifecycle", "pyramid")
ATTRIBUTES = ("region",)
TENURE = "tenure"
# The age of a customer in days below which each of these names holds; beyond them: `older`.
TENURES = {"under_90_days": 90, "under_a_year": 365, "under_two_years": 730}
OLDER = "older"
ALL = 2**62


@dataclass(frozen=True)
class Customers:
    """Customers who have bought, each at one or more origins; a row per customer and origin.

    Attributes:
        ids: of the customers; rows are ordered by origin and id.
        facts: numbers known at the origin; NaN where nothing is known.
        groups: names of groups that they are in, None where that is not known.
        net: net amount within the horizon; NaN where the window is not over.
        buys: 1.0 for who bought within the horizon, 0.0 for who did not, or NaN.
    """

    ids: NDArray[Any]
    facts: pd.DataFrame
    groups: pd.DataFrame
    net: Floats
    buys: Floats

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: Rows) -> Customers:
        """Some of them."""
        return Customers(
            self.ids[rows],
            self.facts.loc[rows].reset_index(drop=True),
            self.groups.loc[rows].reset_index(drop=True),
            self.net[rows],
            self.buys[rows],
        )

    def fact(self, name: str) -> Floats:
        """One of the facts."""
        return self.facts[name].to_numpy(dtype=np.float64)


@dataclass(frozen=True)
class Forecast:
    """Per customer the expected net amount of the horizon, and the probability to buy in it."""

    net: Floats
    buys: Floats


def dated_facts(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The facts that a model may learn from, with their types.

    Those that come of events with a date. What `customers` says is known as of today only, so at an
    origin of the past it would tell of the future. Nothing sensitive, and no model's own output.
    """
    (model,) = (
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["name"] == "customer_facts"
    )
    metas = {name: column["config"]["meta"] for name, column in model["columns"].items()}
    return {
        name: model["columns"][name]["data_type"]
        for name, meta in metas.items()
        if (needs := meta.get("needs"))
        and not any(table.startswith("customers.") for table in _named(needs))
        and not {"sensitive", "model_output"} & meta.keys()
    }


def _named(needs: Sequence[str | Sequence[str]]) -> Iterator[str]:
    """Every column and table that a fact needs; of a list within the list one is enough."""
    for need in needs:
        yield from [need] if isinstance(need, str) else need


def closed_origins(panel: duckdb.DuckDBPyConnection, horizon: int) -> list[date]:
    """The origins of a panel whose next `horizon` days are over, in order."""
    found = panel.execute(
        "select distinct origin from outcomes where horizon_days = ? order by origin", [horizon]
    ).fetchall()
    return [origin for (origin,) in found]


def read_customers(
    panel: duckdb.DuckDBPyConnection,
    origins: Sequence[date],
    horizon: int,
    facts: Mapping[str, str],
    *,
    most: int = ALL,
    part: str = "",
) -> Customers:
    """Those of a panel at these origins who had bought by then.

    Args:
        horizon: the days of the outcomes.
        facts: what is read of them, from `dated_facts`.
        most: of more rows, those of the smallest hashes of ids are read: always the same customers,
            and the same at each origin.
        part: how the hash begins.
    """
    in_class = [name for name in CLASSES if name in _columns(panel, "classes")]
    in_group = [name for name in ATTRIBUTES if name in _columns(panel, "facts")]
    numbers = ", ".join(f'{_number(name, kind)} as "{name}"' for name, kind in facts.items())
    texts = [f'classes."{name}"' for name in in_class] + [f'facts."{name}"' for name in in_group]
    rows = panel.execute(
        f"""
        with
            bought as (
                select * from facts
                where order_count > 0 and list_contains(?, origin)
                    and starts_with(md5(customer_id), ?)
            ),
            chosen as (
                select origin, customer_id from bought
                order by md5(customer_id), customer_id, origin limit ?
            )
        select {", ".join([numbers, *texts])},
            facts.customer_id as its_id,
            cast(outcomes.net_amount as double) as its_net,
            cast(outcomes.is_active as double) as its_buys
        from bought as facts
        join chosen using (origin, customer_id)
        left join classes on classes.{CLASSED_ON} = facts.origin
            and classes.customer_id = facts.customer_id
        left join outcomes on outcomes.origin = facts.origin
            and outcomes.customer_id = facts.customer_id and outcomes.horizon_days = ?
        order by facts.origin, facts.customer_id
        """,
        [list(origins), part, most, horizon],
    ).df()
    groups = rows[[*in_class, *in_group]].astype(object).where(lambda each: each.notna(), None)
    groups.insert(0, TENURE, _tenures(rows["tenure_days"].to_numpy(dtype=np.float64)))
    return Customers(
        ids=rows["its_id"].to_numpy(dtype=object),
        facts=rows[list(facts)].astype(np.float64),
        groups=groups,
        net=rows["its_net"].to_numpy(dtype=np.float64),
        buys=rows["its_buys"].to_numpy(dtype=np.float64),
    )


def _columns(panel: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    return {row[0] for row in panel.execute(f"describe {table}").fetchall()}


def _number(name: str, kind: str) -> str:
    if kind == "date":
        return f"cast(date_diff('day', facts.\"{name}\", facts.origin) as double)"
    return f'cast(facts."{name}" as double)'


def _tenures(days: Floats) -> list[str]:
    bounds = np.array(list(TENURES.values()))
    names = [*TENURES, OLDER]
    return [names[place] for place in np.searchsorted(bounds, days, side="right")]
