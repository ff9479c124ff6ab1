"""Theme profile: what is known of the customer itself."""

from ..logic import UNCLASSIFIED
from ..ranks import Value
from ..rows import Row
from .theme import Theme

AS_TOLD = {
    "region_class": "region",
    "country_class": "country",
    "city_class": "city",
    "organisation": "organisation_kind",
    "product_ownership": "products_owned",
    "gender_class": "gender",
    "education_class": "education",
    "occupation_class": "occupation",
    "income_class": "income_band",
}
ORGANISATIONS = ("enterprise", "individual", "government")


class Profile(Theme):
    """Place, person and household as they were told, and in bands."""

    columns = (*AS_TOLD, "age_band", "household", "credit_band")

    def judge(self, row: Row) -> Row:
        """Every class of the theme."""
        told = {scheme: as_told(row[column]) for scheme, column in AS_TOLD.items()}
        if told["organisation"] not in {*ORGANISATIONS, "unknown"}:
            told["organisation"] = UNCLASSIFIED
        return {
            **told,
            "age_band": age_band(row["age_years"]),
            "household": household(row["household_size"]),
            "credit_band": credit_band(row["credit_score"]),
        }


def as_told(value: str | None) -> str:
    """The value itself."""
    return "unknown" if value is None else value


def age_band(age: int | None) -> str | None:
    """The age in bands of 15 years, from 18."""
    bands = ((60, "from_60"), (45, "from_45"), (30, "from_30"), (18, "from_18"))
    return _band(age, bands, lowest="minor")


def household(size: int | None) -> str | None:
    """How many live together."""
    return _band(size, ((5, "large"), (3, "family"), (2, "couple")), lowest="single")


def credit_band(score: Value | None) -> str | None:
    """A credit score against fixed bounds."""
    return _band(score, ((700, "good"), (550, "fair")), lowest="poor")


def _band(value: Value | None, bands: tuple[tuple[int, str], ...], lowest: str) -> str | None:
    if value is None:
        return None
    return next((code for bound, code in bands if value >= bound), lowest)
