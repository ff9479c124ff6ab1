"""What a day decided, as the UI shows it at a glance: counts only, no customer."""

from pathlib import Path

import dagster as dg
import duckdb

from orchestration.ui import table

SCHEMES = """
with counted as (
    select
        scheme,
        max(classified) as classified,
        sum(customers) filter (where class_code in ('unclassified', 'unknown')) as without
    from classification.scheme_distribution
    group by scheme
),
moved as (
    select changes.scheme, count(*) as moves
    from classification.class_changes as changes
    join landing.run_parameters as run on changes.as_of_date = run.as_of_date
    group by changes.scheme
)
select
    counted.scheme,
    counted.classified,
    cast(coalesce(counted.without, 0) as bigint),
    coalesce(moved.moves, 0)
from counted
left join moved on counted.scheme = moved.scheme
order by counted.scheme
"""
MOVED = """
select
    changes.scheme,
    coalesce(changes.from_class, '–'),
    coalesce(changes.to_class, '–'),
    changes.cause,
    count(*) as customers
from classification.class_changes as changes
join landing.run_parameters as run on changes.as_of_date = run.as_of_date
group by all
order by customers desc, 1, 2, 3, 4
"""


def schemes(warehouse: Path) -> dg.MetadataValue:
    """Every published scheme: whom it classifies, for whom it has no class, who moved today."""
    header = ("scheme", "classified", "unclassified or unknown", "moved today")
    return _asked(warehouse, SCHEMES, header)


def moved(warehouse: Path) -> dg.MetadataValue:
    """How many customers went from which class to which on the day, and why, the most first."""
    return _asked(warehouse, MOVED, ("scheme", "from", "to", "cause", "customers"))


def _asked(warehouse: Path, sql: str, header: tuple[str, ...]) -> dg.MetadataValue:
    with duckdb.connect(warehouse, read_only=True) as con:
        return table(header, con.execute(sql).fetchall())
