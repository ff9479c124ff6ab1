"""The positions of the published release, and the classes that each of them owns."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from orchestration.publishing import release_with
from orchestration.settings import Settings

POSITIONS = """
with owned as (
    select
        playbook.owner,
        string_agg(playbook.scheme || ' ' || playbook.class_code, ', '
            order by playbook.scheme, catalogue.position, playbook.class_code) as classes,
        string_agg(concat_ws(' ', catalogue.scheme_en, catalogue.scheme_zh,
            catalogue.class_en, catalogue.class_zh, catalogue.aliases), ' ') as labels
    from tier_playbook as playbook
    -- Left: the values of an attribute are classes that the catalogue need not list.
    left join scheme_catalogue as catalogue
        on playbook.scheme = catalogue.scheme and playbook.class_code = catalogue.class_code
    where playbook.scheme in (select scheme from scheme_catalogue where enabled)
    group by playbook.owner
)
select
    positions.category_code,
    categories.category_en,
    categories.category_zh,
    positions.position_code,
    positions.position_en,
    positions.position_zh,
    coalesce(owned.classes, '')
from positions
join position_categories as categories on positions.category_code = categories.category_code
left join owned on positions.position_code = owned.owner
where (?1 is null or positions.category_code = ?1)
    and contains(
        lower(concat_ws(' ', positions.position_code, positions.position_en, positions.position_zh,
            positions.category_code, categories.category_en, categories.category_zh,
            owned.classes, owned.labels)),
        lower(?2)
    )
order by positions.category_code, positions.position_code
"""


class UnknownCategory(ValueError):
    """There is no such category of positions; the message names those there are."""


@dataclass(frozen=True)
class Position:
    """One position, its category, and the classes it owns, such as `pyramid gold, pyramid iron`."""

    category_code: str
    category_en: str
    category_zh: str
    code: str
    title_en: str
    title_zh: str
    classes: str


def find_positions(
    settings: Settings, text: str = "", *, category: str | None = None
) -> list[Position]:
    """Positions by category whose code, titles, category or classes contain `text`, in any case.

    Args:
        text: what is looked for; empty for every position.
        category: only positions of the category with this code.

    Raises NothingPublished, UnknownCategory, or BrokenCurrent.
    """
    release = release_with(settings.releases, "positions")
    with duckdb.connect(release.database, read_only=True) as con:
        known = [
            str(code)
            for (code,) in con.execute(
                "select category_code from position_categories order by category_code"
            ).fetchall()
        ]
        if category is not None and category not in known:
            raise UnknownCategory(
                f"There is no category {category!r}; expected one of {', '.join(known)}."
            )
        found = con.execute(POSITIONS, [category, text]).fetchall()
    return [Position(*row) for row in found]
