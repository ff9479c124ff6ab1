"""Walks the cells of a score: every cell has a class, and every class a cell.

A cell is one combination of the scores that the dimensions give. The conditions are evaluated as
the warehouse evaluates them, in SQL with its NULLs.
"""

from collections.abc import Iterator
from math import prod

import duckdb

from orchestration.policy.classes import Place, RangedClass
from orchestration.policy.expressions import read_expression
from orchestration.policy.grades import Score
from orchestration.policy.schemes import Scheme

MOST_CELLS = 50_000
RATIO = """
    create macro ratio(a, b) as
    round((a::double / nullif(b::double, 0))::decimal(38, 12), 8)::decimal(28, 8)
"""


def grid_problems(scheme: Scheme) -> Iterator[tuple[Place, str]]:
    """Yield (place, problem) of a score; its expressions have passed the allow-list before."""
    if not isinstance(scheme, Score):
        return
    if _is_finite(scheme):
        try:
            yield from _walk(scheme)
        except duckdb.OutOfMemoryException:
            raise  # of the machine, not of the policy
        except duckdb.Error as error:
            yield ("classes",), f"cannot be evaluated: {str(error).splitlines()[0]}"
    elif scheme.classes[-1].asks:
        yield (
            ("classes", len(scheme.classes) - 1),
            "nobody can tell whether the classes are total, since not all depends on the "
            "dimensions alone; the last one has no condition, or `otherwise: true`.",
        )


def _is_finite(scheme: Score) -> bool:
    """Whether the class of everybody follows from the scores of the dimensions, few enough."""
    sizes = [len(dimension.scores) + 1 for dimension in scheme.dimensions.values()]
    conditions = [read_expression(part.when) for part in scheme.classes if part.when]
    return (
        prod(sizes) <= MOST_CELLS
        and not any(dimension.scored for dimension in scheme.dimensions.values())
        and not any(part.is_ranked for part in scheme.classes)
        and all(each.names <= scheme.own_names and not each.cuts for each in conditions)
    )


def _walk(scheme: Score) -> Iterator[tuple[Place, str]]:
    names = ", ".join(scheme.dimensions)
    with duckdb.connect() as connection:
        connection.execute(RATIO)
        connection.execute(f"create view cells as {_cells(scheme)}")
        reached = connection.execute("select distinct class from cells").fetchall()
        lost = connection.execute(
            f"select {names} from cells where {_is_met(scheme)} and class is null"
            f" order by {names} nulls last limit 1"
        ).fetchone()
    for position, part in enumerate(scheme.classes):
        if (part.code,) not in reached:
            yield ("classes", position), f"is unreachable: no cell of {names} comes to it."
    if lost:
        cell = ", ".join(
            f"{name} = {'NULL' if score is None else score}"
            for name, score in zip(scheme.dimensions, lost, strict=True)
        )
        yield ("classes",), f"the cell {cell} has no class; every cell needs one."


def _cells(scheme: Score) -> str:
    """SQL: one row per cell, a dimension may be missing in each, with its score and class."""
    cells = " cross join ".join(
        f"(values {', '.join(f'({score})' for score in (*dimension.scores, 'null'))}) as _({name})"
        for name, dimension in scheme.dimensions.items()
    )
    weights = {name: dimension.weight for name, dimension in scheme.dimensions.items()}
    weighted = " + ".join(f"coalesce({weight} * {name}, 0)" for name, weight in weights.items())
    weight = " + ".join(f"if({name} is null, 0, {weight})" for name, weight in weights.items())
    score = f"ratio({weighted}, {weight})"
    if scheme.missing == "none":
        score = f"if({' or '.join(f'{name} is null' for name in weights)}, null, {score})"
    arms = " ".join(f"when {_condition(part)} then '{part.code}'" for part in scheme.classes)
    return f"select *, {score} as score, case {arms} end as class from {cells}"


def _condition(part: RangedClass) -> str:
    asked = [f"score >= {part.at_least}"] if part.at_least is not None else []
    asked += [f"({part.when})"] if part.when else []
    return " and ".join(asked) or ("true" if part.otherwise else "score is not null")


def _is_met(scheme: Score) -> str:
    """SQL: whether a cell needs a class.

    A dimension that looks `among` some is missing for all others, with those that look among the
    same; a value that is missing besides leaves a customer unclassified, as a missing score does
    where the last class has no bound.
    """
    last = scheme.classes[-1]
    met = [] if last.asks or last.otherwise else ["score is not null"]
    first_among: dict[str, str] = {}
    for name, dimension in scheme.dimensions.items():
        among = dimension.among
        if among in (None, scheme.population):
            met.append(f"{name} is not null")
        else:
            first = first_among.setdefault(str(among), name)
            met.append(f"({name} is null) = ({first} is null)")
    return " and ".join(met)
