"""What is installed is what was chosen: exact and hashed, from wherever the machine looks.

`make audit` looks the same packages up among known vulnerabilities, which needs the internet.
"""

import re
import tomllib
from collections.abc import Iterator

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from orchestration.settings import PROJECT

LOCK = (PROJECT / "requirements.lock").read_text("utf-8")
WITH_SPARK = (PROJECT / "requirements-spark.lock").read_text("utf-8")
PINNED = re.compile(r"(?m)^([a-z0-9][a-z0-9._-]*)(?:\[[a-z0-9,_-]+\])?==(\S+)((?: ;[^\\\n]*)?) \\$")


def declared() -> Iterator[Requirement]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    for texts in (project["dependencies"], *project["optional-dependencies"].values()):
        yield from map(Requirement, texts)


def pinned(lock: str) -> dict[str, list[Version]]:
    found: dict[str, list[Version]] = {}
    for name, version, _ in PINNED.findall(lock):
        found.setdefault(canonicalize_name(name), []).append(Version(version))
    return found


@pytest.mark.parametrize("lock", [LOCK, WITH_SPARK], ids=["without Spark", "with Spark"])
def test_every_line_pins_one_version_with_its_hashes(lock: str) -> None:
    lines = [line for line in lock.splitlines() if not line.startswith("#")]
    packages = [line for line in lines if not line.startswith("    ")]
    hashes = [line for line in lines if line.startswith("    ")]
    assert len(packages) == len(PINNED.findall(lock)) > 100
    assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in hashes)
    # A package without a hash would be followed at once by the next one.
    blocks = re.split(r"(?m)^(?=[a-z0-9])", lock)[1:]
    assert [block for block in blocks if "--hash" not in block] == []


def test_the_lock_tells_no_machine_where_to_look() -> None:
    assert not re.search(
        r"://|--(extra-)?index-url|--find-links|--trusted-host|file:", LOCK + WITH_SPARK
    )


@pytest.mark.parametrize("requirement", declared(), ids=lambda each: each.name)
def test_what_is_declared_is_pinned_as_declared(requirement: Requirement) -> None:
    versions = pinned(WITH_SPARK)[canonicalize_name(requirement.name)]
    assert all(requirement.specifier.contains(version) for version in versions)


def test_spark_changes_no_other_version() -> None:
    without, with_spark = pinned(LOCK), pinned(WITH_SPARK)
    assert {name: with_spark[name] for name in without} == without
    assert {*with_spark} - {*without} == {"dbt-spark", "py4j", "pyspark", "sqlparams"}
