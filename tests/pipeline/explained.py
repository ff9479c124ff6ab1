"""A finished warehouse with its explanations, for the tests that hold these to their word."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
import yaml
from sqlglot import expressions as sql

from orchestration.policy import Policy, load_policy
from orchestration.settings import Settings

REASONS = "memory.main.reasons"
CUSTOMERS = "memory.main.customers"
# A class that is held is lost by waiting; its gap is as exact as any.
TOLD = {"gap": "true", "loses": "decided_by = 'computed'"}


@dataclass(frozen=True)
class Explained:
    """A warehouse; its reasons, and its customers with all their columns, in memory."""

    con: duckdb.DuckDBPyConnection
    policy: Policy
    types: dict[str, str]

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        return self.con.execute(query, parameters).fetchall()

    def measures(self, kind: str) -> list[tuple[str, str]]:
        """Every scheme and measure by which a customer gains or loses a class of it."""
        found = self.rows(
            f"select distinct scheme, {kind}_measure from {REASONS}"
            f" where {kind}_measure is not null and {TOLD[kind]} order by all"
        )
        return [(scheme, measure) for scheme, measure in found]

    def step(self, measure: str) -> Decimal:
        """The smallest step of a column; what is computed by an expression has eight decimals."""
        kind = self.types.get(measure, "DECIMAL(28,8)")
        return Decimal(10) ** -int(kind[:-1].split(",")[1] if kind.startswith("DECIMAL") else 0)

    def reached(self, scheme: str, measure: str, kind: str, value: str) -> str:
        """SQL: the customers with such a measure, and the class at `value` of it as `reached`."""
        computed, cuts = self._computed(scheme)
        column = measure if measure in self.types else "measured"
        if column != measure:
            expression = _bare(sqlglot.parse_one(measure, dialect="duckdb"))
            computed = computed.transform(
                lambda node: sql.column(column) if _bare(node) == expression else node
            )
        others = f"* exclude ({column})" if column in self.types else "*"
        typed = f"cast({value} as {self.types.get(measure, 'decimal(28, 8)')}) as {column}"
        return (
            f"(with {cuts.sql('duckdb')}, stated as (select * from {REASONS}"
            f" where scheme = '{scheme}' and {kind}_measure = '{measure}' and {TOLD[kind]}),"
            f" supposed as (select customers.{others}, {typed}, stated.class_code,"
            " stated.next_class, stated.loses_class"
            f" from {CUSTOMERS} as customers join stated using (customer_id))"
            f" select customer_id, class_code, next_class, loses_class,"
            f" {computed.sql('duckdb')} as reached from supposed cross join cuts)"
        )

    def _computed(self, scheme: str) -> tuple[sql.Expr, sql.CTE]:
        """The class that its theme computes, and the CTE `cuts` with which that compares."""
        (theme,) = {theme for theme, one in self.policy.schemes() if one.id == scheme}
        ((view,),) = self.rows("select sql from duckdb_views() where view_name = ?", theme)
        tree = sqlglot.parse_one(view.partition(" AS ")[2], dialect="duckdb")
        aliases = {alias.alias: alias.this for alias in tree.find_all(sql.Alias)}
        (cuts,) = [cte for cte in tree.find_all(sql.CTE) if cte.alias == "cuts"]
        return aliases.get(f"{scheme}_computed", aliases[scheme]), cuts


def _bare(node: sql.Expr) -> sql.Expr:
    """An expression without the parentheses that the engine adds when it writes one down."""
    bare: sql.Expr = node.transform(lambda part: part.this if isinstance(part, sql.Paren) else part)
    return bare


@contextmanager
def explained_in(settings: Settings) -> Iterator[Explained]:
    """The explanations of the warehouse that a run has left."""
    policy = load_policy(settings.policy_dir)
    with duckdb.connect() as con:
        con.execute(f"attach '{settings.warehouse}' as warehouse (read_only); use warehouse")
        con.execute(f"create table {CUSTOMERS} as from classification.{policy.enabled[-1]}")
        con.execute(f"create table {REASONS} as from classification.customer_class_reasons")
        described = con.execute(f"describe {CUSTOMERS}").fetchall()
        yield Explained(con, policy, {name: kind for name, kind, *_ in described})


def write_policy(folder: Path, theme: Path) -> None:
    """A policy of one theme, whose metrics and schemes a file holds, and which is switched on."""
    folder.mkdir()
    meta = yaml.safe_load(theme.read_text("utf-8"))
    models = {"models": [{"name": "told", "config": {"meta": meta}}]}
    text = yaml.safe_dump(models, allow_unicode=True, sort_keys=False)
    (folder / "told.yml").write_text(text, "utf-8")
    (folder / "told.sql").write_text("{{ classify() }}\n", "utf-8")
    (folder / "themes.txt").write_text("told\n", "utf-8")
