"""The synthetic company without its mishaps, to be told through files, databases and CRMs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.building import build_warehouse
from orchestration.canonical import canonical_tables
from orchestration.daily_job import JOB
from orchestration.definitions import build_definitions
from orchestration.instance import open_instance
from orchestration.running import QUIET
from orchestration.settings import Settings

AS_OF = "2025-06-30"
FACTS = "facts.customer_facts"
Record = dict[str, str | None]
# What a build left: relation to its rows, each of which has a key.
Built = dict[str, set[tuple[Any, ...]]]


@dataclass(frozen=True)
class Company:
    """What stands of each table, every value as text; a moment is one of the business zone.

    Attributes:
        columns: per table, the columns that hold something, to their canonical data_type.
        records: per table, its rows.
    """

    columns: Mapping[str, Mapping[str, str]]
    records: Mapping[str, Sequence[Record]]


def staged_company(warehouse: Path) -> Company:
    """Read it from the warehouse of a run: the rows that were staged, money as it came."""
    columns: dict[str, dict[str, str]] = {}
    records: dict[str, list[Record]] = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for name, table in canonical_tables().items():
            rows = _staged(connection, name, list(table.columns))
            kept = {
                column: described.data_type
                for column, described in table.columns.items()
                if any(row[column] is not None for row in rows)
            }
            if rows:
                columns[name] = kept
                records[name] = [{column: row[column] for column in kept} for row in rows]
    return Company(columns, records)


def _staged(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]
) -> list[Record]:
    described = canonical_tables()[table].columns
    chosen = ", ".join(
        # Staging converts money; everything else it only types.
        f"cast({'came' if described[name].data_type == 'money' else 'staged'}.{name} as varchar)"
        for name in columns
    )
    rows = connection.execute(
        f"select {chosen} from staging.landed_{table} as staged join landing.{table} as came"
        " on staged._load_id = came._load_id and staged._row = came._row"
        " where staged._fate = 'staged' order by all"
    ).fetchall()
    return [dict(zip(columns, row, strict=True)) for row in rows]


def write_files(company: Company, folder: Path, tables: Sequence[str]) -> dict[str, Any]:
    """JSON lines of these tables in `folder`; the entries of a source file beside them."""
    for table in tables:
        lines = (json.dumps(record, ensure_ascii=False) for record in company.records[table])
        (folder / f"{table}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return {table: [{"from": "files", "path": f"{table}.jsonl"}] for table in tables}


def build(settings: Settings, tables: Mapping[str, Any]) -> Built:
    """Land the company told by these entries as a run does, gate 1 and all, and build its facts."""
    described = {"timezone": "Asia/Shanghai", "base_currency": "CNY", "tables": tables}
    settings.sources.write_text(yaml.safe_dump(described, allow_unicode=True), "utf-8")
    definitions = build_definitions(settings)
    landing = [key for key in definitions.resolve_all_asset_keys() if key.path[0] == "landing"]
    with open_instance(settings) as instance:
        definitions.resolve_job_def(JOB).execute_in_process(
            instance=instance, partition_key=AS_OF, run_config=QUIET, asset_selection=landing
        )
    build_warehouse(settings, selection=("--select", "staging", "facts"), tests=False)
    return read_built(settings.warehouse)


def read_built(warehouse: Path) -> Built:
    """The rows of the facts and of everything staged: no class is made of anything else.

    A source need not say of what stands that it is not deleted.
    """
    relations = {FACTS: "*", "staging.supplied": "*"}
    for name, table in canonical_tables().items():
        columns = [column for column in table.columns if column != "is_deleted"]
        relations[f"staging.{name}"] = ", ".join(columns)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return {
            relation: set(connection.execute(f"select {columns} from {relation}").fetchall())
            for relation, columns in relations.items()
        }


def differing(one: Built, other: Built) -> Built:
    """The rows that only one of them has, if any."""
    assert one.keys() == other.keys()
    differences = {relation: one[relation] ^ other[relation] for relation in one}
    return {relation: rows for relation, rows in differences.items() if rows}
