"""`make screenshots`: the pictures of the README, of the synthetic company, into docs/images."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from browser_fixture import chromium
from playwright.sync_api import Browser, Page, expect
from started_ui import LOOK, started_ui

from orchestration.progress import terminal_progress
from orchestration.running import run_day
from orchestration.settings import PROJECT, Settings

IMAGES = PROJECT / "docs" / "images"
SYNTHETIC = PROJECT / "orchestration" / "sources" / "synthetic" / "sources.yml"
# What a page of code hosting shows quickly.
MOST_BYTES = 300_000
PATIENCE = 180_000


def main() -> None:
    """Run the company once, and take the pictures of its report and of the UI over its home."""
    with TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "home", sources=SYNTHETIC)
        with terminal_progress() as progress:
            release = run_day(settings, None, progress).release
        with chromium() as browser:
            picture_report(browser, release.page)
            with started_ui(settings, LOOK) as ui:
                picture_ui(browser, ui)


def picture_report(browser: Browser, report: Path) -> None:
    """The top of a report, in both languages."""
    for locale, name in (("en-US", "report.en"), ("zh-CN", "report.zh")):
        with opened(browser, locale, 1080, 860) as page:
            page.goto(report.as_uri())
            take(page, name)


def picture_ui(browser: Browser, ui: str) -> None:
    """The asset graph."""
    with opened(browser, "en-US", 1280, 480) as page:
        page.goto(f"{ui}/asset-groups")
        page.get_by_text("Hide navigation").click()
        expect(page.get_by_text("published").last).to_be_visible(timeout=PATIENCE)
        page.wait_for_timeout(5000)  # the graph is laid out
        take(page, "ui")


@contextmanager
def opened(browser: Browser, locale: str, width: int, height: int) -> Iterator[Page]:
    """A page in one language and size."""
    page = browser.new_page(locale=locale, viewport={"width": width, "height": height})
    page.set_default_timeout(PATIENCE)
    yield page
    page.close()


def take(page: Page, name: str) -> None:
    """Write one picture, and refuse one that is too large for a README."""
    IMAGES.mkdir(exist_ok=True)
    page.wait_for_timeout(1500)  # animations
    path = IMAGES / f"{name}.png"
    page.screenshot(path=path)
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{path} has {size:,} bytes; make its window smaller.")
    print(f"{path.relative_to(PROJECT)}: {size:,} bytes")


if __name__ == "__main__":
    main()
