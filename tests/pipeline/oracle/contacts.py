"""What a customer's interactions, opportunities and feedback say about it on one day."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from .days import day_number, inside
from .exact import number, quotient

CONTACTS = frozenset({"call", "visit", "email", "campaign"})
ENGAGEMENTS = frozenset({"browse", "reply", "coupon"})


class Interaction(NamedTuple):
    """One contact, at a naive moment of the business zone."""

    moment: datetime
    kind: str
    direction: str | None


class Opportunity(NamedTuple):
    """One possible sale, at naive moments of the business zone; None where it has not happened."""

    created: datetime
    closed: datetime | None
    quoted: datetime | None
    stage: str
    is_won: bool | None

    @property
    def won(self) -> bool:
        """What is_won says, or the stage when that is blank."""
        return self.stage == "won" if self.is_won is None else self.is_won

    def over(self, today: int) -> bool:
        """Closed by today; one without a closing moment is when it is won, or its stage lost."""
        if self.closed is not None:
            return day_number(self.closed) <= today
        return self.won or self.stage == "lost"


class Feedback(NamedTuple):
    """One opinion; the score in units of the eighth decimal."""

    feedback_id: str
    moment: datetime
    kind: str
    topic: str | None
    score: int | None
    resolved: int | None


def interaction_facts(interactions: Sequence[Interaction], today: int) -> dict[str, object]:
    """The facts of one customer's interactions."""

    def count(kinds: Iterable[str], window: int) -> int:
        return sum(
            event.kind in kinds and inside(day_number(event.moment), today, window)
            for event in interactions
        )

    contacts = [event for event in interactions if event.kind in CONTACTS]
    engaged = [
        event for event in interactions if event.direction == "in" or event.kind in ENGAGEMENTS
    ]
    return {
        "contact_count_90d": count(CONTACTS, 90),
        "browse_count_90d": count({"browse"}, 90),
        "reply_count_90d": count({"reply"}, 90),
        "last_contact_days": _days_since_last(contacts, today),
        "last_engaged_days": _days_since_last(engaged, today),
        "campaign_count_365d": count({"campaign"}, 365),
        "coupon_count_365d": count({"coupon"}, 365),
        "support_request_count_365d": count({"support"}, 365),
    }


def _days_since_last(events: Iterable[Interaction], today: int) -> int | None:
    days = [day for event in events if (day := day_number(event.moment)) <= today]
    return today - max(days) if days else None


def opportunity_facts(
    opportunities: Sequence[Opportunity], interactions: Sequence[Interaction], today: int
) -> dict[str, object]:
    """The facts of one customer's opportunities and quotes."""
    known = [chance for chance in opportunities if day_number(chance.created) <= today]
    events = [event for event in interactions if day_number(event.moment) <= today]
    quotes = [
        *(chance.quoted for chance in known if chance.quoted is not None),
        *(event.moment for event in events if event.kind == "quote"),
    ]
    quoted = max((quote for quote in quotes if day_number(quote) <= today), default=None)
    replied = [event.moment for event in events if event.kind == "reply"]
    return {
        "open_opportunity_count": sum(not chance.over(today) for chance in known),
        "won_opportunity_count": sum(chance.over(today) and chance.won for chance in known),
        "last_quote_date": quoted.date() if quoted else None,
        "replied_after_quote": any(reply > quoted for reply in replied) if quoted else None,
    }


def feedback_facts(feedback: Sequence[Feedback], today: int) -> dict[str, object]:
    """The facts of one customer's surveys, reviews and complaints."""
    heard = [item for item in feedback if day_number(item.moment) <= today]
    year = [item for item in heard if inside(day_number(item.moment), today, 365)]
    complaints = [item for item in heard if item.kind == "complaint"]
    resolved_days = [
        item.resolved - day_number(item.moment)
        for item in complaints
        if item.resolved is not None and inside(item.resolved, today, 365)
    ]
    return {
        "satisfaction_score": _latest(item for item in year if item.kind == "csat"),
        "nps_score": _latest(item for item in year if item.kind == "nps"),
        **{
            f"{topic}_score": _latest(
                item for item in year if item.topic == topic and item.kind in {"csat", "review"}
            )
            for topic in ("product", "service", "process")
        },
        "complaint_count_365d": sum(item.kind == "complaint" for item in year),
        "open_complaint_count": sum(
            item.resolved is None or item.resolved > today for item in complaints
        ),
        "complaint_resolve_days_365d": quotient(sum(resolved_days), len(resolved_days)),
        "service_feedback_count_365d": sum(item.topic == "service" for item in year),
    }


def _latest(items: Iterable[Feedback]) -> object:
    scored = [item for item in items if item.score is not None]
    latest = max(scored, key=lambda item: (item.moment, item.feedback_id), default=None)
    return None if latest is None or latest.score is None else number(latest.score)
