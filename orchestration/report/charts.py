"""The pictures of the report: Altair specs, drawn as SVG by vl-convert.

A picture holds its labels in both languages, in layers whose names begin with `en_` or `zh_`; the
drawn groups have these names as classes, and the page hides those of one language. Places and
sizes are given in pixels of a phone, and no text is measured: the fonts of the machine that draws
decide on nothing. Shares are written out beside each mark, since a colour alone says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import altair as alt
import vl_convert

from orchestration.report.concentration import Tenth
from orchestration.report.schemes import Class, told_share
from orchestration.report.texts import text
from orchestration.report.wording import Both, percent, shortened

WIDTH = 340
ROW = 34
TOP = 22
LEFT, SQUARE = 44, 250
INK, MUTED, LINE = "#1c2b39", "#51606e", "#c9d1d9"
CUSTOMERS, MONEY = "#2b5c8a", "#b98a2f"
# From the darkest, that of the best class; the last is that of an unknown one.
SHADES = ("#173f63", "#4d81b0", "#a9c6e0", "#dfe9f3")
Row = Mapping[str, Any]
OUTER = re.compile(r"<svg [^>]*?viewBox=\"([^\"]+)\"[^>]*>")


def two_sided(classes: Sequence[Class]) -> str:
    """Classes from the top down: their share of customers to the left, of money to the right."""
    most = max(one or Decimal(0) for each in classes for one in (each.share, each.net_share))
    left = _side(classes, [one.share for one in classes], most, -1, "of_customers")
    right = _side(classes, [one.net_share for one in classes], most, 1, "of_money")
    names = [
        _label(WIDTH / 2, _row(place) + 18, one.label, 17) for place, one in enumerate(classes)
    ]
    return _drawn(
        _row(len(classes)),
        _bars([bar | {"colour": CUSTOMERS} for bar in left[0]]),
        _bars([bar | {"colour": MONEY} for bar in right[0]]),
        *_texts("name", names, align="center", fontWeight=600),
        *_texts("left", left[1], align="right"),
        *_texts("right", right[1], align="left"),
    )


def _row(place: int) -> int:
    return TOP + place * ROW


def _side(
    classes: Sequence[Class], shares: Sequence[Decimal | None], most: Decimal, way: int, head: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The bars that grow to one side, and what stands at their ends and above them."""
    edge, longest = WIDTH / 2 + way * 64, 62
    bars, labels = [], [_label(edge, 10, text(head))]
    for place, (one, share) in enumerate(zip(classes, shares, strict=True)):
        end = edge + way * longest * float(max(share or Decimal(0), Decimal(0)) / most)
        bars.append({"x": edge, "x2": end, "y": _row(place) + 4, "y2": _row(place) + 24})
        labels.append(_label(end + way * 5, _row(place) + 18, told_share(one, share)))
    return bars, labels


def strip(classes: Sequence[Class], unknown: str) -> str:
    """One bar of all whom a scheme classifies, cut by class; `unknown` is the palest."""
    told = [one for one in classes if one.share]
    order = sorted(told, key=lambda one: one.code == unknown)
    known = [one for one in order if one.code != unknown]
    rows, labels, x = [], [], 0.0
    for place, one in enumerate(order):
        length = WIDTH * float(one.share or 0)
        colour = SHADES[min(known.index(one), 2)] if one in known else SHADES[-1]
        y = 50 + place * 22
        rows.append({"x": x, "x2": x + length, "y": 2, "y2": 34, "colour": colour})
        rows.append({"x": 0, "x2": 12, "y": y - 10, "y2": y + 2, "colour": colour})
        label = Both(*(f"{name}  {percent(one.share or Decimal(0))}" for name in one.label))
        labels.append(_label(20, y, label, 30))
        x += length
    return _drawn(40 + len(order) * 22, _bars(rows), *_texts("label", labels, align="left"))


