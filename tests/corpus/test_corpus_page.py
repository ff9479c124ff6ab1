"""The page about bad input says what the corpus promises, and no more."""

from cases import CASES
from page import PAGE, page


def test_the_page_is_what_the_cases_say() -> None:
    assert PAGE.read_text("utf-8") == page(), "python tests/corpus/page.py writes it anew"


def test_no_two_cases_are_the_same() -> None:
    assert len({case.given for case in CASES}) == len(CASES)


def test_there_are_more_than_two_hundred() -> None:
    assert len(CASES) > 200
