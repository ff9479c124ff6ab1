"""The source file: what it takes, and how it says what it does not."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from source_maker import HEAD, Shop, orders

from orchestration.sources.entries import FilesEntry
from orchestration.sources.errors import SourceError
from orchestration.sources.identity import Identity
from orchestration.sources.source_file import load_source_file

MAPPED = "columns: {order_id: no, customer_id: who, ordered_at: at, amount: paid}"


def refused(folder: Path, tables: str, head: str = HEAD) -> SourceError:
    with pytest.raises(SourceError) as caught:
        Shop(folder).source(tables, head)
    return caught.value


def test_everything_a_source_file_says_is_read(tmp_path: Path) -> None:
    source = Shop(tmp_path).source(
        """
  orders:
  - name: shop
    from: files
    path: exports/*.csv
    encoding: gb18030
    delimiter: tab
    columns: {order_id: 编号, customer_id: 客户, ordered_at: 时间, amount: 金额, status: 状态}
    values: {status: {已完成: completed, "no": cancelled, 未知: }}
    constants: {currency: CNY}
    formats: {ordered_at: "%Y/%m/%d %H:%M"}
    shared_keys: true
  - {name: web, from: files, files: {w: w.parquet}, query: select * from w}
""",
        "timezone: Asia/Shanghai\nbase_currency: CNY\nas_of: 2017-12-31\ntables:",
    )
    shop, web = source.tables["orders"]
    assert isinstance(shop, FilesEntry)
    assert isinstance(web, FilesEntry)
    assert (source.timezone, source.base_currency, source.as_of) == (
        "Asia/Shanghai",
        "CNY",
        date(2017, 12, 31),
    )
    assert (shop.name, shop.delimiter, shop.shared_keys) == ("shop", "\t", True)
    assert shop.columns["order_id"] == "编号"
    assert shop.values == {"status": {"已完成": "completed", "no": "cancelled", "未知": None}}
    assert (web.files, web.query, web.shared_keys) == ({"w": "w.parquet"}, "select * from w", False)


IDENTITY = "timezone: UTC\nbase_currency: CNY\nidentity: {identity}\ntables:\n"


def test_customers_are_compared_by_what_identity_names_and_else_not_at_all(tmp_path: Path) -> None:
    assert Shop(tmp_path).source(orders("o.csv")).identity is None
    head = IDENTITY.format(identity="{match: [email, phone], phone_region: NO}")
    identity = Shop(tmp_path).source(orders("o.csv"), head).identity
    assert identity == Identity(match=("email", "phone"), phone_region="NO")


@pytest.mark.parametrize(
    ("identity", "field", "message"),
    [
        ("{match: [fone]}", "identity.match", "'fone' is no column to compare customers by"),
        ("{match: []}", "identity.match", "names no column to compare customers by"),
        ("{phone_region: CN}", "identity.match", "is missing"),
        ("{match: [phone], phone_region: China}", "identity.phone_region", "'China' is not"),
        ("{match: [phone], region: CN}", "identity.region", "There is: match, phone_region"),
        ("on", "identity", "valid dictionary"),
    ],
)
def test_what_identity_says_is_checked(
    tmp_path: Path, identity: str, field: str, message: str
) -> None:
    error = refused(tmp_path, orders("o.csv"), IDENTITY.format(identity=identity))
    assert message in str(error)
    assert (error.field, error.line) == (field, 3)


def test_values_stay_the_text_they_are_written_as(tmp_path: Path) -> None:
    source = Shop(tmp_path).source(orders("o.csv", "constants: {channel: 007, promo_code: no}"))
    (entry,) = source.tables["orders"]
    assert entry.constants == {"channel": "007", "promo_code": "no"}


def test_a_single_entry_is_named_after_its_table(tmp_path: Path) -> None:
    (entry,) = Shop(tmp_path).source(orders("o.csv")).tables["orders"]
    assert entry.name == "orders"


@pytest.mark.parametrize(
    ("head", "line", "message"),
    [
        ("base_currency: CNY\ntables:\n", None, "timezone: is missing"),
        ("timezone: UTC\ntables:\n", None, "base_currency: is missing"),
        (
            "timezone: Asia/Shangai\nbase_currency: CNY\ntables:\n",
            1,
            "'Asia/Shangai' is not a time zone",
        ),
        ("timezone: UTC\nbase_currency: yuan\ntables:\n", 2, "'yuan' is not a currency"),
        ("timezone: UTC\nbase_currency: CNY\nas_of: 2017-02-30\ntables:\n", 3, "is not a day"),
        (
            "timezone: UTC\nbase_currency: CNY\nas_of: 2017-02-01\nfirst_day: 2017-02-02\n"
            "tables:\n",
            4,
            "first_day: lies after as_of",
        ),
        ("timezone: UTC\nbase_currency: CNY\nzone: 1\ntables:\n", 3, "zone: is not a key here"),
        ("timezone: UTC\ntimezone: UTC\ntables:\n", 2, "the key 'timezone' stands twice"),
    ],
)
def test_the_head_is_checked(tmp_path: Path, head: str, line: int | None, message: str) -> None:
    error = refused(tmp_path, orders("o.csv"), head)
    assert message in str(error)
    assert error.line == line
    assert str(tmp_path / "sources.yml") in str(error)


@pytest.mark.parametrize(
    ("lines", "field", "message"),
    [
        (("colums: {}",), "colums", "Did you mean columns?"),
        (("columns: {order_idd: x}",), "columns.order_idd", "Did you mean order_id?"),
        (("columns: {order_id: no}",), "columns", "needs customer_id, ordered_at, amount"),
        ((MAPPED, "constants: {amount: 1}"), "constants.amount", "by columns and by constants"),
        ((MAPPED, "values: {status: {a: b}}"), "values.status", "columns does not map"),
        ((MAPPED, 'formats: {amount: "%d"}'), "formats.amount", "amount is money, not a date"),
        ((MAPPED, 'formats: {ordered_at: "%q"}'), "formats.ordered_at", "not a date format"),
        ((MAPPED, 'formats: {ordered_at: "%Y%年"}'), "formats.ordered_at", "not a date format"),
        ((MAPPED, "values: {amount: {A: 1, a: 2}}"), "values.amount.A", "stands twice"),
        (("sheet: s",), "sheet", "is only for .xlsx"),
        (("encoding: hex",), "encoding", "'hex' is not an encoding"),
        (("encoding: unicode_escape",), "encoding", "'unicode_escape' is not an encoding"),
        (("delimiter: ab",), "delimiter", "cannot be a delimiter"),
        (("shared_keys: maybe",), "shared_keys", "valid boolean"),
        (("query: select 1",), "", "files and query belong together"),
        (("files: {a: a.csv}",), "", "give either path, or files with a query"),
    ],
)
def test_an_entry_is_checked(
    tmp_path: Path, lines: tuple[str, ...], field: str, message: str
) -> None:
    error = refused(tmp_path, orders("o.csv", *lines))
    assert message in str(error)
    assert (error.field or "").startswith("tables.orders[1]")
    assert (error.field or "").endswith(field)
    assert error.line is not None


def test_a_kind_of_source_that_does_not_exist_says_what_does(tmp_path: Path) -> None:
    error = refused(tmp_path, "  orders:\n  - {from: datbase, path: o.csv}\n")
    assert "'datbase' is not a kind of source here; there is: files, database" in str(error)


def test_values_and_constants_keep_to_the_words_of_a_column(tmp_path: Path) -> None:
    error = refused(
        tmp_path,
        "  orders:\n  - {from: files, path: o.csv}\n"
        "  interactions:\n  - from: files\n    path: i.csv\n    constants: {kind: Call}\n"
        "    values: {direction: {eingehend: inn}}\n",
    )
    assert "constants.kind: 'Call' is not a value of kind" in str(error)
    assert "values.direction.eingehend: 'inn' is not a value of direction" in str(error)


def test_a_format_without_reader_says_which_there_are(tmp_path: Path) -> None:
    assert "There is a reader for .csv" in str(refused(tmp_path, orders("o.xls")))


def test_customers_or_orders_have_to_be_there(tmp_path: Path) -> None:
    error = refused(tmp_path, "  feedback:\n  - {from: files, path: f.csv}\n")
    assert "neither customers nor orders" in str(error)


def test_one_of_several_columns_may_be_asked_for(tmp_path: Path) -> None:
    mapped = "columns: {refund_id: a, refunded_at: b, amount: c"
    head = orders("o.csv") + "  refunds:\n  - from: files\n    path: r.csv\n    "
    assert "needs order_id or customer_id" in str(refused(tmp_path, head + mapped + "}\n"))
    Shop(tmp_path).source(head + mapped + ", customer_id: d}\n")


def test_a_table_that_does_not_exist_names_its_neighbours(tmp_path: Path) -> None:
    error = refused(tmp_path, orders("o.csv") + "  order:\n  - {from: files, path: o.csv}\n")
    assert "Did you mean orders?" in str(error)


def test_entries_are_a_list_with_different_names(tmp_path: Path) -> None:
    error = refused(tmp_path, "  orders: {from: files, path: o.csv}\n")
    assert "has to be a list of entries" in str(error)
    one = "  - {name: a, from: files, path: o.csv}\n"
    assert "names another entry too" in str(refused(tmp_path, "  orders:\n" + one + one))
    nameless = "  - {from: files, path: o.csv}\n"
    assert "needs a name for each" in str(refused(tmp_path, "  orders:\n" + one + nameless))


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    error = refused(tmp_path, orders("o.csv", "columns: {a: b}", "encoding: x"))
    assert "has no column 'a'" in str(error)
    assert "'x' is not an encoding" in str(error)


def test_broken_yaml_and_a_missing_file_are_named(tmp_path: Path) -> None:
    (tmp_path / "s.yml").write_text("timezone: UTC\ntables: [\n")
    with pytest.raises(
        SourceError, match=r"(?s)is not YAML.*Quote text that begins with"
    ) as caught:
        load_source_file(tmp_path / "s.yml")
    assert caught.value.line == 3
    with pytest.raises(SourceError, match="cannot be read: No such file"):
        load_source_file(tmp_path / "none.yml")
    (tmp_path / "s.yml").write_text("")
    with pytest.raises(SourceError, match="holds no source"):
        load_source_file(tmp_path / "s.yml")


ALIASES = "".join(f"{a}: &{a} [{', '.join(['*' + b] * 9)}]\n" for a, b in pairwise("hgfedcba"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[" * 5000, "is nested too deeply"),
        ("a: &a [*a]", "is nested too deeply"),
        (f"a: &a [x]\n{ALIASES}", "undefined alias"),
        ("a: &a [1]\n" + "\n".join(reversed(ALIASES.splitlines())), "more than 100,000 keys"),
        ('a: "\\UFFFFFFFF"', "is not YAML"),
        (f"%YAML {'9' * 5000}.1\n---\na: b", "is not YAML"),
        ('a: "\\ud800"', "is not text"),
        ('"\\0": b', "is not text"),
    ],
)
def test_what_a_yaml_reader_stumbles_over_is_an_error(
    tmp_path: Path, text: str, problem: str
) -> None:
    assert problem in str(refused(tmp_path, "", text))
