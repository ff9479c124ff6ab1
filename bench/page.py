"""Write what was measured into docs/PERFORMANCE.md, between its markers, and the scaling curve.

python -m bench.page
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.__main__ import AGAINST, NAMES
from bench.continued import MEASURES as CONTINUED
from bench.curve import draw
from bench.numbers import NUMBERS, Results, seconds_of
from bench.releasing import MEASURES
from bench.results import kept
from bench.tiny import NAMES as TINY

DOCS = Path(__file__).parents[1] / "docs"
PAGE, CURVE = DOCS / "PERFORMANCE.md", DOCS / "images" / "scaling.svg"
BEGIN, END = "<!-- measured -->", "<!-- /measured -->"
PICTURE = "![Seconds by number of orders, as in the tables below](images/scaling.svg)"
PROCESS = ("seconds", "cpu_seconds", "peak_gib")


def write(results: Results, page: Path = PAGE, curve: Path = CURVE) -> None:
    """Replace the generated part of the page, and the picture."""
    sizes = sorted(
        (found for name, found in results.items() if name.startswith("orders-")),
        key=lambda found: int(found["orders"]),
    )
    parts = [
        _markdown(("number", "bound", "measured", "met"), [one.row(results) for one in NUMBERS]),
        *([PICTURE] if sizes else []),
        *(_size(found) for found in sizes),
        *(_tiny(found) for name, found in results.items() if name == "tiny"),
        *(_limited(found) for name, found in results.items() if name.startswith("limited-")),
        *(_continued(found) for name, found in results.items() if name.startswith("continued-")),
        *(_releasing(found) for name, found in results.items() if name.startswith("releasing-")),
    ]
    if sizes:
        curve.parent.mkdir(exist_ok=True)
        curve.write_text(draw(sizes), "utf-8")
    marked = re.compile(f"{BEGIN}.*{END}", re.DOTALL)
    text = "\n\n".join((BEGIN, *parts, END))
    page.write_text(marked.sub(lambda _: text, page.read_text("utf-8")), "utf-8")


def _size(found: Mapping[str, Any]) -> str:
    rows = [
        (title.strip(), _ratio(found, name, AGAINST.get(name, "script")), *_process(found[name]))
        for name, title in NAMES.items()
    ]
    header = ("", "ratio", "seconds", "CPU s", "peak GiB")
    return _part(f"{found['orders']:,} orders", found, _markdown(header, rows))


def _ratio(found: Mapping[str, Any], name: str, whole: str) -> str:
    return f"{seconds_of(found[name]) / seconds_of(found[whole]):.2f}"


def _tiny(found: Mapping[str, Any]) -> str:
    rows = [(title, *_process(found[name])) for name, title in TINY.items()]
    table = _markdown(("", "seconds", "CPU s", "peak GiB"), rows)
    return _part(f"{found['orders']:,} orders: fixed cost", found, table)


def _limited(found: Mapping[str, Any]) -> str:
    table = _markdown(("seconds", "CPU s", "peak GiB"), [_process(found)])
    title = f"{found['orders']:,} orders with TIERS_MEMORY_LIMIT={found['memory_limit']}"
    return _part(title, found, table)


def _continued(found: Mapping[str, Any]) -> str:
    whole = {"next": "again", "next_facts": "anew_facts"}
    rows = [
        (title, _ratio(found, name, whole.get(name, name)), *_process(found[name]))
        for name, title in CONTINUED.items()
    ]
    table = _markdown(("", "ratio", "seconds", "CPU s", "peak GiB"), rows)
    limit = f" with TIERS_MEMORY_LIMIT={found['memory_limit']}" if found["memory_limit"] else ""
    return _part(f"{found['orders']:,} orders, continued{limit}", found, table)


def _releasing(found: Mapping[str, Any]) -> str:
    rows = [(title, f"{found[name]:.1f}") for name, title in MEASURES.items()]
    title = f"Gates and publishing, {found['customers']:,} customers"
    return _part(title, found, _markdown(("", "seconds"), rows))


def _part(title: str, found: Mapping[str, Any], table: str) -> str:
    return f"### {title}\n\n{table}\n\nMeasured on {found['measured_on']}: {found['machine']}."


def _process(took: Any) -> tuple[str, ...]:
    """Wall seconds, and of a whole process CPU seconds and memory."""
    if not isinstance(took, Mapping):
        return f"{took:.2f}", "", ""
    return tuple(f"{took[name]:.2f}" for name in PROCESS)


def _markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ("---",) * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    write(kept())
