"""Build the warehouse: dbt in this process, over the inputs that `inputs.register_inputs` wrote.

A second build in one process is quicker: dbt is imported, and its manifest is in memory.
"""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.dbt_project import dbt_project
from orchestration.engine_errors import TOO_LARGE, values_kept_back
from orchestration.engines import BUILDS, check_engine
from orchestration.manifest import dbt_arguments, dbt_manifest, prepare_manifest
from orchestration.progress import Progress, Silent
from orchestration.settings import Settings

if TYPE_CHECKING:
    from dbt.artifacts.schemas.run import RunResult
    from dbt_common.events.base_types import EventMsg

Event = Mapping[str, Any]
FINISHED = frozenset({"LogModelResult", "LogSeedResult", "LogTestResult"})
BROKEN = frozenset({"error", "fail", "runtime error"})
ENDING = (signal.SIGINT, signal.SIGTERM)
# That of a sum: every amount alone was in range, or staging had put it aside.
TOO_MUCH_MONEY = re.compile(rf"fit DECIMAL\(18,4\)[^,]*, {TOO_LARGE}")
# Failures that are told one by one; the first ones explain the others.
TOLD = 5


class BuildFailed(RuntimeError):
    """Models or tests failed. The message names each, with its SQL and what to do."""


@dataclass(frozen=True)
class Node:
    """What came of one model or test.

    Attributes:
        unique_id: dbt's name of it, such as `model.customer_tiers.orders`.
        kind: model, test …
        name: for people, such as `staging.orders`.
        file: where it stands, relative to the dbt project.
        status: success, pass, warn, fail, error, skipped …
        seconds: how long it took.
        message: dbt's own words, empty when all is well.
        failing_rows: of a test.
        compiled: the SQL that ran, None when it did not come to that.
    """

    unique_id: str
    kind: str
    name: str
    file: str
    status: str
    seconds: float
    message: str
    failing_rows: int | None
    compiled: Path | None


def build_warehouse(
    settings: Settings,
    *,
    tests: bool = True,
    selection: Sequence[str] = (),
    progress: Progress | None = None,
    on_event: Callable[[Event], None] = lambda event: None,
    project: Path | None = None,
) -> list[Node]:
    """Build every model in the warehouse, and run the tests of each before what reads it.

    Args:
        tests: False builds the seeds and models only.
        selection: further dbt arguments, such as ("--select", "orders").
        progress: told what finished and what is going on.
        on_event: gets each finished node's event, as dbt writes it to a JSON log, at once.

    Raises:
        SettingError: the engine is not installed.
        ManifestError: the project cannot be parsed.
        BuildFailed: a model or a test failed; what does not read it has been built all the same.
    """
    if selection and settings.engine != "duckdb":
        raise BuildFailed("Only DuckDB builds single models. On Spark, run the whole job.")
    check_engine(settings)
    project = project or dbt_project(settings)
    folder = settings.dbt_home / "target"
    # Unit tests are about the SQL, not about today's data: `make test` runs them. Of an exposure
    # there is nothing to build.
    left_out = ("unit_test", "exposure", *(() if tests else ("test",)))
    command = ["build", *(word for kind in left_out for word in ("--exclude-resource-type", kind))]
    follow = _follow(progress or Silent(), on_event)
    built: list[Node] = []
    for build in BUILDS[settings.engine]:
        prepared = prepare_manifest(settings, project, build.target)
        arguments = [*dbt_arguments(settings, project, folder, build.target), *selection]
        others = [word for method in build.left_out for word in ("--exclude", method)]
        with settings.exported(), _interruptible(), build.opened(settings):
            nodes = _invoke(
                [*command, *arguments, *others], prepared, follow, folder, build.connections
            )
        if failed := [node for node in nodes if node.status in BROKEN]:
            skipped = sum(node.status == "skipped" for node in nodes)
            raise BuildFailed(_failure_message(failed, skipped, settings))
        built.extend(nodes)
    return built


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let a request to end reach dbt as the exception it knows: it then cancels its queries.

    Dagster raises one of its own, on which dbt would leave its threads at work.
    """

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield  # signals reach the main thread only
        return
    before = {number: signal.signal(number, interrupt) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _invoke(
    command: list[str],
    prepared: Path,
    follow: Callable[[EventMsg], None],
    target: Path,
    connections: str,
) -> list[Node]:
    from dbt.artifacts.schemas.run import RunExecutionResult
    from dbt.cli.main import dbtRunner

    with _errors_without_values(connections):
        result = dbtRunner(manifest=dbt_manifest(prepared), callbacks=[follow]).invoke(command)
    if result.exception is not None and not isinstance(result.exception, Exception):
        raise result.exception  # somebody stopped the run
    if not isinstance(result.result, RunExecutionResult):
        raise BuildFailed(
            f"dbt could not begin: {result.exception}\n"
            f"  Its log: {target.parent / 'logs' / 'dbt.log'}"
        )
    nodes = map(_node, result.result.results)
    return [node for node in nodes if node.kind != "operation"]


@contextmanager
def _errors_without_values(connections: str) -> Iterator[None]:
    """Let dbt hear of the engine's errors without values: it writes them to its log and results."""
    module, _, name = connections.partition(":")
    manager = getattr(import_module(module), name)
    handler = manager.exception_handler

    @contextmanager
    def handle(*arguments: object, **named: object) -> Iterator[None]:
        with handler(*arguments, **named), values_kept_back():
            yield

    manager.exception_handler = handle
    try:
        yield
    finally:
        manager.exception_handler = handler


