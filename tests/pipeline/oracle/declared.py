"""The class that a person set, for as long as it is in force."""

from datetime import timedelta

from .rows import Row


def declared_class(row: Row, scheme: str, days: int, codes: tuple[str, ...]) -> str | None:
    """The latest declaration of a class that the scheme has, unless it has run out by the day."""
    known = (item for item in row["declarations"].get(scheme, []) if item.class_code in codes)
    latest = next(known, None)
    if latest is None or row["as_of_date"] >= latest.declared.date() + timedelta(days):
        return None
    if latest.valid_to is not None and row["as_of_date"] > latest.valid_to:
        return None
    return str(latest.class_code)


def with_declared(
    row: Row, scheme: str, computed: str | None, days: int, codes: tuple[str, ...]
) -> Row:
    """The columns of a scheme that people may set: what they said goes before what was computed."""
    declared = declared_class(row, scheme, days, codes)
    return {
        scheme: declared or computed,
        f"{scheme}_computed": computed,
        f"{scheme}_declared": declared,
    }
