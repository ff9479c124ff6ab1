"""Views of a release: the SQL of the warehouse's views, over the tables that stand in the release.

A view holds no rows, so it has no Parquet file and counts into no hash: what it shows follows from
the tables it reads, and their content is hashed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

import duckdb

from orchestration.duckdb_sql import quote_name
from orchestration.publishing.releases import PublishError


def write_view(
    con: duckdb.DuckDBPyConnection, schema: str, name: str, published: Collection[tuple[str, str]]
) -> None:
    """Create `release.main.<name>` as the view `warehouse.<schema>.<name>` is made.

    Args:
        published: (schema, name) of the tables that stand in the release already.

    Raises PublishError for a view that reads anything else, or that cannot be made there.
    """
    row = con.execute(
        "select sql from duckdb_views()"
        " where database_name = 'warehouse' and schema_name = ? and view_name = ?",
        [schema, name],
    ).fetchone()
    if row is None:
        raise PublishError(
            f"{schema}.{name} is to be published as a view, and the warehouse has no such view. "
            "Build it again (`tiers run`)."
        )
    view = f"{schema}.{name}"
    query = _over_the_release(con, str(row[0]), view, published)
    try:
        # Its names are looked up where it stands.
        con.execute("use release")
        con.execute(f"create view release.main.{quote_name(name)} as {query}")
    except duckdb.Error as error:
        raise PublishError(f"The view {view} does not work in a release: {error}") from error
    finally:
        con.execute("use memory")


def _over_the_release(
    con: duckdb.DuckDBPyConnection, sql: str, view: str, published: Collection[tuple[str, str]]
) -> str:
    """The query of a view, with every table of the warehouse by its name in the release.

    The engine itself takes the query apart and puts it together again.
    """
    query = sql.partition(" AS ")[2].strip().removesuffix(";")
    tree = json.loads(_text(con, "select json_serialize_sql(?)", query))
    for source in _sources(tree):
        path = source.get("qualified_name", {}).get("path", [])
        if source["type"] == "BASE_TABLE" and len(path) == 1:
            continue  # a part of the query itself
        if source["type"] != "BASE_TABLE" or tuple(path[-2:]) not in published:
            raise PublishError(
                f"The view {view} reads {'.'.join(path) or 'a function'}, which is not published "
                "as a table. A public view may read public tables only: make it public, or take "
                "it out of the view."
            )
        path[:] = ["main", path[-1]]
    return _text(con, "select json_deserialize_sql(?)", json.dumps(tree))


def _text(con: duckdb.DuckDBPyConnection, sql: str, parameter: str) -> str:
    row = con.execute(sql, [parameter]).fetchone()
    return str(row[0]) if row else ""


def _sources(tree: Any) -> Iterator[dict[str, Any]]:
    """Every table and table function that a query reads."""
    if isinstance(tree, dict):
        if tree.get("type") in {"BASE_TABLE", "TABLE_FUNCTION"}:
            yield tree
        for part in tree.values():
            yield from _sources(part)
    elif isinstance(tree, list):
        for part in tree:
            yield from _sources(part)
