"""What a home knows of the store since they were last in step: `TIERS_HOME/store.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.durable import write_durably
from orchestration.store.scan import Local
from orchestration.store.state import Listing, listing_content, listing_of

FILE = "store.json"


@dataclass(frozen=True)
class Remembered:
    """The last change of the store that this home took or made.

    Attributes:
        url: of the store.
        token: of that change; None: this home and this store never met.
        files: what counted then.
        in_step: whether no command has begun since, or the last has put all that it did. While it
            is false, what differs here is work that is still to be put; otherwise it is a mishap.
        hashes: of the files here.
    """

    url: str
    token: str | None = None
    files: Listing = field(default_factory=dict)
    in_step: bool = True
    hashes: Mapping[str, Local] = field(default_factory=dict)


def remember(home: Path, known: Remembered) -> None:
    """Write it down."""
    content = {
        "url": known.url,
        "token": known.token,
        "in_step": known.in_step,
        "files": listing_content(known.files),
        "hashes": {path: [each.sha256, *each.state] for path, each in known.hashes.items()},
    }
    write_durably(home / FILE, json.dumps(content).encode())


def recall(home: Path, url: str) -> Remembered:
    """What is known of the store at `url`; nothing of another one, or when it cannot be read."""
    try:
        content = json.loads((home / FILE).read_text("utf-8"))
        if content["url"] != url:
            return Remembered(url)
        return Remembered(
            url=url,
            token=content["token"],
            files=listing_of(content["files"]),
            in_step=bool(content["in_step"]),
            hashes={
                path: Local(sha256, (state[0], state[1], state[2]))
                for path, (sha256, *state) in content["hashes"].items()
            },
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Remembered(url)
