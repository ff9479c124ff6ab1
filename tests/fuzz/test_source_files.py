"""Any source file: checked, and pulled as far as it goes, it is right or an error for people."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from budget import examples
from hypothesis import given, note
from hypothesis import strategies as st
from landed import INTERNALS
from mutations import Change, changed, changes

from orchestration.landing import PullFailed, pull_table
from orchestration.sources.errors import SourceError
from orchestration.sources.source_file import load_source_file

WHOLE: dict[str, Any] = {
    "timezone": "Asia/Shanghai",
    "base_currency": "CNY",
    "as_of": "2017-12-31",
    "tables": {
        "orders": [
            {
                "name": "shop",
                "from": "files",
                "path": "exports/orders_*.csv",
                "encoding": "gb18030",
                "delimiter": "tab",
                "columns": {
                    **{"order_id": "订单", "customer_id": "客户", "ordered_at": "时间"},
                    **{"amount": "金额", "status": "状态"},
                },
                "values": {"status": {"已完成": "completed", "已取消": None}},
                "constants": {"currency": "CNY"},
                "formats": {"ordered_at": "%Y/%m/%d %H:%M"},
                "shared_keys": "true",
            },
            {
                "name": "till",
                "from": "files",
                "files": {"t": "till/*.parquet"},
                "query": "select a order_id, b customer_id, c ordered_at, d amount from t",
            },
        ],
        "customers": [{"from": "files", "path": "c.xlsx", "sheet": "Tabelle1"}],
    },
}
PIECES = (
    *(
        b"'",
        b'"',
        b"*",
        b"&a ",
        b"*a",
        b"!!int ",
        b"? ",
        b"- ",
        b": ",
        b"{",
        b"}",
        b"[",
        b"]",
        b"|",
    ),
    *(b"\n", b"\n  ", b"\t", b"\0", b"\x07", b"\xff", b"\xef\xbb\xbf", b"#", b"---\n", b"<<: *a\n"),
    *(b'"\\ud800"', b'"\\UFFFFFFFF"', b'"\\0"', b"~", b"null", b"no", b"{{ x }}", b"env:HOME"),
    *(
        b"../",
        b"**",
        b"[",
        b"package:os/",
        b"package:__main__/",
        b"%",
        b"%Q",
        b";",
        b"drop table x",
    ),
)
WORDS = (
    *(
        "",
        " ",
        "a",
        "tab",
        "utf-16",
        "idna",
        "no such",
        "1",
        "2017-02-30",
        "CNY",
        "UTC",
        "localtime",
    ),
    *(
        "order_id",
        "订单",
        "o.csv",
        "package:json/x.csv",
        "package:/x.csv",
        "/etc/x.csv",
        "**/x.csv",
    ),
    *(
        "select 1",
        "select * from t",
        "from t limit 1",
        "%Y",
        "%",
        "%Q",
        "'",
        '"',
        "\\",
        "\u2028",
        ",,",
    ),
)
ANYTHING = st.recursive(
    st.none() | st.sampled_from(WORDS) | st.text(max_size=5) | st.integers() | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=2)
    ),
    max_leaves=4,
)
FILES = {
    "o.csv": "order_id,customer_id,ordered_at,amount\n1,c,2017-01-01,1\n",
    "exports/orders_1.csv": "订单\t客户\t时间\t金额\t状态\n1\tc\t2017/01/01 10:00\t1\t已完成\n",
}


def check(text: bytes) -> None:
    """Load a source file and pull what it names; only SourceErrors may come of it."""
    note(text.decode(errors="replace"))
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "exports").mkdir()
        for file, content in FILES.items():
            (folder / file).write_text(content, encoding="gb18030")
        (folder / "sources.yml").write_bytes(text)
        try:
            source = load_source_file(folder / "sources.yml")
            for table in source.tables:
                pull_table(table, source, folder / "landing", audit=_let_through, report=note)
        except (SourceError, PullFailed) as error:
            note(str(error))
            assert str(folder) in str(error) or "o.csv" in str(error) or "orders_1" in str(error)
            assert not INTERNALS.search(str(error))


def _let_through(table: str, parquet: Path) -> None:
    """Gate 1 has tests of its own."""


def places(tree: object, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in a tree of dictionaries and lists."""
    inner: list[tuple[Any, Any]] = []
    if isinstance(tree, dict):
        inner = list(tree.items())
    elif isinstance(tree, list):
        inner = list(enumerate(tree))
    return [place, *(deeper for key, value in inner for deeper in places(value, (*place, key)))]


PLACES = [place for place in places(WHOLE) if place]


@examples(150)
@given(changes(PIECES))
def test_a_source_file_that_was_damaged(steps: list[Change]) -> None:
    check(changed(yaml.safe_dump(WHOLE, allow_unicode=True).encode(), steps))


@examples(200)
@given(
    st.lists(st.tuples(st.sampled_from(PLACES), ANYTHING), min_size=1, max_size=3), st.booleans()
)
def test_a_source_file_that_says_something_else(
    said: list[tuple[tuple[Any, ...], object]], bare: bool
) -> None:
    whole = yaml.safe_load(yaml.safe_dump(WHOLE))
    if bare:
        whole["tables"] = {"orders": whole["tables"]["orders"][:1]}
    for (*way, last), value in said:
        tree = whole
        try:
            for step in way:
                tree = tree[step]
            tree[last] = value
        except (KeyError, IndexError, TypeError):
            continue
    check(yaml.safe_dump(whole, allow_unicode=True).encode())
