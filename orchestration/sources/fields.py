"""The scalar fields of a source file, each checked with a message for people."""

import re
from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator

from orchestration.sources.crm.vendor import vendors

KINDS = ("files", "database", *vendors())
LOOPBACK = ("127.0.0.1", "localhost", "::1")
DELIMITERS = {"tab": "\t", "\\t": "\t"}


def _kind(value: str) -> str:
    if value not in KINDS:
        raise ValueError(f"{value!r} is not a kind of source here; there is: {', '.join(KINDS)}")
    return value


def _name(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", value):
        raise ValueError(
            f"{value!r} cannot be a name: lower-case letters, digits and _, starting with a letter"
        )
    return value


def _truth(value: object) -> object:
    return {"true": True, "false": False}.get(str(value), value)


def _day(value: object) -> date:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)):
            return date.fromisoformat(str(value))
    except ValueError:
        pass
    raise ValueError(f"{value!r} is not a day; write it as 2017-12-31")


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError(f"{value!r} is not a time zone; write an IANA name such as Asia/Shanghai")
    return value


def _currency(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise ValueError(f"{value!r} is not a currency; write an ISO 4217 code such as CNY")
    return value


def _delimiter(value: str) -> str:
    value = DELIMITERS.get(value, value)
    if len(value) != 1 or value in '"\r\n\0' or not value.isascii():
        raise ValueError(f"{value!r} cannot be a delimiter; one of , ; | tab is usual")
    return value


def _secret_name(value: str) -> str:
    if not re.fullmatch(r"env:[A-Za-z_][A-Za-z0-9_]*", value):
        # Not quoted: it may be the secret itself.
        raise ValueError(
            "has to name a variable of the environment, such as env:SHOP_DATABASE_URL;"
            " a secret does not stand in this file"
        )
    return value.removeprefix("env:")


def _host(value: str) -> str:
    url = urlsplit(value)
    if url.hostname is None or url.path.strip("/") or url.query or "@" in url.netloc:
        raise ValueError("is no address of a host; write it as https://crm-proxy.example.com")
    if url.scheme != "https" and not (url.scheme == "http" and url.hostname in LOOPBACK):
        raise ValueError(f"{value!r} is not https; a token is sent there")
    return value.rstrip("/")


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(r"([0-9]{1,6}) (second|minute|hour|day)s?", str(value))
    if not found:
        raise ValueError(f"{value!r} is not a duration; write it as 30 minutes, 1 hour or 2 days")
    return timedelta(**{f"{found[2]}s": int(found[1])})


def _overlap(value: object) -> timedelta | int:
    return int(str(value)) if re.fullmatch(r"[0-9]{1,12}", str(value)) else _duration(value)


def _share(value: object) -> float:
    found = re.fullmatch(r"([0-9]{1,3})%", str(value))
    if not found or int(found[1]) > 100:
        raise ValueError(f"{value!r} is not a share; write it as 50%")
    return int(found[1]) / 100


Kind = Annotated[str, AfterValidator(_kind)]
Name = Annotated[str, AfterValidator(_name)]
Truth = Annotated[bool, BeforeValidator(_truth)]
Day = Annotated[date, BeforeValidator(_day)]
Zone = Annotated[str, AfterValidator(_zone)]
Currency = Annotated[str, AfterValidator(_currency)]
Delimiter = Annotated[str, AfterValidator(_delimiter)]
SecretName = Annotated[str, AfterValidator(_secret_name)]
Host = Annotated[str, AfterValidator(_host)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Overlap = Annotated[timedelta | int, BeforeValidator(_overlap)]
Share = Annotated[float, BeforeValidator(_share)]
