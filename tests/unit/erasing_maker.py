"""Erase people from the landing and history of a home in which no run has been made."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.erasing.finding import find
from orchestration.erasing.recovery import recover
from orchestration.erasing.requests import FOLDER, Request, keep, new_id
from orchestration.settings import Settings


def ask_to_erase(settings: Settings, *customers: str) -> Request:
    """Write a request down, as `tiers erase` does."""
    if not settings.warehouse.exists():
        nobody_is_merged(settings.warehouse)
    found = find(settings, customers)
    asked_at = datetime.now(UTC).replace(microsecond=0)
    request = Request(
        request_id=new_id(asked_at),
        asked_at=asked_at,
        by="Ann",
        reason="asked for",
        salt=found.salt,
        people=found.people,
        rows=found.rows,
        releases=found.releases,
    )
    keep(settings.home / FOLDER, request)
    return request


def erase_people(home: Path, *customers: str) -> None:
    """Ask for it, and take them out."""
    settings = Settings(home=home)
    ask_to_erase(settings, *customers)
    recover(settings, print)


def nobody_is_merged(warehouse: Path) -> None:
    """A warehouse that knows just that."""
    with duckdb.connect(warehouse) as con:
        con.execute("create schema staging")
        con.execute(
            "create table staging.customer_merges"
            " (customer_id varchar, surviving_customer_id varchar)"
        )
