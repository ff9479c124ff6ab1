"""The source files of the guide to sources load as shown, and files land as it tells."""

import re
from pathlib import Path

import pytest

from orchestration.landing import Load, committed_loads, pull_table
from orchestration.settings import PROJECT
from orchestration.sources.source_file import load_source_file

BLOCKS = re.findall(
    r"```yaml\n(timezone.*?)```", (PROJECT / "docs" / "sources.md").read_text("utf-8"), re.S
)


class Drops:
    """A company whose till drops a file a day, read once by a path and once by a query."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.describes(constants="{}")

    def describes(self, constants: str) -> None:
        """Write its source file."""
        (self.folder / "sources.yml").write_text(
            "timezone: UTC\nbase_currency: EUR\ntables:\n  orders:\n"
            f"  - {{name: by_path, from: files, path: '*.csv', constants: {constants}}}\n"
            "  - {name: by_query, from: files, files: {t: '*.csv'}, query: select * from t}\n",
            "utf-8",
        )

    def drops(self, name: str, amount: int) -> None:
        """Write the file of a day, with one order."""
        (self.folder / f"{name}.csv").write_text(
            f"order_id,customer_id,ordered_at,amount\n{name},7,2026-03-0{name},{amount}\n", "utf-8"
        )

    def lands(self) -> dict[str, list[int]]:
        """Pull, and tell the rows of each load that came, by entry."""
        source = load_source_file(self.folder / "sources.yml")
        landing = self.folder / "landing"
        pulled = pull_table("orders", source, landing, audit=lambda *_: None, report=lambda _: None)
        came: dict[str, list[int]] = {}
        for load in pulled.landed:
            came.setdefault(load.entry, []).append(load.rows)
        return came

    def in_force(self, entry: str) -> list[Load]:
        """The loads of an entry that no other one replaces."""
        loads = committed_loads(self.folder / "landing", "orders")
        return [load for load in loads if load.entry == entry and not load.superseded_by]


@pytest.mark.parametrize("block", BLOCKS)
def test_a_source_file_of_the_guide_loads(block: str, tmp_path: Path) -> None:
    path = tmp_path / "sources.yml"
    path.write_text(block, "utf-8")
    source = load_source_file(path)
    assert source.tables


def test_the_guide_shows_source_files() -> None:
    assert len(BLOCKS) >= 2


def test_a_new_file_lands_alone_by_path_and_all_of_them_again_by_query(tmp_path: Path) -> None:
    company = Drops(tmp_path)
    company.drops("1", amount=10)
    assert company.lands() == {"by_path": [1], "by_query": [1]}
    company.drops("2", amount=20)
    assert company.lands() == {"by_path": [1], "by_query": [2]}
    assert company.lands() == {}


def test_an_overwritten_file_is_one_more_load_and_a_removed_one_stays(tmp_path: Path) -> None:
    company = Drops(tmp_path)
    company.drops("1", amount=10)
    company.drops("2", amount=20)
    company.lands()
    company.drops("2", amount=21)
    assert company.lands()["by_path"] == [1]
    (tmp_path / "1.csv").unlink()
    assert company.lands() == {"by_query": [1]}
    assert len(company.in_force("by_path")) == 3


def test_a_new_mapping_replaces_only_what_is_still_there(tmp_path: Path) -> None:
    company = Drops(tmp_path)
    company.drops("1", amount=10)
    company.drops("2", amount=20)
    company.lands()
    (tmp_path / "1.csv").unlink()
    company.describes(constants="{status: completed}")
    assert company.lands()["by_path"] == [1]
    supplied = ["status" in load.columns for load in company.in_force("by_path")]
    assert sorted(supplied) == [False, True]
