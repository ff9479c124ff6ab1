"""Stage landing: pull each canonical table, and write what dbt reads into the warehouse."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg

from orchestration.auditing.results import SuiteResult
from orchestration.canonical import TABLES, CanonicalTable, canonical_tables
from orchestration.daily_run import INPUTS, KEY, DailyRun
from orchestration.erasing.recovery import clean_what_is_kept
from orchestration.erasing.requests import FOLDER
from orchestration.inputs import register_inputs
from orchestration.landing import PullFailed, committed_loads, pull_table
from orchestration.ui import WHEN_IT_FAILS, asset_tags, described, described_suite

STAGE = "landing"
OWNERS = ["team:data"]
GATE = "gate_1"
RUN_PARAMETERS = dg.AssetKey([STAGE, "run_parameters"])
# A source may be away for a moment; nothing else that a run does gets better by repeating it.
RETRIES = dg.RetryPolicy(max_retries=2, delay=20, backoff=dg.Backoff.EXPONENTIAL)
Pulled = Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]


def landing_assets(retries: dg.RetryPolicy = RETRIES) -> list[dg.AssetsDefinition]:
    """One asset per canonical table, and the parameters of the run after them."""
    tables = canonical_tables()
    return [*(_landed_table(tables[name], retries) for name in TABLES), _run_parameters()]


def _landed_table(table: CanonicalTable, retries: dg.RetryPolicy) -> dg.AssetsDefinition:
    key = dg.AssetKey([STAGE, table.name])

    @dg.asset(
        key=key,
        description=described(_what(table), WHEN_IT_FAILS[STAGE]),
        group_name=STAGE,
        kinds={"parquet"},
        tags=asset_tags(STAGE, personal=any(one.personal for one in table.columns.values())),
        owners=OWNERS,
        retry_policy=retries,
        required_resource_keys={KEY},
        check_specs=[
            dg.AssetCheckSpec(
                GATE,
                asset=key,
                blocking=True,
                description=(
                    "Each new load, before its commit; a refused one is kept aside for a person to "
                    f"look at (`tiers loads`). {described_suite(f'{STAGE}/{table.name}')}"
                ),
            )
        ],
    )
    def landed(context: dg.AssetExecutionContext) -> Pulled:
        yield from _pull(context, table.name)

    return landed


def _what(table: CanonicalTable) -> str:
    return (
        f"The loads of `{table.name}` as they came, as Parquet, each with its receipt; what their "
        f"rows become: {table.description[:1].lower()}{table.description[1:]}"
    )


def _pull(context: dg.AssetExecutionContext, table: str) -> Pulled:
    run: DailyRun = context.resources.daily_run
    audited: list[SuiteResult] = []

    def audit(name: str, parquet: Path) -> None:
        # Great Expectations takes seconds to import; a run without a new load has no need yet.
        from orchestration.expectations import audit as run_suites

        result = run_suites(
            "landing",
            None,
            relations={name: str(parquet)},
            config=run.settings.duckdb_config,
        )
        audited.extend(result.suites)
        result.raise_if_failed()

    started = time.perf_counter()
    run.progress.doing(f"landing/{table}")
    try:
        pulled = pull_table(
            table,
            run.source,
            run.settings.landing,
            audit=audit,
            report=lambda text: _tell(context, run, f"landing/{table}: {text}"),
            erasures=run.settings.home / FOLDER,
            threads=run.settings.threads,
            memory_limit=run.settings.memory_limit,
        )
        run.store.keep()
    except PullFailed as error:
        if not all(result.passed for result in audited):
            yield _gate(table, audited)
        raise dg.Failure(str(error), allow_retries=error.transient) from error
    except Exception as error:
        # Of the home or the machine, not of the source: waiting does not mend it.
        raise dg.Failure(str(error), allow_retries=False) from error
    loads = [
        load for load in committed_loads(run.settings.landing, table) if not load.superseded_by
    ]
    notes = [f"{load.origin}: {note}" for load in pulled.landed for note in load.notes]
    for note in notes:
        run.reporter(context)(f"landing/{table}: {note}")
    supplied = table in run.source.tables
    rows = sum(load.kept_rows for load in loads)
    _say_what_came(context, run, table, rows, len(pulled.landed), supplied)
    yield dg.MaterializeResult(
        asset_key=[STAGE, table],
        metadata={
            "dagster/row_count": rows,
            "new_rows": sum(load.kept_rows for load in pulled.landed),
            "new_loads": len(pulled.landed),
            "loads": len(loads),
            "supplied": supplied,
            "unchanged_loads": pulled.unchanged,
            "read_rows": pulled.read_rows,
            **({"notes": "\n".join(notes)} if notes else {}),
            "seconds": round(time.perf_counter() - started, 3),
        },
    )
    yield _gate(table, audited)


def _say_what_came(
    context: dg.AssetExecutionContext,
    run: DailyRun,
    table: str,
    rows: int,
    new_loads: int,
    supplied: bool,
) -> None:
    new = f"{new_loads} new load{'s' * (new_loads > 1)}" if new_loads else "nothing new"
    told = f"{rows:,} rows, {new}" if supplied or rows else "not supplied"
    run.reporter(context)(f"landing/{table}: {told}")


def _tell(context: dg.AssetExecutionContext, run: DailyRun, text: str) -> None:
    context.log.info(text)
    run.progress.doing(text)


def _gate(table: str, audited: Sequence[SuiteResult]) -> dg.AssetCheckResult:
    failed = [result for result in audited if not result.passed]
    counted = failed[0].metadata() if failed else {}
    return dg.AssetCheckResult(
        asset_key=[STAGE, table],
        check_name=GATE,
        passed=not failed,
        metadata={
            "audited_loads": len(audited),
            "expectations": sum(result.evaluated for result in audited),
            **counted,
        },
    )


def _run_parameters() -> dg.AssetsDefinition:
    @dg.asset(
        key=RUN_PARAMETERS,
        description=described(
            "The day, the zone and the policy of the run, the loads, and the history before the "
            "day, as tables and views of the warehouse.",
            WHEN_IT_FAILS[STAGE],
        ),
        deps=[dg.AssetKey([STAGE, name]) for name in TABLES],
        group_name=STAGE,
        kinds={"duckdb"},
        tags=asset_tags(STAGE),
        owners=OWNERS,
        required_resource_keys={KEY},
    )
    def run_parameters(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        run: DailyRun = context.resources.daily_run
        started = time.perf_counter()
        # Of an erased person's new order the lines may have landed before the order itself.
        clean_what_is_kept(run.settings, run.reporter(context))
        register_inputs(run.settings, run.source, run.policy, as_of=run.as_of, run_id=run.run_id)
        run.made.add(INPUTS)
        run.reporter(context)(f"landing/run_parameters: classifying {run.as_of}")
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": 1,
                "as_of": run.as_of.isoformat(),
                "timezone": run.source.timezone,
                "policy_hash": run.policy.hash,
                "seconds": round(time.perf_counter() - started, 3),
            }
        )

    return run_parameters
