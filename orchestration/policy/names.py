"""Checks what each expression names against what stands before it, theme after theme."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches

from orchestration.canonical import canonical_tables
from orchestration.policy.classes import Place
from orchestration.policy.expressions import (
    BOUND,
    Expression,
    ExpressionError,
    read_expression,
    words_of_sql,
)
from orchestration.policy.file import META, PolicyFile
from orchestration.policy.kinds import Kind, check_kind, kind_of_type
from orchestration.policy.labels import Label
from orchestration.policy.origins import tagged_columns
from orchestration.policy.schemes import Scheme
from orchestration.policy.theme import Theme


class Names:
    """What may be named so far: facts, with attributes and metrics, and the columns of schemes."""

    def __init__(
        self, facts: Mapping[str, str], themes: Mapping[str, Theme], problems: list[str]
    ) -> None:
        self.facts = set(facts) - tagged_columns("identifier")
        self.kinds: dict[str, Kind] = {name: kind_of_type(kind) for name, kind in facts.items()}
        self.defined: dict[str, str] = {}
        self.numbers: set[str] = set()
        self.labels: dict[str, Label] = {}
        self.schemes: dict[str, Scheme] = {}
        # Which theme a name comes from, to say so where it is named too early.
        self.homes = {name: theme for theme in themes for name in _defined_by(themes[theme])}
        self.problems = problems

    def add(self, file: PolicyFile, theme: Theme) -> None:
        """Check one theme, and let what it defines be known to those after it."""
        for name, kind in theme.attributes.items():
            self._define(file, ("attributes", name), kind)
            self.kinds[name] = kind
            if kind == "number":
                self.numbers.add(name)
        for name, text in theme.metrics.items():
            found = self._check(file, ("metrics", name), text, self.facts, kind=None)
            self.kinds.setdefault(name, found)
            self._define(file, ("metrics", name), text)
        for name, label in theme.labels.items():
            self._call(file, ("labels", name), label, {*theme.attributes, *theme.metrics})
        for position, scheme in enumerate(theme.schemes):
            self._add_scheme(file, ("schemes", position), scheme)
        for position, text in enumerate(theme.contradictions):
            self._check(file, ("contradictions", position), text, self.facts | self.schemes.keys())

    def _define(self, file: PolicyFile, at: Place, words: str) -> None:
        name = str(at[-1])
        before = self.defined.get(name)
        if before is None:
            self._claim(file, at, name)
        elif before != words:
            # A later theme may say it again, so that it reads by itself: in the same words only.
            self._tell(file, at, f"{words!r}: it stands before as {before!r}; say the same.")
        self.defined[name] = words
        self.facts.add(name)

    def _call(self, file: PolicyFile, at: Place, label: Label, defined: Collection[str]) -> None:
        name = str(at[-1])
        if name not in defined:
            self._tell(file, at, "names no attribute and no metric of this theme.")
        before = self.labels.setdefault(name, label)
        if before != label:
            self._tell(file, at, f"it is called {before.en}, {before.zh} before; say the same.")

    def _add_scheme(self, file: PolicyFile, at: Place, scheme: Scheme) -> None:
        known = self.facts | self.schemes.keys()
        for reading in scheme.inputs():
            of = self.facts if reading.facts_only else known
            place = (*at, *reading.place)
            self._check(file, place, reading.text, of, reader=scheme, kind=reading.kind)
        for reading in scheme.coded():
            if reading.text.strip() in self.numbers:
                told = "is declared a number and would read 3.00000000; declare it text."
                self._tell(file, (*at, *reading.place), f"{reading.text!r} {told}")
        own = scheme.own_names
        ranked = {"score"} if own else self.facts
        for reading in scheme.conditions():
            place = (*at, *reading.place)
            self._check(file, place, reading.text, known | own, ranked, reader=scheme)
        for name in sorted(own & _kept_by_sql(own)):
            self._tell(file, (*at, "dimensions", name), "is a word of SQL; choose another name.")
        for column in scheme.columns():
            self._claim(file, (*at, "id"), column)
            self.schemes[column] = scheme
            self.kinds[column] = scheme.kind_of(column)

    def _claim(self, file: PolicyFile, at: Place, name: str) -> None:
        """A name is new: no other column has it, and SQL leaves it free."""
        if name in self.facts:
            self._tell(file, at, f"{name!r} stands already, as a fact, an attribute or a metric.")
        if name in self.schemes:
            self._tell(file, at, f"{name!r} stands already, in the scheme {self.schemes[name].id}.")
        if _kept_by_sql([name]):
            self._tell(file, at, f"{name!r} is a word of SQL; choose another name.")
        if name == "score":
            told = "is what classes call the score of their scheme; choose a longer name."
            self._tell(file, at, f"{name!r} {told}")

    def _check(
        self,
        file: PolicyFile,
        at: Place,
        text: str,
        known: Collection[str],
        ranked: Collection[str] = (),
        *,
        reader: Scheme | None = None,
        kind: Kind = "boolean",
    ) -> Kind:
        """Check an expression, and say what it comes to."""
        own: dict[str, Kind] = dict.fromkeys(reader.own_names if reader else (), "number")
        try:
            expression = read_expression(text)
            wrong = list(self._misnamed(expression, known, ranked, reader))
            if not wrong:
                return check_kind(expression.tree, self.kinds | own, kind)
        except ExpressionError as error:
            wrong = [str(error)]
        for told in wrong:
            self._tell(file, at, f"{text!r}: {told}")
        return None

    def _misnamed(
        self,
        expression: Expression,
        known: Collection[str],
        ranked: Collection[str],
        reader: Scheme | None,
    ) -> Iterator[str]:
        for name in sorted(expression.names - set(known)):
            yield self._unknown(name, known)
        for name, share in expression.cuts:
            if name not in ranked and name in known:
                yield (
                    f"{name!r} cannot be cut at {share} here: only the `when` of a class has cuts, "
                    "of a fact, an attribute or a metric; in a score, of its `score`."
                )
        for name, text in sorted(expression.texts):
            values = self._values(name)
            if values and text not in values:
                yield f"{name!r} is never {text!r}; expected of {', '.join(values)}."
        own = reader.own_names if reader else frozenset()
        for name in sorted((expression.names & self.schemes.keys()) - own):
            if self.schemes[name].sensitive and not (reader and reader.sensitive):
                yield f"{name!r} is sensitive; only a scheme with `sensitive: true` reads it."

    def _values(self, name: str) -> Collection[str]:
        """The only texts that a column may hold; none when any may."""
        if name in self.schemes:
            return self.schemes[name].values(name)
        column = canonical_tables()["customers"].columns.get(name)
        return column.values if column else ()

    def _unknown(self, name: str, known: Collection[str]) -> str:
        if name in self.schemes:
            return (
                f"{name!r} is a column of the scheme {self.schemes[name].id}; metrics, and schemes "
                "that rank, read facts, attributes and metrics."
            )
        if name in tagged_columns("identifier"):
            return f"{name!r} says who a customer is; a class is made of what customers are and do."
        if name in self.homes:
            home = f"{self.homes[name]}.yml"
            return f"{name!r} comes from {home}, here or later; name what stands before."
        close = get_close_matches(name, sorted(known), 1)
        hint = f" Is {close[0]!r} meant?" if close else ""
        return f"{name!r} is not known here; name a fact, or what stands before.{hint}"

    def _tell(self, file: PolicyFile, at: Place, told: str) -> None:
        self.problems.append(file.problem((*META, *at), told))


def _defined_by(theme: Theme) -> Iterator[str]:
    yield from theme.attributes
    yield from theme.metrics
    for scheme in theme.schemes:
        yield from scheme.columns()


def _kept_by_sql(names: Iterable[str]) -> set[str]:
    """Those that no column may have: reserved words, and pNN, which stands for a cut."""
    return {name for name in names if name in words_of_sql() or BOUND.fullmatch(name)}
