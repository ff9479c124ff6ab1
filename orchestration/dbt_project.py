"""The folder that dbt works in."""

import os
from pathlib import Path

from orchestration.settings import DBT_PROJECT, Settings

POLICY = "policy"
# dbt writes these itself, and links to them would let it write into the clone.
NOT_LINKED = frozenset({POLICY, "target", "logs", ".user.yml"})


def dbt_project(settings: Settings) -> Path:
    """The project of the clone; or, for a policy kept elsewhere, `$TIERS_HOME/dbt/project`.

    The latter is a folder of links, with the other policy in its place. To name that folder in
    dbt's `model-paths` would be shorter, but dbt writes compiled SQL under its target by the path
    of each file relative to the project: a file outside the project is overwritten by it.
    """
    if settings.policy_dir == DBT_PROJECT / POLICY:
        return DBT_PROJECT
    project = settings.dbt_home / "project"
    project.mkdir(parents=True, exist_ok=True)
    wanted = {path.name: path for path in DBT_PROJECT.iterdir() if path.name not in NOT_LINKED}
    wanted[POLICY] = settings.policy_dir
    for name in {path.name for path in project.iterdir() if path.is_symlink()} - set(wanted):
        (project / name).unlink()
    for name, path in wanted.items():
        _link(project / name, path)
    return project


def _link(link: Path, target: Path) -> None:
    """Make `link` lead to `target`, at once, so that another process never misses it."""
    if link.is_symlink() and link.readlink() == target:
        return
    new = link.with_name(f".{link.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    new.replace(link)
