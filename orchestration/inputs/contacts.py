"""The table landing.contact_keys: every way in which a contact is written, and what it means."""

from collections.abc import Callable

import duckdb
from duckdb.func import FunctionNullHandling
from duckdb.sqltypes import VARCHAR

from orchestration.contact_keys import email_key, phone_key, registration_key
from orchestration.sources.identity import Identity

# White space as staging strips it, so that what is given here is what stands there.
BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())


def write_contact_keys(warehouse: duckdb.DuckDBPyConnection, identity: Identity | None) -> None:
    """One row per distinct text that has a key; none while customers are not compared.

    The engine hands over the texts a few thousand at a time, so memory does not grow with them.
    """
    warehouse.execute(
        "create or replace table landing.contact_keys"
        " (kind varchar, given varchar, contact_key varchar)"
    )
    if identity is None:
        return
    for kind in identity.match:
        warehouse.create_function(
            "key_of",
            _key_of(kind, identity),
            [VARCHAR],
            VARCHAR,
            null_handling=FunctionNullHandling.SPECIAL,  # there may be no key
        )
        warehouse.execute(
            "insert into landing.contact_keys"
            " select $kind, given, contact_key"
            " from (select given, key_of(given) as contact_key"
            f" from (select distinct trim({kind}, $blanks) as given from landing.customers"
            f" where not _superseded and {kind} is not null))"
            " where contact_key is not null",
            {"kind": kind, "blanks": BLANKS},
        )
        warehouse.remove_function("key_of")


def _key_of(kind: str, identity: Identity) -> Callable[[str], str | None]:
    if kind == "phone":
        return lambda text: phone_key(text, identity.phone_region)
    return email_key if kind == "email" else registration_key
