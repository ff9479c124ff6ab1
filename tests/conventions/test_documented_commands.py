"""The commands of the README and of the chapters in docs/ do what they are shown for.

Every `sh` and `python` block is run, page after page, in one scratch copy of the project. A small
company whose customers are numbers stands in for the bundled example, so that a run takes seconds.
"""

import os
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from small_company import FIRST_DAY, SmallCompany, orders_until

from orchestration.settings import PROJECT, Settings

pytestmark = pytest.mark.slow
FENCED = re.compile(r"^```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXPORT = "订单编号,客户编号,下单时间,实付金额,状态\n1,007,2026/03/01 09:30,120.50,已完成\n"
PROGRAMS = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [".venv/bin/python", "-c"]}


def blocks(page: Path) -> list[tuple[str, str]]:
    """(language, text) of what is meant to be run, in order."""
    return FENCED.findall(page.read_text("utf-8"))


# The README first: what its commands leave is what the chapters go on with.
PAGES = [
    page
    for page in (PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md")))
    if blocks(page)
]
ALL = [
    pytest.param(language, text, id=f"{page.name}-{number}")
    for page in PAGES
    for number, (language, text) in enumerate(blocks(page), 1)
]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a clone holds, installed, with the files that the README's source file describes."""
    folder = tmp_path_factory.mktemp("documented") / "customer-tiers"
    for name in ("orchestration", "dbt_project", "expectations"):
        shutil.copytree(
            PROJECT / name,
            folder / name,
            ignore=shutil.ignore_patterns("__pycache__", "target", "logs"),
        )
    for name in ("Makefile", "workspace.yaml", "pyproject.toml", "requirements.lock"):
        shutil.copy(PROJECT / name, folder)
        os.utime(folder / name, (0, 0))  # older than the installation
    (folder / ".venv").symlink_to(PROJECT / ".venv", target_is_directory=True)
    exports = folder / "my-company" / "exports"
    exports.mkdir(parents=True)
    (exports / "orders_march.csv").write_text(EXPORT, "utf-8")
    readme = (PROJECT / "README.md").read_text("utf-8")
    source = readme.split("<!-- source-file -->")[1].split("```yaml\n")[1].split("```")[0]
    (folder / "my-company" / "sources.yml").write_text(source, "utf-8")
    return folder


@pytest.fixture(scope="module")
def environment(clone: Path, prepared_dbt: Path) -> dict[str, str]:
    """Without any setting but the company that stands in for the example."""
    company = SmallCompany(clone / "example", Settings(home=clone / "data"))
    company.folder.mkdir()
    company.describe(as_of=date(2024, 5, 25))
    rows = [(key, str(int(who[1:])), *rest) for key, who, *rest in orders_until(FIRST_DAY)]
    company.export("example", [(key, who, moment, amount) for key, who, moment, amount in rows])
    kept = {name: said for name, said in os.environ.items() if not name.startswith("TIERS_")}
    return kept | {
        "TIERS_HOME": str(clone / "data"),
        "TIERS_SOURCES": str(company.settings.sources),
        "PYTHONPATH": str(clone),
        "DAGSTER_HOME": "",
    }


@pytest.mark.parametrize(("language", "text"), ALL)
def test_what_is_shown_works(
    language: str, text: str, clone: Path, environment: dict[str, str]
) -> None:
    ran = subprocess.run(
        [*PROGRAMS[language], text],
        cwd=clone,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"{text}\n{ran.stdout[-2000:]}\n{ran.stderr[-4000:]}"
    assert ran.stdout.strip(), "a command that is shown shows something"


def test_there_is_something_to_run_on_each_page_that_a_newcomer_reads() -> None:
    assert {"README.md", "start.md", "publish.md", "extend.md"} <= {page.name for page in PAGES}
