"""The job finds of a generated company what the generator, which knows no SQL, says is true."""


import pytest
from conftest import MakeSettings
from synthetic import Synthetic

from bench import dirt
from bench.company import AS_OF
from bench.generate import Recipe


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, new_home: MakeSettings) -> Synthetic:
    folder = tmp_path_factory.mktemp("synthetic")
    recipe = Recipe(orders=20_000, dirt=0.01)
    company = Synthetic.generated(folder / "company", new_home(folder / "home"), recipe)
    company.run()
    return company


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
