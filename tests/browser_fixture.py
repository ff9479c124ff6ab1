"""The system's chromium, for tests that look at what a person sees."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = shutil.which("chromium")
NEEDS_BROWSER = [
    pytest.mark.browser,
    # Where it counts, a missing browser is a failure and no reason to look away.
    pytest.mark.skipif(
        CHROMIUM is None and "CI" not in os.environ,
        reason="needs Debian's packages chromium and fonts-noto-cjk",
    ),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield chromium
        chromium.close()
