"""Tables on a terminal of usual width tell ids, codes, numbers and days whole."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from orchestration.advising import Kept
from orchestration.drift import Bound, Drift, Metric
from orchestration.erasing.requests import Request
from orchestration.identity import Candidates
from orchestration.preview import Moved, Mover, Preview
from orchestration.showing.advice import show_advice
from orchestration.showing.erasures import show_requests
from orchestration.showing.identity import show_candidates
from orchestration.showing.moves import show_drift, show_preview

DAY, NET = date(2024, 5, 31), Decimal("1234567.89")
ONE = "3f2b8c1e-7d4a-4e6f-9a1b-2c3d4e5f6a7b"
OTHER = "9c8b7a6f-5e4d-4c3b-8a2f-1e0d9c8b7a6f"
WAS, NOW = "terminal.commercial.opportunity", "terminal.commercial.regional_key_account"
SCHEME, PART, PLACE = "price_sensitivity_of_shoppers", "promo_order_share", "dimensions.promo.at[0]"
PREVIEW = Preview(
    day=DAY,
    moved=(Moved(SCHEME, WAS, NOW, 12, NET),),
    top_movers=(Mover(ONE, SCHEME, WAS, NOW, NET),),
    added=(),
    removed=(),
    empty=(),
    refusals=(),
    warehouse=Path("w"),
)
DRIFT = Drift(
    day=DAY,
    metrics=(Metric(SCHEME, PART, DAY, Decimal("0.3")),),
    bounds=(Bound(SCHEME, PART, NOW, NET, NET),),
    preview=PREVIEW,
)
REQUEST = Request(
    request_id="000001-1a2b3c4d",
    asked_at=datetime(2024, 6, 1, tzinfo=UTC),
    by="li.na.from.compliance@example.com",
    reason="by letter",
    salt="",
    people=(),
    days={"2024-05-31": 1},
    finished_at=datetime(2024, 6, 1, tzinfo=UTC),
)
PAIR = (ONE, OTHER, True, True, True, False)
ADVICE = Kept(SCHEME, PLACE, "30000", "35000", *(Decimal("0.3"),) * 4, "en", "zh")


@pytest.mark.parametrize(
    "show",
    [
        lambda to: show_candidates(to, Candidates([PAIR], 1, [], False)),
        lambda to: show_preview(to, PREVIEW),
        lambda to: show_drift(to, DRIFT),
        lambda to: show_advice(to, [ADVICE], "en"),
        lambda to: show_requests(to, [REQUEST]),
    ],
    ids=["identity", "preview", "drift", "advice", "erasures"],
)
def test_nothing_of_a_table_is_cut_off(show: Callable[[Console], None]) -> None:
    assert letters(show, width=80) == letters(show, width=400)


def letters(show: Callable[[Console], None], width: int) -> Counter[str]:
    """How often each letter and digit is printed, wherever its line ends."""
    console = Console(file=(out := StringIO()), width=width, markup=False, emoji=False)
    show(console)
    return Counter(filter(str.isalnum, out.getvalue()))
