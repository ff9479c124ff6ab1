"""The page: facts and pictures through the templates, as one file that needs no other."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from orchestration.duckdb_files import attach_read_only, working_connection
from orchestration.publishing.releases import PAGE
from orchestration.report import glance, wording
from orchestration.report.cohorts import read_cohorts
from orchestration.report.concentration import read_tenths
from orchestration.report.conditions import Names, in_words
from orchestration.report.evidence import read_evidence
from orchestration.report.facts import read_drift, read_totals
from orchestration.report.moves import read_moves
from orchestration.report.schemes import Scheme, read_schemes, told_share
from orchestration.report.scores import read_rfm
from orchestration.report.texts import code, text
from orchestration.report.wording import Both, filled, spans

UNKNOWN = "unknown"
THEMES = ("value", "lifecycle", "behaviour", "experience", "intent", "relationship", "profile")
# Fewer cohorts are no picture of who keeps buying.
FEWEST_COHORTS = 3
MOST_DRIFTS = 12
# From here on, by common usage, a population has begun to move, and has moved.
MOVING, MOVED = Decimal("0.1"), Decimal("0.25")


def write_report(
    database: Path,
    manifest: Mapping[str, Any],
    config: Mapping[str, str],
    labels: Mapping[str, tuple[str, str]],
) -> Path:
    """Write report.html beside the finished, audited database of a release; returns its path.

    Args:
        manifest: what the release says of itself.
        config: DuckDB settings.
        labels: what columns are called, in English and Chinese.

    The same tables, manifest and labels give the same bytes.
    """
    with working_connection(database.parent.parent, config) as con:
        attach_read_only(con, database, "release")
        con.execute("use release")
        totals = read_totals(con)
        facts = {
            "totals": totals,
            "schemes": read_schemes(con),
            "moves": read_moves(con, totals.smallest_group),
            "tenths": read_tenths(con, totals.smallest_group),
            "rfm": read_rfm(con, totals.smallest_group),
            "cohorts": read_cohorts(con, totals.day, totals.smallest_group),
            "drift": read_drift(con),
            "evidence": read_evidence(con),
        }
        con.execute("use memory")
    path = database.with_name(PAGE)
    names = {column: Both(*label) for column, label in labels.items()}
    path.write_text(render({**facts, "manifest": manifest}, names), "utf-8")
    return path


def render(facts: Mapping[str, Any], names: Names) -> str:
    """The whole page of these facts; `names` says what columns are called."""
    schemes: Sequence[Scheme] = facts["schemes"]
    by_id = {scheme.id: scheme for scheme in schemes}
    names = {**{scheme.id: scheme.label for scheme in schemes}, **names}
    environment = _environment()
    script = environment.get_template("switch.js").render()
    return environment.get_template("page.html.j2").render(
        facts,
        by_id=by_id,
        themes=_by_theme(schemes),
        in_words=lambda condition, scheme: in_words(condition, names, scheme),
        glance=glance.sentences(facts, by_id),
        pictures=_pictures(facts, by_id),
        script=Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _by_theme(schemes: Sequence[Scheme]) -> list[tuple[str, list[Scheme]]]:
    """Schemes with their themes, those first that a manager asks for first."""
    themes = dict.fromkeys([*THEMES, *(scheme.theme for scheme in schemes)])
    grouped = {theme: [one for one in schemes if one.theme == theme] for theme in themes}
    return [(theme, group) for theme, group in grouped.items() if group]


def _pictures(facts: Mapping[str, Any], by_id: Mapping[str, Scheme]) -> dict[str, Markup]:
    """The drawings, by what they show; only of what there is."""
    # Altair and the engine of vl-convert take most of a second: only a run pays for them.
    from orchestration.report import charts

    drawn = {
        name: charts.two_sided(by_id[name].classes)
        for name in ("pyramid", "lifecycle")
        if is_drawn(by_id.get(name))
    }
    if is_drawn(by_id.get("satisfaction")):
        drawn["satisfaction"] = charts.strip(by_id["satisfaction"].classes, UNKNOWN)
    if facts["tenths"]:
        drawn["concentration"] = charts.concentration(facts["tenths"])
    return {name: Markup(svg) for name, svg in drawn.items()}


def is_drawn(scheme: Scheme | None) -> bool:
    """Whether there is anything of a scheme to see."""
    return scheme is not None and any(one.share for one in scheme.classes)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("orchestration.report", "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        t=lambda key, /, **values: spans(filled(text(key), **values)),
        text=text,
        both=spans,
        in_both=in_both,
        code=code,
        filled=filled,
        name_of=glance.name_of,
        FEWEST_COHORTS=FEWEST_COHORTS,
        MOST_DRIFTS=MOST_DRIFTS,
        UNKNOWN=UNKNOWN,
        told_share=told_share,
        verdict=verdict,
        **{name: getattr(wording, name) for name in ("whole", "percent", "amount", "day", "month")},
    )
    return environment


def in_both(told: Sequence[str]) -> Both:
    """A pair out of a manifest; what has no Chinese stands there in English."""
    english, chinese = told
    return Both(english, chinese or english)


def verdict(index: Decimal | None) -> Both:
    """What a population stability index says."""
    if index is None:
        return text("nobody_ranked")
    return text("moved" if index > MOVED else "moving" if index >= MOVING else "steady")
