"""What is known of the customers of one origin, and of what each did after it, summed up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import duckdb
import numpy as np

from orchestration.duckdb_files import quote_name
from orchestration.evaluation.origins import HORIZONS
from orchestration.evaluation.sums import BUCKETS, Floats, Sums
from orchestration.policy.values import UNCLASSIFIED, UNKNOWN
from orchestration.sources.sql import literal

# The two windows that the last origins leave time for.
JUDGED = HORIZONS[:2]
# Whoever had no class a month ago.
NONE = ""
BUCKET = f"cast('0x' || substr(md5(facts.customer_id), 1, 8) as bigint) % {BUCKETS}"


def name_codes(con: duckdb.DuckDBPyConnection, schemes: Sequence[str]) -> None:
    """The type `code` of all classes of a panel: two bytes in place of a text, many times over."""
    listed = " union ".join(f"select {quote_name(each)} as code from classes" for each in schemes)
    con.execute(
        "create temp table codes as select code"
        f" from ({listed} union select {literal(NONE)}) where code is not null order by code"
    )
    con.execute("create type code as enum (select code from codes)")


class Origin:
    """The customers of one origin, in temporary tables of a connection that knows the codes."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        origin: date,
        earlier: Sequence[date],
        schemes: Sequence[str],
        horizons: Sequence[int] = JUDGED,
        numbers: Sequence[str] = (),
    ) -> None:
        """`earlier` are the origins before it, in order; `schemes` are columns of classes.

        `numbers` are columns of facts or classes that are kept, too; see `number`.
        """
        self.con = con
        closed = con.execute(
            "select distinct horizon_days from outcomes where origin = ?", [origin]
        ).fetchall()
        self.horizons = tuple(each for each in horizons if (each,) in closed)
        self._gather(origin, earlier, schemes, numbers)
        self._populations = self._tell_populations(schemes)
        self._ranked = ""

    def _gather(
        self,
        origin: date,
        earlier: Sequence[date],
        schemes: Sequence[str],
        numbers: Sequence[str],
    ) -> None:
        """The table `known`: a row per customer, with the classes, and what followed."""
        after = "".join(
            f", cast(o{each}.net_amount * 10000 as bigint) as amount_{each},"
            f" o{each}.is_active as active_{each}"
            for each in self.horizons
        )
        joins = "".join(
            f" join outcomes as o{each} on o{each}.customer_id = facts.customer_id"
            f" and o{each}.origin = facts.origin and o{each}.horizon_days = {each}"
            for each in self.horizons
        )
        classes = "".join(
            f", {_placed('now', each)}::code as {quote_name(each)}"
            f", coalesce({_placed('before', each)}, {literal(NONE)})::code as {_before(each)}"
            f", {_placed('first', each)}::code as {_first(each)}"
            for each in schemes
        )
        facts = {row[0] for row in self.con.execute("describe facts").fetchall()}
        kept = "".join(
            f", {'facts' if each in facts else 'now'}.{quote_name(each)} as {number(each)}"
            for each in numbers
        )
        self.con.execute(
            f"create or replace temp table known as select {BUCKET} as bucket,"
            " row_number() over (order by facts.net_amount_365d desc nulls last,"
            f" md5(facts.customer_id)) as place{after}{classes}{kept}"
            " from facts join classes as now using (origin, customer_id)"
            " left join classes as before on before.customer_id = facts.customer_id"
            " and before.origin = $before"
            " left join classes as first on first.customer_id = facts.customer_id"
            f" and first.origin = $first{joins} where facts.origin = $origin",
            {
                "origin": origin,
                "before": earlier[-1] if earlier else None,
                "first": earlier[-2] if len(earlier) > 1 else None,
            },
        )

    def _tell_populations(self, schemes: Sequence[str]) -> dict[str, str]:
        """Per scheme a text that is the same where the same customers are classified."""
        told = ", ".join(
            f"count({column}) || ' ' || coalesce(bit_xor(case when {column} is not null"
            " then hash(place) end), 0)"
            for column in map(quote_name, schemes)
        )
        row = self.con.execute(f"select {told} from known").fetchone()
        assert row is not None
        return dict(zip(schemes, row, strict=True))

    def schemes(self) -> list[str]:
        """The schemes; those that classify the same customers stand beside each other."""
        return sorted(self._populations, key=lambda each: (self._populations[each], each))

    def of(self, scheme: str) -> Sums:
        """Sums per class of the scheme."""
        self.rank(scheme)
        return self.sums(quote_name(scheme))

    def of_the_month_before(self, scheme: str) -> Sums:
        """Sums per class that the same customers had at the origin before, NONE for none."""
        self.rank(scheme)
        return self.sums(_before(scheme))

    def moves(self) -> dict[str, Floats]:
        """Per scheme and bucket: who had a class then and now, and moved; who had one a month
        earlier, too, and went away from it and came back. NONE of it at the first origin.
        """
        schemes = list(self._populations)
        counted = ", ".join(
            f"count(*) filter (where {condition})"
            for now, before, first in ((quote_name(e), _before(e), _first(e)) for e in schemes)
            for condition in (
                f"{now} is not null and {before} <> ''",
                f"{now} is not null and {before} <> '' and {now} <> {before}",
                f"{now} is not null and {before} <> '' and {first} is not null",
                f"{now} = {first} and {before} <> '' and {now} <> {before}",
            )
        )
        values = np.zeros((BUCKETS, 4 * len(schemes)))
        for bucket, *row in self.con.execute(
            f"select bucket, {counted} from known group by bucket"
        ).fetchall():
            values[bucket] = row
        each = values.T.reshape(len(schemes), 4, BUCKETS)
        return dict(zip(schemes, each, strict=True))

    def of_spend(self, scheme: str, sizes: Mapping[str, int]) -> Sums:
        """Sums per band of last year's spend, of these sizes and names, the greatest first."""
        self.rank(scheme)
        bounds, until = [], 0
        for code, size in sizes.items():
            until += size
            bounds.append(f"when spend_place <= {until} then {literal(code)}")
        return self.sums(f"case {' '.join(bounds)} end" if bounds else "null")

    def rank(self, scheme: str) -> None:
        """The table `ranked`: whom the scheme classifies, each with ranks among them.

        Ranking takes longest, so it is done once for schemes that classify the same customers and
        are asked for one after another.
        """
        if self._populations[scheme] == self._ranked:
            return
        self._ranked = self._populations[scheme]
        column = quote_name(scheme)
        self.con.execute(
            f"create or replace temp table classified as select * from known where {column}"
            " is not null"
        )
        ranks = "".join(
            f", 2 * r{each}.below + r{each}.equal + 1 as rank_{each}" for each in self.horizons
        )
        joins = "".join(
            f" join (select amount_{each}, count(*) as equal, cast(sum(count(*)) over"
            f" (order by amount_{each}) - count(*) as bigint) as below from classified"
            f" group by amount_{each}) as r{each} using (amount_{each})"
            for each in self.horizons
        )
        self.con.execute(
            "create or replace temp table ranked as select classified.*,"
            f" row_number() over (order by place) as spend_place{ranks} from classified{joins}"
        )

    def sums(self, key: str, relation: str = "ranked") -> Sums:
        """Sums of those that were ranked last, by an expression of their columns."""
        wanted = "".join(
            f", count(*) filter (where active_{each}), sum(amount_{each}),"
            f" sum(rank_{each}), sum(rank_{each} * rank_{each})"
            for each in self.horizons
        )
        rows = self.con.execute(
            f"select {key} as code, bucket, count(*){wanted} from {relation}"
            " group by all order by code, bucket"
        ).fetchall()
        codes = tuple(sorted({str(row[0]) for row in rows}))
        place = {code: position for position, code in enumerate(codes)}
        values = np.zeros((1 + 4 * len(self.horizons), len(codes), BUCKETS))
        for code, bucket, *numbers in rows:
            values[:, place[code], bucket] = [float(number) for number in numbers]

        def each(which: int) -> dict[int, Floats]:
            return {
                horizon: values[1 + 4 * position + which]
                for position, horizon in enumerate(self.horizons)
            }

        return Sums(codes, values[0], each(0), each(1), each(2), each(3))


def number(column: str) -> str:
    """Where a column that is kept stands in `ranked`."""
    return quote_name(f"{column} number")


def _placed(relation: str, scheme: str) -> str:
    """SQL of a class, NULL where it has no place in an order."""
    column = f"{relation}.{quote_name(scheme)}"
    none = ", ".join(map(literal, (UNCLASSIFIED, UNKNOWN)))
    return f"case when {column} not in ({none}) then {column} end"


def _before(scheme: str) -> str:
    return quote_name(f"{scheme} before")


def _first(scheme: str) -> str:
    return quote_name(f"{scheme} first")
