"""A query reads its own files and nothing else, and gives the same rows every time."""

from pathlib import Path

import duckdb
import pytest
from source_maker import Shop

from orchestration.sources.engine import Resources, confined
from orchestration.sources.errors import SourceError
from orchestration.sources.query import QueryError, check_query

LINES = "basket,who,day,paid\n2,c,2017-01-02,1.10\n1,b,2017-01-01,2.20\n2,c,2017-01-02,3.30\n"


def entry(query: str, files: str = "{lines: lines.csv}", more: str = "") -> str:
    indented = "".join(f"      {line}\n" for line in query.splitlines())
    return f"  orders:\n  - from: files\n    files: {files}\n    query: |\n{indented}{more}"


def shop(folder: Path, lines: str = LINES) -> Shop:
    made = Shop(folder)
    made.write("lines.csv", lines)
    return made


BASKETS = """
select basket as order_id, who as customer_id, day as ordered_at,
  sum(cast(paid as decimal(18, 4))) as amount
from lines group by all -- and that is all
"""


def test_a_query_lands_ordered_by_all_its_columns(tmp_path: Path) -> None:
    landed = shop(tmp_path).land(entry(BASKETS + ";"))
    assert [tuple(row.values()) for row in landed] == [
        (1, None, "1", "b", "2017-01-01", "2.2000"),
        (2, None, "2", "c", "2017-01-02", "4.4000"),
    ]


def test_rows_come_in_the_same_order_whatever_the_order_of_the_files_rows(tmp_path: Path) -> None:
    backwards = ["basket,who,day,paid", *reversed(LINES.splitlines()[1:])]
    one = shop(tmp_path / "one").land(entry(BASKETS))
    other = shop(tmp_path / "other", "\n".join(backwards)).land(entry(BASKETS))
    assert one == other


def test_all_formats_may_be_joined_and_globs_are_one_table(tmp_path: Path) -> None:
    made = shop(tmp_path)
    made.write("till/1.csv", "basket,who\n1,b\n")
    made.write("till/2.csv", "basket,note\n2,x\n")
    made.write("names.jsonl", '{"who": "b", "full": "Bo"}\n')
    duckdb.execute(f"copy (select 1 as basket, 9.5 as paid) to '{tmp_path}/paid.parquet'")
    landed = made.land(
        entry(
            "select t.basket as order_id, coalesce(n.full, t.note) as customer_id,"
            " date '2017-01-01' as ordered_at, p.paid as amount\n"
            "from till t left join names n on t.who = n.who\n"
            "left join paid p on p.basket = cast(t.basket as integer)",
            '{till: "till/*.csv", names: names.jsonl, paid: paid.parquet}',
        )
    )
    assert [tuple(row.values())[2:] for row in landed] == [
        ("1", "Bo", "2017-01-01", "9.5"),
        ("2", "x", "2017-01-01", None),
    ]


def test_a_table_may_be_read_twice(tmp_path: Path) -> None:
    landed = shop(tmp_path).land(
        entry(
            "select a.basket as order_id, a.who as customer_id, a.day as ordered_at,"
            " b.paid as amount"
            "\nfrom lines a join lines b on a.basket = b.basket and a.paid = b.paid"
        )
    )
    assert len(landed) == 3


def test_a_malformed_record_of_a_querys_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"lines.csv: has 1 malformed records, which a query"):
        shop(tmp_path, LINES + "3,x\n").pull(entry(BASKETS))


def test_a_query_that_does_not_fit_its_files_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"does not fit its files.*not found") as caught:
        shop(tmp_path).pull(entry("select nothing from lines"))
    assert caught.value.field == "tables.orders[1].query"
    assert caught.value.line == 7
    with pytest.raises(SourceError, match=r"not found.*\n  It has: basket, who, day, paid\."):
        shop(tmp_path).pull(entry("select nothing, who from lines"))


def test_a_query_does_not_tell_a_first_line_that_is_no_header(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"has it a header line\?") as caught:
        shop(tmp_path, "1,Zhang San,who_1001,13800138000\n").pull(entry(BASKETS))
    told = str(caught.value)
    assert not any(value in told for value in ("Zhang San", "who_1001", "13800138000"))


def test_a_query_has_to_give_what_the_table_needs(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="needs customer_id, ordered_at, amount"):
        shop(tmp_path).pull(entry("select basket as order_id from lines"))


def test_a_query_that_fails_on_a_row_is_an_error_and_lands_nothing(tmp_path: Path) -> None:
    made = shop(tmp_path, LINES + "3,x,2017-01-01,much\n")
    message = "the query fails on a row: Conversion Error at .*paid"
    with pytest.raises(SourceError, match=message) as caught:
        made.pull(entry(BASKETS))
    assert "much" not in str(caught.value)
    assert list(made.landing.rglob("*.parquet")) == []


