"""What a `query:` may be: one SELECT over its own files, with the same result every time.

The engine's own parser reads the query, so that what is checked is what runs; every node, table and
function of it has to be on a list. A query runs, besides, where the files of its entry are the only
ones that can be opened.
"""

import json
from collections.abc import Iterable, Iterator, Set
from typing import Any

import duckdb


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


STRUCTURE = _words(
    "SELECT_NODE SET_OPERATION_NODE CTE_NODE BASE_TABLE JOIN SUBQUERY EMPTY EXPRESSION_LIST",
    "TABLE_FUNCTION ORDER_MODIFIER DISTINCT_MODIFIER ORDER_DEFAULT ASCENDING DESCENDING",
)
EXPRESSIONS = _words(
    "BETWEEN CASE CAST COLLATE COLUMN_REF COMPARISON CONJUNCTION CONSTANT FUNCTION LAMBDA OPERATOR",
    "POSITIONAL_REFERENCE STAR SUBQUERY TYPE WINDOW",
)
OPERATORS = _words("+ - * / // % || ~~ !~~ ~~* !~~* ~~~ ^@ -> ->> & | << >> ** ^ [] .")
FUNCTIONS = _words(
    # numbers
    "abs ceil ceiling floor round round_even trunc sign mod power pow sqrt exp ln log log10",
    "greatest least add subtract multiply divide",
    # text
    "concat concat_ws contains starts_with ends_with prefix suffix format printf instr position",
    "strpos left right length len lower upper lcase ucase lpad rpad ltrim rtrim trim replace",
    "translate reverse repeat split string_split split_part regexp_extract regexp_full_match",
    "regexp_matches regexp_replace regexp_split_to_array substr substring strip_accents",
    "nfc_normalize like_escape not_like_escape ilike_escape not_ilike_escape chr ascii unicode",
    "md5 sha256 hex",
    # dates
    "date_add date_diff datediff date_part datepart date_sub date_trunc datetrunc day dayname",
    "dayofmonth dayofweek dayofyear epoch epoch_ms epoch_us hour isodow isoyear last_day",
    "make_date make_time make_timestamp make_timestamptz minute month monthname quarter second",
    "strftime strptime timezone to_days to_hours to_milliseconds to_minutes to_months to_seconds",
    "to_timestamp to_weeks to_years try_strptime week weekday weekofyear year",
    # choices, lists and JSON
    "if nullif row struct_pack struct_extract struct_extract_at array_extract array_length",
    "array_slice list_contains list_element list_extract list_filter list_slice list_sort",
    "list_transform list_value list_zip map map_extract map_keys map_values unnest from_json",
    "json_array_length json_exists json_extract json_extract_string json_keys json_type",
    "json_valid json_value to_json typeof",
    # aggregates and windows
    "arg_max arg_min avg bool_and bool_or count count_if count_star countif mad max max_by mean",
    "median min min_by mode quantile_cont quantile_disc stddev stddev_pop stddev_samp sum var_pop",
    "var_samp variance any_value array_agg first group_concat last list listagg string_agg",
    "row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value",
    "nth_value",
)
# These take whichever row comes first, unless they are told an order.
ORDERED = _words(
    "any_value array_agg first group_concat last list listagg string_agg row_number first_value",
    "last_value nth_value lag lead ntile",
)
CLOCKS = _words(
    "current_date current_time current_timestamp localtime localtimestamp current_user user",
    "session_user current_role current_catalog current_schema current_database",
)


class QueryError(ValueError):
    """A query that is not allowed: says which part, and what is."""


def check_query(query: str, tables: Iterable[str]) -> None:
    """Check that a query is a single SELECT over `tables`. Raises QueryError for anything else."""
    try:
        nodes = list(_nodes(_parse(query)))
    except RecursionError as error:
        raise QueryError("is nested too deeply") from error
    known = {name.lower() for name in tables}
    known |= {item["key"].lower() for node in nodes if "map" in node for item in node["map"]}
    for node in nodes:
        if "class" in node:
            _check_expression(node)
        elif isinstance(node.get("type"), str):
            _check_structure(node, known)


def _parse(query: str) -> dict[str, Any]:
    with duckdb.connect() as engine:
        (text,) = engine.execute("select json_serialize_sql(?)", [query]).fetchone() or ("",)
    tree = json.loads(text)
    if tree["error"]:
        raise QueryError(f"is not one SELECT: {tree['error_message']}")
    if len(tree["statements"]) != 1:
        raise QueryError(f"has {len(tree['statements'])} statements; it may have one")
    statement: dict[str, Any] = tree["statements"][0]
    return statement


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        for inner in tree.values():
            yield from _nodes(inner)
    elif isinstance(tree, list):
        for inner in tree:
            yield from _nodes(inner)


def _check_structure(node: dict[str, Any], known: Set[str]) -> None:
    kind = node["type"]
    if kind not in STRUCTURE or node.get("sample") or node.get("at_clause"):
        part = "a sample" if node.get("sample") else kind.lower().replace("_", " ")
        raise QueryError(f"may not have {part}")
    if kind == "TABLE_FUNCTION" and node["function"]["function_name"] != "unnest":
        raise QueryError(f"may not read {node['function']['function_name']}(…): only its own files")
    if kind == "BASE_TABLE":
        path = node["qualified_name"]["path"]
        if len(path) != 1 or path[0].lower() not in known:
            raise QueryError(
                f"reads {'.'.join(path)!r}; it may read the tables that files names:"
                f" {', '.join(sorted(known))}"
            )


def _check_expression(node: dict[str, Any]) -> None:
    kind = node["class"]
    if kind not in EXPRESSIONS:
        raise QueryError(f"may not have a {kind.lower().replace('_', ' ')}")
    if kind == "COLUMN_REF" and node["column_names"][-1].lower() in CLOCKS:
        raise QueryError(f"may not use {node['column_names'][-1]}: it differs from run to run")
    if kind in ("FUNCTION", "WINDOW"):
        _check_function(node)


def _check_function(node: dict[str, Any]) -> None:
    name = node["function_name"].lower()
    if len(node["qualified_name"]["path"]) > 1 or name not in (
        OPERATORS if node.get("is_operator") else FUNCTIONS | OPERATORS
    ):
        raise QueryError(f"may not use {name}(): it is not among the functions of source queries")
    ordered = node["orders"] if node["class"] == "WINDOW" else node["order_bys"]["orders"]
    if name in ORDERED and not ordered:
        raise QueryError(f"uses {name}() without ORDER BY: which row it takes would be by chance")
