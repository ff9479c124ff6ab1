"""Charts and their places, in Superset's own words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

ROW_LIMIT = 1000
GRID = {"background": "BACKGROUND_TRANSPARENT"}
Told = Mapping[str, Any]


def chart(told: Told) -> dict[str, Any]:
    """A chart of dashboard.yml: what the browser draws, and what the server is asked for it.

    Superset leaves the question to the browser, which saves it with the chart; here it stands in
    the chart from the start, so that its data can be had through the API.
    """
    params = {
        "viz_type": told["kind"],
        "adhoc_filters": [_filter(text) for text in _conditions(told)],
        "row_limit": told.get("limit", ROW_LIMIT),
        **_asked(told),
        **told.get("look", {}),
    }
    return {
        "slice_name": told["name"],
        "viz_type": told["kind"],
        "params": params,
        "query_context": json.dumps(_question(told, params), ensure_ascii=False),
    }


def _conditions(told: Told) -> list[str]:
    scheme = told.get("scheme")
    found = [f"scheme = '{scheme}'" if scheme else None, told.get("where")]
    return [condition for condition in found if condition]


def _filter(condition: str) -> dict[str, Any]:
    return {"clause": "WHERE", "expressionType": "SQL", "sqlExpression": condition}


def _asked(told: Told) -> dict[str, Any]:
    """Columns and metrics under the names that this kind of chart has for them."""
    columns, metrics = told.get("columns", []), told["metrics"]
    match told["kind"]:
        case "big_number_total":
            return {"metric": metrics[0]}
        case "pie":
            return {"groupby": columns, "metric": metrics[0]}
        case "heatmap_v2":
            return {"x_axis": columns[0], "groupby": columns[1], "metric": metrics[0]}
        case "sankey_v2":
            return {"source": columns[0], "target": columns[1], "metric": metrics[0]}
        case "table":
            by = (
                {"timeseries_limit_metric": told["by"], "order_desc": False} if "by" in told else {}
            )
            return {"groupby": columns, "metrics": metrics, "order_desc": True, **by}
    most_first = {"timeseries_limit_metric": metrics[0], "order_desc": True}
    return {"x_axis": columns[0], "metrics": metrics, "groupby": [], **most_first}


def _question(told: Told, params: Told) -> dict[str, Any]:
    columns, metrics = told.get("columns", []), told["metrics"]
    query = {
        "columns": columns,
        "metrics": metrics,
        "extras": {"where": " and ".join(f"({text})" for text in _conditions(told))},
        "orderby": [*_order(told), *([column, True] for column in columns)],
        "row_limit": told.get("limit", ROW_LIMIT),
    }
    return {
        "datasource": {"id": 0, "type": "table"},  # the import writes the id
        "queries": [query],
        "form_data": dict(params),
        "result_format": "json",
        "result_type": "full",
    }


def _order(told: Told) -> list[list[object]]:
    """By a metric that says so, or else what is most before the rest is cut off."""
    if "by" in told:
        return [[told["by"], True]]
    return [[told["metrics"][0], False]] if "limit" in told else []


def position(dashboard: Told, uuid_of: Callable[[str], str]) -> dict[str, Any]:
    """Where each chart stands: the rows of dashboard.yml in a grid."""
    rows = [f"ROW-{number}" for number in range(len(dashboard["rows"]))]
    placed: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
        "GRID_ID": {"id": "GRID_ID", "type": "GRID", "children": rows, "parents": ["ROOT_ID"]},
        "HEADER_ID": {
            "id": "HEADER_ID",
            "type": "HEADER",
            "meta": {"text": dashboard["title"]},
        },
    }
    for name, row in zip(rows, dashboard["rows"], strict=True):
        charts = list(_placed(name, row, uuid_of))
        placed |= {each["id"]: each for each in charts}
        placed[name] = {
            "id": name,
            "type": "ROW",
            "children": [each["id"] for each in charts],
            "parents": ["ROOT_ID", "GRID_ID"],
            "meta": GRID,
        }
    return placed


def _placed(row_id: str, row: Told, uuid_of: Callable[[str], str]) -> Iterator[dict[str, Any]]:
    for number, told in enumerate(row["charts"]):
        place = f"CHART-{row_id}-{number}"
        yield {
            "id": place,
            "type": "CHART",
            "children": [],
            "parents": ["ROOT_ID", "GRID_ID", row_id],
            "meta": {
                "uuid": uuid_of(told["name"]),
                # Another number for each: the import goes by the uuid, over these.
                "chartId": 1 + 100 * int(row_id.removeprefix("ROW-")) + number,
                "sliceName": told["name"],
                "width": told["width"],
                "height": row["height"],
            },
        }
