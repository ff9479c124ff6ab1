"""The customers: how many of each kind, when each came and on which days it bought."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from orchestration.sources.synthetic.archetypes import ARCHETYPES, CONSUMER, Archetype, Phase
from orchestration.sources.synthetic.days import near
from orchestration.sources.synthetic.dice import Dice

HOME = "中国"
ABROAD = ("美国", "日本")


@dataclass(frozen=True)
class Purchase:
    """What was bought on a day: how long ago, and what it cost in hundredths of a yuan."""

    ago: int
    cents: int


@dataclass(frozen=True)
class Customer:
    """One customer.

    Attributes:
        place: which one of its archetype it is.
        standing: how well off it is, 0 to 1; much that is known of it follows from that.
        created: how many days ago it became known.
        purchases: the oldest first.
    """

    id: str
    archetype: Archetype
    place: int
    standing: float
    country: str
    created: int
    purchases: tuple[Purchase, ...]

    @property
    def is_consumer(self) -> bool:
        """Whether it is a person who stands among the customers."""
        return self.archetype.party == CONSUMER

    def dice(self, purpose: str) -> Dice:
        """Draws about this customer."""
        return Dice(self.archetype.name, self.place, purpose)


def all_customers() -> list[Customer]:
    """Everybody, who came first first; the ids say no more than that."""
    drawn = [_draw(kind, place) for kind in ARCHETYPES for place in range(kind.count)]
    drawn.sort(key=lambda one: (-one.created, one.archetype.name, one.place))
    numbers = {"K": count(1), "X": count(1)}
    letters = ["K" if one.archetype.is_listed else "X" for one in drawn]
    return [
        replace(one, id=f"{letter}{next(numbers[letter]):04}")
        for letter, one in zip(letters, drawn, strict=True)
    ]


def _draw(kind: Archetype, place: int) -> Customer:
    dice = Dice(kind.name, place)
    purchases = tuple(each for phase in kind.buys for each in _purchases(dice, phase))
    created = purchases[0].ago + dice.whole(0, 5) if purchases else dice.whole(5, 700)
    country = dice.one_of(ABROAD) if kind.travels and dice.happens(0.15) else HOME
    return Customer("", kind, place, dice.real(0, 1), country, created, purchases)


def _purchases(dice: Dice, phase: Phase) -> Iterator[Purchase]:
    usual = dice.skewed(*phase.yuan)
    for ago in sorted(_days(dice, phase), reverse=True):
        yield Purchase(ago, int(100 * usual * dice.real(0.7, 1.3)))


def _days(dice: Dice, phase: Phase) -> Iterator[int]:
    """How many days ago: back from the last order, in steps of about one length."""
    first, last = dice.whole(*phase.first), dice.whole(*phase.last)
    yield last
    if phase.every is None:
        return
    length = dice.whole(*phase.every)
    ago = last + length
    while ago < first:
        yield near(dice, ago)
        ago += dice.whole(length * 2 // 3, length * 4 // 3)
