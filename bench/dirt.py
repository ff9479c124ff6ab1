"""What is wrong with the company's exports, on purpose.

A flaw spoils the cells of one row. A doubling adds a second row with the same key. Each knows what
has to become of its rows, by the rules in README.md and the staging yml files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from bench.company import Ints

QUARANTINED = "quarantined"


@dataclass(frozen=True)
class Flaw:
    """One kind of dirt.

    Attributes:
        fate: of the row that carries it.
        reason: why it is quarantined.
        cells: the texts that it puts into columns; None is no value.
        extra: fate of a second row with the same key, None when there is none.
    """

    fate: str
    reason: str | None = None
    cells: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))
    extra: str | None = None


def bad(reason: str, **cells: str | None) -> Flaw:
    """A row that is quarantined for its cells."""
    return Flaw(QUARANTINED, reason, cells)


DUPLICATE = Flaw("staged", extra="duplicate")
OLDER_VERSION = Flaw("staged", extra="superseded")
CONFLICT = Flaw(QUARANTINED, "conflicting_versions", extra=QUARANTINED)
TWO_ENTRIES = Flaw(QUARANTINED, "key_from_two_entries", extra=QUARANTINED)
DELETED = Flaw("deleted", cells={"is_deleted": "true"})
# Staged like any other row; what is odd about them is made where orders are made.
FUTURE = Flaw("staged")
ZERO = Flaw("staged")
UNKNOWN_CUSTOMER = Flaw("staged")

ORDERS = (
    bad("blank_key", order_id=" "),
    bad("missing_required", customer_id=None),
    bad("missing_required", ordered_at=""),
    bad("missing_required", amount=None),
    bad("not_a_number", amount="n/a"),
    bad("not_a_number", discount_amount="1,000.00"),
    bad("not_a_number", cost_amount="12.5 CNY"),
    bad("out_of_range", amount="100000000000000"),
    # Fits by itself, and no more at the rate of the day.
    bad("out_of_range", amount="99000000000000", currency="USD"),
    bad("not_a_timestamp", ordered_at="31/12/2024 10:00"),
    bad("not_a_timestamp", ordered_at="2025-02-30 10:00:00"),
    bad("not_a_timestamp", updated_at="yesterday"),
    bad("not_a_boolean", is_deleted="maybe"),
    Flaw("waiting", cells={"currency": "GBP"}),
    DELETED,
    DUPLICATE,
    OLDER_VERSION,
    CONFLICT,
    TWO_ENTRIES,
    FUTURE,
    ZERO,
    UNKNOWN_CUSTOMER,
)
CUSTOMERS = (
    bad("blank_key", customer_id=None),
    bad("unknown_value", party_kind="alien"),
    bad("not_a_date", birth_date="1980"),
    bad("not_an_integer", household_size="2.5"),
    bad("not_a_number", credit_score="good"),
    bad("out_of_range", contract_amount="1e20"),
    bad("not_a_timestamp", created_at="2024-13-01"),
    bad("not_a_boolean", is_opted_out="perhaps"),
    DELETED,
    DUPLICATE,
    OLDER_VERSION,
    CONFLICT,
    FUTURE,
)
REFUNDS = (
    bad("blank_key", refund_id=""),
    bad("missing_required", order_id=None, customer_id=" "),
    bad("missing_required", refunded_at=None),
    bad("not_a_number", amount="-"),
    bad("out_of_range", amount="-5.00"),
    bad("not_a_timestamp", refunded_at="soon"),
    # Staged, and nobody's: there is no such order.
    Flaw("staged", cells={"order_id": "o-lost", "customer_id": None}),
    DUPLICATE,
    CONFLICT,
)
EXCHANGE_RATES = (
    bad("blank_key", currency=" "),
    bad("missing_required", rate_to_base=None),
    bad("not_a_number", rate_to_base="7,1"),
    bad("out_of_range", rate_to_base="0"),
    bad("not_a_date", rate_date="20250101"),
)


def plant(rng: np.random.Generator, rows: int, flaws: Sequence[Flaw], dirt: float) -> Ints:
    """Choose the dirty rows: per row the number of its flaw, -1 for none; each flaw as often."""
    # Rounded down: a share that a gate allows is never exceeded.
    each = int(rows * dirt / len(flaws))
    planted = np.full(rows, -1, dtype=np.int64)
    chosen = rng.permutation(rows)[: each * len(flaws)]
    planted[chosen] = np.arange(len(chosen)) % len(flaws)
    return planted


def having(planted: Ints, flaws: Sequence[Flaw], *wanted: Flaw) -> Ints:
    """The positions of the rows that carry one of the wanted flaws."""
    numbers = [number for number, flaw in enumerate(flaws) if any(flaw is one for one in wanted)]
    return np.flatnonzero(np.isin(planted, numbers))


def is_staged(planted: Ints, flaws: Sequence[Flaw]) -> npt.NDArray[np.bool_]:
    """True for each key of which a row is staged."""
    staged = np.array([*(flaw.fate == "staged" for flaw in flaws), True])
    # -1, no flaw, reaches the last.
    found: npt.NDArray[np.bool_] = staged[planted]
    return found


def spoil(table: pa.Table, planted: Ints, flaws: Sequence[Flaw]) -> pa.Table:
    """Put the texts of the flaws into the cells of the rows that carry them."""
    for number, flaw in enumerate(flaws):
        if not flaw.cells:
            continue
        carries = pa.array(planted == number)
        for column, text in flaw.cells.items():
            place = table.schema.get_field_index(column)
            spoilt = pc.if_else(carries, pa.scalar(text, pa.string()), table.column(place))
            table = table.set_column(place, column, spoilt)
    return table
