"""The schema policy of the warehouse: the catalogue of classes, so that readers need no YAML."""

import duckdb

from orchestration.inputs.rows import write_rows
from orchestration.policy import FoundClass, Policy


def write_catalogue(warehouse: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """`policy.catalogue`: one row per class of every scheme, on or off.

    Needs `history.segments`: the segments in force are the classes of whatever scheme shows them.
    """
    columns = {
        "theme": "varchar",
        "scheme": "varchar",
        "kind": "varchar",
        "enabled": "boolean",
        "sensitive": "boolean",
        "uses_sensitive": "varchar",
        "is_from_model_alone": "boolean",
        "scheme_en": "varchar",
        "scheme_zh": "varchar",
        "scheme_description": "varchar",
        "scheme_description_zh": "varchar",
        "population": "varchar",
        "position": "bigint",
        "class_code": "varchar",
        "parent_code": "varchar",
        "column_name": "varchar",
        "column_value": "varchar",
        "class_en": "varchar",
        "class_zh": "varchar",
        "aliases": "varchar",
        "group_en": "varchar",
        "group_zh": "varchar",
        "condition": "varchar",
        "share_min": "decimal(9, 6)",
        "share_max": "decimal(9, 6)",
    }
    write_rows(
        warehouse,
        "policy.catalogue",
        ", ".join(f"{name} {kind}" for name, kind in columns.items()),
        [
            tuple(row.get(name) for name in columns)
            for row in policy.catalogue({"segment_code": _segments(warehouse)})
        ],
    )


def _segments(warehouse: duckdb.DuckDBPyConnection) -> list[FoundClass]:
    found = warehouse.execute(
        "select distinct segment_code, label_en, label_zh, condition, position"
        " from history.segments order by position"
    ).fetchall()
    names = ("code", "en", "zh", "rule")
    return [FoundClass.model_validate(dict(zip(names, row, strict=False))) for row in found]
