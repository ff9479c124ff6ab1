"""Text files: encodings, delimiters, quotes, line ends, and values that look like code."""

import codecs
from collections.abc import Mapping, Sequence

from .case import (
    STAGED,
    Case,
    Fate,
    GoesOn,
    Values,
    cell,
    csv_text,
    key,
    quarantined,
    rows_case,
    sound_csv,
    sound_rows,
)

MALFORMED = quarantined("malformed_record")
RARE = "𠮷野家㐂龘"
CHINESE = {
    "order_id": "订单 编号",
    "customer_id": "客户",
    "ordered_at": "下单时间",
    "amount": "实付",
}


def encoded(given: str, codec: str, mark: bytes = b"", **entry: object) -> Case:
    """A sound file with Chinese text in it, in an encoding."""
    rows = [row | {"channel": f"{RARE}门店"} for row in sound_rows(given)]
    then = GoesOn((STAGED,) * 3, {f"{key(given)}-1": {"channel": f"{RARE}门店"}})
    return Case(given, then, files={"o.csv": mark + csv_text(rows).encode(codec)}, entries=(entry,))


def lines(
    given: str,
    more: str | bytes,
    fates: Sequence[Fate],
    staged: Mapping[str, Values] | None = None,
    name: str = "o.csv",
) -> Case:
    """A sound file, and after it more text of the same file; {k} is the key of the case."""
    text = more if isinstance(more, bytes) else more.replace("{k}", key(given)).encode()
    content = sound_csv(given).encode() + text
    named = {key(given) + suffix: values for suffix, values in (staged or {}).items()}
    return Case(given, GoesOn((STAGED,) * 3 + tuple(fates), named), files={name: content})


def whole(given: str, text: str, name: str = "o.csv", **entry: object) -> Case:
    """A file of the sound rows, written in another way."""
    return Case(given, GoesOn((STAGED,) * 3), files={name: text.encode()}, entries=(entry,))


def written(given: str, delimiter: str = ",", end: str = "\n") -> str:
    return csv_text(sound_rows(given), delimiter).replace("\n", end)


def kept(given: str, text: str) -> Case:
    """A text that is nothing but text."""
    return cell(given, "channel", text, text)


def named(given: str, name: str) -> Case:
    return whole(given, sound_csv(given), name)


def with_header(given: str, header: str) -> Case:
    """One more column, of a strange name: it lands and is not used."""
    rows = [row | {header: "x"} for row in sound_rows(given)]
    return whole(given, csv_text(rows))


ORDER = "{k},{k},2024-05-01,1.00"

CASES = [
    encoded("UTF-8 with rare characters", "utf-8"),
    encoded("UTF-8 with a byte order mark", "utf-8", codecs.BOM_UTF8),
    encoded("UTF-16 with a byte order mark, little end first", "utf-16-le", codecs.BOM_UTF16_LE),
    encoded("UTF-16 with a byte order mark, big end first", "utf-16-be", codecs.BOM_UTF16_BE),
    encoded("UTF-16 without a mark, declared", "utf-16-le", encoding="utf-16-le"),
    encoded("GB18030 with rare characters", "gb18030"),
    encoded("GB18030, declared", "gb18030", encoding="gb18030"),
    Case(
        "Chinese headers",
        GoesOn((STAGED,) * 3),
        files={
            "订单.csv": csv_text(
                [
                    {CHINESE[name]: text for name, text in row.items()}
                    for row in sound_rows("Chinese headers")
                ]
            ).encode("gb18030")
        },
        entries=({"columns": CHINESE},),
    ),
    whole("semicolons", written("semicolons", ";")),
    whole("tabs", written("tabs", "\t"), "o.tsv"),
    whole("pipes in a .txt", written("pipes in a .txt", "|"), "o.txt"),
    whole("a declared delimiter", written("a declared delimiter", "^"), delimiter="^"),
    whole("line ends of Windows", written("line ends of Windows", end="\r\n")),
    whole(
        "blank lines between the records", written("blank lines between the records", end="\n\n")
    ),
    whole(
        "no line end after the last record",
        written("no line end after the last record").rstrip("\n"),
    ),
    whole("blank lines above the header", "\n\n" + written("blank lines above the header")),
    lines("a record with a field too many", f"{ORDER},extra\n", [MALFORMED]),
    lines("a record with a field too few", "{k},{k},2024-05-01\n", [MALFORMED]),
    lines("a file that is cut in the middle of a record", "{k},{k},2024-0", [MALFORMED]),
    lines("a quote that never ends", '{k},"{k},2024-05-01,1.00\n', [MALFORMED]),
    lines(
        "a quote that never ends, with records below it",
        '{k}-a,"{k},2024-05-01,1.00\n{k}-b,{k},2024-05-01,1.00\n',
        [MALFORMED, STAGED],
    ),
    lines("a quote in the middle of a field", '{k},{k} "the 2nd",2024-05-01,1.00\n', [STAGED]),
    lines("mixed line ends", f"{ORDER}\r\n{{k}}-b,{{k}},2024-05-01,1.00\n", [STAGED, STAGED]),
    lines(
        "quoted line ends, quotes and delimiters in an id",
        '"{k}\n""x"",y",{k},2024-05-01,1.00\n',
        [STAGED],
        {'\n"x",y': {"amount": 1}},
    ),
    lines(
        "a repeated header further down",
        "order_id,customer_id,ordered_at,amount\n",
        [quarantined("not_a_timestamp", "ordered_at")],
    ),
    lines("a footer `Total`", "Total,,,40.00\n", [quarantined("missing_required", "customer_id")]),
    lines("a line of delimiters only", ",,,\n", [quarantined("blank_key", "order_id")]),
    kept("control characters in a value", "a\x01\x02\x1b[31mb\x7f"),
    kept("a value with a tab and line ends inside", "a\tb\nc\r\nd"),
    kept("a value of 1 MB", "长" * 333_333 + "x"),
    kept("a right-to-left override in a value", "a\u202eb"),
    kept("a zero-width space in a value", "a\u200bb"),
    kept("SQL in a value", "'); drop table staging.orders; --"),
    kept("Jinja in a value", "{{ env_var('HOME') }}{% do exit() %}"),
    kept("a formula in a value", "=cmd|' /C calc'!A0"),
    kept("a formula with @ in a value", "@SUM(1+1)*cmd"),
    kept("HTML in a value", "<script>alert(1)</script>"),
    kept("a format string in a value", "%s%n{0}"),
    with_header("SQL in a header", '"); drop table x; --'),
    with_header("Jinja in a header", "{{ 7*7 }}"),
    with_header("a formula in a header", "=1+1"),
    with_header("a header that is one of our own words", "_load_id"),
    with_header("a header like DuckDB's own", "file_index"),
    with_header("a header of 1,000 characters", "h" * 1000),
    with_header("a header with a line end", "two\nlines"),
    with_header("an empty header", ""),
    named("SQL in a file name", "o'; drop table x; --.csv"),
    named("Jinja in a file name", "{{ 7*7 }}.csv"),
    named("a formula in a file name", "=1+1.csv"),
    named("glob characters in a file name", "o[1]{2}?.csv"),
    named("spaces and Chinese in a file name", "五月 订单.csv"),
    named("a suffix in capitals", "ORDERS.CSV"),
    rows_case(
        "more columns than we know",
        [{f"extra_{n}": "x" for n in range(200)}],
        [STAGED],
        staged={"amount": 10},
    ),
]
