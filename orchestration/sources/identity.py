"""What a source file says of customers that may be one: by which columns they are compared."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

CONTACTS = ("phone", "email", "registration_code")


def _contacts(value: object) -> object:
    names = tuple(value) if isinstance(value, list | tuple) else (value,)
    wrong = [name for name in names if name not in CONTACTS]
    if wrong or not names:
        found = f"{wrong[0]!r} is no column" if wrong else "names no column"
        raise ValueError(f"{found} to compare customers by; write a list of {', '.join(CONTACTS)}")
    return tuple(dict.fromkeys(names))


def _region(value: str) -> str:
    from phonenumbers import SUPPORTED_REGIONS

    if value not in SUPPORTED_REGIONS:
        raise ValueError(f"{value!r} is not a country with telephones; write a code such as CN")
    return value


class Identity(BaseModel):
    """By what customers are compared; who may be one is proposed, never merged.

    Attributes:
        match: columns of customers: phone, email, registration_code.
        phone_region: the country of numbers without a +; without it these are not compared.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    match: Annotated[tuple[str, ...], BeforeValidator(_contacts)]
    phone_region: Annotated[str, AfterValidator(_region)] | None = None
