"""The settings, each with its default, and the folders that follow from them."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from orchestration.settings import values
from orchestration.settings.environment import exported, read_environment
from orchestration.settings.places import BUNDLED_SOURCES, DBT_PROJECT, PROJECT
from orchestration.settings.values import Engine


@dataclass(frozen=True)
class Settings:
    """What may differ between two installations. Paths are absolute.

    Attributes:
        home: `TIERS_HOME`, everything the project writes (default `data` of the clone).
        sources: `TIERS_SOURCES`, the source file (default: the bundled example).
        policy_dir: `TIERS_POLICY_DIR`, the folder of policy files (default `dbt_project/policy`).
        schedule: `TIERS_SCHEDULE`, cron of the daily run in the business zone (default 06:00).
        keep_releases: `TIERS_KEEP_RELEASES`, how many releases stay (default 7, at least 2).
        release_grace_minutes: `TIERS_RELEASE_GRACE_MINUTES`, a release younger than this is never
            removed, so that a reader may finish (default 60).
        max_runtime_minutes: `TIERS_MAX_RUNTIME_MINUTES`, a longer run is ended (default 240).
        threads: `TIERS_THREADS`, DuckDB threads of a run (default 2).
        memory_limit: `TIERS_MEMORY_LIMIT`, DuckDB memory, such as `4GB` (default: DuckDB's own).
        max_quarantined_share: `TIERS_MAX_QUARANTINED_SHARE`, gate 2 refuses when more of
            the rows of a table are in quarantine (default 0.01: one row in a hundred).
        alert_webhook: `TIERS_ALERT_WEBHOOK`, where a failed run is posted (default: nowhere).
        smallest_group: `TIERS_SMALLEST_GROUP`, published counts of fewer customers are hidden, and
            what would give them away; 0 hides none (default 5).
        store: `TIERS_STORE`, the bucket that holds the truth and the releases, as
            `s3://BUCKET/PREFIX`; the home is then a working copy of it (default: none).
        store_options: the usual variables of S3, `AWS_ACCESS_KEY_ID` and others, as they are set.
        pseudonym_key: `TIERS_PSEUDONYM_KEY`, a secret of at least 32 characters; releases then hold
            pseudonyms in place of the ids of customers (default: none, the ids are published).
        postgres: `TIERS_PUBLISH_POSTGRES`, the URL of a PostgreSQL database that shows releases,
            too, once they are published (default: none).
        postgres_schema: `TIERS_PUBLISH_SCHEMA`, the schema there, of which nothing else may be
            part (default `customer_tiers`).
        engine: `TIERS_ENGINE`, what computes the models: duckdb or spark (default duckdb).
        spark_master: `TIERS_SPARK_MASTER`, the master that Spark runs on, such as
            `spark://host:7077` (default `local[*]`: in this process, on every core).
    """

    home: Path
    sources: Path = BUNDLED_SOURCES
    policy_dir: Path = DBT_PROJECT / "policy"
    schedule: str = "0 6 * * *"
    keep_releases: int = 7
    release_grace_minutes: int = 60
    max_runtime_minutes: int = 240
    threads: int = 2
    memory_limit: str | None = None
    max_quarantined_share: Decimal = Decimal("0.01")
    alert_webhook: str | None = None
    smallest_group: int = 5
    pseudonym_key: str | None = field(default=None, repr=False)
    store: str | None = None
    store_options: Mapping[str, str] = field(default_factory=dict, repr=False)
    postgres: str | None = field(default=None, repr=False)
    postgres_schema: str = "customer_tiers"
    engine: Engine = "duckdb"
    spark_master: str = "local[*]"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings: from the environment, and what it leaves open from the file `.env`.

        Raises SettingError for a value that cannot be used.
        """
        read = read_environment() if environment is None else environment
        return cls(
            home=values.path(read, "TIERS_HOME", PROJECT / "data"),
            sources=values.path(read, "TIERS_SOURCES", BUNDLED_SOURCES),
            policy_dir=values.path(read, "TIERS_POLICY_DIR", DBT_PROJECT / "policy"),
            schedule=read.get("TIERS_SCHEDULE") or cls.schedule,
            keep_releases=values.count(read, "TIERS_KEEP_RELEASES", cls.keep_releases, least=2),
            release_grace_minutes=values.count(
                read, "TIERS_RELEASE_GRACE_MINUTES", cls.release_grace_minutes, least=0
            ),
            max_runtime_minutes=values.count(
                read, "TIERS_MAX_RUNTIME_MINUTES", cls.max_runtime_minutes, least=1
            ),
            threads=values.count(read, "TIERS_THREADS", cls.threads, least=1),
            memory_limit=values.memory_limit(read),
            max_quarantined_share=values.share(
                read, "TIERS_MAX_QUARANTINED_SHARE", cls.max_quarantined_share
            ),
            alert_webhook=values.webhook(read),
            smallest_group=values.count(read, "TIERS_SMALLEST_GROUP", cls.smallest_group, least=0),
            pseudonym_key=values.pseudonym_key(read, "TIERS_PSEUDONYM_KEY"),
            store=values.store(read),
            store_options=values.store_options(read),
            postgres=values.postgres(read),
            postgres_schema=values.postgres_schema(read, cls.postgres_schema),
            engine=values.engine(read, cls.engine),
            spark_master=read.get("TIERS_SPARK_MASTER") or cls.spark_master,
        )

    @property
    def landing(self) -> Path:
        """Raw loads, as they came: the first half of the truth."""
        return self.home / "landing"

    @property
    def history(self) -> Path:
        """What each day decided: the other half of the truth."""
        return self.home / "history"

    @property
    def warehouse(self) -> Path:
        """The disposable DuckDB database that dbt builds."""
        return self.home / "warehouse.duckdb"

    @property
    def warehouse_spill(self) -> Path:
        """Where DuckDB puts rows of the warehouse for which it has no memory."""
        return self.warehouse.with_name(f"{self.warehouse.name}.tmp")

    @property
    def spark(self) -> Path:
        """What Spark reads and writes beside landing and history; disposable like the warehouse."""
        return self.home / "spark"

    @property
    def releases(self) -> Path:
        """Published releases and the symlink `current`."""
        return self.home / "releases"

    @property
    def served_database(self) -> Path:
        """The DuckDB file that readers open: it always leads to a whole release."""
        return self.releases / "current" / "customer_tiers.duckdb"

    @property
    def dagster_home(self) -> Path:
        """Dagster's run storage and `dagster.yaml`."""
        return self.home / "dagster_home"

    @property
    def dbt_home(self) -> Path:
        """The parsed dbt project, and what dbt writes while it builds: compiled SQL and logs."""
        return self.home / "dbt"

    @property
    def duckdb_config(self) -> dict[str, str]:
        """DuckDB settings of everything that a run computes beside dbt."""
        limit = {"memory_limit": self.memory_limit} if self.memory_limit else {}
        return {"threads": str(self.threads), **limit}

    def exported(self) -> AbstractContextManager[None]:
        """Put the settings that dbt's profile reads into the environment, for a block.

        They came from there, unless a program made the settings itself, or gave relative paths.
        """
        return exported(
            {
                "TIERS_HOME": str(self.home),
                "TIERS_THREADS": str(self.threads),
                "TIERS_MEMORY_LIMIT": self.memory_limit,
            }
        )
