"""Which moves between classes a policy expects."""

import duckdb
import pytest
from jinja2 import Environment

from orchestration.settings import DBT_PROJECT

FOLLOWS = {"new": [], "loyal": ["new"], "lost": "any"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, "new", True),
        (None, "loyal", True),
        ("unclassified", "new", True),
        ("unclassified", "loyal", True),
        ("unknown", "loyal", True),
        ("new", "loyal", True),
        ("lost", "loyal", False),
        ("loyal", "new", False),
        ("loyal", "lost", True),
        ("loyal", "unclassified", None),
        ("loyal", None, None),
    ],
)
def test_a_class_is_entered_from_those_that_it_follows_or_from_none(
    before: str | None, after: str | None, expected: bool | None
) -> None:
    macros = (DBT_PROJECT / "macros" / "class_state.sql").read_text("utf-8")
    call = "{{ is_expected_move([{'id': 'stage', 'follows': follows}], 'moves') }}"
    environment = Environment(extensions=["jinja2.ext.do"])
    found = environment.from_string(macros + call).render(follows=FOLLOWS)
    with duckdb.connect() as connection:
        row = connection.execute(
            f"select {found} from (select 'stage' as scheme, ? as from_class, ? as to_class) moves",
            [before, after],
        ).fetchone()
    assert row == (expected,)
