"""The scaling curve: seconds by number of orders, as a picture that needs no script."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import vl_convert

from bench.numbers import seconds_of

# Colour and shape tell the lines apart.
LINES = {
    "script": ("script", "#1c2b39"),
    "polars": ("polars, facts only", "#b98a2f"),
    "pandas": ("pandas, facts only", "#a34a3d"),
    "models": ("models", "#2b8a5c"),
    "again": ("whole run", "#2b5c8a"),
}


def draw(sizes: Sequence[Mapping[str, Any]]) -> str:
    """SVG of what `python -m bench` has kept for each size, on scales of powers of ten."""
    points = [
        {"orders": found["orders"], "seconds": seconds_of(found[name]), "what": label}
        for found in sizes
        for name, (label, _) in LINES.items()
    ]
    labels, colours = zip(*LINES.values(), strict=True)
    scale = alt.Scale(domain=list(labels), range=list(colours))
    chart = (
        alt.Chart(alt.InlineData(points), width=520, height=320)
        .mark_line(point={"size": 60})
        .encode(
            x=alt.X("orders:Q", title="orders", scale=alt.Scale(type="log")),
            y=alt.Y("seconds:Q", title="seconds", scale=alt.Scale(type="log")),
            color=alt.Color("what:N", title=None, scale=scale),
            shape=alt.Shape("what:N", title=None, scale=alt.Scale(domain=list(labels))),
        )
    )
    return vl_convert.vegalite_to_svg(chart.to_dict())
