"""Taking rows out of a load that stands: a new file beside the old, and a receipt that names it.

The receipt is replaced in one step, and with it the rows; a kill leaves the load as it was or as it
is to be, and beside it a file that no receipt names, which `remove_unnamed` takes away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.durable import fsync_file, fsync_folder, write_durably
from orchestration.landing.receipts import (
    RECEIPT,
    REFUSAL,
    Load,
    committed_loads,
    rejected_loads,
)


def kept_loads(landing: Path) -> list[Load]:
    """Every load whose rows are kept, rejected ones included, by sequence."""
    rejected = [each.load for each in rejected_loads(landing)]
    return sorted([*committed_loads(landing), *rejected], key=lambda load: load.sequence)


def next_file(load: Load) -> Path:
    """Where the rows of a load go when some are taken out; nothing reads them there yet."""
    return load.path.with_name(f"data-{len(load.rewritten) + 1}.parquet")


def rewrite(load: Load, why: str, rows: int, change: Callable[[Load], Load], **more: Any) -> Load:
    """Let what stands in `next_file(load)` be the load's rows; the old file goes.

    Args:
        why, rows: for the receipt: the reason, and how many rows were changed or taken out.
        change: the receipt's counts.
        more: what else the receipt should say of it.
    """
    target = next_file(load)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    note = {"at": at, "why": why, "rows": rows, **more}
    rewritten = replace(change(load), path=target, rewritten=(*load.rewritten, note))
    fsync_file(target)
    fsync_folder(target.parent)
    write_durably(target.with_name(RECEIPT), rewritten.receipt())
    remove_unnamed(rewritten)
    return rewritten


def remove_unnamed(load: Load) -> None:
    """Remove what lies in a load's folder and is no part of it: what a cut-off rewriting left."""
    own = {load.path.name, RECEIPT, REFUSAL}
    strangers = [path for path in load.path.parent.iterdir() if path.name not in own]
    for path in strangers:
        path.unlink()
    if strangers:
        fsync_folder(load.path.parent)
