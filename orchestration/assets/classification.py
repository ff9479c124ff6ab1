"""Stage classification, beside its models: gate 2 over the warehouse, then the day is kept."""

import time
from collections.abc import Iterator

import dagster as dg

from orchestration.assets.glance import moved, schemes
from orchestration.auditing.suites import suites_of
from orchestration.daily_run import INPUTS, KEY, WAREHOUSE, DailyRun
from orchestration.history import commit_day
from orchestration.ui import WHEN_IT_FAILS, asset_tags, described, described_suite

GATE = "gate_2"
# What a day keeps of the warehouse; `commit_day` copies from these.
DECIDED = ("classes_to_keep", "class_changes", "cuts_in_force", "scheme_versions")
WHOLE_JOB = "Run the whole job (Jobs, `daily`, Materialize…) or `tiers run`."
HISTORY = dg.AssetKey(["classification", "history"])


def audited_keys() -> list[dg.AssetKey]:
    """The tables that gate 2 audits, one per suite."""
    return [dg.AssetKey(name.split("/")) for name in suites_of("warehouse")]


def gate_two() -> dg.AssetChecksDefinition:
    """One blocking check per suite of the warehouse, all from one audit."""

    @dg.multi_asset_check(
        name=GATE,
        specs=[
            dg.AssetCheckSpec(
                GATE,
                asset=key,
                blocking=True,
                description=described_suite("/".join(key.path)),
            )
            for key in audited_keys()
        ],
        can_subset=True,
        required_resource_keys={KEY},
    )
    def gate_2(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        from orchestration.expectations import GateFailed, audit

        run: DailyRun = context.resources.daily_run
        run.progress.doing("gate 2: auditing the warehouse")
        keys = sorted(check.asset_key for check in context.selected_asset_check_keys)
        result = audit(
            "warehouse",
            run.settings.warehouse,
            relations={key.path[-1]: ".".join(key.path) for key in keys},
            config=run.settings.duckdb_config,
        )
        told = f"{result.evaluated} expectations, {len(result.failures)} failed"
        context.log.info(f"gate 2: {told}")
        run.progress.say(f"gate 2: {told}")
        run.warned.extend(result.warnings)
        for warning in result.warnings:
            run.reporter(context)(f"gate 2 warns of {warning}")
        run.passed.update(suite.suite for suite in result.suites if suite.passed)
        for name, suite in result.by_table().items():
            yield dg.AssetCheckResult(
                asset_key=name.split("/"),
                check_name=GATE,
                passed=suite.passed,
                metadata=suite.metadata(),
                description="\n".join(str(failure) for failure in suite.failures) or None,
            )
        if not result.passed:
            raise dg.Failure(str(GateFailed(result)), allow_retries=False)

    return gate_2


def history_asset(days: dg.DailyPartitionsDefinition) -> dg.AssetsDefinition:
    """What the day decided, kept once gate 2 has let the warehouse pass."""
    decided = [dg.AssetKey(["classification", name]) for name in DECIDED]

    @dg.asset(
        key=HISTORY,
        description=described(
            "What a day decided: changed classes with their causes, new cuts, the policy in force. "
            "Later days are decided on it; unlike the warehouse it cannot be built again. To "
            "decide past days again: the job `daily`, *Materialize…*, or `tiers backfill`.",
            WHEN_IT_FAILS["classification"],
        ),
        deps=sorted({*decided, *audited_keys()}),
        partitions_def=days,
        group_name="classification",
        kinds={"parquet"},
        tags=asset_tags("classification"),
        owners=["team:data"],
        required_resource_keys={KEY},
    )
    def history(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        run: DailyRun = context.resources.daily_run
        started = time.perf_counter()
        _refuse_what_was_not_made(run)
        _refuse_what_was_not_audited(run)
        commit = commit_day(
            run.settings.warehouse,
            run.settings.history,
            as_of=run.as_of,
            run_id=run.run_id,
            policy_hash=run.policy.hash,
            config=run.settings.duckdb_config,
        )
        run.store.keep()
        run.reporter(context)(
            f"history: {commit.as_of} kept, {commit.rows['changes']:,} class changes"
        )
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": sum(commit.rows.values()),
                "moved": moved(run.settings.warehouse),
                "schemes": schemes(run.settings.warehouse),
                **{f"{name}_rows": rows for name, rows in commit.rows.items()},
                "policy_hash": commit.policy_hash[:12],
                "path": dg.MetadataValue.path(commit.path),
                "seconds": round(time.perf_counter() - started, 3),
            }
        )

    return history


def _refuse_what_was_not_made(run: DailyRun) -> None:
    """In a run of selected assets, or from a failure on, a part may be of other data or policy."""
    if left_out := [part for part in (INPUTS, WAREHOUSE) if part not in run.made]:
        raise dg.Failure(
            f"This run has not made {' and '.join(left_out)}, and what stands there may be of "
            f"other loads or another policy. {WHOLE_JOB}",
            allow_retries=False,
        )


def _refuse_what_was_not_audited(run: DailyRun) -> None:
    """In a run of selected assets gate 2 may have been left out; then nothing is kept."""
    if not_passed := sorted(set(suites_of("warehouse")) - run.passed):
        raise dg.Failure(
            f"Gate 2 has not let the warehouse pass in this run ({', '.join(not_passed)}). "
            f"Only what is audited is kept and published. {WHOLE_JOB}",
            allow_retries=False,
        )
