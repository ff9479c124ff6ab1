"""What makes two ways to write a contact one, and what is no contact at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.contact_keys import (
    CODE_LETTERS,
    check_character,
    email_key,
    phone_key,
    registration_key,
)

MOBILE = "+8613800138000"
# Invented: no place has the number 000000.
CODE = "91000000MA00PEAR1" + check_character("91000000MA00PEAR1")


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        " (+86) 138 0013 8000 ",
        "0086 13800138000",
        "＋８６１３８００１３８０００",
        "tel:+86-138-0013-8000",
    ],
)
def test_a_telephone_number_is_one_however_it_is_written(text: str) -> None:
    assert phone_key(text, "CN") == MOBILE


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-", "n/a", "000-0001", "1380013800", "138001380000", "12345678901"),
        *("110", "+999 12345678", "010-62345678 转 21", "010-62345678 ext. 21", "1" * 400),
    ],
)
def test_what_is_no_valid_number_of_one_line_has_no_key(text: str) -> None:
    assert phone_key(text, "CN") is None


def test_a_number_without_a_country_is_one_of_the_region_that_is_given() -> None:
    assert phone_key("010-62345678", "CN") == "+861062345678"
    assert phone_key("010-62345678", "DE") != "+861062345678"
    assert phone_key("13800138000", None) is None
    assert phone_key("+86 13800138000", None) == MOBILE


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Li.Lei@Example.COM", "li.lei@example.com"),
        (" lilei@example.com\u3000", "lilei@example.com"),
        ("li.lei+shop@example.com", "li.lei+shop@example.com"),
        ("邮箱@例子.公司", "邮箱@例子.公司"),
    ],
)
def test_an_address_is_one_in_any_case_and_no_further(text: str, key: str) -> None:
    assert email_key(text) == key


@pytest.mark.parametrize("text", ["", "none", "@", "a@", "@b", "a@b@c", "a b@c", "a@b c", "a@@b"])
def test_what_is_no_address_has_no_key(text: str) -> None:
    assert email_key(text) is None


@pytest.mark.parametrize("text", [CODE, CODE.lower(), f" {CODE[:9]} {CODE[9:]}\t"])
def test_a_registration_code_is_one_however_it_is_written(text: str) -> None:
    assert CODE == "91000000MA00PEAR1K"
    assert registration_key(text) == CODE


@pytest.mark.parametrize(
    "text",
    [
        *("", "0" * 18, "1" * 18, CODE[:17], f"{CODE}0", f"I{CODE[1:]}", CODE.replace("P", "O")),
        *("9100000A" + CODE[8:], CODE[:16] + CODE[:15:-1]),
    ],
)
def test_what_is_no_registration_code_has_no_key(text: str) -> None:
    assert registration_key(text) is None


@given(
    body=st.from_regex(rf"[1-9][{CODE_LETTERS}][0-9]{{6}}[{CODE_LETTERS}]{{9}}", fullmatch=True),
    place=st.integers(0, 17),
    other=st.sampled_from(CODE_LETTERS),
)
def test_one_wrong_character_of_a_registration_code_never_passes(
    body: str, place: int, other: str
) -> None:
    code = body + check_character(body)
    assert registration_key(code) == code
    wrong = code[:place] + other + code[place + 1 :]
    assert registration_key(wrong) == (code if wrong == code else None)


@given(text=st.text())
def test_no_text_stops_a_run_and_a_key_is_its_own_key(text: str) -> None:
    for key_of in (email_key, registration_key, lambda given: phone_key(given, "CN")):
        key = key_of(text)
        assert key is None or key_of(key) == key
