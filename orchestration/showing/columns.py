"""Columns that several tables have."""

from rich.table import Column


def whole(name: str) -> Column:
    """A column of what a person copies into the next command: never cut short."""
    return Column(name, no_wrap=True)


def folded(*names: str) -> list[Column]:
    """Columns of ids, codes and names of any length: what is too long goes on in the next line."""
    return [Column(name, overflow="fold") for name in names]
