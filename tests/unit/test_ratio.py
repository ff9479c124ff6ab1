"""Quotients, as the models round them."""

from decimal import Decimal
from typing import Any

import duckdb
import pytest
from dbt_common.clients.jinja import get_environment
from dbt_common.utils.jinja import get_dbt_macro_name

from orchestration.settings import DBT_PROJECT


class Macros:
    """The macros of two files, which find each other as dbt lets them, on DuckDB."""

    def __init__(self, *names: str) -> None:
        files = (DBT_PROJECT / "macros" / f"{name}.sql" for name in names)
        template = get_environment().from_string("".join(file.read_text("utf-8") for file in files))
        known = {"adapter": self, "double_as_decimal": lambda value: self.double_as_decimal(value)}
        self._module = template.make_module(known)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, get_dbt_macro_name(name))

    def dispatch(self, name: str) -> Any:
        return getattr(self, f"duckdb__{name}")


@pytest.fixture(scope="module")
def sql() -> str:
    """The quotient of the columns n and d."""
    return str(Macros("engine", "ratio").ratio("n", "d"))


@pytest.mark.parametrize(
    ("numerator", "denominator", "quotient"),
    [
        ("73786978.00", "1", "73786978"),
        ("33554434.59", "1", "33554434.59"),
        ("99999999999999", "1", "99999999999999"),
        ("-9007199254740991", "2", "-4503599627370495.5"),
        ("9007199254740993", "0.0001", "90071992547409920000"),
        ("10000000000000000", "0.00000001", None),
        ("2", "3", "0.66666667"),
        ("-2", "3", "-0.66666667"),
        ("0.00000001", "2", "0.00000001"),
        ("-0.00000001", "2", "-0.00000001"),
        ("5266129.5875421", "1", "5266129.5875421"),
        ("1", "0", None),
        (None, "1", None),
    ],
)
def test_a_quotient_is_rounded_half_up_to_eight_digits(
    sql: str, numerator: str | None, denominator: str, quotient: str | None
) -> None:
    typed = "select cast(? as decimal(28, 8)) as n, cast(? as decimal(28, 8)) as d"
    with duckdb.connect() as connection:
        found = connection.execute(f"select {sql} from ({typed})", [numerator, denominator])
        assert found.fetchall() == [(None if quotient is None else Decimal(quotient),)]
