"""Numbers, dates and labels as a reader of English or Chinese writes them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

Number = int | Decimal
ENGLISH_UNITS = ((Decimal(10**9), " billion"), (Decimal(10**6), " million"))
CHINESE_UNITS = ((Decimal(10**8), " 亿"), (Decimal(10**4), " 万"))
LEAST_SHARE = Decimal("0.001")


class Both(NamedTuple):
    """A text in English and in Chinese."""

    en: str
    zh: str


def spans(text: Both) -> Markup:
    """Both languages as HTML, escaped; what is equal in both stands once."""
    if text.en == text.zh:
        return Markup("{}").format(text.en)
    html = Markup('<span lang="en">{}</span><span lang="zh-Hans">{}</span>')
    return html.format(text.en, text.zh)


def filled(text: Both, /, **values: object) -> Both:
    """A text with its places filled in; a value may itself be in both languages."""
    english = {name: one.en if isinstance(one, Both) else one for name, one in values.items()}
    chinese = {name: one.zh if isinstance(one, Both) else one for name, one in values.items()}
    return Both(text.en.format(**english), text.zh.format(**chinese))


def day(value: date) -> Both:
    """A date in words."""
    return Both(
        f"{value:%B} {value.day}, {value.year}", f"{value.year}年{value.month}月{value.day}日"
    )


def month(value: date) -> Both:
    """A month, short enough for the head of a row."""
    return Both(f"{value:%b %Y}", f"{value.year}年{value.month}月")


def whole(value: Number) -> str:
    """A number without decimals, in groups of three, as both languages write it."""
    return f"{value:,.0f}"


def percent(share: Decimal) -> str:
    """A share of 1 in percent, with one decimal below ten percent."""
    if share == 0:
        return "0%"
    if 0 < share < LEAST_SHARE:
        return "< 0.1%"
    return f"{share:.1%}" if share < Decimal("0.0995") else f"{share:.0%}"


def amount(value: Decimal) -> Both:
    """Money, short: millions and billions in English, 万 and 亿 in Chinese."""
    return Both(_short(value, ENGLISH_UNITS), _short(value, CHINESE_UNITS))


def _short(value: Decimal, units: tuple[tuple[Decimal, str], ...]) -> str:
    for unit, name in units:
        if abs(value) >= unit:
            return f"{value / unit:,.2f}{name}"
    return whole(value)


def shortened(text: str, width: int) -> str:
    """A text cut to so many columns, a Chinese character taking two of them.

    Counted, not measured: the fonts of the machine that draws must not decide on the bytes.
    """
    if _columns(text) <= width:
        return text
    kept = text
    while _columns(kept) >= width:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _columns(text: str) -> int:
    return sum(1 if ord(letter) < 0x2E80 else 2 for letter in text)
