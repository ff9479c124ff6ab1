"""What starts the UI keeps it on this machine; containers run what the units run."""

import re

import pytest
import yaml

from orchestration.settings import PROJECT

DEPLOY = PROJECT / "docs" / "deploy"
PLACES = [PROJECT / "Makefile", *sorted(DEPLOY.glob("*.service")), DEPLOY / "compose.yml"]
STARTS_A_UI = re.compile(r"(?:dagster dev|dagster-webserver)(?:[^\n]|\\\n)*--workspace(?:.|\\\n)*")
PROCESSES = ("daemon", "ui", "ui-read-only")


def test_every_ui_listens_to_the_loopback_address_only() -> None:
    commands = [found[0] for place in PLACES for found in STARTS_A_UI.finditer(place.read_text())]
    assert len(commands) == 5
    assert [one for one in commands if "--host 127.0.0.1" not in one] == []


@pytest.mark.parametrize("name", PROCESSES)
def test_a_container_runs_what_the_unit_runs(name: str) -> None:
    unit = (DEPLOY / f"customer-tiers-{name}.service").read_text("utf-8")
    commands = re.findall("^ExecStart(?:Pre)?=/opt/customer-tiers/.venv/bin/(.*)$", unit, re.M)
    services = yaml.safe_load((DEPLOY / "compose.yml").read_text("utf-8"))["services"]
    asked = services[name]["command"]
    if len(commands) > 1:
        assert asked == f'sh -c "{" && exec ".join(commands)}"'
    else:
        assert asked == commands[0]


def test_the_ui_reaches_the_runs_of_the_daemon_to_end_them() -> None:
    """By a socket in /tmp; where it has a /tmp of its own, what it was to end goes on."""
    unit = (DEPLOY / "customer-tiers-ui.service").read_text("utf-8")
    assert "PrivateTmp=true" in unit
    assert "JoinsNamespaceOf=customer-tiers-daemon.service" in unit
    services = yaml.safe_load((DEPLOY / "compose.yml").read_text("utf-8"))["services"]
    for name in ("daemon", "ui"):
        assert "tmp:/tmp" in services[name]["volumes"]
        assert "tmpfs" not in services[name]


@pytest.mark.parametrize("name", [".dockerignore", ".gitignore"])
def test_what_compose_wants_beside_it_is_neither_in_the_image_nor_in_git(name: str) -> None:
    ignored = {
        line.strip("/").removeprefix("docs/deploy/")
        for line in (PROJECT / name).read_text("utf-8").splitlines()
        if "docs/deploy/" in line
    }
    asked = (DEPLOY / "compose.yml").read_text("utf-8")
    mounted = set(re.findall(r"- \./([\w.-]+):", asked)) | set(
        re.findall(r"env_file: (\S+)", asked)
    )
    assert {place for place in mounted if not (DEPLOY / place).exists()} <= ignored
    assert mounted - {"nginx.conf"} == ignored
    assert ".env" in (PROJECT / name).read_text("utf-8").splitlines()
