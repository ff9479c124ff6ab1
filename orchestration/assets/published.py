"""Stage published: the public tables as one release, audited by gate 3 and swapped in at once."""

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow.parquet as pq

from orchestration.assets.classification import HISTORY, WHOLE_JOB
from orchestration.auditing.explained import (
    audit_explanations,
    explained_before,
    filled_classes,
    sentences_of,
)
from orchestration.auditing.results import AuditResult, GateFailed
from orchestration.auditing.suites import suites_of
from orchestration.daily_run import KEY, DailyRun
from orchestration.erasing.releases import finish_requests
from orchestration.history import committed_days
from orchestration.inputs.decided import evaluation_files
from orchestration.labels import column_labels
from orchestration.manifest import prepare_manifest, read_manifest
from orchestration.mirroring import mirror_current
from orchestration.prediction import CARD_FILE, THEME
from orchestration.pseudonyms import key_in_force
from orchestration.publishing import (
    Protection,
    PublicTable,
    Release,
    ReleaseInfo,
    list_releases,
    publish,
)
from orchestration.quarantine import count_fates, count_quarantine
from orchestration.report import write_report
from orchestration.ui import WHEN_IT_FAILS, asset_tags, described, described_suite

STAGE = "published"
GATE = "gate_3"
OWNERS = ["team:data"]
SOFTWARE = ("customer-tiers", "dbt-core", "dbt-duckdb", "duckdb", "great-expectations")
# What computed the tables is told beside what writes every release.
SOFTWARE_OF_ENGINE = {"duckdb": (), "spark": ("dbt-spark", "pyspark")}
Published = Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]


def published_assets(
    tables: Sequence[PublicTable],
    days: dg.DailyPartitionsDefinition,
    deadline: dg.FreshnessPolicy | None,
) -> dg.AssetsDefinition:
    """Every public table; one step, since a release appears whole or not at all.

    `deadline` is when the UI shows them as late.
    """

    @dg.multi_asset(
        name=STAGE,
        specs=[
            dg.AssetSpec(
                [STAGE, table.name],
                description=described(table.description, WHEN_IT_FAILS[STAGE]),
                deps=[HISTORY, dg.AssetKey([table.schema, table.name])],
                group_name=STAGE,
                kinds={"duckdb"} if table.kind == "view" else {"duckdb", "parquet"},
                tags=asset_tags(STAGE, published=True),
                owners=OWNERS,
                freshness_policy=deadline,
            )
            for table in tables
        ],
        check_specs=[
            dg.AssetCheckSpec(
                GATE,
                asset=name.split("/"),
                blocking=True,
                description=described_suite(name),
            )
            for name in suites_of(STAGE)
        ],
        partitions_def=days,
        required_resource_keys={KEY},
    )
    def published(context: dg.AssetExecutionContext) -> Published:
        run: DailyRun = context.resources.daily_run
        started = time.perf_counter()
        _refuse_what_is_not_kept(run)
        audits: list[AuditResult] = []
        try:
            release = publish(
                run.settings.warehouse,
                run.settings.releases,
                tables=tables,
                info=_info(run),
                audit=lambda database: _audit(database, run, audits),
                write_page=partial(write_report, labels=column_labels(read_manifest(run.settings))),
                before_swap=run.store.keep,
                keep=run.settings.keep_releases,
                grace=timedelta(minutes=run.settings.release_grace_minutes),
                report=lambda text: _tell(context, run, text),
                config=run.settings.duckdb_config,
                documents=_documents(run),
                protection=Protection(key_in_force(run.settings), run.settings.smallest_group),
            )
        except GateFailed as error:
            yield from _checks(audits)
            raise dg.Failure(_with_notes(error), allow_retries=False) from error
        run.reporter(context)(f"published: {release.id}")
        yield from _materializations(release, time.perf_counter() - started)
        yield from _checks(audits)
        if shown := mirror_current(run.settings, lambda text: _tell(context, run, text)):
            run.reporter(context)(shown)
        # After that: who is erased may be shown there, too.
        for gone in finish_requests(run.settings):
            run.reporter(context)(f"erased: the release {gone.id} showed who is erased")
        run.store.keep()

    return published


