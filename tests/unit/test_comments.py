"""What tables and columns of a release say of themselves."""

from collections.abc import Iterator

import duckdb
import pytest

from orchestration.publishing.comments import (
    comment_on,
    comment_on_columns_of_schemes,
    copy_comments,
    in_both_languages,
)

COMMENTS = "select column_name, comment from duckdb_columns() where database_name = ? order by all"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("attach ':memory:' as release")
        opened.execute(
            "create table release.scheme_catalogue as from (values"
            " ('value', 'value', 'high', 'Value', '价值', 'High', '高', 'Spend.', '消费。'),"
            " ('value_vip', 'value_vip', 'vip', 'VIP', '贵宾', 'VIP', '贵宾', 'Best.', '最好。'),"
            " ('tier', 'tier', 'top', 'Tier', '等级', 'Top', '顶', null, null),"
            " ('need', 'need_product', 'true', 'Need', '需求', 'Product''s', '产品', null, null)"
            ") as it(scheme, column_name, column_value, scheme_en, scheme_zh, class_en, class_zh,"
            " scheme_description, scheme_description_zh)"
        )
        yield opened


def test_columns_of_the_policy_say_what_it_calls_them(con: duckdb.DuckDBPyConnection) -> None:
    columns = ("value", "value_m", "value_score", "value_vip", "tier", "need_product", "lost_after")
    con.execute(f"create table release.classes ({', '.join(f'{name} int' for name in columns)})")
    comment_on(con, "table", "release.main.classes", "Classes.", {"value": "Said already."})
    comment_on_columns_of_schemes(con)
    told = dict(con.execute(COMMENTS, ["release"]).fetchall())
    assert {name: told[name] for name in columns} == {
        "value": "Said already.",
        "value_m": "Value: points for m. / 价值：m 维度的得分。",
        "value_score": "Value: the score. / 价值：总评分。",
        "value_vip": (
            "VIP: code of the class, named in scheme_catalogue. Best."
            " / 贵宾：类别代码，名称见 scheme_catalogue。最好。"
        ),
        "tier": (
            "Tier: code of the class, named in scheme_catalogue."
            " / 等级：类别代码，名称见 scheme_catalogue。"
        ),
        "need_product": "Need: whether Product's fits. / 需求：是否属于产品。",
        "lost_after": "A metric of the policy. / 策略定义的指标。",
    }


def test_a_copy_of_some_columns_has_their_comments(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create table release.facts (who int, what int)")
    comment_on(con, "table", "release.main.facts", "Facts.", {"who": "Who.", "what": "What."})
    con.execute("attach ':memory:' as audience; create table audience.facts (who int)")
    copy_comments(con, "facts", "audience.main.facts", ["who"])
    assert con.execute(COMMENTS, ["audience"]).fetchall() == [("who", "Who.")]
    tables = "select comment from duckdb_tables() where database_name = 'audience'"
    assert con.execute(tables).fetchall() == [("Facts.",)]


def test_a_comment_without_chinese_stands_alone() -> None:
    assert in_both_languages("Who. \n", "谁。") == "Who. / 谁。"
    assert in_both_languages("Who.", "") == "Who."
