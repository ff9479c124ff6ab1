"""What the README shows works as shown; its commands are run by `test_documented_commands`."""

import re
from pathlib import Path
from textwrap import dedent

import duckdb
import pytest
from dotenv import dotenv_values

from orchestration.canonical import canonical_tables
from orchestration.landing import committed_loads, pull_table
from orchestration.settings import PROJECT, Settings
from orchestration.sources.source_file import load_source_file

README = (PROJECT / "README.md").read_text("utf-8")
SOURCES = (PROJECT / "docs" / "sources.md").read_text("utf-8")
EXPORT = """订单编号,客户编号,下单时间,实付金额,状态
1,007,2026/03/01 09:30,120.50,已完成
2,007,2026/03/02 18:05,80.00,已取消
"""


def test_the_source_file_of_the_readme_pulls_the_export_that_it_describes(tmp_path: Path) -> None:
    block = README.split("<!-- source-file -->")[1].split("```yaml\n")[1].split("```")[0]
    (tmp_path / "sources.yml").write_text(block, "utf-8")
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "orders_march.csv").write_text(EXPORT, "gb18030")

    source = load_source_file(tmp_path / "sources.yml")
    pull_table("orders", source, tmp_path / "landing", audit=lambda *_: None, report=print)

    (load,) = committed_loads(tmp_path / "landing", "orders")
    with duckdb.connect() as connection:
        landed = connection.execute(
            "select order_id, customer_id, ordered_at, amount, status from read_parquet(?)",
            [str(load.path)],
        ).fetchall()
    assert landed == [
        ("1", "007", "2026-03-01 09:30:00", "120.50", "completed"),
        ("2", "007", "2026-03-02 18:05:00", "80.00", "cancelled"),
    ]


def test_the_canonical_tables_of_the_guide_are_those_of_the_models() -> None:
    rows = re.findall(r"^\| (\w+) \| ([\w, ]+?) \| ?([\w, ]*?) ?\| .* \|$", SOURCES, re.MULTILINE)
    told = {name: (key, needed) for name, key, needed in rows if name != "table"}
    tables = canonical_tables()
    assert set(told) == set(tables)
    for name, (key, needed) in told.items():
        assert key.split(", ") == list(tables[name].key)
        assert set(needed.split(", ")) - {""} == set(tables[name].required) - set(tables[name].key)


def test_the_lines_for_the_file_env_set_what_they_say(tmp_path: Path) -> None:
    block = README.split("<!-- env -->\n")[1].split("\n\n")[0]
    (tmp_path / ".env").write_text(dedent(block), "utf-8")
    said = {name: text or "" for name, text in dotenv_values(tmp_path / ".env").items()}
    settings = Settings.from_environment(said)
    assert settings.sources == Path("/absolute/path/to/my-company/sources.yml")
    assert settings.home == Path("/absolute/path/to/data/companies/my-company")


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make (\w+)", README))))
def test_a_make_target_of_the_readme_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE)
