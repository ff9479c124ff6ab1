"""Everything Dagster knows of this project, assembled; each thing stands in its own file."""

import dagster as dg

from orchestration.assets.classification import gate_two, history_asset
from orchestration.assets.landing import landing_assets
from orchestration.assets.published import published_assets
from orchestration.daily_job import DESCRIPTION, JOB
from orchestration.daily_run import KEY, WorkingIn, daily_run_resource
from orchestration.drop_folder import drop_folder_sensor
from orchestration.evaluation.job import JOB as EVALUATE
from orchestration.evaluation.job import evaluation_job, evaluation_schedule
from orchestration.failure import failure_hook, failure_sensor
from orchestration.freshness import deadline, late_sensor
from orchestration.manifest import read_manifest
from orchestration.preview_job import JOB as PREVIEW
from orchestration.preview_job import preview_job
from orchestration.progress import Progress, Silent
from orchestration.public_tables import public_tables
from orchestration.schedule import business_days, daily_schedule
from orchestration.settings import Settings
from orchestration.sources.source_file import load_source_file
from orchestration.store import working_in as work_in
from orchestration.warehouse import warehouse_assets


def build_definitions(
    settings: Settings, *, progress: Progress | None = None, working_in: WorkingIn = work_in
) -> dg.Definitions:
    """The assets, checks, job, schedule and sensor for one installation.

    `progress` and `working_in` are for programs that run the job themselves. Raises SourceError,
    PolicyError or ManifestError when the source file, the policy or the dbt project is wrong.
    """
    source = load_source_file(settings.sources)
    manifest = read_manifest(settings)
    days = business_days(source)
    hooks = {failure_hook(settings)}
    daily = dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.all(),
        description=DESCRIPTION,
        tags={"dagster/max_runtime": str(settings.max_runtime_minutes * 60)},
        hooks=hooks,
    )
    watched = progress or Silent()
    return dg.Definitions(
        assets=[
            *landing_assets(),
            warehouse_assets(manifest),
            history_asset(days),
            published_assets(public_tables(manifest), days, deadline(settings, source)),
        ],
        asset_checks=[gate_two()],
        jobs=[
            daily,
            preview_job(settings, watched),
            evaluation_job(settings, watched).with_hooks(hooks),
        ],
        schedules=[daily_schedule(settings, source, JOB), evaluation_schedule(source)],
        sensors=[
            failure_sensor(settings, {JOB, PREVIEW, EVALUATE}),
            late_sensor(settings),
            drop_folder_sensor(settings, JOB),
        ],
        resources={KEY: daily_run_resource(settings, watched, working_in)},
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What `workspace.yaml` loads: the installation that the environment describes."""
    return build_definitions(Settings.from_environment())
