"""Checks what each expression names against what stands before it, theme after theme."""

from collections.abc import Collection, Iterable

from orchestration.policy.classes import Place
from orchestration.policy.expressions import BOUND, ExpressionError, check_expression, words_of_sql
from orchestration.policy.file import META, PolicyFile
from orchestration.policy.schemes import Scheme
from orchestration.policy.theme import Theme

TAKEN = "the name stands already as a fact, metric or scheme, or is a word of SQL; choose another."


class Names:
    """What may be named so far. Facts, attributes and metrics may be ranked, schemes only read."""

    def __init__(self, facts: Iterable[str], problems: list[str]) -> None:
        self.facts = set(facts)
        self.defined: dict[str, str] = {}
        self.schemes: set[str] = set()
        self.sensitive: set[str] = set()
        self.problems = problems

    def add(self, file: PolicyFile, theme: Theme) -> None:
        """Check one theme, and let what it defines be known to those after it."""
        for name, kind in theme.attributes.items():
            self._define(file, ("attributes", name), kind)
        for name, text in theme.metrics.items():
            self._check(file, ("metrics", name), text, self.facts)
            self._define(file, ("metrics", name), text)
        for position, scheme in enumerate(theme.schemes):
            self._add_scheme(file, ("schemes", position), scheme)
        for position, text in enumerate(theme.contradictions):
            self._check(file, ("contradictions", position), text, self.facts | self.schemes)

    def _define(self, file: PolicyFile, at: Place, words: str) -> None:
        name = str(at[-1])
        before = self.defined.get(name)
        if before is not None and before != words:
            # A later theme may say it again, so that it reads by itself: in the same words only.
            self._tell(file, at, f"{words!r}: it stands before as {before!r}; say the same.")
        elif before is None and self._is_taken(name):
            self._tell(file, at, TAKEN)
        self.defined[name] = words
        self.facts.add(name)

    def _is_taken(self, name: str) -> bool:
        taken = name in self.facts or name in self.schemes or name in words_of_sql()
        return taken or BOUND.fullmatch(name) is not None

    def _add_scheme(self, file: PolicyFile, at: Place, scheme: Scheme) -> None:
        columns = scheme.columns()
        taken = [name for name in columns if self._is_taken(name) or columns.count(name) > 1]
        if taken:
            self._tell(file, (*at, "id"), f"{taken[0]!r}: {TAKEN}")
        for reading in scheme.inputs():
            known = self.facts if reading.facts_only else self.facts | self.schemes
            self._check(file, (*at, *reading.place), reading.text, known, scheme=scheme)
        own = scheme.own_names
        for reading in scheme.conditions():
            self._check(
                file,
                (*at, *reading.place),
                reading.text,
                self.facts | self.schemes | own,
                ranked={"score"} if own else self.facts,
                scheme=scheme,
            )
        self.schemes.update(columns)
        if scheme.sensitive:
            self.sensitive.update(columns)

    def _check(
        self,
        file: PolicyFile,
        at: Place,
        text: str,
        known: Collection[str],
        *,
        ranked: Collection[str] = (),
        scheme: Scheme | None = None,
    ) -> None:
        try:
            named = check_expression(text, known, ranked)
        except ExpressionError as error:
            self._tell(file, at, f"{text!r}: {error}")
            return
        secret = sorted((named & self.sensitive) - (scheme.own_names if scheme else set()))
        if secret and not (scheme and scheme.sensitive):
            self._tell(
                file, at, f"{text!r}: {secret[0]!r} is sensitive; only a sensitive scheme reads it."
            )

    def _tell(self, file: PolicyFile, at: Place, told: str) -> None:
        self.problems.append(file.problem((*META, *at), told))
