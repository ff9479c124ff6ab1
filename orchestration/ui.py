"""How things read in the Dagster UI: what an asset is, what to do when it fails, and tables."""

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg

from orchestration.auditing.suites import load_suite

Row = tuple[str | int | float, ...]
# Rows of a table in the UI: more is for the published tables to tell.
SHOWN_ROWS = 100
READERS = "Readers keep the last release."
BUILD_FAILS = (
    "the run names the model or test, with its SQL. Correct the model or the data, and run the day "
    f"again. {READERS}"
)
POLICY_FAILS = (
    "a condition of the policy does not run, or a test of it found something. `tiers policy check` "
    "names file, line and field; `tiers preview DIR`, or the job `preview`, shows who would move "
    f"once it is corrected. {READERS}"
)
WHEN_IT_FAILS: Mapping[str, str] = {
    "landing": (
        "the source could not be read, or gate 1 refused a load, of which then nothing counts. "
        "`tiers loads` lists what was refused and why. Correct the file or its mapping "
        f"(`tiers sources check`), and run the day again. {READERS}"
    ),
    "staging": (
        "the run names the model or test, with its SQL. Single bad rows fail nothing: they go to "
        "`staging/quarantine` with a reason (`tiers quarantine`), and gate 2 refuses too many. "
        f"Correct the model or the data, and run the day again. {READERS}"
    ),
    "facts": (
        "the run names the model or test, with its SQL. Facts are sums of staged rows, so look "
        "first at what changed in staging, then at the model; correct it, and run the day again. "
        f"{READERS}"
    ),
    "classification": (
        "the run names the model, test or expectation, with its SQL or what it counted. Gate 2 "
        "stands before the history: what it refuses is neither kept nor published. Correct the "
        f"policy or the data, and run the day again. {READERS}"
    ),
    "published": (
        "gate 3 refused the release, or it could not be written. `current` leads where it led "
        "before. Correct what the check or the run names, and run the day again. A release that "
        "turns out wrong later: `tiers rollback ID`."
    ),
}


def asset_tags(stage: str, *, published: bool = False, personal: bool = False) -> dict[str, str]:
    """What the UI filters assets by, as in `tag:"personal_data"="yes"`.

    Args:
        published: whether its rows are in a release, for every reader.
        personal: whether it has columns that say who a person is, or how to reach one.
    """
    told = {"published": published, "personal_data": personal}
    return {"stage": stage, **{tag: "yes" if holds else "no" for tag, holds in told.items()}}


def described(what: str, when_it_fails: str) -> str:
    """The description of an asset, as Markdown."""
    return f"{what.strip()}\n\n**If it fails:** {when_it_fails}"


def described_model(node: Mapping[str, Any]) -> str:
    """The same of a model, seed or source of dbt, with its schemes or its SQL."""
    schemes = node["config"]["meta"].get("schemes")
    chinese = node["config"]["meta"].get("zh")
    what = "\n\n".join(filter(None, [node["description"], chinese]))
    text = described(
        what, POLICY_FAILS if schemes else WHEN_IT_FAILS.get(node["schema"], BUILD_FAILS)
    )
    if schemes:
        return f"{text}\n\n{_schemes(schemes)}"
    if node["resource_type"] != "model":
        return text
    return f"{text}\n\n**`{node['original_file_path']}`**\n\n```sql\n{node['raw_code']}\n```"


def described_suite(name: str) -> str:
    """What a gate asks of one table, from its suite: each question, and what to do about a no."""
    suite = load_suite(name)
    asked = "\n".join(
        f"- `{one.name}`{' (warns only)' if one.severity == 'warning' else ''}: {one.what_to_do}"
        for one in suite.expected
    )
    heading = f"Asked by `expectations/{name}.yml`, and what to do if the answer is no:"
    return f"{suite.description}\n\n{heading}\n\n{asked}"


def table(header: Sequence[str], rows: Sequence[Row]) -> dg.MetadataValue:
    """A table as the UI shows it; without rows the text `none`."""
    if not rows:
        return dg.MetadataValue.text("none")
    records = [dg.TableRecord(dict(zip(header, row, strict=True))) for row in rows[:SHOWN_ROWS]]
    return dg.MetadataValue.table(records)


def _schemes(schemes: Sequence[Mapping[str, Any]]) -> str:
    lines = ["| scheme | English | 中文 | kind |", "|---|---|---|---|"]
    for scheme in schemes:
        label = scheme["label"]
        lines.append(f"| `{scheme['id']}` | {label['en']} | {label['zh']} | {scheme['kind']} |")
    return "\n".join(lines)
