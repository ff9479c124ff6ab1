"""Publishing: build a release, let it be audited, swap it in at once, roll back to an older one.

    releases/
      current -> 2017-12-31T000007-1a2b3c4d     the one thing that ever changes for a reader
      2017-12-31T000007-1a2b3c4d/               a release: read-only, never changed once it is here
        customer_tiers.duckdb                   every public table, schema main
        customer_facts.parquet …                the same tables, ordered by their keys
        audience_marketing.duckdb …             of them what one department may see
        report.html                             what they say, for people
        manifest.json                           run, as-of, policy, rows, hashes, quality
      ledger.jsonl                              what `current` was, since when, and why
      .building/  .removing/                    not for readers; emptied by the next run
      .set_aside/                               foreign write-ahead logs, for a person to look at

The folder belongs to whoever holds the run lock (`orchestration.run_lock`): publish, recover and
rollback expect their caller to hold it. Reading needs no lock.
"""

from orchestration.publishing.build import STEPS, publish
from orchestration.publishing.current import (
    BrokenCurrent,
    NothingPublished,
    current_release,
    release_with,
    rollback,
)
from orchestration.publishing.protection import Protection, Tags
from orchestration.publishing.pseudonyms import PseudonymKey, pseudonym
from orchestration.publishing.recovery import recover
from orchestration.publishing.releases import (
    DamagedRelease,
    PublishError,
    Release,
    ReleaseInfo,
    UnknownRelease,
    list_releases,
)
from orchestration.publishing.suppression import Count
from orchestration.publishing.tables import PublicTable

__all__ = [
    "STEPS",
    "BrokenCurrent",
    "Count",
    "DamagedRelease",
    "NothingPublished",
    "Protection",
    "PseudonymKey",
    "PublicTable",
    "PublishError",
    "Release",
    "ReleaseInfo",
    "Tags",
    "UnknownRelease",
    "current_release",
    "list_releases",
    "pseudonym",
    "publish",
    "recover",
    "release_with",
    "rollback",
]
