"""The schemes, each written out by hand: one customer's facts in, the code of its class out.

Outside a scheme's population the class is None; inside, what no class names is `unclassified`.
"""

from collections.abc import Collection, Mapping

from .behaviour import Behaviour
from .experience import Experience
from .industry_bank import Bank
from .industry_care import Care
from .industry_education import Education
from .industry_insurance import Insurance
from .industry_telecom import Telecom
from .intent import Intent
from .lifecycle import Lifecycle
from .profile import Profile
from .relationship import Relationship
from .theme import Theme
from .value import Value

THEMES: tuple[type[Theme], ...] = (
    Experience,
    Intent,
    Behaviour,
    Lifecycle,
    Relationship,
    Profile,
    Value,
)
PACKS: Mapping[str, type[Theme]] = {
    "industry_bank": Bank,
    "industry_care": Care,
    "industry_education": Education,
    "industry_insurance": Insurance,
    "industry_telecom": Telecom,
}


def themes_with(packs: Collection[str]) -> list[type[Theme]]:
    """The themes that are always on and the packs named, in the order of their chain."""
    return [*THEMES, *(theme for name, theme in PACKS.items() if name in packs)]
