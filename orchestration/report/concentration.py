"""How much of the money comes from how many customers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import duckdb

TENTHS = """
with buyers as (
    select
        net_amount_365d as net,
        row_number() over (order by net_amount_365d desc) as place,
        count(*) over () as buyers
    from customer_facts
    where net_amount_365d > 0
)

-- Equal amounts may be cut apart here: the sums stay the same.
select cast((place - 1) * 10 // buyers as integer) + 1 as tenth, count(*), sum(net)
from buyers
group by tenth
order by tenth
"""


@dataclass(frozen=True)
class Tenth:
    """A tenth of the buyers of 365 days, the first holding the greatest."""

    tenth: int
    customers: int
    net_amount: Decimal
    net_share: Decimal
    net_share_so_far: Decimal


def read_tenths(con: duckdb.DuckDBPyConnection, least: int) -> list[Tenth]:
    """Buyers by net amount of 365 days, in tenths; none where a tenth is fewer than `least`."""
    rows = con.execute(TENTHS).fetchall()
    if len(rows) < 10 or min(row[1] for row in rows) < least:
        return []
    total, so_far, tenths = sum(row[2] for row in rows), Decimal(0), []
    for tenth, customers, net in rows:
        so_far += net
        tenths.append(Tenth(tenth, customers, net, net / total, so_far / total))
    return tenths
