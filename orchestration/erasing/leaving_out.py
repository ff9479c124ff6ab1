"""Leaving erased people out of what a pull brings, before any of it is committed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.duckdb_sql import quote_name
from orchestration.erasing.requests import Learnt, learn, suppression
from orchestration.erasing.suppression import (
    CUSTOMER,
    KEYS,
    NAMING,
    Suppression,
    columns_of,
    names_nobody,
)
from orchestration.sources.engine import Resources


@dataclass(frozen=True)
class LeavingOut:
    """What a pull does about erased people. `folder` holds the requests; None erases nobody."""

    folder: Path | None = None

    def rows(self, parquet: Path, beside: Sequence[Path], resources: Resources) -> int:
        """Take the people's rows out of a built file; returns how many they were.

        Their keys are kept as hashes first, unless a row of another customer, here or in the files
        `beside`, has the same: what comes by these keys alone is the people's too.
        """
        if self.folder is None or not (who := suppression(self.folder)):
            return 0
        target = resources.scratch / f"without-{parquet.name}"
        cleaned = who.clean(parquet, target, resources)
        if cleaned.erased:
            learn(self.folder, keys_of_people(who, [parquet, *beside], resources))
        if cleaned:
            target.replace(parquet)
        return cleaned.erased

    def keys(self, parquet: Path | None, resources: Resources) -> None:
        """Take the people's keys out of a file of keys that a source told."""
        if parquet and self.folder and (who := suppression(self.folder)):
            target = resources.scratch / f"without-{parquet.name}"
            who.clean_keys(parquet, target, resources)
            target.replace(parquet)


def keys_of_people(who: Suppression, files: Sequence[Path], resources: Resources) -> list[Learnt]:
    """The keys in landed files of one table that people have and nobody else has, as hashes."""
    with who.open(resources, files) as engine:
        columns = columns_of(engine)
        own = [name for name in NAMING if name in columns]
        if CUSTOMER not in own:
            return []
        theirs = who.is_listed(CUSTOMER, CUSTOMER)
        return [
            found
            for key in KEYS
            if key in columns
            for found in engine.execute(
                f"""
                with named as (
                    select {who.hashed(CUSTOMER, CUSTOMER)} as customer,
                        {who.hashed(key, quote_name(key))} as key_hash, {theirs} as is_theirs
                    from rows where not ({names_nobody(own)}) and trim({quote_name(key)}) <> ''
                ),
                others as (select key_hash from named where not is_theirs)
                select distinct customer, '{key}', key_hash from named
                where is_theirs and key_hash not in (select key_hash from others)
                """
            ).fetchall()
        ]
