"""What of a panel is enough to compute every measure: sums per class and bucket of customers.

Customers are put into buckets by a hash of their ids, so that drawing buckets again stands for
drawing customers again, over all origins at once. The engine sums whole numbers, exactly; what is
drawn is small, however many customers there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BUCKETS = 200
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sums:
    """Sums of the customers of one scheme at one origin; each array has a row per class or band.

    Attributes:
        codes: the classes of the rows.
        customers: how many, per bucket.
        active: per horizon, how many bought after the origin.
        amounts: per horizon, what they bought, in units of 0.0001.
        ranks, squares: per horizon, the sum of twice the rank of what they bought among all whom
            the scheme classifies, ties sharing the middle; and the sum of its square.
    """

    codes: tuple[str, ...]
    customers: Floats
    active: Mapping[int, Floats]
    amounts: Mapping[int, Floats]
    ranks: Mapping[int, Floats]
    squares: Mapping[int, Floats]

    def in_order(self, order: Sequence[str]) -> Sums:
        """The same with the rows of these classes, a row of nobody where one is missing."""
        place = {code: row for row, code in enumerate(self.codes)}
        return self.gathered(order, [[place[code]] if code in place else [] for code in order])

    def gathered(self, codes: Sequence[str], rows: Sequence[Sequence[int]]) -> Sums:
        """Rows added up: for each of the codes those with these numbers."""

        def moved(values: Floats) -> Floats:
            added = [values[list(each)].sum(axis=0) for each in rows]
            return np.stack(added) if added else np.zeros((0, BUCKETS))

        def each(values: Mapping[int, Floats]) -> dict[int, Floats]:
            return {horizon: moved(array) for horizon, array in values.items()}

        return Sums(
            tuple(codes),
            moved(self.customers),
            each(self.active),
            each(self.amounts),
            each(self.ranks),
            each(self.squares),
        )
