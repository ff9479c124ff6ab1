"""What the tables and columns of a release say of themselves, in English and in Chinese.

Described columns say what dbt's yml says. Columns of the policy, which change with it, are told
from the catalogue that lies in the release.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import duckdb

from orchestration.duckdb_sql import quote_name, quote_text

CATALOGUE = ("classification", "scheme_catalogue")
# Of each column without a comment the scheme whose id it begins with, and the class that it tells.
COLUMNS_OF_SCHEMES = """
with uncommented as (
    select table_name, column_name from duckdb_columns()
    where database_name = 'release' and not internal and comment is null
      and table_name in (select table_name from duckdb_tables() where database_name = 'release')
),
schemes as (
    select distinct scheme, scheme_en, scheme_zh, scheme_description, scheme_description_zh
    from release.main.scheme_catalogue
),
labels as (
    select column_name, class_en, class_zh from release.main.scheme_catalogue
    where column_value = 'true'
)
select
    table_name, column_name, substr(column_name, length(scheme) + 1) as suffix,
    scheme_en, scheme_zh, class_en, class_zh,
    -- Told once: of the column of the class itself.
    case when column_name = scheme then scheme_description end as told_en,
    case when column_name = scheme then scheme_description_zh end as told_zh
from uncommented
left join schemes on column_name = scheme or starts_with(column_name, scheme || '_')
left join labels using (column_name)
qualify row_number() over (
    partition by table_name, column_name order by length(scheme) desc nulls last
) = 1
order by table_name, column_name
"""
SUFFIXES = {
    "": ("code of the class, named in scheme_catalogue", "类别代码，名称见 scheme_catalogue"),
    "_score": ("the score", "总评分"),
    "_computed": ("the class that the data alone give", "仅由数据得出的类别"),
    "_held": ("the class while a fall waits", "考虑降级等待后的类别"),
    "_below_since": ("since when the data give a lower class", "数据得出更低类别的起始日期"),
    "_declared": ("the class that a person declared", "人工指定的类别"),
}


def in_both_languages(english: str, chinese: str) -> str:
    """One comment of two."""
    return f"{english.strip()} / {chinese.strip()}" if chinese else english


def comment_on(
    con: duckdb.DuckDBPyConnection,
    kind: str,
    relation: str,
    comment: str,
    columns: Mapping[str, str],
) -> None:
    """Give a table or view, such as `release.main."positions"`, and its columns their comments."""
    # Each statement by itself would be a transaction, and wait for the disk.
    con.execute("begin")
    con.execute(f"comment on {kind} {relation} is {quote_text(comment)}")
    for column, told in columns.items():
        con.execute(f"comment on column {relation}.{quote_name(column)} is {quote_text(told)}")
    con.execute("commit")


def comment_on_columns_of_schemes(con: duckdb.DuckDBPyConnection) -> None:
    """Tell of every column of `release` that dbt does not describe what the policy says of it."""
    con.execute("begin")
    for table, column, suffix, *labels in con.execute(COLUMNS_OF_SCHEMES).fetchall():
        comment = quote_text(_of_scheme(suffix, *labels))
        name = f"release.main.{quote_name(table)}.{quote_name(column)}"
        con.execute(f"comment on column {name} is {comment}")
    con.execute("commit")


def _of_scheme(suffix: str | None, *labels: str | None) -> str:
    en, zh, class_en, class_zh, told_en, told_zh = labels
    if suffix is None:
        return in_both_languages("A metric of the policy.", "策略定义的指标。")
    if class_en:
        told = (f"whether {class_en} fits", f"是否属于{class_zh}")
    else:
        dimension = suffix.removeprefix("_")
        told = SUFFIXES.get(suffix, (f"points for {dimension}", f"{dimension} 维度的得分"))
    return in_both_languages(
        f"{en}: {told[0]}. {told_en or ''}", f"{zh}：{told[1]}。{told_zh or ''}"
    )


def copy_comments(
    con: duckdb.DuckDBPyConnection, table: str, relation: str, columns: Collection[str]
) -> None:
    """Give a copy of some columns of a table of `release` the comments that they have there."""
    (comment,) = con.execute(
        "select any_value(comment) from duckdb_tables()"
        " where database_name = 'release' and table_name = ?",
        [table],
    ).fetchone() or (None,)
    found = con.execute(
        "select column_name, comment from duckdb_columns()"
        " where database_name = 'release' and table_name = ? and comment is not null",
        [table],
    ).fetchall()
    known = {name: told for name, told in found if name in columns}
    comment_on(con, "table", relation, comment or "", known)
