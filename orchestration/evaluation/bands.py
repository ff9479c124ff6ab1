"""Customers of one origin in fine bands of a value, of which any classes by it are merged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from orchestration.evaluation.changes import Cut, Numbers
from orchestration.evaluation.known import Origin
from orchestration.evaluation.sums import Sums


@dataclass(frozen=True)
class Bands:
    """Sums per band of a value, from the least up, cut wherever classes may be.

    Attributes:
        first: per cut, the least band that it takes in.
        sums: a row per band.
    """

    first: Mapping[Cut, int]
    sums: Sums

    @classmethod
    def of(cls, known: Origin, value: str, cuts: Iterable[Cut]) -> Bands:
        """Of those who were ranked last; `value` is SQL of what `known` keeps."""
        wanted = set(cuts)
        shares = sorted(bound for key, bound in wanted if key == "top")
        reached = dict(zip(shares, values_at(known, value, shares), strict=True))
        bounds = {cut: reached[cut[1]] if cut[0] == "top" else cut[1] for cut in wanted}
        starts = sorted({bound for bound in bounds.values() if bound is not None})
        arms = "".join(
            f" when value >= {start:f} then '{band}'"
            for band, start in reversed(list(enumerate(starts, start=1)))
        )
        key = f"case{arms} else '0' end" if arms else "'0'"
        sums = known.sums(key, _valued(value)).in_order(
            [str(band) for band in range(len(starts) + 1)]
        )
        # A share of nobody takes in no band.
        place = {None: len(starts) + 1} | {start: band for band, start in enumerate(starts, 1)}
        return cls({cut: place[bound] for cut, bound in bounds.items()}, sums)

    def classed(self, numbers: Numbers) -> Sums:
        """Sums per class, the best first, by numbers whose cuts the bands were made for."""
        rows: list[list[int]] = [[] for _ in numbers.classes]
        for band in range(len(self.sums.codes)):
            rows[self._class_of(band, numbers.classes)].append(band)
        return self.sums.gathered([str(position) for position in range(len(rows))], rows)

    def _class_of(self, band: int, classes: Sequence[Collection[Cut]]) -> int:
        return next(
            position
            for position, cuts in enumerate(classes)
            if all(self.first[cut] <= band for cut in cuts)
        )


def values_at(known: Origin, value: str, shares: Sequence[Decimal]) -> list[Decimal | None]:
    """The value that the best share of customers reaches, for each share; a tie goes up whole."""
    if not shares:
        return []
    wanted = ", ".join(
        f"min(value) filter (where 100 * above < {100 * share:f} * everybody)" for share in shares
    )
    row = known.con.execute(
        "with counted as (select value, count(*) as customers from"
        f" {_valued(value)} where value is not null group by value),"
        " placed as (select value, sum(customers) over () as everybody,"
        " sum(customers) over (order by value desc) - customers as above from counted)"
        f" select {wanted} from placed"
    ).fetchone()
    assert row is not None
    return list(row)


def _valued(value: str) -> str:
    """Computed once for each customer, however often it is compared."""
    return f"(select *, {value} as value from ranked)"
