"""New files start a run: a sensor over the entries of the source file that say `watch: true`.

A file is whole when two looks in a row find it alike. As long as one is not, nothing starts, so
that files dropped together are pulled together. A finished file moved into the folder is safer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field

import dagster as dg

from orchestration.days import usual_day
from orchestration.landing import LandedFiles, committed_loads, rejected_loads
from orchestration.settings import Settings
from orchestration.sources.entries import FilesEntry
from orchestration.sources.files import find
from orchestration.sources.paths import find_files, origin_of
from orchestration.sources.source_file import SourceFile, load_source_file

LOOK_EVERY_SECONDS = 60
UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


@dataclass(frozen=True)
class Looks:
    """What the sensor remembers: origin to size and time of change of each watched file.

    Attributes:
        last: as the last look found them.
        settled: as they were when the last question about them was answered, by a run or without.
    """

    last: Mapping[str, str] = field(default_factory=dict)
    settled: Mapping[str, str] = field(default_factory=dict)

    @property
    def changing(self) -> list[str]:
        """Files that differ from when they were settled, in the order of their paths."""
        return [path for path, state in self.last.items() if self.settled.get(path) != state]

    def next(self, found: Mapping[str, str]) -> tuple[Looks, list[str]]:
        """The looks after this one, and the files that are not yet whole."""
        looks = Looks(found, self.settled)
        return looks, [path for path in looks.changing if self.last.get(path) != found[path]]


def drop_folder_sensor(settings: Settings, job: str) -> dg.SensorDefinition:
    """Looks every minute; a run is asked for when bytes are there that never landed."""

    @dg.sensor(
        name="drop_folder",
        job_name=job,
        minimum_interval_seconds=LOOK_EVERY_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Runs the daily job when files are new in an entry with `watch: true`.",
    )
    def look(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        source = load_source_file(settings.sources)
        looks = Looks(**json.loads(context.cursor)) if context.cursor else Looks()
        looks, unfinished = looks.next(_states(source))
        if unfinished:
            return _wait(f"Waiting until it is whole: {', '.join(unfinished)}", looks)
        if not looks.changing:
            return _wait("Nothing is new.", looks)
        # The lock lets one run at a time in; what it does not pull yet is new at the next look.
        if context.instance.get_runs(dg.RunsFilter(job_name=job, statuses=UNFINISHED), limit=1):
            return _wait("A run is at work; its end is waited for.", looks)
        answered = Looks(looks.last, looks.last)
        if not _has_new_bytes(source, settings, set(looks.changing)):
            return _wait("The files changed, but what is in them has landed.", answered)
        state = json.dumps(looks.last, sort_keys=True)
        request = dg.RunRequest(
            run_key=hashlib.sha256(state.encode()).hexdigest(),
            partition_key=usual_day(source).isoformat(),
        )
        return dg.SensorResult(run_requests=[request], cursor=json.dumps(asdict(answered)))

    return look


def _wait(reason: str, looks: Looks) -> dg.SensorResult:
    return dg.SensorResult(skip_reason=reason, cursor=json.dumps(asdict(looks)))


def _watched(source: SourceFile) -> Iterator[tuple[str, FilesEntry]]:
    for table, entries in source.tables.items():
        for entry in entries:
            if isinstance(entry, FilesEntry) and entry.watch:
                yield table, entry


def _states(source: SourceFile) -> dict[str, str]:
    """Origin of each watched file to its size and time of change."""
    states = {}
    for _, entry in _watched(source):
        patterns = [entry.path] if entry.path else list(entry.files.values())
        for pattern in patterns:
            for path in find_files(source.folder, pattern):
                status = path.stat()
                origin = origin_of(source.folder, pattern, path)
                states[origin] = f"{status.st_size} {status.st_mtime_ns}"
    return states


def _has_new_bytes(source: SourceFile, settings: Settings, changing: Collection[str]) -> bool:
    """Whether one of these files is in a load that neither landed nor was rejected by a person.

    The others are not read: a look has a minute, and a folder that is kept grows for ever.
    """
    landed = LandedFiles(committed_loads(settings.landing))
    rejected = rejected_loads(settings.landing)
    refused = {each.load.identity for each in rejected if each.by == "person"}
    return any(
        found.identity not in refused and not landed.has(found)
        for table, entry in _watched(source)
        for found in find(source, table, entry, landed_before=True, among=changing)
    )
