"""A standalone cluster of Spark on loopback: a master, and two workers with one core each."""

import json
import os
import subprocess
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from socket import socket

LOOPBACK = "127.0.0.1"
PATIENCE = 120
DEPLOY = "org.apache.spark.deploy"
# Starting and planning cost more than computing: no compiler that pays only later, no code made for
# each query, nothing inferred from every alias of wide plans, no plan written down whole.
BRIEF = """
spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.executor.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.driver.memory 2g
spark.executor.memory 1g
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
spark.sql.adaptive.enabled false
spark.sql.constraintPropagation.enabled false
spark.sql.ui.explainMode simple
spark.sql.shuffle.partitions 2
spark.driver.host 127.0.0.1
spark.driver.bindAddress 127.0.0.1
spark.eventLog.enabled true
spark.eventLog.compress false
spark.eventLog.rolling.enabled false
"""


@dataclass(frozen=True)
class Cluster:
    """A running cluster, and where the applications on it keep their event logs."""

    master: str
    events: Path

    def tasks_by_executor(self) -> list[Counter[str]]:
        """Of each application, the earliest first: how many tasks each executor has finished."""
        logs = sorted(self.events.glob("app-*"), key=lambda path: path.name)
        return [Counter(_executors(log.read_text("utf-8"))) for log in logs]


def _executors(log: str) -> Iterator[str]:
    # By line feeds only: what else ends a line for Python may stand in the text of a query.
    for line in log.removesuffix("\n").split("\n"):
        event = json.loads(line)
        if event["Event"] == "SparkListenerTaskEnd" and not event["Task Info"]["Failed"]:
            yield event["Task Info"]["Executor ID"]


@contextmanager
def running_cluster(folder: Path) -> Iterator[Cluster]:
    """Start a cluster that keeps its files in a folder; gone when the block ends.

    Every session that this process starts meanwhile is configured for it: Spark reads its
    configuration once in a process, so the first of them decides.
    """
    events = folder / "events"
    events.mkdir(parents=True)
    (folder / "spark-defaults.conf").write_text(f"{BRIEF}spark.eventLog.dir {events}\n", "utf-8")
    before = dict(os.environ)
    os.environ |= {"SPARK_CONF_DIR": str(folder), "SPARK_LOCAL_IP": LOOPBACK}
    try:
        with _started_cluster(folder) as master:
            yield Cluster(master, events)
    finally:
        os.environ.clear()
        os.environ |= before


@contextmanager
def _started_cluster(folder: Path) -> Iterator[str]:
    port, page = _free_port(), _free_port()
    master = f"spark://{LOOPBACK}:{port}"
    at = ("--host", LOOPBACK)
    with ExitStack() as stack:
        on_ports = ("--port", str(port), "--webui-port", str(page))
        stack.enter_context(_started(folder / "master", f"{DEPLOY}.master.Master", *at, *on_ports))
        _wait_for_workers(page, 0)
        for name in ("worker1", "worker2"):
            own = folder / name
            size = ("--cores", "1", "--memory", "1g", "--webui-port", "0", "--work-dir", str(own))
            stack.enter_context(_started(own, f"{DEPLOY}.worker.Worker", *at, *size, master))
        _wait_for_workers(page, 2)
        yield master


@contextmanager
def _started(folder: Path, *command: str) -> Iterator[None]:
    folder.mkdir()
    spec = find_spec("pyspark")
    assert spec is not None
    assert spec.origin is not None
    home = Path(spec.origin).parent
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [home / "bin" / "spark-class", *command],
            env={**os.environ, "SPARK_HOME": str(home), "SPARK_DAEMON_MEMORY": "256m"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_for_workers(page: int, wanted: int) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        try:
            with urllib.request.urlopen(f"http://{LOOPBACK}:{page}/json/") as answer:
                if json.load(answer)["aliveworkers"] >= wanted:
                    return
        except OSError:
            pass
        time.sleep(0.5)
    raise AssertionError(f"The master has not seen {wanted} workers.")


def _free_port() -> int:
    with socket() as free:
        free.bind((LOOPBACK, 0))
        port: int = free.getsockname()[1]
        return port
