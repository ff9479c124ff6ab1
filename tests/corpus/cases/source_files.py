"""Source files that cannot be used: refused, with file and line, before anything is read."""

from collections.abc import Mapping

from .case import Case, Stops, sound_csv

HEAD = "timezone: Europe/Berlin\nbase_currency: EUR\n"
FILES: Mapping[str, bytes] = {"o.csv": sound_csv("a source file").encode()}


def source(given: str, text: str, *says: str) -> Case:
    return Case(given, Stops(says), files=FILES, source=text)


def entry(given: str, lines: str, *says: str, table: str = "orders") -> Case:
    """A source file of one entry, whose lines are these, of a company that had another before."""
    indented = "".join(f"    {line}\n" for line in lines.splitlines())
    tables = f"tables:\n  {table}:\n  - from: files\n{indented}"
    return source(given, f"{HEAD}{tables}former_entries: [orders]\n", *says)


def query(given: str, sql: str, *says: str) -> Case:
    """An entry whose query is this."""
    return entry(given, f"files: {{o: o.csv}}\nquery: |\n  {sql}", *says)


ORDERS = "tables:\n  orders:\n  - {from: files, path: o.csv}\n"
MAPPED = "path: o.csv\ncolumns: {order_id: id, customer_id: who, ordered_at: at, amount: sum}"

CASES = [
    source("an empty source file", "", "holds no source"),
    source("a source file that is a list", "- orders\n", "holds no source"),
    source("a source file that is no YAML", HEAD + "tables: [", "is not YAML"),
    source("a tab in the YAML", f"{HEAD}\ttables:\n", "is not YAML"),
    Case(
        "a source file in GB18030",
        Stops(("is not UTF-8 text",)),
        source="# 订单\n".encode("gb18030"),
    ),
    source("a key twice in the source file", f"{HEAD}{HEAD}{ORDERS}", "stands twice"),
    source("an unknown key", f"{HEAD}time_zone: UTC\n{ORDERS}", "is not a key here"),
    source("no timezone", f"base_currency: EUR\n{ORDERS}", "timezone", "is missing"),
    source(
        "an unknown timezone",
        f"timezone: Mars/Base\nbase_currency: EUR\n{ORDERS}",
        "is not a time zone",
    ),
    source("no currency", f"timezone: UTC\n{ORDERS}", "base_currency", "is missing"),
    source(
        "a currency that is no code",
        f"timezone: UTC\nbase_currency: euro\n{ORDERS}",
        "is not a currency",
    ),
    source("an as_of that is no day", f"{HEAD}as_of: 2024-02-30\n{ORDERS}", "is not a day"),
    source("no tables", f"{HEAD}tables: {{}}\n", "has neither customers nor orders"),
    source(
        "neither customers nor orders",
        f"{HEAD}tables:\n  refunds:\n  - {{from: files, path: o.csv}}\n",
        "has neither customers nor orders",
    ),
    source(
        "an unknown table",
        f"{HEAD}{ORDERS}  order:\n  - {{from: files, path: o.csv}}\n",
        "is not a canonical table",
        "Did you mean orders?",
    ),
    source(
        "a table that is no list",
        f"{HEAD}tables:\n  orders:\n    path: o.csv\n",
        "has to be a list of entries",
    ),
    source(
        "two entries without names",
        f"{HEAD}{ORDERS}  - {{from: files, path: o.csv}}\n",
        "is missing",
    ),
    source(
        "two entries of one name",
        f"{HEAD}tables:\n  orders:\n"
        "  - {name: a, from: files, path: o.csv}\n  - {name: a, from: files, path: o.csv}\n",
        "names another entry too",
    ),
    source(
        "an unknown kind of source",
        f"{HEAD}tables:\n  orders:\n  - {{from: fax, path: o.csv}}\n",
        "is not a kind of source",
    ),
    source(
        "aliases that multiply",
        f"{HEAD}{ORDERS}a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
        "is not a key here",
    ),
    source(
        "a YAML tag that makes objects",
        f"{HEAD}tables: !!python/object/apply:os.system ['true']\n",
        "tables",
    ),
    entry("an entry without a path", "encoding: utf-8", "give either path, or files"),
    entry(
        "path and files in one entry",
        "path: o.csv\nfiles: {o: o.csv}\nquery: select 1",
        "give either path, or files",
    ),
    entry("files without a query", "files: {o: o.csv}", "files and query belong together"),
    entry(
        "an unknown key in an entry",
        "path: o.csv\ncolums: {}",
        "is not a key here",
        "Did you mean columns?",
    ),
    entry(
        "SQL as the name of an entry", "name: 'x; drop table y'\npath: o.csv", "cannot be a name"
    ),
    entry("a path outside the folder of its source file", "path: ../o.csv", "leaves"),
    entry("an absolute path", "path: /etc/passwd.csv", "leaves"),
    entry(
        "a package that is not installed",
        "path: package:no_such_package/o.csv",
        "there is no installed package",
    ),
    entry("Jinja in a path", "name: shop\npath: \"{{ env_var('HOME') }}/o.csv\"", "names no file"),
    entry("a path without a known suffix", "path: o.dat", "has no suffix that says its format"),
    entry("an unknown encoding", "path: o.csv\nencoding: utf-9", "is not an encoding"),
    entry("a delimiter of two characters", "path: o.csv\ndelimiter: '||'", "cannot be a delimiter"),
    entry("a sheet of a csv", "path: o.csv\nsheet: May", "is only for .xlsx"),
    entry(
        "an unknown column of ours",
        f"{MAPPED[:-1]}, amuont: x}}",
        "has no column 'amuont'",
        "Did you mean amount?",
    ),
    entry("a column mapped twice", f"{MAPPED[:-1]}, amount: x}}", "stands twice"),
    entry(
        "a column mapped and constant",
        f"{MAPPED}\nconstants: {{amount: '1'}}",
        "is given by columns and by constants",
    ),
    entry(
        "a required column that nothing supplies",
        "path: o.csv\ncolumns: {order_id: id, customer_id: who, ordered_at: at}",
        "orders needs amount",
    ),
    entry(
        "values of a column that is not mapped",
        f"{MAPPED}\nvalues: {{status: {{a: b}}}}",
        "does not map",
    ),
    entry(
        "a value that is none of ours",
        "path: o.csv\nvalues: {kind: {phone: telephone}}",
        "is not a value of kind",
        table="interactions",
    ),
    entry(
        "a value translated two ways",
        f"{MAPPED[:-1]}, status: s}}\nvalues: {{status: {{A: completed, ' a ': cancelled}}}}",
        "stands twice",
    ),
    entry(
        "a format of a column that is no date", f"{MAPPED}\nformats: {{amount: '%d'}}", "not a date"
    ),
    entry(
        "a format that is none", f"{MAPPED}\nformats: {{ordered_at: '%Q'}}", "is not a date format"
    ),
    query("a query of two statements", "select * from o; select 2", "has 2 statements"),
    query("a query that drops a table", "select 1; drop table o", "is not one SELECT"),
    query("a query that is no SELECT", "delete from o", "is not one SELECT"),
    query("a query that reads a file", "select * from read_csv('/etc/passwd')", "may not read"),
    query("a query that reads a table by its path", "select * from '/etc/passwd'", "it may read"),
    query("a query that asks the clock", "select *, current_date as d from o", "may not use"),
    query("a query of chance", "select * from o where random() < 0.5", "may not use random()"),
    query(
        "a query without an order where it matters",
        "select *, row_number() over () as n from o",
        "without ORDER BY",
    ),
    query("a query that does not fit its file", "select nothing from o", "does not fit its files"),
]
