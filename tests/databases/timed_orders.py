"""Orders whose column `changed` is the cursor, so that a pull asks for what is new."""

from datetime import datetime

from database_shop import DatabaseShop, entry, order

MOMENT = {"postgresql": "timestamptz", "mysql": "timestamp null"}
NAIVE = {"postgresql": "timestamp", "mysql": "datetime"}
TIMED = entry("table: orders", "cursor: changed")


def timed(shop: DatabaseShop, *orders: str, kinds: dict[str, str] = MOMENT) -> None:
    """Orders with a cursor `changed`, and a status."""
    kind = kinds[shop.database.kind]
    shop.orders(f"changed {kind}, status varchar(9)", *orders)


def at(number: int, changed: str | datetime | None, status: str = "new") -> str:
    """One order, changed at a moment."""
    shown = changed.strftime("%Y-%m-%d %H:%M:%S") if isinstance(changed, datetime) else changed
    return order(number, "null" if shown is None else f"'{shown}'", f"'{status}'")
