"""`tiers policy …`: for those who write policy files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orchestration.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Write policy files with less guessing.")

Folder = Annotated[
    Path | None,
    typer.Argument(
        metavar="[DIR]", show_default=False, help="The folder of the files. Default: the policy's."
    ),
]


@app.command(epilog="Example: tiers policy check ~/my-policy")
def check(folder: Folder = None) -> None:
    """Load the policy files as a run does, and say what is wrong with them."""
    from orchestration.policy import load_policy

    policy = load_policy(folder or Settings.from_environment().policy_dir)
    known, enabled = (len(list(policy.schemes(enabled=only))) for only in (False, True))
    print(f"{known} schemes, {enabled} of them switched on: all well.")


@app.command(epilog="Example: tiers policy schema ~/my-policy")
def schema(folder: Folder = None) -> None:
    """Write schema.json beside the policy files: editors complete and mark mistakes from it."""
    from orchestration.policy.json_schema import SCHEMA_FILE, schema_text

    path = (folder or Settings.from_environment().policy_dir) / SCHEMA_FILE
    path.write_text(schema_text(), "utf-8")
    print(f"{path} is written. A file that begins with the line")
    print(f"# yaml-language-server: $schema={SCHEMA_FILE}")
    print("is completed from it by editors with the YAML language server.")
