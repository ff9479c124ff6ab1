"""Publishing one release, from the warehouse to the swap."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

from orchestration.durable import commit_folder, make_folder
from orchestration.publishing.audiences import WrittenAudience, write_audiences
from orchestration.publishing.current import current_release, point_current, record
from orchestration.publishing.ledger import utc_now
from orchestration.publishing.manifest import manifest_of, write_manifest
from orchestration.publishing.protection import Protection
from orchestration.publishing.recovery import BUILDING, recover
from orchestration.publishing.releases import (
    DATABASE,
    PublishError,
    Release,
    ReleaseInfo,
    find_release,
    next_sequence,
)
from orchestration.publishing.retention import remove_old_releases
from orchestration.publishing.tables import (
    PublicTable,
    WrittenTable,
    write_database,
    write_files,
)

Report = Callable[[str], None]
Audit = Callable[[Path], object]
BeforeSwap = Callable[[str], object]
# Gets the finished database and the manifest, and the DuckDB settings of the work.
WritePage = Callable[[Path, Mapping[str, object], Mapping[str, str]], Path]

# What is reported, in this order, each at the moment it begins; `report` gets "step: detail".
STEPS = (
    "recover",
    "database",
    "parquet",
    "audiences",
    "audit",
    "page",
    "manifest",
    "seal",
    "commit",
    "swap",
    "ledger",
    "retention",
)

UNPROTECTED = Protection()
NO_DOCUMENTS: Mapping[str, str] = MappingProxyType({})
READ_ONLY = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH
ENTERABLE = stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH


def publish(
    warehouse: Path,
    releases: Path,
    *,
    tables: Sequence[PublicTable],
    info: ReleaseInfo,
    audit: Audit,
    write_page: WritePage,
    keep: int,
    grace: timedelta,
    report: Report,
    config: Mapping[str, str] | None = None,
    protection: Protection = UNPROTECTED,
    before_swap: BeforeSwap = lambda release_id: None,
    documents: Mapping[str, str] = NO_DOCUMENTS,
) -> Release:
    """Build a release of the warehouse's public tables, have it audited, and swap it in at once.

    The caller holds the run lock. Until the swap nothing changes for a reader, whatever goes wrong;
    what a failed build leaves stands in `.building` for a look until the next run.

    Args:
        warehouse: the DuckDB file that dbt built; opened read-only.
        releases: the folder of releases; made when missing.
        tables: what is published.
        info: what the run says of itself. A day before that of `current` leaves `current` alone.
        audit: gate 3; gets the finished DuckDB file, and refuses the release by raising. A mapping
            that it returns is kept in the manifest, as quality["published"].
        write_page: writes what people read into the folder of the audited release, and returns the
            file; gets the DuckDB file, the manifest and `config`. A release has its page, or is
            none.
        keep: how many releases stay, the new one included (see `retention.py`).
        grace: a release that a reader may have been in for less than this is not removed.
        report: told each of STEPS as it begins, as "step: detail".
        config: DuckDB settings of the work, such as {"threads": "2", "memory_limit": "4GB"}.
        protection: what is done to rows on their way out, such as pseudonyms for ids.
        before_swap: gets the id of the release that `current` is to lead to; raising keeps it from
            that.
        documents: texts that explain the numbers, by the name of their file.

    Raises:
        BrokenCurrent: `current` leads nowhere; the message names the way out.
        PublishError: a table is missing, or not as described; a department would have a right to a
            column that is not published; or an id would be published although there is a key.
        Whatever `audit` or `write_page` raises, with a note on where the refused release is.
    """
    report(f"recover: looking for what an unfinished run left in {releases}")
    for note in recover(releases):
        report(f"recover: {note}")
    sequence = next_sequence(releases)
    building = releases / BUILDING / f"{info.as_of}T{sequence:06d}-{info.run_id[:8]}"
    try:
        written, audiences, quality = _build(
            warehouse, building, tables, audit, report, config or {}, protection
        )
        report("page: what the tables say, for people")
        views = [table.name for table in tables if table.kind == "view"]
        manifest = manifest_of(
            building, sequence, info, protection, written, views, audiences, quality
        )
        pages = [write_page(building / DATABASE, manifest, config or {})]
        for name, text in documents.items():
            pages.append(building / name)
            pages[-1].write_text(text, "utf-8")
        report(f"manifest: {len(written)} tables, {sum(table.rows for table in written)} rows")
        write_manifest(building, manifest, pages)
        report("seal: nobody writes to these files again")
        seal(building)
    except Exception as error:
        error.add_note(f"`current` was not touched. What was built is in {building}.")
        raise
    return _hand_over(building, info, releases, report, keep, grace, before_swap)


def _build(
    warehouse: Path,
    building: Path,
    tables: Sequence[PublicTable],
    audit: Audit,
    report: Report,
    config: Mapping[str, str],
    protection: Protection,
) -> tuple[list[WrittenTable], list[WrittenAudience], Mapping[str, object]]:
    report(f"database: {len(tables)} tables from {warehouse}")
    make_folder(building)
    database = write_database(warehouse, building, tables, config, protection)
    report("parquet: the same tables, ordered by their keys")
    written = list(write_files(database, tables, config))
    report("audiences: a file for each department, of what it may see")
    audiences = list(write_audiences(database, tables, config))
    report(f"audit: gate 3 reads {database}")
    quality = audit(database)
    expected = {
        database,
        *(table.parquet for table in written),
        *(audience.database for audience in audiences),
    }
    if strangers := sorted(path.name for path in set(building.iterdir()) - expected):
        raise PublishError(
            f"The audit left {', '.join(strangers)} in the release: it may only read."
        )
    return written, audiences, quality if isinstance(quality, Mapping) else {}


def seal(release: Path) -> None:
    """Let everybody read the files of a release, and nobody write to them."""
    for path in release.iterdir():
        path.chmod(READ_ONLY)
    # Whoever may reach the releases folder may read: a BI tool runs as another user.
    release.chmod(ENTERABLE)


def _hand_over(
    building: Path,
    info: ReleaseInfo,
    releases: Path,
    report: Report,
    keep: int,
    grace: timedelta,
    before_swap: BeforeSwap,
) -> Release:
    release_id = building.name
    report(f"commit: {release_id}")
    commit_folder(building, releases / release_id)
    _swap(releases, release_id, info, report, before_swap)
    report(f"ledger: writing {release_id} down")
    record(releases, release_id, "published")
    report(f"retention: the last {keep} releases stay")
    for gone in remove_old_releases(releases, keep=keep, grace=grace, now=utc_now()):
        report(f"retention: removed {gone.id}")
    return find_release(releases, release_id)


def _swap(
    releases: Path, release_id: str, info: ReleaseInfo, report: Report, before_swap: BeforeSwap
) -> None:
    current = current_release(releases)
    if current and info.as_of < current.as_of:
        report(f"swap: not done, `current` shows a later day ({current.id})")
        return
    report(f"swap: `current` moves from {current.id if current else 'nothing'} to {release_id}")
    before_swap(release_id)
    point_current(releases, release_id)
