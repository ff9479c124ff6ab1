"""What the value of a setting has to be; SettingError says of one that cannot be used why.

Each reader gets the whole environment, in which a variable may be missing or blank.
"""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

from orchestration.settings.environment import SettingError, secret

SECRET_LENGTH = 32
# Without a login before the host: what cannot be posted to would be quoted in logs.
WEBHOOK_URL = re.compile(r"https?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?([/?][!-~]*)?", re.I)
SCHEMA_NAME = re.compile(r"(?!pg_|public$)[a-z][a-z0-9_]{0,39}")
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
MEMORY = re.compile(r"\d+([.]\d+)? ?([KMGT]i?)?B|\d+([.]\d+)?%", re.IGNORECASE)
# What can build the warehouse.
Engine = Literal["duckdb", "spark"]
ENGINES: Mapping[str, Engine] = {"duckdb": "duckdb", "spark": "spark"}
Environment = Mapping[str, str]


def path(environment: Environment, name: str, default: Path) -> Path:
    """A file or folder, absolute."""
    return Path(environment.get(name) or default).absolute()


def count(environment: Environment, name: str, default: int, least: int) -> int:
    """A whole number, not below the least."""
    text = environment.get(name) or str(default)
    if not text.isdecimal() or int(text) < least:
        raise SettingError(f"{name} is {text!r}; expected a whole number of at least {least}.")
    return int(text)


def share(environment: Environment, name: str, default: Decimal) -> Decimal:
    """A part of one."""
    text = environment.get(name) or str(default)
    try:
        if 0 <= (value := Decimal(text)) <= 1:
            return value
    except InvalidOperation:
        pass
    raise SettingError(f"{name} is {text!r}; expected a share between 0 and 1.")


def memory_limit(environment: Environment) -> str | None:
    """A size as DuckDB takes it."""
    text = environment.get("TIERS_MEMORY_LIMIT") or None
    if text and not MEMORY.fullmatch(text):
        raise SettingError(f"TIERS_MEMORY_LIMIT is {text!r}; expected a size such as 4GB or 2GiB.")
    return text


def engine(environment: Environment, default: Engine) -> Engine:
    """What computes the models."""
    text = environment.get("TIERS_ENGINE") or default
    if text not in ENGINES:
        raise SettingError(f"TIERS_ENGINE is {text!r}; expected {' or '.join(ENGINES)}.")
    return ENGINES[text]


def local_spark(master: str) -> bool:
    """Whether a Spark master means this process alone."""
    return master.split("[")[0] == "local"


def webhook(environment: Environment) -> str | None:
    """Where alerts go."""
    url = environment.get("TIERS_ALERT_WEBHOOK") or None
    if url and not WEBHOOK_URL.fullmatch(url):
        # Not quoted: it may hold a token.
        raise SettingError(
            "TIERS_ALERT_WEBHOOK is no address that can be posted to; expected http(s)://HOST/PATH,"
            " without a login, and with all but ASCII as %XX."
        )
    return url


def pseudonym_key_of(name: str) -> str:
    """The secret of this variable, such as the key that was in force before another.

    Raises SettingError when it is not set, or is no key.
    """
    return pseudonym_key({name: secret(name)}, name) or ""


def pseudonym_key(environment: Environment, name: str) -> str | None:
    """A secret that nobody guesses."""
    key = environment.get(name) or None
    if key and len(key) < SECRET_LENGTH:
        raise SettingError(
            f"{name} has {len(key)} characters; expected a secret of at least {SECRET_LENGTH},"
            " such as `openssl rand -hex 32` makes."
        )
    return key


def store(environment: Environment) -> str | None:
    """The address of a bucket."""
    url = environment.get("TIERS_STORE") or None
    if url and not STORE_URL.fullmatch(url):
        # Not quoted: somebody may have written a secret into it.
        raise SettingError("TIERS_STORE is no address of a bucket; expected s3://BUCKET/PREFIX.")
    return url and url.rstrip("/")


def store_options(environment: Environment) -> dict[str, str]:
    """The usual variables of S3 that are set."""
    return {name: environment[name] for name in OF_S3 if environment.get(name)}


def postgres(environment: Environment) -> str | None:
    """The URL of a database that shows releases."""
    url = environment.get("TIERS_PUBLISH_POSTGRES") or None
    if url and not url.startswith(("postgresql://", "postgres://")):
        raise SettingError(
            "TIERS_PUBLISH_POSTGRES is no URL; expected postgresql://USER:PASSWORD@HOST:5432/"
            "DATABASE, and in a password @ as %40, / as %2F, : as %3A, % as %25."
        )
    return url


def postgres_schema(environment: Environment, default: str) -> str:
    """A schema that belongs to the releases."""
    name = environment.get("TIERS_PUBLISH_SCHEMA") or default
    if not SCHEMA_NAME.fullmatch(name):
        raise SettingError(
            f"TIERS_PUBLISH_SCHEMA is {name!r}; expected up to 40 small letters, digits and _,"
            " such as customer_tiers, and neither public nor pg_…: it belongs to the releases."
        )
    return name
