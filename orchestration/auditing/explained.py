"""Gate 3, the explanations: every class that was computed has a reason in both languages.

The sentences are templates of the policy, filled with a customer's numbers. So one customer of each
class is asked for, and not all of them: to explain everybody would take longer than the run. The
view of reasons is asked over these customers alone, in a database in memory. That takes seconds
still, and so is left out where kept releases of the same models had passed it with the same
classes; each release tells which it has.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from orchestration.auditing.results import AuditResult, Failure, SuiteResult
from orchestration.duckdb_files import attach_read_only, working_connection
from orchestration.duckdb_sql import quote_name

STAGE = "published"
VIEW = "customer_class_reasons"
# What the view reads; of these two the customers that are asked for, of the others every row.
OF_CUSTOMERS = ("customer_classes", "customer_facts")
OF_ALL = ("scheme_cuts", "scheme_catalogue", "class_declarations")
# One customer per column and value. A label that does not fit, a score, a date are no class.
ONE_OF_EACH = """
create table asked as
with classed as (
    unpivot (select customer_id, columns(* exclude (customer_id, as_of_date))::varchar
             from release.main.customer_classes)
    on columns(* exclude (customer_id)) into name column_name value class_code
),
known as (
    select column_name, any_value(scheme) as scheme, bool_or(column_name <> scheme) as is_label
    from release.main.scheme_catalogue where enabled and not sensitive group by column_name
)
select known.scheme, classed.class_code, min(classed.customer_id) as customer_id
from classed join known on classed.column_name = known.column_name
where not (known.is_label and classed.class_code = 'false')
group by known.scheme, classed.column_name, classed.class_code
"""
UNEXPLAINED = f"""
select distinct asked.scheme, asked.class_code from asked left join {VIEW} as told
    on asked.customer_id = told.customer_id and asked.scheme = told.scheme
where coalesce(told.reason_en, '') = '' or coalesce(told.reason_zh, '') = '' order by all
"""

# A hidden count is not 0. A value that the policy does not list is data: no name for a manifest.
FILLED = """
select distinct concat_ws(' ', scheme, case when position is not null then class_code end)
from release.main.scheme_distribution where customers is distinct from 0 order by all
"""


def filled_classes(release: Path, config: Mapping[str, str]) -> list[str]:
    """The classes that have somebody, such as `membership gold`; the scheme alone for others."""
    with working_connection(release.parent.parent, config) as con:
        attach_read_only(con, release, "release")
        return [name for (name,) in con.execute(FILLED).fetchall()]


def sentences_of(release: Path, project: str, config: Mapping[str, str]) -> str:
    """What the sentences of a release are made from: a prepared project, and found segments."""
    with working_connection(release.parent.parent, config) as con:
        attach_read_only(con, release, "release")
        row = con.execute("select max(fitted_on) from release.main.segments").fetchone()
    found_on = row[0] if row else None
    return f"{project}, segments of {found_on}" if found_on else project


def explained_before(qualities: Iterable[Mapping[str, Any]], made_from: str) -> set[str]:
    """The classes that passed the audit in releases of the same models, by what these tell."""
    told = [quality.get("published", {}).get("explained", {}) for quality in qualities]
    return {name for one in told if one.get("made_from") == made_from for name in one["classes"]}


def audit_explanations(release: Path, config: Mapping[str, str]) -> AuditResult:
    """Look whether a release explains each class of each scheme, in counts and names of classes.

    `config` holds DuckDB settings, such as {"threads": "2", "memory_limit": "4GB"}.
    """
    started = time.perf_counter()
    with working_connection(release.parent.parent, config) as con:
        attach_read_only(con, release, "release")
        con.execute(ONE_OF_EACH)
        for table in (*OF_CUSTOMERS, *OF_ALL):
            some = " semi join asked using (customer_id)" if table in OF_CUSTOMERS else ""
            name = quote_name(table)
            con.execute(f"create table {name} as from release.main.{name}{some}")
        (view,) = con.execute(
            "select sql from duckdb_views() where database_name = 'release' and view_name = ?",
            [VIEW],
        ).fetchall()
        con.execute(view[0])
        found = con.execute(UNEXPLAINED).fetchall()
    failures = (_failure(found),) if found else ()
    suite = SuiteResult(f"{STAGE}/{VIEW}", VIEW, 1, failures, ())
    return AuditResult(STAGE, (suite,), time.perf_counter() - started)


def _failure(found: list[tuple[str, str]]) -> Failure:
    return Failure(
        f"{STAGE}/{VIEW}",
        VIEW,
        "every_class_has_a_reason",
        None,
        f"classes without a reason: {len(found)}",
        "Nobody could be told why a customer is in it. Look at the labels of the scheme in the"
        " policy, and at the view in the warehouse.",
        tuple(f"{scheme} {code}" for scheme, code in found),
    )
