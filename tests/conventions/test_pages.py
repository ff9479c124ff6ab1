"""What every page points to is there: files, headings, settings."""

import re
from pathlib import Path

import pytest
from test_shown_commands import PAGES

from orchestration.settings import PROJECT

page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT).as_posix())


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in found}


@page
def test_a_link_of_a_page_leads_to_a_file_and_a_heading(page: Path) -> None:
    for link in re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8")):
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), link
        assert not anchor or anchor in headings(target), link


@page
def test_a_setting_of_a_page_is_a_setting(page: Path) -> None:
    named = set(re.findall(r"TIERS_[A-Z_]+", page.read_text("utf-8")))
    assert named <= set(re.findall(r"TIERS_[A-Z_]+", (PROJECT / ".env.example").read_text("utf-8")))
