"""The page of a release in a real browser, as its readers meet it: from a file, offline."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_fixture import NEEDS_BROWSER
from playwright.sync_api import Browser, Page, expect
from report_tables import everything, write_page

SCREENSHOTS = Path(__file__).parent / "screenshots"
PHONE, DESKTOP = 360, 1280
ENGLISH, CHINESE = "en-US", "zh-CN"
pytestmark = NEEDS_BROWSER


@dataclass
class Reader:
    """A page in front of somebody, with what it asked for and complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_page(tmp_path_factory.mktemp("report"), everything).as_uri()


@pytest.fixture(params=[(ENGLISH, DESKTOP), (ENGLISH, PHONE), (CHINESE, DESKTOP), (CHINESE, PHONE)])
def reader(request: pytest.FixtureRequest, browser: Browser, file: str) -> Iterator[Reader]:
    locale, width = request.param
    page = browser.new_page(locale=locale, viewport={"width": width, "height": 900})
    reader = Reader(page)
    page.on("request", lambda asked: reader.requests.append(asked.url))
    page.on("console", lambda line: reader.complaints.append(line.text))
    page.on("pageerror", lambda error: reader.complaints.append(str(error)))
    page.goto(file)
    yield reader
    page.close()


def test_it_reads_in_the_language_of_the_browser_alone_and_asks_for_nothing(reader: Reader) -> None:
    page = reader.page
    is_chinese = page.evaluate("navigator.language").startswith("zh")
    mine, other = ("zh-Hans", "en") if is_chinese else ("en", "zh-Hans")
    heading = "2024年5月31日" if is_chinese else "May 31, 2024"
    expect(page.get_by_role("heading", level=1)).to_have_text(heading, use_inner_text=True)
    assert page.title().endswith(heading)
    assert page.locator("html").get_attribute("lang") == mine
    assert page.locator(f'span[lang="{other}"]:visible').count() == 0
    assert page.locator(f'span[lang="{mine}"]:visible').count() > 50
    letters = page.locator("svg text:visible").all_text_contents()
    assert ("lead类" in letters, "Lead" in letters) == (is_chinese, not is_chinese)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert reader.requests == [page.url] and reader.complaints == []
    SCREENSHOTS.mkdir(exist_ok=True)
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.screenshot(path=SCREENSHOTS / f"report-{mine}-{width}.png", full_page=True)


def test_nothing_stands_in_the_way_of_a_reader_with_a_disability(reader: Reader) -> None:
    for summary in reader.page.locator("summary").all():
        summary.click()
    found = Axe().run(reader.page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == []


def test_the_keyboard_reaches_the_content_and_the_language(reader: Reader) -> None:
    page = reader.page
    keys = page.keyboard
    keys.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    keys.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    keys.press("Shift+Tab")
    page.locator("button[data-language=en]").focus()
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Who moved")).to_be_visible()
    keys.press("Tab")
    keys.press("Space")
    expect(page.get_by_role("heading", name="类别变动")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert page.locator('[aria-pressed="true"]').inner_text() == "中文"
    page.reload()
    assert page.locator("html").get_attribute("lang") == (
        "zh-Hans" if page.evaluate("navigator.language").startswith("zh") else "en"
    )


def test_on_paper_everything_is_unfolded_and_nothing_is_to_be_pressed(reader: Reader) -> None:
    page = reader.page
    assert page.locator("details[open]").count() == 0
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0 < page.locator("details").count()
    expect(page.locator("nav")).to_be_hidden()
    expect(page.locator(".switch")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0


def test_without_scripts_it_reads_in_english(browser: Browser, file: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale=CHINESE)
    page = context.new_page()
    page.goto(file)
    expect(page.locator(".switch")).to_be_hidden()
    expect(page.locator("h1 span[lang=en]")).to_be_visible()
    expect(page.locator("h1 span[lang=zh-Hans]")).to_be_hidden()
    context.close()
