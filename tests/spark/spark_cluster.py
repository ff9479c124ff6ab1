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
# Starting costs more than computing: no compiler that pays only later, no code made for each query.
BRIEF = """
spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.executor.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.executor.memory 512m
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
spark.sql.adaptive.enabled false
spark.sql.shuffle.partitions 2
spark.default.parallelism 2
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

    def tasks_by_executor(self) -> Counter[str]:
        """How many tasks each executor has finished, over all applications."""
        done: Counter[str] = Counter()
        for log in self.events.iterdir():
            for line in log.read_text("utf-8").splitlines():
                event = json.loads(line)
                if event["Event"] == "SparkListenerTaskEnd":
                    done[event["Task Info"]["Executor ID"]] += 1
        return done


def write_conf(folder: Path) -> Path:
    """A configuration folder for Spark, and below it one for event logs."""
    (folder / "events").mkdir(parents=True)
    events = f"spark.eventLog.dir file://{folder / 'events'}\n"
    (folder / "spark-defaults.conf").write_text(BRIEF + events, "utf-8")
    return folder


@contextmanager
def running_cluster(folder: Path, events: Path) -> Iterator[Cluster]:
    """Start a cluster that keeps its files in a folder; gone when the block ends."""
    port, page = _free_port(), _free_port()
    master = f"spark://{LOOPBACK}:{port}"
    at = ("--host", LOOPBACK)
    with ExitStack() as stack:
        on_ports = ("--port", str(port), "--webui-port", str(page))
        stack.enter_context(_started(folder / "master", f"{DEPLOY}.master.Master", *at, *on_ports))
        _wait_for_workers(page, 0)
        for number in ("1", "2"):
            own = folder / f"worker{number}"
            size = ("--cores", "1", "--memory", "1g", "--webui-port", "0", "--work-dir", str(own))
            stack.enter_context(_started(own, f"{DEPLOY}.worker.Worker", *at, *size, master))
        _wait_for_workers(page, 2)
        yield Cluster(master, events)


@contextmanager
def _started(folder: Path, *command: str) -> Iterator[None]:
    folder.mkdir()
    spec = find_spec("pyspark")
    assert spec is not None
    assert spec.origin is not None
    home = Path(spec.origin).parent
    process = subprocess.Popen(
        [home / "bin" / "spark-class", *command],
        env={**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": LOOPBACK},
        stdout=(folder / "log").open("wb"),
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
