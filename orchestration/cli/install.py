"""What an installation needs before its first command: prepare."""

from __future__ import annotations

import typer

from orchestration.settings import Settings

app = typer.Typer()


@app.command()
def prepare() -> None:
    """Parse the dbt project and set up Dagster's home, whose path is printed. `make` calls it."""
    from orchestration.instance import prepare_instance
    from orchestration.manifest import prepare_manifest

    settings = Settings.from_environment()
    prepare_manifest(settings)
    print(prepare_instance(settings))