def concentration(tenths: Sequence[Tenth]) -> str:
    """What share of the money the first tenths of the buyers bring, against an even spread."""
    even = [_point(Decimal(0), Decimal(0)), _point(Decimal(1), Decimal(1))]
    curve = [_point(Decimal(one.tenth) / 10, one.net_share_so_far) for one in tenths]
    named = [
        _label(curve[at]["x"] + 8, curve[at]["y"] + 12, _same(percent(tenths[at].net_share_so_far)))
        for at in (0, 1, 4)
    ]
    ticks = [(one, _same(f"{one:.0%}")) for one in (Decimal(fifth) / 5 for fifth in range(6))]
    across = [_label(_point(at, Decimal(0))["x"], TOP + SQUARE + 18, told) for at, told in ticks]
    up = [_label(LEFT - 6, _point(Decimal(0), at)["y"] + 4, told) for at, told in ticks]
    title = _label(LEFT + SQUARE / 2, TOP + SQUARE + 37, text("buyers_from_the_greatest"))
    return _drawn(
        TOP + SQUARE + 44,
        _line(even, color=LINE, strokeDash=[4, 3]),
        _line([even[0], *curve], color=CUSTOMERS),
        _chart(curve).mark_circle(size=34, color=CUSTOMERS, opacity=1).encode(**_at()),
        *_texts("named", named, align="left", fontWeight=600),
        *_texts("across", [*across, title], align="center"),
        *_texts("up", up, align="right"),
    )


def _point(buyers: Decimal, money: Decimal) -> Row:
    return {"x": LEFT + SQUARE * float(buyers), "y": TOP + SQUARE * (1 - float(money))}


def _same(told: str) -> Both:
    return Both(told, told)


def _label(x: float, y: float, label: Both, width: int = 40) -> dict[str, Any]:
    return {"x": x, "y": y, "en": shortened(label.en, width), "zh": shortened(label.zh, width)}


def _chart(rows: Sequence[Row]) -> alt.Chart:
    return alt.Chart({"values": list(rows)})


def _at() -> dict[str, Any]:
    """Columns x and y as pixels; the height is that of the whole picture, see `_drawn`."""
    return {
        "x": alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, WIDTH], nice=False)),
        "y": alt.Y("y:Q", axis=None),
    }


def _bars(rows: Sequence[Row]) -> alt.Chart:
    colour = alt.Color("colour:N", scale=None, legend=None)
    seen = [row for row in rows if row["x"] != row["x2"]]
    marks = _chart(seen).mark_bar(stroke=MUTED, strokeWidth=0.5)
    bars: alt.Chart = marks.encode(**_at(), x2="x2:Q", y2="y2:Q", color=colour)
    return bars


def _line(points: Sequence[Row], **style: Any) -> alt.Chart:
    line: alt.Chart = _chart(points).mark_line(strokeWidth=2, **style).encode(**_at())
    return line


def _texts(name: str, labels: Sequence[Row], **style: Any) -> list[alt.Chart]:
    """The same labels twice, in a layer of each language."""
    return [
        _chart(labels)
        .mark_text(baseline="alphabetic", fontSize=12, color=INK, **style)
        .encode(**_at(), text=f"{language}:N")
        .properties(name=f"{language}_{name}")
        for language in Both._fields
    ]


def _drawn(height: int, *layers: alt.Chart) -> str:
    """The layers as an SVG element that scales, without what a table beside it says better."""
    scale = alt.Scale(domain=[height, 0], nice=False)
    placed = [layer.encode(y=alt.Y("y:Q", axis=None, scale=scale)) for layer in layers]
    picture = (
        alt.layer(*placed)
        .properties(width=WIDTH, height=height, padding=0, autosize="none")
        .configure(aria=False, background="transparent")
        .configure_view(stroke=None)
    )
    svg: str = vl_convert.vegalite_to_svg(picture.to_dict())
    return OUTER.sub(r'<svg viewBox="\1" aria-hidden="true" focusable="false">', svg, count=1)
