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

# More than lands in one batch or fits a row group; `make bench` holds far more to the same.
RECIPE = Recipe(orders=200_000, dirt=0.01)


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory, new_home: MakeSettings) -> Synthetic:
    """A company drawn in four parts, after its first run. Only read it, or copy it."""
    folder = tmp_path_factory.mktemp("synthetic")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bench.generate.ROWS_PER_PART", 60_000)
        company = Synthetic.generated(folder / "company", new_home(folder / "home"), RECIPE)
    company.run()
    return company


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_totals_fates_and_reasons_are_those_that_were_planted(generated: Synthetic) -> None:
    assert generated.found() == generated.truth(AS_OF)


def test_every_kind_of_dirt_was_planted(generated: Synthetic) -> None:
    kinds = {
        "orders": dirt.ORDERS,
        "customers": dirt.CUSTOMERS,
        "refunds": dirt.REFUNDS,
        "exchange_rates": dirt.EXCHANGE_RATES,
    }
    planted = generated.truth(AS_OF)
    for table, flaws in kinds.items():
        reasons = {flaw.reason for flaw in flaws if flaw.reason}
        assert set(planted["quarantined"][table]) == reasons
        fates = {fate for flaw in flaws for fate in (flaw.fate, flaw.extra) if fate}
        assert set(planted["fates"][table]) == fates | {"staged"}


def test_the_script_writes_the_published_tables_to_the_byte(
    generated: Synthetic, tmp_path: Path
) -> None:
    run_script(generated.settings.landing, tmp_path, AS_OF)
    current = generated.settings.releases / "current"
    for table in ("customer_facts.parquet", "customer_classes.parquet"):
        assert (tmp_path / table).read_bytes() == (current / table).read_bytes()


@pytest.mark.parametrize("peer", ["pandas", "polars"])
def test_a_peer_finds_the_published_facts(generated: Synthetic, tmp_path: Path, peer: str) -> None:
    pytest.importorskip(peer)
    home = Home(RECIPE, tmp_path)
    home.run.mkdir(parents=True)
    home.home.symlink_to(generated.settings.home)
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
def test_the_day_after_is_exact(generated: Synthetic, tmp_path: Path) -> None:
    company = generated.copy(tmp_path)
    company.run_next_day()
    assert company.found() == company.truth(TOMORROW)
