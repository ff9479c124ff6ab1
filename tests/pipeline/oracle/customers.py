"""Every customer fact of one day, from the landing alone."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd

from .columns import COLUMNS, OWN, unknown_facts
from .contacts import feedback_facts, interaction_facts, opportunity_facts
from .days import day_number, full_years, inside
from .events import Events
from .exact import money, number
from .merges import reader_of
from .orders import line_facts, order_facts
from .rows import Row
from .staged import supplied
from .tables import TABLES


def facts(
    landing: Path,
    as_of: date,
    timezone: str,
    base_currency: str,
    shared_keys: Iterable[tuple[str, str]] = (),
) -> pd.DataFrame:
    """One row for each customer there is on `as_of`, with exactly the columns of customer_facts.

    Values are str, int, bool, date, naive datetime and Decimal; None where nothing is known.
    `shared_keys` are the (table, entry) pairs of the source file whose keys may come twice.
    """
    events = Events(reader_of(landing, timezone, shared_keys), as_of, base_currency.upper())
    unknown = unknown_facts(partial(supplied, landing))
    referrals = _referrals(events)
    rows = [
        {
            "customer_id": customer,
            "as_of_date": as_of,
            **_of_events(customer, events),
            "referral_count_365d": referrals[customer],
            **_of_description(events.described.get(customer, {}), as_of),
        }
        for customer in sorted(events.described.keys() | events.orderers)
        if _exists(customer, events)
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    for fact in unknown:
        frame[fact] = pd.Series([None] * len(frame), dtype=object)
    return frame


def _exists(customer: str, events: Events) -> bool:
    description = events.described.get(customer)
    if description is None:
        return customer in events.orderers
    created = description["created_at"]
    return created is None or day_number(created) <= events.today or events.happened(customer)


def _of_events(customer: str, events: Events) -> Row:
    interactions = events.interactions[customer]
    return {
        **order_facts(events.purchases[customer], events.refunds[customer], events.today),
        **line_facts(events.lines[customer]),
        **interaction_facts(interactions, events.today),
        **opportunity_facts(events.opportunities[customer], interactions, events.today),
        **feedback_facts(events.feedback[customer], events.today),
    }


def _of_description(description: Row, as_of: date) -> Row:
    born = description.get("birth_date")
    kinds = TABLES["customers"].columns
    exact = {"money": money, "number": number}
    own = {}
    for column in OWN:
        value = description.get(column)
        show = exact.get(kinds[column])
        own[column] = show(value) if show and value is not None else value
    return {"age_years": full_years(born, as_of) if born and born <= as_of else None, **own}


def _referrals(events: Events) -> Counter[str]:
    """How many others named each customer and came in the last 365 days."""
    came: Counter[str] = Counter()
    for customer, description in events.described.items():
        bought = [purchase.day for purchase in events.purchases[customer]]
        created = description["created_at"]
        first = day_number(created) if created else min(bought, default=None)
        referrer = description["referrer_id"]
        if referrer not in (None, customer) and first and inside(first, events.today, 365):
            came[referrer] += 1
    return came
