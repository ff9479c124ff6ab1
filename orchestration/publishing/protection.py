"""What is done to rows on their way into a release: ids become pseudonyms, free text stays out.

Which columns these are is tagged once, in dbt, where they are born (`config.meta` of a column:
`personal: true`, `identifier: customer`, `free_text: true`). A public column inherits the tag of
its name, so that a new model need not remember it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from orchestration.duckdb_sql import quote_name, quote_text
from orchestration.publishing.pseudonyms import PseudonymKey, pseudonym
from orchestration.publishing.releases import PublishError

# A class may have the code that some customer has as its id, and shorter ids do so by chance.
TELLING_LENGTH = 6
# So many ids among the values of a column, and more than half of them, are no chance.
TELLING_IDS = 10
LOOKED_AT = 1000


@dataclass(frozen=True)
class Tags:
    """Names of columns by what they hold.

    Attributes:
        personal: never published.
        identifiers: ids of customers; pseudonyms in a release when there is a key.
        free_text: what somebody typed, which may name a customer; NULL when there is a key.
    """

    personal: frozenset[str] = frozenset()
    identifiers: frozenset[str] = frozenset()
    free_text: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Protection:
    """What an installation has set for its releases.

    Attributes:
        key: ids are replaced under it; None publishes them as they are.
        smallest_group: counts of fewer customers are hidden; 0 or 1 hides none.
    """

    key: PseudonymKey | None = None
    smallest_group: int = 0


def protected_rows(
    relation: str, columns: Sequence[str], tags: Tags, protection: Protection
) -> tuple[str, Mapping[str, object]]:
    """SQL of a relation's rows as they are published, and what to bind to it."""
    key = protection.key
    if key is None:
        return f"from {relation}", {}
    identifiers = [quote_name(column) for column in columns if column in tags.identifiers]
    withheld = [quote_name(column) for column in columns if column in tags.free_text]
    replaced = [f"{pseudonym(column)} as {column}" for column in identifiers]
    replaced += [f"cast(null as varchar) as {column}" for column in withheld]
    if not replaced:
        return f"from {relation}", {}
    rows = f"select * replace ({', '.join(replaced)}) from {relation}"
    return rows, key.bound if identifiers else {}


def refuse_original_ids(con: duckdb.DuckDBPyConnection) -> None:
    """Raise PublishError when ids of customers stand in `release`, whatever their column is called.

    A tag goes by the name of a column; this finds an id that took another name on its way. The ids
    are those of `warehouse.facts.customer_facts`. They are compared in the engine and never told.
    """
    columns = con.execute(
        "select table_name, column_name from duckdb_columns() where database_name = 'release'"
        " and schema_name = 'main' and data_type = 'VARCHAR' and table_name in"
        " (select table_name from duckdb_tables() where database_name = 'release')"
        " order by table_name, column_index"
    ).fetchall()
    seen = " union all ".join(_some_texts(table, column) for table, column in columns)
    found = con.execute(
        "select seen.place, count(ids.customer_id) as found"
        f" from ({seen}) as seen left join warehouse.facts.customer_facts as ids"
        " on seen.text = ids.customer_id"
        f" group by seen.place having found >= {TELLING_IDS} and found * 2 > count(*)"
        " order by seen.place"
    ).fetchall()
    if found:
        told = "; ".join(f"{place} (at least {ids} of them)" for place, ids in found)
        raise PublishError(
            f"With TIERS_PSEUDONYM_KEY, ids of customers would be published as they are: {told}. "
            "Give the column the name of the id that it holds, such as customer_id, or tag it with "
            "`identifier: customer` in its model's yml."
        )


def _some_texts(table: str, column: str) -> str:
    """SQL: some values of a column of the release."""
    name = quote_name(column)
    return (
        f"(select distinct {quote_text(f'{table}.{column}')} as place, {name} as text"
        f" from release.main.{quote_name(table)} where length({name}) >= {TELLING_LENGTH}"
        f" limit {LOOKED_AT})"
    )
