"""What is known of the customers of one origin, and of what each did after it, summed up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import duckdb
import numpy as np

from orchestration.duckdb_sql import quote_text
from orchestration.evaluation.gathering import NONE, before, first, gather, held, number
from orchestration.evaluation.origins import HORIZONS
from orchestration.evaluation.sums import BUCKETS, Floats, Sums

# The two windows that the last origins leave time for.
JUDGED = HORIZONS[:2]


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
        self.con, self.day, self.has_earlier = con, origin, bool(earlier)
        closed = con.execute(
            "select distinct horizon_days from outcomes where origin = ?", [origin]
        ).fetchall()
        self.horizons = tuple(each for each in horizons if (each,) in closed)
        self._numbers = numbers
        gather(con, origin, earlier, schemes, self.horizons, numbers)
        self._populations = self._tell_populations(schemes)
        self._ranked = ""

    def _tell_populations(self, schemes: Sequence[str]) -> dict[str, str]:
        """Per scheme a text that is the same where the same customers are classified."""
        told = ", ".join(
            f"count({column}) || ' ' || coalesce(bit_xor(case when {column} is not null"
            " then hash(place) end), 0)"
            for column in map(held, schemes)
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
        return self.sums(held(scheme))

    def of_the_month_before(self, scheme: str) -> Sums:
        """Sums per class that the same customers had at the origin before, NONE for none."""
        self.rank(scheme)
        return self.sums(before(scheme))

    def moves(self, scheme: str) -> Floats:
        """Per bucket: who had a class then and now, and moved; who had one a month earlier, too,
        and went away from it and came back. NONE of it at the first origin.
        """
        now, last, earlier = held(scheme), before(scheme), first(scheme)
        values = np.zeros((BUCKETS, 4))
        for bucket, *row in self.con.execute(
            f"select bucket, count(*), count_if({now} <> {last}), count_if({earlier} is not null),"
            f" count_if({now} <> {last} and {now} is not distinct from {earlier}) from known"
            f" where {now} is not null and {last} <> {quote_text(NONE)} group by bucket"
        ).fetchall():
            values[bucket] = row
        return values.T

    def of_spend(self, scheme: str, sizes: Mapping[str, int]) -> Sums:
        """Sums per band of last year's spend, of these sizes and names, the greatest first."""
        self.rank(scheme)
        bounds, until = [], 0
        for code, size in sizes.items():
            until += size
            bounds.append(f"when spend_place <= {until} then {quote_text(code)}")
        return self.sums(f"case {' '.join(bounds)} end" if bounds else "null")

    def rank(self, scheme: str) -> None:
        """The table `ranked`: whom the scheme classifies, each with ranks among them.

        Ranking takes longest, so it is done once for schemes that classify the same customers and
        are asked for one after another.
        """
        if self._populations[scheme] == self._ranked:
            return
        self._ranked = self._populations[scheme]
        alike = [each for each, those in self._populations.items() if those == self._ranked]
        columns = ["bucket", "place"]
        columns += [f"{kind}_{each}" for each in self.horizons for kind in ("active", "amount")]
        columns += [*map(held, alike), *map(before, alike), *map(number, self._numbers)]
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
            "create or replace temp table ranked as with classified as (select"
            f" {', '.join(columns)} from known where {held(scheme)} is not null)"
            f" select classified.*, row_number() over (order by place) as spend_place{ranks}"
            f" from classified{joins}"
        )

    def sums(self, key: str, relation: str = "ranked") -> Sums:
        """Sums of those that were ranked last, by an expression of their columns."""
        wanted = "".join(
            f", count_if(active_{each}), sum(amount_{each}),"
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
