"""A day that its source counts as a moment since 1970, in the zone of the source file."""

from datetime import date
from pathlib import Path

from staged_company import StagedCompany

MIDNIGHT_IN_SHANGHAI = "1717084800000"


def test_a_corrected_zone_corrects_the_days_that_have_landed(tmp_path: Path) -> None:
    company = StagedCompany(tmp_path)
    company.load("customers", ("customer_id", "birth_date"), ("1", MIDNIGHT_IN_SHANGHAI))
    company.write_as("customers", birth_date="epoch_ms")
    for zone, born in {"UTC": date(2024, 5, 30), "Asia/Shanghai": date(2024, 5, 31)}.items():
        company.describe(timezone=zone)
        company.stage(date(2024, 6, 30), "customers")
        assert company.query("select birth_date from staging.customers") == [(born,)]
