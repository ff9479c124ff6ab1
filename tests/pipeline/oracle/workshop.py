"""A home folder where company after company is pulled and built, as a run does it, but quicker."""

import re
import shutil
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventMsg

from orchestration.dbt_project import dbt_project
from orchestration.history import commit_day
from orchestration.inputs import register_inputs, remember_build
from orchestration.landing import pull_table
from orchestration.manifest import dbt_arguments, dbt_manifest, prepare_manifest
from orchestration.policy import Policy, load_policy
from orchestration.settings import Settings
from orchestration.sources.source_file import SourceFile, load_source_file

from .comparison import read_relation

# What dbt sent to the engine: the connection it used, and the statement.
Statement = tuple[str, str]
# Tables and views of a warehouse.
Found = frozenset[str]
# What only asks, such as for the columns of a model, to hold them against its contract. It changes
# nothing, and to plan it takes as long as to build the model.
ASKS = re.compile(r"\s*(/\*.*?\*/\s*)?(select|with)\b", re.DOTALL | re.IGNORECASE)


@dataclass
class Workshop:
    """One home folder, for one company at a time.

    dbt takes seconds to build fifty models of a few rows. So it builds the first company, and what
    it sent to DuckDB then is sent again for every other one; what dbt sends depends on no data,
    only on the tables that it finds.

    Attributes:
        selection: what of the project dbt builds, as its own arguments; all of it by default.
        reasons: whether the explanations are built too; to plan them takes a second a company.
        statements: what dbt sent, in order, by the tables that it had found.
    """

    settings: Settings
    selection: Sequence[str] = ()
    reasons: bool = False
    statements: dict[Found, Sequence[Statement]] = field(default_factory=dict, repr=False)
    policy: Policy = field(init=False)
    source: SourceFile = field(init=False)

    def __post_init__(self) -> None:
        """Read the policy once."""
        self.policy = load_policy(self.settings.policy_dir)

    def pull(self, sources: Iterable[Path]) -> None:
        """Forget the company before, and land everything that each source file names, in turn."""
        for folder in (self.settings.landing, self.settings.history):
            shutil.rmtree(folder, ignore_errors=True)
        for source in sources:
            self.land(source)

    def land(self, sources: Path) -> None:
        """Land what a source file names and the landing does not have yet."""
        self.source = load_source_file(sources)
        for table in self.source.tables:
            pull_table(
                table, self.source, self.settings.landing, audit=_let_through, report=_ignore
            )

    def build(self, as_of: date) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Build one day in a new warehouse; return its customer_facts and customer_classes."""
        self.make(as_of)
        return (
            read_relation(self.settings.warehouse, "facts.customer_facts"),
            read_relation(self.settings.warehouse, "classification.customer_classes"),
        )

    def make(self, as_of: date) -> None:
        """Build one day in a new warehouse."""
        self.settings.warehouse.unlink(missing_ok=True)
        self.go_on(as_of)

    def go_on(self, as_of: date) -> None:
        """Build one day in the warehouse that the last build left."""
        self._begin(as_of)
        self.repeat()
        remember_build(self.settings.warehouse)

    def repeat(self) -> None:
        """Build with what was registered last, in the warehouse as it stands."""
        found = self._found()
        if found in self.statements:
            self._send_again(self.statements[found])
        else:
            self.statements[found] = self._build_with_dbt()

    def build_with_dbt(self, as_of: date) -> list[Statement]:
        """Build one day in a new warehouse by dbt itself; return what it sent to the engine."""
        self.settings.warehouse.unlink(missing_ok=True)
        self._begin(as_of)
        return self._build_with_dbt()

    def _build_with_dbt(self) -> list[Statement]:
        sent: list[Statement] = []

        def keep(event: EventMsg) -> None:
            if event.info.name == "SQLQuery":
                sent.append((event.data.conn_name, event.data.sql))

        project = dbt_project(self.settings)
        arguments = dbt_arguments(self.settings, project, self.settings.dbt_home / "target")
        manifest = dbt_manifest(prepare_manifest(self.settings))
        with self.settings.exported(), duckdb.connect(self.settings.warehouse):
            # Seeds are the same for every company, and the log cuts short what they insert.
            left_out = ["resource_type:seed+"]
            left_out += [] if self.reasons else ["customer_class_reasons"]
            command = ["run", "--exclude", *left_out, *self.selection, *arguments]
            result = dbtRunner(manifest=manifest, callbacks=[keep]).invoke(command)
        ran = getattr(result.result, "results", [])
        failed = [f"{node.node.name}: {node.message}" for node in ran if node.status == "error"]
        assert result.success, failed or result.exception
        return sent

    def commit(self, as_of: date) -> None:
        """Keep in history what the build decided for its day."""
        commit_day(
            self.settings.warehouse,
            self.settings.history,
            as_of=as_of,
            run_id=as_of.isoformat(),
            policy_hash=self.policy.hash,
        )

    def _begin(self, as_of: date) -> None:
        """Register what the build reads. No two runs have one id: a day may be built again."""
        register_inputs(
            self.settings, self.source, self.policy, as_of=as_of, run_id=uuid.uuid4().hex
        )

    def _found(self) -> Found:
        """What stands in the warehouse that is not of the landing."""
        with duckdb.connect(self.settings.warehouse) as warehouse:
            tables = warehouse.execute(
                "select table_schema || '.' || table_name from information_schema.tables"
                " where table_schema not in ('landing', 'history', 'policy')"
            ).fetchall()
        return frozenset(table for (table,) in tables)

    def _send_again(self, statements: Sequence[Statement]) -> None:
        cursors: dict[str, duckdb.DuckDBPyConnection] = {}
        with duckdb.connect(self.settings.warehouse) as warehouse:
            warehouse.execute("set global TimeZone = 'UTC'")
            for connection, statement in statements:
                if ASKS.match(statement):
                    continue
                if connection not in cursors:
                    cursors[connection] = warehouse.cursor()
                cursors[connection].execute(statement)


def _let_through(table: str, parquet: Path) -> None:
    """Random companies are meant to be bad: gate 1 has tests of its own."""


def _ignore(line: str) -> None:
    """Nobody watches."""
