"""Columns that several tables have."""

from rich.table import Column


def whole(name: str) -> Column:
    """A column of what a person copies into the next command: never cut short."""
    return Column(name, no_wrap=True)
