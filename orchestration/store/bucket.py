"""A bucket, as far as the store needs one. The only importer of obstore."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import obstore
from obstore import exceptions
from obstore.store import S3Store

# A short absence is waited for: about half a minute.
PATIENCE: Any = {"max_retries": 7, "retry_timeout": timedelta(minutes=2)}
# A large object may take its time, but not fall silent.
LIMITS: Any = {
    "connect_timeout": timedelta(seconds=10),
    "read_timeout": timedelta(minutes=1),
    "timeout": timedelta(hours=2),
}
CHUNK, CHUNKS_AT_ONCE = 8 << 20, 4
ENDPOINT = re.compile(r"https?://[\w.-]+(:\d+)?/?")
S3_CODE = re.compile(r"<Code>(\w+)</Code>")
STATUS = re.compile(r"non-2xx status code: (\d{3})")
# What the server says is never quoted: an answer to a wrong key holds the key.
ADVICE = {
    "NoSuchBucket": "There is no such bucket. Make it, or correct TIERS_STORE.",
    "InvalidAccessKeyId": "Nobody has this AWS_ACCESS_KEY_ID there.",
    "SignatureDoesNotMatch": "AWS_SECRET_ACCESS_KEY is not the secret of AWS_ACCESS_KEY_ID.",
    "AccessDenied": "The credentials (AWS_ACCESS_KEY_ID and so on) may not do that, or there are "
    "none; docs/object-storage.md lists what they have to be allowed.",
    "RequestTimeTooSkewed": "The clock of this machine is wrong.",
    "NotImplemented": "That server cannot do what is asked of it; it has to know conditional puts.",
}
AWAY = (
    "It cannot be reached, or did not answer. See whether credentials are set, AWS_ENDPOINT_URL "
    "(of AWS itself: AWS_REGION) is right and the server is up, and run again."
)


class StoreError(RuntimeError):
    """The store cannot be read or written; says what to do. No secret is quoted."""


class Missing(StoreError):
    """An object is not there; `key` is its own."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"{key} is not there.")


class Moved(Exception):
    """An object is not the one, or not the absent one, that was to be replaced."""


@dataclass(frozen=True)
class Put:
    """How a conditional put ended: the `etag` of what is there now, and whether the bucket keeps
    what was there before (`versioned`)."""

    etag: str
    versioned: bool


class Bucket:
    """Objects under one prefix of one bucket. Every method raises StoreError."""

    def __init__(self, url: str, options: Mapping[str, str]) -> None:
        """`options` are the variables AWS_…, by name: credentials, endpoint, region."""
        self.url, self._options = url, options
        endpoint = options.get("AWS_ENDPOINT_URL_S3") or options.get("AWS_ENDPOINT_URL") or ""
        if endpoint and not ENDPOINT.fullmatch(endpoint):
            # Not quoted: somebody may have written a secret into it.
            raise StoreError("AWS_ENDPOINT_URL is no address; expected https://HOST:PORT.")
        # The stubs know the keys of these; they are not what is checked here.
        config: Any = dict(options)
        client: Any = {"allow_http": endpoint.startswith("http://"), **LIMITS}
        with self._told("opened"):
            self._store = S3Store.from_url(
                url, config=config, client_options=client, retry_config=PATIENCE
            )

    def read(self, key: str) -> tuple[bytes, str] | None:
        """A small object and its ETag; None when it is not there, but the bucket is."""
        try:
            with self._told("read", key):
                found = obstore.get(self._store, key)
                return bytes(found.bytes()), str(found.meta["e_tag"])
        except Missing:
            # Of a bucket that is not there the same is said as of an object, but not by a list.
            with self._told("listed"):
                next(self._pages(), None)
            return None

    def replace(self, key: str, content: bytes, etag: str | None) -> Put:
        """Put an object in the place of the one with this ETag, or of none. Raises Moved."""
        try:
            with self._told("written", key):
                done = obstore.put(
                    self._store, key, content, mode={"e_tag": etag} if etag else "create"
                )
        except (exceptions.PreconditionError, exceptions.AlreadyExistsError):
            raise Moved from None
        return Put(str(done["e_tag"]), done["version"] not in (None, "null"))

    def put(self, key: str, content: Path | bytes) -> None:
        """Put an object: whole, or not at all."""
        with self._told("written", key):
            obstore.put(self._store, key, content, chunk_size=CHUNK, max_concurrency=CHUNKS_AT_ONCE)

    def fetch(self, key: str, target: Path) -> str:
        """Copy an object into a new file; returns its SHA-256. Raises Missing."""
        digest = hashlib.sha256()
        with self._told("read", key), target.open("xb") as file:
            for chunk in obstore.get(self._store, key).stream(min_chunk_size=CHUNK):
                digest.update(chunk)
                file.write(chunk)
        return digest.hexdigest()

    def listed(self) -> list[str]:
        """The keys of all objects."""
        with self._told("listed"):
            return [str(each["path"]) for page in self._pages() for each in page]

    def above(self) -> Iterator[Bucket]:
        """The same bucket at each prefix that this one lies in; the nearest first."""
        bucket, *folders = self.url.removeprefix("s3://").split("/")
        for depth in reversed(range(len(folders))):
            yield Bucket("s3://" + "/".join([bucket, *folders[:depth]]), self._options)

    def delete(self, keys: Sequence[str]) -> None:
        """Remove objects. Those that are gone already are fine."""
        with self._told("written"):
            if keys:
                obstore.delete(self._store, list(keys))

    def _pages(self) -> Iterator[Sequence[Mapping[str, Any]]]:
        yield from obstore.list(self._store)

    @contextmanager
    def _told(self, done: str, key: str = "") -> Iterator[None]:
        """Say what a person can do about an error of the library, whose words are for programs."""
        try:
            yield
        except (exceptions.PreconditionError, exceptions.AlreadyExistsError):
            raise
        except FileNotFoundError as error:
            if S3_CODE.findall(str(error)) == ["NoSuchBucket"]:
                raise self._error(done, error) from None
            raise Missing(key) from None
        except exceptions.BaseError as error:
            raise self._error(done, error) from None

    def _error(self, done: str, error: Exception) -> StoreError:
        code = next(iter(S3_CODE.findall(str(error))), "")
        status = next(iter(STATUS.findall(str(error))), "")
        said = f" (it says {code or status})" if code or status else ""
        otherwise = ADVICE["AccessDenied"] if status in {"401", "403"} else AWAY
        return StoreError(f"{self.url} cannot be {done}{said}. {ADVICE.get(code, otherwise)}")
