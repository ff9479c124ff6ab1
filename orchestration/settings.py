"""Every setting of the project, read from the environment here and nowhere else."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values

PROJECT = Path(__file__).resolve().parents[1]
DBT_PROJECT = PROJECT / "dbt_project"
EXPECTATIONS = PROJECT / "expectations"
SECRET_LENGTH = 32
SCHEMA_NAME = re.compile(r"(?!pg_|public$)[a-z][a-z0-9_]{0,39}")
ENV_FILE = PROJECT / ".env"
STORE_URL = re.compile(r"s3://[a-z0-9][a-z0-9.-]+(/[^/?#]+)*/?")
OF_S3 = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "AWS_VIRTUAL_HOSTED_STYLE_REQUEST",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
)
# What can build the warehouse.
Engine = Literal["duckdb", "spark"]
ENGINES: Mapping[str, Engine] = {"duckdb": "duckdb", "spark": "spark"}
BUNDLED_SOURCES = PROJECT / "orchestration" / "sources" / "example.yml"


class SettingError(ValueError):
    """A setting that cannot be used: names the variable, what is expected, and what was found.

    A secret is never quoted.
    """


@dataclass(frozen=True)
class Settings:
    """What may differ between two installations. Paths are absolute.

    Attributes:
        home: `TIERS_HOME`, everything the project writes (default `./data` of the repository).
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
        environment = _environment() if environment is None else environment

        def path(name: str, default: Path) -> Path:
            return Path(environment.get(name) or default).absolute()

        def count(name: str, default: int, least: int) -> int:
            text = environment.get(name) or str(default)
            if not text.isdecimal() or int(text) < least:
                raise SettingError(
                    f"{name} is {text!r}; expected a whole number of at least {least}."
                )
            return int(text)

        def share(name: str, default: Decimal) -> Decimal:
            text = environment.get(name) or str(default)
            try:
                if 0 <= (value := Decimal(text)) <= 1:
                    return value
            except InvalidOperation:
                pass
            raise SettingError(f"{name} is {text!r}; expected a share between 0 and 1.")

        def engine() -> Engine:
            text = environment.get("TIERS_ENGINE") or cls.engine
            if text not in ENGINES:
                raise SettingError(f"TIERS_ENGINE is {text!r}; expected {' or '.join(ENGINES)}.")
            return ENGINES[text]

        webhook = environment.get("TIERS_ALERT_WEBHOOK") or None
        if webhook and not webhook.startswith(("http://", "https://")):
            raise SettingError("TIERS_ALERT_WEBHOOK is no http(s) address.")
        return cls(
            home=path("TIERS_HOME", PROJECT / "data"),
            sources=path("TIERS_SOURCES", BUNDLED_SOURCES),
            policy_dir=path("TIERS_POLICY_DIR", DBT_PROJECT / "policy"),
            schedule=environment.get("TIERS_SCHEDULE") or cls.schedule,
            keep_releases=count("TIERS_KEEP_RELEASES", cls.keep_releases, least=2),
            release_grace_minutes=count(
                "TIERS_RELEASE_GRACE_MINUTES", cls.release_grace_minutes, least=0
            ),
            max_runtime_minutes=count(
                "TIERS_MAX_RUNTIME_MINUTES", cls.max_runtime_minutes, least=1
            ),
            threads=count("TIERS_THREADS", cls.threads, least=1),
            memory_limit=environment.get("TIERS_MEMORY_LIMIT") or None,
            max_quarantined_share=share("TIERS_MAX_QUARANTINED_SHARE", cls.max_quarantined_share),
            alert_webhook=webhook,
            smallest_group=count("TIERS_SMALLEST_GROUP", cls.smallest_group, least=0),
            pseudonym_key=_pseudonym_key(environment, "TIERS_PSEUDONYM_KEY"),
            store=_store(environment),
            store_options={name: environment[name] for name in OF_S3 if environment.get(name)},
            postgres=_postgres(environment),
            postgres_schema=_postgres_schema(environment),
            engine=engine(),
            spark_master=environment.get("TIERS_SPARK_MASTER") or cls.spark_master,
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

    @contextmanager
    def exported(self) -> Iterator[None]:
        """Put the settings that dbt's profile reads into the environment, for a block.

        They came from there, unless a program made the settings itself, or gave relative paths.
        """
        wanted = {
            "TIERS_HOME": str(self.home),
            "TIERS_THREADS": str(self.threads),
            "TIERS_MEMORY_LIMIT": self.memory_limit,
        }
        before = {name: os.environ.get(name) for name in wanted}
        _set_environment(wanted)
        try:
            yield
        finally:
            _set_environment(before)


def local_spark(master: str) -> bool:
    """Whether a Spark master means this process alone."""
    return master.split("[")[0] == "local"


def pseudonym_key_of(name: str) -> str:
    """The secret of this variable, such as the key that was in force before another.

    Raises SettingError when it is not set, or is no key.
    """
    return _pseudonym_key({name: secret(name)}, name) or ""


def _pseudonym_key(environment: Mapping[str, str], name: str) -> str | None:
    key = environment.get(name) or None
    if key and len(key) < SECRET_LENGTH:
        raise SettingError(
            f"{name} has {len(key)} characters; expected a secret of at least {SECRET_LENGTH},"
            " such as `openssl rand -hex 32` makes."
        )
    return key


def _store(environment: Mapping[str, str]) -> str | None:
    url = environment.get("TIERS_STORE") or None
    if url and not STORE_URL.fullmatch(url):
        # Not quoted: somebody may have written a secret into it.
        raise SettingError("TIERS_STORE is no address of a bucket; expected s3://BUCKET/PREFIX.")
    return url and url.rstrip("/")


def _postgres(environment: Mapping[str, str]) -> str | None:
    url = environment.get("TIERS_PUBLISH_POSTGRES") or None
    if url and not url.startswith(("postgresql://", "postgres://")):
        raise SettingError(
            "TIERS_PUBLISH_POSTGRES is no URL; expected postgresql://USER:PASSWORD@HOST:5432/"
            "DATABASE, and in a password @ as %40, / as %2F, : as %3A, % as %25."
        )
    return url


def _postgres_schema(environment: Mapping[str, str]) -> str:
    name = environment.get("TIERS_PUBLISH_SCHEMA") or Settings.postgres_schema
    if not SCHEMA_NAME.fullmatch(name):
        raise SettingError(
            f"TIERS_PUBLISH_SCHEMA is {name!r}; expected up to 40 small letters, digits and _,"
            " such as customer_tiers, and neither public nor pg_…: it belongs to the releases."
        )
    return name


def secret(name: str) -> str:
    """A variable that a source file names, from the environment or the file `.env`.

    Raises SettingError when it is not set.
    """
    found = _environment().get(name)
    if not found:
        raise SettingError(f"{name} is not set; set it in the environment or in {ENV_FILE.name}.")
    return found


def _environment() -> dict[str, str]:
    """The environment, and what it leaves open from the file `.env`."""
    said = {name: text for name, text in dotenv_values(ENV_FILE).items() if text}
    return said | dict(os.environ)


def _set_environment(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