def _node(ran: RunResult) -> Node:
    node = ran.node
    kind = str(node.resource_type)
    compiled = getattr(node, "compiled_path", None)
    return Node(
        unique_id=node.unique_id,
        kind=kind,
        name=node.name if kind == "test" else f"{node.schema}.{node.name}",
        file=node.original_file_path,
        status=str(ran.status),
        seconds=float(ran.execution_time),
        message=ran.message or "",
        failing_rows=ran.failures,
        compiled=Path(compiled) if compiled else None,
    )


def _follow(progress: Progress, on_event: Callable[[Event], None]) -> Callable[[EventMsg], None]:
    """A dbt callback: pass on what finished, as it finishes. Called from dbt's threads."""

    def follow(event: EventMsg) -> None:
        if event.info.name not in FINISHED:
            return
        from dbt_common.events.functions import msg_to_dict

        raw = msg_to_dict(event)
        data = raw["data"]
        total = int(data.get("total") or data["num_models"])
        progress.doing(data["node_info"]["node_name"], int(data["index"]), total)
        on_event(raw)

    return follow


def _failure_message(failed: Sequence[Node], skipped: int, settings: Settings) -> str:
    counted = f"{len(failed)} of its models and tests failed"
    left_out = f", and {skipped} were left out because of them" if skipped else ""
    told = "\n".join(_tell(node) for node in failed[:TOLD])
    more = f"\n  … and {len(failed) - TOLD} more." if len(failed) > TOLD else ""
    return (
        f"The warehouse could not be built: {counted}{left_out}.\n{told}{more}\n"
        "Nothing was published; `current` is as it was. Correct the data or the model and run "
        f"again. dbt's log: {settings.dbt_home / 'logs' / 'dbt.log'}"
    )


def _tell(node: Node) -> str:
    found = " ".join(node.message.split())
    if node.kind == "test" and node.status == "fail":
        found = f"{node.failing_rows} rows fail; its SQL shows them"
    elif TOO_MUCH_MONEY.search(found):
        found = (
            "the money of a customer adds up to more than 99,999,999,999,999.9999. "
            "Look for an amount that cannot be right in staging.orders and staging.refunds"
        )
    sql = f"\n    SQL: {node.compiled}" if node.compiled else ""
    return f"  {node.kind} {node.name} ({node.file}): {found}{sql}"
