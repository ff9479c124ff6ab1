"""What makes two ways to write a telephone number, an e-mail address or a company's code one.

Each function takes a text as it came and gives its key, or None when the text is no such thing:
what is not surely the same is never called the same.
"""

import re

CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# The authority that registers, a kind of body, six digits for the place, nine for the body.
CODE = re.compile(rf"[{CODE_LETTERS[1:]}][{CODE_LETTERS}][0-9]{{6}}[{CODE_LETTERS}]{{10}}")


def key_of(kind: str, text: str, region: str | None) -> str | None:
    """The key of a phone, an email or a registration_code; `region` is that of `phone_key`."""
    if kind == "phone":
        return phone_key(text, region)
    return email_key(text) if kind == "email" else registration_key(text)


def phone_key(text: str, region: str | None) -> str | None:
    """A valid number as E.164, such as +8613800138000; one with an extension is of no one person.

    Without a + it is a number of `region`, a code such as CN; without either it has no key.
    """
    import phonenumbers  # its tables are large, and most runs compare no customers

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_key(text: str) -> str | None:
    """An address in lower case. Dots and plus signs stay: not every provider ignores them."""
    address = text.strip().lower()
    return address if re.fullmatch(r"[^@\s]+@[^@\s]+", address) else None


def registration_key(text: str) -> str | None:
    """A 统一社会信用代码 (GB 32100-2015), in capitals, if its last character is right."""
    code = "".join(text.split()).upper()
    return code if CODE.fullmatch(code) and check_character(code[:17]) == code[17] else None


def check_character(body: str) -> str:
    """The last character of the code that begins with these 17."""
    weighed = sum(
        CODE_LETTERS.index(letter) * pow(3, place, 31) for place, letter in enumerate(body)
    )
    return CODE_LETTERS[-weighed % 31]
