"""A real S3 server, started when the first test wants one, and an empty prefix for every test."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest
from s3_server import BUCKET, S3Server
from small_company import SmallCompany

from orchestration.settings import Settings

PREFIXES = count()


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with S3Server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def prefix() -> str:
    """Where this test keeps its objects."""
    return f"test{next(PREFIXES)}"


@pytest.fixture
def stored(s3_server: S3Server, prefix: str) -> "Stored":
    """Gives settings a store."""
    return Stored(s3_server, prefix)


class Stored:
    """One store on the server."""

    def __init__(self, server: S3Server, prefix: str) -> None:
        self.server, self.prefix = server, prefix
        self.url = f"s3://{BUCKET}/{prefix}"
        self.bucket = server.bucket(prefix)

    def settings(self, settings: Settings) -> Settings:
        """The same, with this store."""
        return replace(settings, store=self.url, store_options=self.server.options)

    def company(self, company: SmallCompany) -> SmallCompany:
        """The same, with this store."""
        return SmallCompany(company.folder, self.settings(company.settings))

    def objects(self) -> dict[str, bytes]:
        """Every object, read by another library than the one that put it."""
        files, place = self.server.files, f"{BUCKET}/{self.prefix}"
        return {
            key: files.open_input_stream(f"{place}/{key}").readall() for key in self.bucket.listed()
        }
