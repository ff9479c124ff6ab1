"""Make what Superset imports: the connection, datasets, charts and the dashboard, as one zip.

python -m bi.superset.bundle [RELEASE_DATABASE] --to FILE
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

import duckdb
import yaml

from bi.superset.charts import chart, position

HERE = Path(__file__).parent
VERSION = "1.0.0"
FOLDER = "customer_tiers"
# Equal content gives equal bytes.
MOMENT = (2000, 1, 1, 0, 0, 0)
DESCRIBED = """
select column_name, data_type, comment from duckdb_columns()
where schema_name = 'main' and table_name = ? order by column_index
"""
Yaml = dict[str, Any]


def bundle(database: Path, scratch: Path, kind: Literal["Dashboard", "assets"]) -> bytes:
    """The zip for a release's DuckDB file, which Superset will open under this very path.

    Args:
        scratch: where DuckDB spills what does not fit into memory; the release itself is read-only.
        kind: what Superset is told that it is. Its UI imports a "Dashboard", and leaves datasets
            and charts alone that are there already; its API replaces them by those of "assets".
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in _files(database, scratch, kind):
            text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
            packed.writestr(zipfile.ZipInfo(f"customer-tiers/{name}", MOMENT), text)
    return buffer.getvalue()


def uuid_of(kind: str, name: str) -> str:
    """The same at every import, so that a new one takes the place of the old one."""
    return str(uuid5(NAMESPACE_URL, f"customer-tiers/{kind}/{name}"))


def _files(database: Path, scratch: Path, kind: str) -> Iterator[tuple[str, Yaml]]:
    dashboard, datasets = read("dashboard.yml"), read("datasets.yml")
    yield "metadata.yaml", {"version": VERSION, "type": kind}
    yield f"databases/{FOLDER}.yaml", _connection(database, scratch)
    with duckdb.connect(database, read_only=True) as con:
        for name, asked in datasets.items():
            yield f"datasets/{FOLDER}/{name}.yaml", _dataset(con, name, asked)
    for number, told in enumerate(each for row in dashboard["rows"] for each in row["charts"]):
        ids = {
            "uuid": uuid_of("chart", told["name"]),
            "dataset_uuid": uuid_of("dataset", told["dataset"]),
        }
        yield f"charts/chart_{number:02}.yaml", {**chart(told), **ids, "version": VERSION}
    yield (
        f"dashboards/{FOLDER}.yaml",
        {
            "dashboard_title": dashboard["title"],
            "slug": dashboard["slug"],
            "published": True,
            "uuid": uuid_of("dashboard", FOLDER),
            "position": position(dashboard, lambda name: uuid_of("chart", name)),
            "metadata": {"color_scheme": "supersetColors"},
            "version": VERSION,
        },
    )


def read(name: str) -> Any:
    """One of the files beside this one."""
    return yaml.safe_load((HERE / name).read_text("utf-8"))


def _connection(database: Path, scratch: Path) -> Yaml:
    """Read-only, shut to every other file, and not to be opened up by a query."""
    config = {
        "enable_external_access": "false",
        "temp_directory": str(scratch),
        "lock_configuration": "true",
    }
    arguments = {"read_only": True, "config": config}
    return {
        "database_name": "Customer tiers",
        "sqlalchemy_uri": f"duckdb:///{database}",
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "extra": {
            "allows_virtual_table_explore": True,
            "engine_params": {"connect_args": arguments},
        },
        "uuid": uuid_of("database", FOLDER),
        "version": VERSION,
    }


def _dataset(con: duckdb.DuckDBPyConnection, name: str, asked: Mapping[str, Any]) -> Yaml:
    sql = asked.get("sql")
    described = asked.get("describes")
    table = con.execute("select comment from duckdb_tables() where table_name = ?", [described])
    (comment,) = table.fetchone() or (None,)
    return {
        "table_name": name,
        "description": comment,
        "schema": "main",
        "sql": sql,
        "columns": list(_columns(con, name, asked)),
        "metrics": [
            {
                "metric_name": metric,
                "verbose_name": f"{told['en']} {told['zh']}",
                "expression": told["sql"],
                "description": f"{told['en']} / {told['zh']}",
                "d3format": told["format"],
            }
            for metric, told in asked["metrics"].items()
        ],
        "uuid": uuid_of("dataset", name),
        "database_uuid": uuid_of("database", FOLDER),
        "version": VERSION,
    }


def _columns(con: duckdb.DuckDBPyConnection, name: str, asked: Mapping[str, Any]) -> Iterator[Yaml]:
    """The columns that the release has for it, told as the release tells them."""
    made = asked.get("columns", {})
    comments = {
        column: comment
        for table in reversed(asked["reads"])
        for column, _, comment in con.execute(DESCRIBED, [table]).fetchall()
    }
    found = con.execute(f"describe {asked.get('sql') or f'from {name}'}").fetchall()
    for column, kind, *_ in found:
        told = made.get(column)
        yield {
            "column_name": column,
            "verbose_name": told["label"] if told else None,
            "type": kind,
            "is_dttm": kind in {"DATE", "TIMESTAMP"},
            "description": f"{told['en']} / {told['zh']}" if told else comments[column],
        }
