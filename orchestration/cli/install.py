"""What an installation needs before its first command: prepare."""

from __future__ import annotations

import typer

from orchestration.settings import Settings

app = typer.Typer()
PANEL = "Set up"


@app.command(
    rich_help_panel=PANEL,
    epilog="Example: home=$(tiers prepare) && DAGSTER_HOME=$home dagster dev -w workspace.yaml",
)
def prepare() -> None:
    """Parse the dbt project and print Dagster's home, for the UI. `make` calls it."""
    from orchestration.instance import prepare_instance
    from orchestration.manifest import prepare_manifest

    settings = Settings.from_environment()
    prepare_manifest(settings)
    print(prepare_instance(settings))