def _documents(run: DailyRun) -> Mapping[str, str]:
    """The card of the model whose forecasts are published; none while their theme is off."""
    if THEME not in run.policy.enabled:
        return {}
    cards = evaluation_files(run.settings.history, CARD_FILE, until=run.as_of)
    texts = [text for card in cards for text in pq.read_table(card)["text"].to_pylist()]
    return {"model_card.md": "\n".join(texts)} if texts else {}


def _refuse_what_is_not_kept(run: DailyRun) -> None:
    """In a run of selected assets the history may have been left out; then nothing is published."""
    if all(commit.run_id != run.run_id for commit in committed_days(run.settings.history)):
        raise dg.Failure(
            f"This run has not kept {run.as_of} in history, and only what is kept is "
            f"published. {WHOLE_JOB}",
            allow_retries=False,
        )


def _info(run: DailyRun) -> ReleaseInfo:
    return ReleaseInfo(
        run_id=run.run_id,
        as_of=run.as_of,
        policy_hash=run.policy.hash,
        zone=run.source.timezone,
        engine=run.settings.engine,
        versions={
            name: version(name) for name in (*SOFTWARE, *SOFTWARE_OF_ENGINE[run.settings.engine])
        },
        quality={
            "warehouse": {
                "suites": len(run.passed),
                "warnings": [warning.for_readers() for warning in run.warned],
            },
            "ledger": count_fates(run.settings),
            "quarantine": [
                dict(zip(("table", "reason", "column", "rows"), row, strict=True))
                for row in count_quarantine(run.settings, None)
            ],
        },
    )


def _audit(database: Path, run: DailyRun, audits: list[AuditResult]) -> Mapping[str, object]:
    from orchestration.expectations import audit

    config = run.settings.duckdb_config
    result = audit(STAGE, database, config=config)
    audits.append(result)
    result.raise_if_failed()
    # Reasons are sentences of the project, the policy among it, and of segments that were found:
    # what passed once passes again.
    made_from = sentences_of(database, prepare_manifest(run.settings).name, config)
    classes = filled_classes(database, config)
    kept = [release.quality for release in list_releases(run.settings.releases)]
    if not explained_before(kept, made_from).issuperset(classes):
        audits.append(audit_explanations(database, config))
        audits[-1].raise_if_failed()
    return {
        "evaluated": result.evaluated,
        "warnings": [warning.for_readers() for warning in result.warnings],
        "explained": {"made_from": made_from, "classes": classes},
    }


def _materializations(release: Release, seconds: float) -> Published:
    told: dict[str, Any] = {
        "report": dg.MetadataValue.path(release.page),
        "database": dg.MetadataValue.path(release.database),
        "release": release.id,
        "current": release.is_current,
        "seconds": round(seconds, 3),
    }
    for view in release.views:
        yield dg.MaterializeResult(asset_key=[STAGE, view], metadata=told)
    for table, rows in release.rows.items():
        content = release.content.get(table)
        yield dg.MaterializeResult(
            asset_key=[STAGE, table],
            metadata={"dagster/row_count": rows, **told},
            data_version=dg.DataVersion(content) if content else None,
        )


def _checks(audits: Sequence[AuditResult]) -> Iterator[dg.AssetCheckResult]:
    # What a later audit found of a table counts.
    suites = {name: suite for result in audits for name, suite in result.by_table().items()}
    for name, suite in suites.items():
        yield dg.AssetCheckResult(
            asset_key=name.split("/"),
            check_name=GATE,
            passed=suite.passed,
            metadata=suite.metadata(),
            description="\n".join(str(failure) for failure in suite.failures) or None,
        )


def _tell(context: dg.AssetExecutionContext, run: DailyRun, text: str) -> None:
    context.log.info(text)
    run.progress.doing(f"publishing: {text}")


def _with_notes(error: Exception) -> str:
    return "\n".join([str(error), *getattr(error, "__notes__", [])])
