"""PostgreSQL, where it is set, shows the release that readers of the files see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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


@dataclass(frozen=True)
class MirrorState:
    """Which release a schema of PostgreSQL shows, and which the readers of the files see."""

    schema: str
    shown: str | None
    served: str | None

    @property
    def is_behind(self) -> bool:
        """Whether the two see different releases."""
        return self.shown != self.served

    def __str__(self) -> str:
        told = f"PostgreSQL: {self.schema} shows {self.shown or 'no release'}"
        if not self.is_behind:
            return f"{told}, as the files do."
        return (
            f"{told}, and the files {self.served or 'none'}. The next run brings both together; "
            f"`tiers rollback {self.served or 'ID'}` does so at once."
        )


def mirror_state(settings: Settings) -> MirrorState | None:
    """What PostgreSQL shows beside `current`; None where `TIERS_PUBLISH_POSTGRES` is not set.

    Raises MirrorError when it does not answer, and BrokenCurrent.
    """
    if settings.postgres is None:
        return None
    from orchestration.publishing.postgresql import MirrorError, Target, shown_release

    target = Target(settings.postgres, settings.postgres_schema)
    release = current_release(settings.releases)
    try:
        shown = shown_release(target)
    except MirrorError as error:
        raise MirrorError(
            f"PostgreSQL does not say which release {target.schema} shows: {error}"
        ) from error
    return MirrorState(target.schema, shown, release.id if release else None)
