"""Schema drift: how the columns of a load differ from those before it, of one entry and mapping."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from orchestration.landing.receipts import Load
from orchestration.sources.errors import SourceError


def differences(load: Load, before: Sequence[Load]) -> tuple[str, ...]:
    """What a person should know: which columns are new, and which are gone since the last load."""
    if not before:
        return ()
    return tuple(_differences(load, before[-1]))


def refuse_other_types(load: Load, before: Sequence[Load]) -> None:
    """Raise SourceError when a column holds another kind of value than it did.

    A source that tells types can turn text into numbers and so lose the zeros in front of an id, or
    numbers into dates, without a single value that would not cast.
    """
    known = {name: (family, each) for each in before for name, family in each.families.items()}
    changed = [
        f"{name} was {known[name][0]} in load {known[name][1].load_id} and is {family} now"
        for name, family in load.families.items()
        if name in known and known[name][0] != family
    ]
    if changed:
        raise SourceError(
            "; ".join(changed),
            file=load.origin,
            field=f"{load.table}[{load.entry}]",
            expected=(
                "Nothing of it landed. Correct the export, or cast the column in a `query:`; "
                "if the new type is right, the entry needs another name."
            ),
        )


def _differences(load: Load, last: Load) -> Iterator[str]:
    for told, more, less in (
        ("new column {}", load.columns, last.columns),
        ("new column {}, kept and not used", load.extra_columns, last.extra_columns),
        ("{} is gone: NULL in these rows", last.columns, load.columns),
        ("{} is gone, which was not used", last.extra_columns, load.extra_columns),
    ):
        names = _beside(more, less)
        if names:
            yield f"{told.format(', '.join(names))} (last load: {last.load_id})"


def _beside(names: Collection[str], others: Collection[str]) -> list[str]:
    return [name for name in names if name not in others]
