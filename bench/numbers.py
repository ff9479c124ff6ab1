"""The numbers that the project has set itself, each with its bound and what was measured of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Results = Mapping[str, Mapping[str, Any]]
Found = Mapping[str, Any]


@dataclass(frozen=True)
class Number:
    """One of them.

    Attributes:
        told: what is measured, at which size.
        most: the bound.
        unit: of the bound and of what is measured: times, s or GiB.
        result: the name of the result that tells it.
        value: the number, from that result; None when it does not tell it.
    """

    told: str
    most: float
    unit: str
    result: str
    value: Callable[[Found], float | None]

    def row(self, results: Results) -> tuple[str, str, str, str]:
        """Told, bound, measured, met or not."""
        found = results.get(self.result)
        value = self.value(found) if found else None
        bound = f"at most {self.most:g} {self.unit}"
        if found is None or value is None:
            return self.told, bound, "–", "not measured at this size"
        return self.told, bound, f"{value:.2f} {self.unit}", "met" if value <= self.most else "no"


FULL, INCREMENTAL, LIMITED = "orders-10000000", "continued-100000000", "limited-100000000"
RELEASING, TINY = "releasing-100000000", "tiny"


def seconds_of(took: Any) -> float:
    """Wall seconds of what is kept as a process, or as seconds alone."""
    return float(took["seconds"] if isinstance(took, Mapping) else took)


def _ratio(part: str, whole: str) -> Callable[[Found], float]:
    return lambda found: seconds_of(found[part]) / seconds_of(found[whole])


def _memory(found: Found) -> float:
    return float(found["again"]["peak_gib"] / found["script"]["peak_gib"])


def _gates(found: Found) -> float:
    return float(found["gate_1"] + found["gate_2"] + found["gate_3"])


def _publishing(found: Found) -> float:
    return float(found["publish"] / (found["copy"] + found["parquet"]))


def _gib(found: Found) -> float:
    return float(found["peak_gib"])


NUMBERS: Sequence[Number] = (
    Number(
        "full rebuild, 10 million orders: models to the script",
        *(1.1, "times", FULL, _ratio("models", "script")),
    ),
    Number(
        "full rebuild, 10 million orders: a whole run, landing there, to the script",
        *(2, "times", FULL, _ratio("again", "script")),
    ),
    Number("the same: memory to that of the script", 1.3, "times", FULL, _memory),
    Number(
        "100,000 new or changed of 100 million orders: facts to a full rebuild of them",
        *(0.20, "times", INCREMENTAL, _ratio("next_facts", "anew_facts")),
    ),
    Number(
        "the same: the whole day to a whole day that rebuilds",
        *(0.35, "times", INCREMENTAL, _ratio("next", "again")),
    ),
    Number("100 million orders in 3 GiB: memory of the process", 3, "GiB", LIMITED, _gib),
    Number("all gates, 10 million customers", 10, "s", RELEASING, _gates),
    Number(
        "publishing 10 million customers to a file copy and one writing of Parquet",
        *(1.5, "times", RELEASING, _publishing),
    ),
    Number(
        "300 orders: process start to published",
        *(15, "s", TINY, lambda found: seconds_of(found["first"])),
    ),
    Number(
        "300 orders: each further day of a backfill",
        *(2, "s", TINY, lambda found: seconds_of(found["further_day"])),
    ),
)
