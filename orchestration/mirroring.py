"""PostgreSQL, where it is set, shows the release that readers of the files see."""

from __future__ import annotations

from collections.abc import Callable

from orchestration.publishing import current_release
from orchestration.settings import Settings


def mirror_current(settings: Settings, report: Callable[[str], None]) -> str | None:
    """Show what `current` leads to in `TIERS_PUBLISH_POSTGRES`, unless it is shown there already.

    Returns what was done, in a line. The caller holds the run lock. Raises MirrorError, which says
    what to do, and BrokenCurrent.
    """
    release = current_release(settings.releases)
    if settings.postgres is None or release is None:
        return None
    # Only who has set it waits for its driver.
    from orchestration.publishing.postgresql import Target, mirror

    target = Target(settings.postgres, settings.postgres_schema)
    done = mirror(release, target, config=settings.duckdb_config, report=report)
    if done is None:
        return None
    rows = sum(done.rows.values())
    return f"postgresql: {target.schema} shows {release.id}, {len(done.rows)} tables, {rows} rows"
