"""A small warehouse and the releases made of it, for the tests of publishing."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb

from orchestration.publishing import Protection, PublicTable, Release, ReleaseInfo, publish

CUSTOMERS = PublicTable(
    schema="facts",
    name="customer_facts",
    kind="table",
    key=("customer_id",),
    description="One row per customer; it's what the tests read.",
    columns={"customer_id": "Who.", "net_amount": "In base currency."},
)
CUTS = PublicTable(
    schema="classification",
    name="scheme_cuts",
    kind="table",
    key=("scheme", "dimension"),
    description="One row per cut.",
    columns={"scheme": "Which scheme."},
)
INFO = PublicTable(
    schema="classification",
    name="release_info",
    kind="table",
    key=("run_id",),
    description="One row.",
    columns={},
    hashed=False,
)


def nothing_to_say(text: str) -> None:
    """A report that nobody reads."""


def accept(database: Path) -> None:
    """A gate that lets everything pass."""


def write_page(database: Path, manifest: Mapping[str, object], config: Mapping[str, str]) -> Path:
    """A page that says little."""
    page = database.with_name("report.html")
    page.write_text(f"{manifest['run_id']}\n", "utf-8")
    return page


WritePage = Callable[[Path, Mapping[str, object], Mapping[str, str]], Path]


class Company:
    """A home with a warehouse that can be built and published again and again."""

    def __init__(self, home: Path) -> None:
        self.warehouse = home / "warehouse.duckdb"
        self.releases = home / "releases"
        self.runs = 0

    def build(self, *, amount: str = "12.5000", run: str = "r1", customers: int = 3) -> None:
        """Build the warehouse anew; its rows stand in no particular order."""
        self.warehouse.unlink(missing_ok=True)
        with duckdb.connect(self.warehouse) as con:
            con.execute("create schema facts; create schema classification")
            con.execute(
                "create table facts.customer_facts as select 'C' || i as customer_id,"
                f" cast({amount} + i as decimal(18, 4)) as net_amount"
                f" from range({customers}) as numbers(i) order by hash(i)"
            )
            con.execute(
                "create table classification.scheme_cuts as from (values"
                " ('rfm', 'r', 5), ('rfm', null, 4), ('amount_level', 'net', 3))"
                " as cuts(scheme, dimension, bound)"
            )
            con.execute(f"create table classification.release_info as select '{run}' as run_id")

    def publish(
        self,
        *,
        as_of: date = date(2017, 12, 31),
        tables: Sequence[PublicTable] = (CUSTOMERS, CUTS, INFO),
        audit: Callable[[Path], object] = accept,
        write_page: WritePage = write_page,
        keep: int = 7,
        grace: timedelta = timedelta(hours=1),
        report: Callable[[str], None] = nothing_to_say,
        threads: int = 2,
        protection: Protection | None = None,
        documents: Mapping[str, str] | None = None,
    ) -> Release:
        """Build the warehouse if there is none, and publish it under a run id of its own."""
        self.runs += 1
        if not self.warehouse.exists():
            self.build()
        return publish(
            self.warehouse,
            self.releases,
            tables=tables,
            info=ReleaseInfo(
                run_id=f"run{self.runs:05d}-and-more",
                as_of=as_of,
                policy_hash="policy1",
                zone="Asia/Shanghai",
                engine="duckdb",
                versions={"duckdb": duckdb.__version__},
                quality={"warehouse": {"evaluated": 9}},
            ),
            audit=audit,
            write_page=write_page,
            keep=keep,
            grace=grace,
            report=report,
            config={"threads": str(threads)},
            protection=protection or Protection(),
            documents=documents or {},
        )

    def ids(self) -> list[str]:
        """The folders of releases, and of anything else that readers could take for one."""
        return sorted(
            path.name
            for path in self.releases.iterdir()
            if path.is_dir() and not path.is_symlink() and not path.name.startswith(".")
        )

    def served(self) -> dict[str, str]:
        """Everything a reader can see through `current`: its target and the hash of each file."""
        current = self.releases / "current"
        seen = {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in current.iterdir()
        }
        return {"": str(current.readlink()), **seen}
