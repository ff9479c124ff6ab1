"""The folder that dbt works in."""

import os
from collections.abc import Mapping
from pathlib import Path

import yaml

from orchestration.durable import write_durably
from orchestration.policy import THEMES, enabled_themes
from orchestration.settings import DBT_PROJECT, Settings

CONFIG = "dbt_project.yml"
POLICY = "policy"
SEEDS = "seeds"
# dbt writes these itself, and links to them would let it write into the clone.
NOT_LINKED = frozenset({POLICY, SEEDS, "target", "logs", ".user.yml"})


def dbt_project(settings: Settings) -> Path:
    """The project of the clone; or, for a policy kept elsewhere, `$TIERS_HOME/dbt/project`.

    The latter is a folder of links, with the other policy in its place, and with the seeds that
    lie beside that policy in the place of the bundled ones; a `themes.txt` there says which themes
    are on. To name that folder in dbt's
    `model-paths` would be shorter, but dbt writes compiled SQL under its target by the path of each
    file relative to the project: a file outside the project is overwritten by it.
    """
    policy = settings.policy_dir
    if policy == DBT_PROJECT / POLICY:
        return DBT_PROJECT
    project = settings.dbt_home / "project"
    bundled = {path.name: path for path in DBT_PROJECT.iterdir() if path.name not in NOT_LINKED}
    if (policy / THEMES).exists():
        del bundled[CONFIG]
        _write_config(project / CONFIG, policy)
    _link_all(project, bundled | {POLICY: policy})
    seeds = {path.name: path for path in (DBT_PROJECT / SEEDS).iterdir()}
    own = {path.name: path for path in policy.glob("*.csv") if path.name in seeds}
    _link_all(project / SEEDS, seeds | own)
    return project


def _write_config(path: Path, policy: Path) -> None:
    """The dbt project file of the clone, with the themes that the policy switches on."""
    config = yaml.safe_load((DBT_PROJECT / CONFIG).read_text("utf-8"))
    config["vars"]["themes"] = list(enabled_themes(policy))
    text = yaml.safe_dump(config, sort_keys=False)
    if path.is_symlink() or not path.exists() or path.read_text("utf-8") != text:
        path.unlink(missing_ok=True)  # a link would let this write into the clone
        write_durably(path, text.encode())


def _link_all(folder: Path, wanted: Mapping[str, Path]) -> None:
    """Make the links of a folder lead to these paths by these names, and remove all others."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in {path.name for path in folder.iterdir() if path.is_symlink()} - set(wanted):
        (folder / name).unlink()
    for name, path in wanted.items():
        _link(folder / name, path)


def _link(link: Path, target: Path) -> None:
    """Make `link` lead to `target`, at once, so that another process never misses it."""
    if link.is_symlink() and link.readlink() == target:
        return
    new = link.with_name(f".{link.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    new.replace(link)
