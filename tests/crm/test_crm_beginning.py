"""An entry that begins with a day, since what changed before it comes as files."""

from datetime import UTC, datetime, timedelta

import pytest
from crm_shop import CrmShop
from vendors import LONG_AGO

from orchestration.sources.crm.vendor import vendor
from orchestration.sources.errors import SourceError

# The first moment of 2026-02-01 in the zone of the source file.
FEBRUARY = datetime(2026, 1, 31, 16, tzinfo=UTC)


def beginning(crm: CrmShop, day: str) -> str:
    """What an entry of customers says that begins with a day."""
    return f"object: {crm.known.customers}, begin: {day}"


def keys(crm: CrmShop, more: str) -> list[str]:
    """The customers that a pull landed."""
    return sorted(row["customer_id"] for row in crm.land(more=more))


def test_what_changed_before_the_day_is_not_asked_for(crm: CrmShop) -> None:
    crm.put(1, at=FEBRUARY - timedelta(seconds=1))
    crm.put(2, at=FEBRUARY)
    more = beginning(crm, "2026-02-01")
    assert keys(crm, more) == [crm.key(2)]
    assert crm.server.served == {crm.known.customers: 1}
    # The overlap of an hour does not lead behind it.
    crm.put(3, at=FEBRUARY - timedelta(minutes=30))
    crm.put(4, at=FEBRUARY + timedelta(days=1))
    assert keys(crm, more) == [crm.key(4)]


def test_after_the_first_pull_the_next_one_goes_on_from_where_it_reached(crm: CrmShop) -> None:
    crm.put_many(3, at=FEBRUARY)
    crm.put(9, at=FEBRUARY + timedelta(days=30))
    more = beginning(crm, "2026-02-01")
    assert len(keys(crm, more)) == 4
    crm.put(10)
    assert keys(crm, more) == [crm.key(10)]
    assert crm.server.served == {crm.known.customers: 6}


def test_a_record_that_was_deleted_since_the_day_is_told(crm: CrmShop) -> None:
    crm.put_many(2, at=FEBRUARY)
    more = beginning(crm, "2026-02-01")
    crm.land(more=more)
    crm.delete(1)
    (row,) = crm.land(more=more)
    assert (row["customer_id"], row["is_deleted"]) == (crm.key(1), "true")


def test_more_records_than_are_listed_at_a_time_may_come_as_files(
    zoho: CrmShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = vendor("zoho")
    short = known.model_copy(update={"listing": known.listing.model_copy(update={"most": 400})})
    monkeypatch.setattr("orchestration.sources.crm.rows.vendor", lambda name: short)
    zoho.put_many(401, at=LONG_AGO)
    zoho.put(900, at=FEBRUARY)
    with pytest.raises(SourceError, match="begin: 2024-06-01"):
        zoho.pull()
    more = beginning(zoho, "2026-02-01")
    assert keys(zoho, more) == [zoho.key(900)]
    # All of them are changed at once: a later day leads beyond that.
    zoho.put_many(401, at=FEBRUARY + timedelta(days=10))
    zoho.put(901, at=FEBRUARY + timedelta(days=20))
    with pytest.raises(SourceError, match="has more than 400 records"):
        zoho.pull(more=more)
    assert keys(zoho, beginning(zoho, "2026-02-15")) == [zoho.key(901)]