@pytest.mark.parametrize(
    "query",
    [
        "from lines",
        "select distinct * exclude (who) from LINES union all select basket, day from lines",
        "with a as (from lines), b as (from a) select * from b join a using (who)",
        "select * from lines, unnest([1, 2]) as t(i)",
        "select row_number() over (partition by who order by paid) from lines qualify sum(1) > 0",
        "select try_cast(paid as decimal(9)) + 1, who || 'x', day[1:4], who ilike 'a%' from lines",
        "select case when who in ('a') then 1 else -1 end from lines where exists (from lines)",
        "select any_value(who order by day) from lines",
    ],
)
def test_a_query_may_do_what_keeps_to_its_files(query: str) -> None:
    check_query(query, ["lines"])


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("select 1; select 2", "has 2 statements"),
        ("selec 1", "is not one SELECT"),
        ("copy lines to 'x.csv'", "is not one SELECT"),
        ("attach 'x.db'", "is not one SELECT"),
        ("set enable_external_access = true", "is not one SELECT"),
        ("pragma version", "is not one SELECT"),
        ("install httpfs", "is not one SELECT"),
        ("create table x as select 1", "is not one SELECT"),
        ("with x as (insert into lines values (1) returning 1) select * from x", "insert query"),
        ("with recursive r as (select 1 union all select 1 from r) select * from r", "recursive"),
        ("select * from read_csv('/etc/passwd')", r"may not read read_csv"),
        ("select * from lines where who in (select content from read_text('x'))", "read_text"),
        ("select * from '/etc/passwd'", "reads '/etc/passwd'"),
        ("select * from 'other.parquet'", "reads 'other.parquet'"),
        ("select * from other", "it may read the tables that files names: lines"),
        ("select * from information_schema.tables", "reads 'information_schema.tables'"),
        ("select * from duckdb_settings()", "may not read duckdb_settings"),
        ("select * from query('select 1')", "may not read query"),
        ("select * from range(10)", "may not read range"),
        ("select getenv('HOME') from lines", r"may not use getenv\(\)"),
        ("select current_setting('home_directory') from lines", r"may not use current_setting"),
        ("select random() from lines", r"may not use random\(\)"),
        ("select now() from lines", r"may not use now\(\)"),
        ("select current_date from lines", "may not use current_date"),
        ("select any_value(who) from lines", "without ORDER BY"),
        ("select row_number() over (partition by who) from lines", "without ORDER BY"),
        ("select * from lines using sample 10%", "may not have a sample"),
        ("select * from lines tablesample 10%", "may not have a sample"),
        ("select * from lines limit 10", "may not have limit modifier"),
        ("describe lines", "may not have show ref"),
        ("select $1 from lines", "may not have a parameter"),
    ],
)
def test_a_query_may_not_reach_out_or_differ_from_run_to_run(query: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        check_query(query, ["lines"])


@pytest.mark.parametrize(
    "reach",
    [
        "select * from read_parquet('{other}')",
        "select * from '{other}'",
        "copy (select 1) to '{other}'",
        "attach '{other}.db'",
        "select * from glob('/etc/*')",
        "set enable_external_access = true",
        "set allowed_paths = ['{other}']",
        "select * from secret",
    ],
)
def test_the_engine_of_a_query_cannot_reach_out_even_unchecked(tmp_path: Path, reach: str) -> None:
    own, other = tmp_path / "own.parquet", tmp_path / "other.parquet"
    for path in (own, other):
        duckdb.execute(f"copy (select 1 as a) to '{path}'")
    secret = duckdb.sql("select 1")
    assert secret

    def prepare(engine: duckdb.DuckDBPyConnection) -> None:
        engine.execute(f"create view own as select * from read_parquet('{own}')")

    engine = confined(
        Resources(tmp_path),
        [own],
        prepare,
    )
    with engine:
        assert engine.execute("select a from own").fetchall() == [(1,)]
        with pytest.raises(duckdb.Error):
            engine.execute(reach.format(other=other))


def test_a_query_that_nests_too_deeply_is_refused() -> None:
    with pytest.raises(QueryError, match="nested too deeply"):
        check_query("select " + "+".join(["1"] * 900), [])


def test_a_query_that_the_engine_has_no_words_for_is_refused(tmp_path: Path) -> None:
    query = "select 1 order_id, 2 customer_id, strptime(day, '%年') ordered_at, 3 amount from lines"
    with pytest.raises(SourceError, match="query"):
        shop(tmp_path).pull(entry(query))
