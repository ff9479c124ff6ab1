"""The table landing.contact_keys: every way in which a contact is written, and what it means."""

from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import duckdb
from duckdb.func import FunctionNullHandling
from duckdb.sqltypes import VARCHAR

from orchestration import contact_keys
from orchestration.canonical import BLANKS
from orchestration.sources.identity import Identity

TABLE = "landing.contact_keys"


def write_contact_keys(warehouse: duckdb.DuckDBPyConnection, identity: Identity | None) -> None:
    """One row per distinct text, its key NULL when it has none; no row while identity is off.

    A million telephone numbers take half a minute. So a key of the last run is kept as long as the
    text is there and what made it is the same; the engine hands the others over a few thousand at
    a time, so memory does not grow with them.
    """
    warehouse.execute(
        f"create table if not exists {TABLE}"
        " (kind varchar, given varchar, contact_key varchar, made_by varchar)"
    )
    _list_texts(warehouse, identity)
    region = identity.phone_region if identity else None
    made_by = {"made_by": _maker(region)}
    warehouse.execute(
        f"create or replace table {TABLE} as select known.* from {TABLE} as known"
        " semi join given_texts as texts on known.kind = texts.kind and known.given = texts.given"
        " where known.made_by = $made_by",
        made_by,
    )
    warehouse.create_function(
        "key_of",
        lambda kind, text: contact_keys.key_of(kind, text, region),
        [VARCHAR, VARCHAR],
        VARCHAR,
        null_handling=FunctionNullHandling.SPECIAL,  # there may be no key
    )
    warehouse.execute(
        f"insert into {TABLE} select kind, given, key_of(kind, given), $made_by"
        f" from given_texts as texts anti join {TABLE} as known"
        " on texts.kind = known.kind and texts.given = known.given",
        made_by,
    )
    warehouse.remove_function("key_of")


def _list_texts(warehouse: duckdb.DuckDBPyConnection, identity: Identity | None) -> None:
    """The temporary table given_texts: what is to have keys."""
    warehouse.execute("create or replace temp table given_texts (kind varchar, given varchar)")
    for kind in identity.match if identity else ():
        warehouse.execute(
            f"insert into given_texts select distinct $kind, trim({kind}, $blanks)"
            f" from landing.customers where not _superseded and {kind} is not null",
            {"kind": kind, "blanks": BLANKS},
        )


def _maker(region: str | None) -> str:
    """What the keys depend on: these rules, the numbering plans, and the country."""
    rules = sha256(Path(contact_keys.__file__).read_bytes()).hexdigest()
    return f"{rules} {version('phonenumbers')} {region}"
