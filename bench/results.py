"""What was measured, as JSON beside the bench: parts take hours, and are measured one by one."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results")
PACKAGES = ("customer-tiers", "duckdb", "dbt-core", "dbt-duckdb", "dagster", "great-expectations")
PEERS = ("polars", "pandas", "pyarrow")


def keep(name: str, found: Mapping[str, Any], folder: Path = RESULTS) -> None:
    """Keep what a part of the bench found, in the place of what it found before."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {"measured_on": datetime.now(UTC).date().isoformat(), "machine": machine(), **found}
    (folder / f"{name}.json").write_text(json.dumps(told, indent=2) + "\n", "utf-8")


def kept(folder: Path = RESULTS) -> dict[str, dict[str, Any]]:
    """All that is kept, by name."""
    return {
        path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))
    }


def machine() -> str:
    """What the bench ran on, in a line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {_version(name)}" for name in (*PACKAGES, *PEERS))
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB, {platform.system()}; "
        f"Python {platform.python_version()}, {packages}"
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
