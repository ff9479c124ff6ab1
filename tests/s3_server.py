"""A real S3 server: SeaweedFS, as a package carries its one program."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pyarrow import fs

from bench.local import answers, free_ports

if TYPE_CHECKING:
    from orchestration.store.bucket import Bucket

PROGRAM = Path(sys.executable).with_name("weed")
BUCKET = "customer-tiers"
PORTS = ("master", "volume", "filer", "s3")
SECONDS_TO_START = 60


class S3Server:
    """Serves on the loopback address, with one bucket and one identity."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        free = iter(free_ports(2 * len(PORTS)))
        self._ports = {name: (next(free), next(free)) for name in PORTS}
        self.port = self._ports["s3"][0]
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.key, self.secret = "tests", secrets.token_hex(20)

    @property
    def options(self) -> Mapping[str, str]:
        """The variables by which this server is reached."""
        return {
            "AWS_ACCESS_KEY_ID": self.key,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": "us-east-1",
        }

    @property
    def files(self) -> fs.S3FileSystem:
        """The same, by another library: what it reads is really there."""
        return fs.S3FileSystem(
            access_key=self.key,
            secret_key=self.secret,
            endpoint_override=self.endpoint,
            region="us-east-1",
            allow_bucket_creation=True,
        )

    def bucket(self, prefix: str) -> Bucket:
        """Objects under a prefix."""
        # Tests without a store wait for no library of it.
        from orchestration.store.bucket import Bucket

        return Bucket(f"s3://{BUCKET}/{prefix}", self.options)

    def make_versioned(self, name: str) -> None:
        """One more bucket, which keeps old versions of its objects."""
        orders = f"s3.bucket.create -name {name}\ns3.bucket.versioning -name {name} -enable\n"
        http, grpc = self._ports["master"]
        subprocess.run(
            [str(PROGRAM), "shell", f"-master=127.0.0.1:{http}.{grpc}"],
            input=orders.encode(),
            capture_output=True,
            check=True,
        )

    def __enter__(self) -> Self:
        (self._folder / "data").mkdir(parents=True)
        credentials = [{"accessKey": self.key, "secretKey": self.secret}]
        actions = ["Admin", "Read", "Write", "List"]
        identity = {"name": self.key, "credentials": credentials, "actions": actions}
        (self._folder / "s3.json").write_text(json.dumps({"identities": [identity]}), "utf-8")
        self._start()
        self.files.create_dir(BUCKET)
        return self

    def __exit__(self, *raised: object) -> None:
        # To be asked politely takes it half a minute.
        self._process.kill()
        self._process.wait()

    def _start(self) -> None:
        log = (self._folder / "log").open("ab")
        ports = [
            option
            for name, (http, grpc) in self._ports.items()
            for option in (f"-{name}.port={http}", f"-{name}.port.grpc={grpc}")
        ]
        self._process = subprocess.Popen(
            [
                *(str(PROGRAM), "-logtostderr=true", "server", f"-dir={self._folder / 'data'}"),
                *("-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-master.telemetry=false", *ports),
                *("-master.volumeSizeLimitMB=64", "-volume.max=0", "-filer", "-s3"),
                *(f"-s3.config={self._folder / 's3.json'}", "-s3.autoCreateBucket=false"),
                *("-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.iam=false"),
                f"-filer.localSocket={self._folder / 'filer.sock'}",
                f"-s3.localSocket={self._folder / 's3.sock'}",
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        log.close()
        if not answers(f"{self.endpoint}/status", self._process, SECONDS_TO_START):
            raise RuntimeError(f"The S3 server did not start; see {self._folder / 'log'}.")
