"""What every scheme comes down to: the facts behind its metrics and behind the schemes it reads."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache

import yaml

from orchestration.policy.classes import Place
from orchestration.policy.expressions import read_expression
from orchestration.policy.schemes import Scheme
from orchestration.policy.theme import Theme
from orchestration.settings import DBT_PROJECT

# Where columns of customers are born, and with them their tags.
DESCRIBED = ("staging/customers.yml", "facts/customer_facts.yml")
# Whom a scheme classifies or ranks decides on nobody's class.
WHOM = frozenset({"population", "among"})
Told = tuple[Place, str]


@lru_cache
def tagged_columns(tag: str) -> frozenset[str]:
    """Columns of customers whose `config.meta` has a tag: sensitive, identifier, model_output."""
    columns = [
        column
        for file in DESCRIBED
        for model in yaml.safe_load((DBT_PROJECT / "models" / file).read_text("utf-8"))["models"]
        for column in model["columns"]
    ]
    return frozenset(
        column["name"]
        for column in columns
        if tag in ((column.get("config") or {}).get("meta") or {})
    )


class Origins:
    """The facts and attributes behind each name, for themes in the order of their chain.

    `leaving_out` are keys of schemes whose expressions do not count, such as WHOM.
    """

    def __init__(self, themes: Iterable[Theme], leaving_out: Collection[str] = ()) -> None:
        self._left_out = leaving_out
        self._behind: dict[str, frozenset[str]] = {}
        for theme in themes:
            for name, text in theme.metrics.items():
                self._behind[name] = self.of(text)
            for scheme in theme.schemes:
                self._behind |= dict.fromkeys(scheme.columns(), self.behind(scheme))

    def of(self, text: str, scheme: Scheme | None = None) -> frozenset[str]:
        """What an expression comes down to; names that only its scheme has are left out."""
        names = read_expression(text).names - (scheme.own_names if scheme else frozenset())
        return frozenset(fact for name in names for fact in self._behind.get(name, {name}))

    def behind(self, scheme: Scheme) -> frozenset[str]:
        """What a scheme comes down to."""
        return frozenset(
            fact
            for text, place in readings(scheme)
            if place[-1] not in self._left_out
            for fact in self.of(text, scheme)
        )


def sensitive_columns(origins: Origins, scheme: Scheme) -> frozenset[str]:
    """The sensitive columns that a scheme comes down to."""
    return origins.behind(scheme) & tagged_columns("sensitive")


def is_from_model_alone(deciding: Origins, scheme: Scheme) -> bool:
    """Whether nothing but what a fitted model puts out decides on the class.

    `deciding` are origins that leave WHOM out.
    """
    behind = deciding.behind(scheme)
    return bool(behind) and behind <= tagged_columns("model_output")


def readings(scheme: Scheme) -> Iterator[tuple[str, Place]]:
    """Yield every expression of a scheme, and where it stands."""
    for reading in (*scheme.inputs(), *scheme.conditions()):
        yield reading.text, reading.place


def sensitive_problems(origins: Origins, scheme: Scheme) -> Iterator[Told]:
    """Yield (place, what is wrong) where a scheme does not say which sensitive columns it uses."""
    said, used = frozenset(scheme.uses_sensitive), sensitive_columns(origins, scheme)
    for text, place in readings(scheme):
        unsaid = origins.of(text, scheme) & used - said
        if unsaid:
            named, wanted = ", ".join(sorted(unsaid)), ", ".join(sorted(said & used | unsaid))
            yield (
                place,
                f"{text!r}: comes down to {named}, sensitive data of a person; say "
                f"`uses_sensitive: [{wanted}]` in the scheme, or leave it out.",
            )
    for name in sorted(said - used):
        known = ", ".join(sorted(used)) or "no such key at all"
        yield (
            ("uses_sensitive",),
            f"{name!r} is no sensitive column that it uses; expected {known}.",
        )


def in_order(themes: Mapping[str, Theme], enabled: Iterable[str]) -> list[Theme]:
    """The themes that are on in the order of their chain, then the others."""
    on = list(enabled)
    return [themes[name] for name in (*on, *sorted(themes.keys() - set(on)))]
