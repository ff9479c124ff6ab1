"""Every class has its reasons, and every ladder and score says what the next class takes."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from explained import CUSTOMERS, REASONS, Explained, explained_in

from orchestration.policy.grades import Ladder, Score


@pytest.fixture(scope="module", params=["example", "synthetic"])
def explained(request: pytest.FixtureRequest) -> Iterator[Explained]:
    with explained_in(request.getfixturevalue(request.param)) as opened:
        yield opened


def test_every_class_has_one_row_with_sentences_in_both_languages(explained: Explained) -> None:
    public = [scheme for _, scheme in explained.policy.schemes() if not scheme.sensitive]
    told = {scheme for (scheme,) in explained.rows(f"select distinct scheme from {REASONS}")}
    assert told <= {scheme.id for scheme in public}
    for scheme in public:
        kinds = scheme.class_columns()
        fits = " or ".join(
            name if kind == "boolean" else f"{name} is not null" for name, kind in kinds.items()
        )
        wrong = explained.rows(
            f"select customer_id, explained, is_told from"
            f" (select customer_id from {CUSTOMERS} where {fits}) as classed full join"
            " (select customer_id, count(*) as explained, bool_and(coalesce("
            "reason_en like '%_.' and reason_zh like '%_。' and loses_en like '%_.'"
            " and loses_zh like '%_。' and (gap is null) = (gap_en is null)"
            " and (gap is null) = (gap_zh is null), false)) as is_told"
            f" from {REASONS} where scheme = '{scheme.id}' group by customer_id) as told"
            " using (customer_id) where explained is distinct from 1 or not is_told limit 5"
        )
        assert wrong == [], scheme.id


def test_no_reason_calls_a_column_by_the_name_that_sql_knows(explained: Explained) -> None:
    """But where it quotes a condition of the policy, which stands in quotation marks."""
    columns = f"select column_name from (describe {CUSTOMERS})"
    named = explained.rows(
        "select distinct word from (select unnest(regexp_extract_all(regexp_replace("
        "concat_ws(' ', reason_en, reason_zh, gap_en, gap_zh), '“[^”]*”', '', 'g'),"
        f" '[a-z]+_[a-z0-9_]+')) as word from {REASONS}) where word in ({columns})"
    )
    assert named == []


def test_a_ladder_or_score_states_the_class_at_the_nearest_bound_for_everybody(
    explained: Explained,
) -> None:
    ladders = [
        scheme
        for _, scheme in explained.policy.schemes()
        if isinstance(scheme, Ladder | Score) and not scheme.sensitive
        if not any(part.when for part in scheme.classes)
    ]
    assert len(ladders) > 10
    for scheme in ladders:
        measure = f"{scheme.id}_score" if isinstance(scheme, Score) else scheme.by
        bounds = bounds_of(explained, scheme)
        rows = explained.rows(
            f"select customer_id, {measure} as value, class_code, next_class, gap_bound"
            f" from {REASONS} join {CUSTOMERS} using (customer_id)"
            f" where scheme = '{scheme.id}' and decided_by <> 'declared'"
        )
        for customer, value, code, following, bound in rows:
            expected = nearest(bounds, code, Decimal(value)) if value is not None else (None, None)
            assert (following, bound) == expected, (scheme.id, customer)


def bounds_of(explained: Explained, scheme: Ladder | Score) -> dict[str, Decimal | None]:
    """What each class asks for, best first: its greatest bound, None when nobody can reach it."""
    found = explained.rows(
        "select band, bound from classification.scheme_cuts where scheme = ? and dimension = ?",
        scheme.id,
        "score" if isinstance(scheme, Score) else scheme.by,
    )
    cuts: dict[str, Decimal | None] = dict(found)
    bounds: dict[str, Decimal | None] = {}
    for part in scheme.classes:
        asked: list[Decimal | None] = [part.at_least] if part.at_least is not None else []
        for key in ("top", "top_value"):
            if (share := getattr(part, key)) is not None:
                asked.append(cuts[f"{key} {(share * 100).normalize():f}%"])
        known = [bound for bound in asked if bound is not None]
        bounds[part.code] = max(known) if known and len(known) == len(asked) else None
    return bounds


def nearest(
    bounds: dict[str, Decimal | None], code: str, value: Decimal
) -> tuple[str | None, Decimal | None]:
    """The class at the smallest bound above a value among those better than `code`, and it."""
    better = {each: bounds[each] for each in list(bounds)[: list(bounds).index(code)]}
    above = [bound for bound in better.values() if bound is not None and bound > value]
    if not above:
        return None, None
    least = min(above)
    reached = [each for each, bound in better.items() if bound is not None and bound <= least]
    return reached[0], least
