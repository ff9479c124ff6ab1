"""A panel of a company that does not exist, whose classes are as good as they were planted."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from orchestration.evaluation.origins import CLASSED_ON, HORIZONS, is_closed, origins_before
from orchestration.evaluation.panel import Panel
from orchestration.settings import Settings

DAY = date(2024, 12, 31)
SPEND = "net_amount_365d"


def planted_frame(customers: int = 600, seed: int = 2, origins: int = 6) -> pd.DataFrame:
    """A row per origin and customer: what was known, its classes, and what followed.

    `good` follows how much a customer is going to buy, `chance` nothing, `past` what it bought
    last year, which follows the same a little.
    """
    dice = np.random.default_rng(seed)
    worth = dice.gamma(1.0, 100.0, customers)
    frames = []
    for origin in origins_before(DAY, origins):
        frame = pd.DataFrame({"origin": origin, "customer_id": [f"c{n}" for n in range(customers)]})
        frame[SPEND] = np.round(worth * dice.gamma(0.5, 2.0, customers), 2)
        for name, measure in (
            ("good", worth * dice.uniform(0.9, 1.1, customers)),
            ("chance", dice.uniform(0, 1, customers)),
            ("past", frame[SPEND].to_numpy()),
        ):
            places = pd.Series(measure).rank(pct=True)
            frame[name] = np.select([places > 0.9, places > 0.6], ["gold", "silver"], "basic")
        for horizon in HORIZONS:
            orders = dice.poisson(worth / 150 * horizon / 90)
            frame[f"orders_{horizon}"] = orders
            frame[f"amount_{horizon}"] = np.round(orders * dice.gamma(2.0, 20.0, customers), 2)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def write_panel(home: Path, frame: pd.DataFrame, schemes: Sequence[str]) -> Panel:
    """The file that a replay would have left."""
    origins = tuple(sorted(set(frame["origin"])))
    panel = Panel(DAY, origins, Settings(home=home), home / "history")
    with duckdb.connect(panel.file) as con:
        con.register("frame", frame)
        con.execute(
            "create table facts as select origin, customer_id,"
            f" cast({SPEND} as decimal(18, 4)) as {SPEND} from frame"
        )
        con.execute(
            f"create table classes as select origin as {CLASSED_ON}, customer_id,"
            f" {', '.join(schemes)} from frame"
        )
        con.execute(
            "create table outcomes (origin date, horizon_days bigint, customer_id varchar,"
            " order_count bigint, net_amount decimal(28, 4), is_active boolean)"
        )
        for origin in origins:
            for horizon in HORIZONS:
                if is_closed(origin, horizon, DAY):
                    con.execute(
                        f"insert into outcomes select origin, {horizon}, customer_id,"
                        f" orders_{horizon}, amount_{horizon}, orders_{horizon} > 0 from frame"
                        " where origin = ?",
                        [origin],
                    )
        con.execute("create table schemes (scheme varchar, conditions_hash varchar)")
        con.execute("create table supplied (column_name varchar)")
    return panel
