"""The job finds of a generated company what the generator, which knows no SQL, says is true."""

import hashlib
from pathlib import Path

import duckdb
import pytest
from home_fixtures import MakeSettings
from synthetic import Synthetic

from bench import dirt
from bench.company import AS_OF, TOMORROW
from bench.generate import EXPORTS, Recipe, generate
from bench.home import Home
from bench.script import run_script


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, new_home: MakeSettings) -> Synthetic:
    folder = tmp_path_factory.mktemp("synthetic")
    recipe = Recipe(orders=20_000, dirt=0.01)
    company = Synthetic.generated(folder / "company", new_home(folder / "home"), recipe)
    company.run()
    return company


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_totals_fates_and_reasons_are_those_that_were_planted(small: Synthetic) -> None:
    assert small.found() == small.truth(AS_OF)


def test_every_kind_of_dirt_was_planted(small: Synthetic) -> None:
    kinds = {
        "orders": dirt.ORDERS,
        "customers": dirt.CUSTOMERS,
        "refunds": dirt.REFUNDS,
        "exchange_rates": dirt.EXCHANGE_RATES,
    }
    planted = small.truth(AS_OF)
    for table, flaws in kinds.items():
        reasons = {flaw.reason for flaw in flaws if flaw.reason}
        assert set(planted["quarantined"][table]) == reasons
        fates = {fate for flaw in flaws for fate in (flaw.fate, flaw.extra) if fate}
        assert set(planted["fates"][table]) == fates | {"staged"}


def test_the_script_writes_the_published_tables_to_the_byte(
    small: Synthetic, tmp_path: Path
) -> None:
    run_script(small.settings.landing, tmp_path, AS_OF)
    current = small.settings.releases / "current"
    for table in ("customer_facts.parquet", "customer_classes.parquet"):
        assert (tmp_path / table).read_bytes() == (current / table).read_bytes()


@pytest.mark.parametrize("peer", ["pandas", "polars"])
def test_a_peer_finds_the_published_facts(small: Synthetic, tmp_path: Path, peer: str) -> None:
    pytest.importorskip(peer)
    home = Home(Recipe(orders=20_000), tmp_path)
    home.run.mkdir(parents=True)
    home.home.symlink_to(small.settings.home)
    assert home.run_peer(peer).seconds > 0


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    for name, seed in {"first": 1, "same": 1, "other": 2}.items():
        generate(tmp_path / name, Recipe(orders=2_000, seed=seed))
    first, same, other = (digests(tmp_path / name) for name in ("first", "same", "other"))
    assert first == same
    assert [name for name in first if first[name] == other[name]] == ["exports/sources.yml"]


def test_csv_exports_hold_the_same_cells(tmp_path: Path) -> None:
    for kind in ("parquet", "csv"):
        generate(tmp_path / kind, Recipe(orders=2_000, format=kind))
    for path in (tmp_path / "parquet" / EXPORTS).glob("*.parquet"):
        text = tmp_path / "csv" / EXPORTS / f"{path.stem}.csv"
        with duckdb.connect() as con:
            cells = con.execute(f"from '{path}'").fetchall()
            read = con.execute(f"from read_csv('{text}', all_varchar = true)").fetchall()
        # A CSV file cannot tell an empty text from none.
        assert read == [tuple(cell or None for cell in row) for row in cells]


@pytest.mark.slow
def test_many_orders_and_the_day_after_are_exact(tmp_path: Path, new_home: MakeSettings) -> None:
    # More than the generator draws at once; `make bench` holds ten times as many to the same.
    recipe = Recipe(orders=600_000, dirt=0.01)
    company = Synthetic.generated(tmp_path / "company", new_home(tmp_path / "home"), recipe)
    company.run()
    assert company.found() == company.truth(AS_OF)
    company.run_next_day()
    assert company.found() == company.truth(TOMORROW)
