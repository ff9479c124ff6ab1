"""Take a picture of the dashboard, in the system's chromium.

SUPERSET_URL=… SUPERSET_USER=… SUPERSET_PASSWORD=… python -m bi.superset.picture FILE
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from orchestration.settings import secret

WIDTH, HEIGHT = 1600, 1000
PATIENCE = 180_000
# Every chart was drawn, and none is waited for.
DRAWN = """
() => document.querySelectorAll('.dashboard-component-chart-holder').length > 0
    && document.querySelectorAll('.loading, [data-test="loading-indicator"]').length === 0
"""


def take(url: str, user: str, password: str, file: Path) -> int:
    """Log in and write the dashboard, whole, as PNG; returns how many charts show an error."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium")
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.set_default_timeout(PATIENCE)
        page.goto(f"{url}/login/")
        page.get_by_label("Username").fill(user)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/welcome/**")
        page.goto(f"{url}/superset/dashboard/customer-tiers/?standalone=1")
        page.wait_for_selector(".dashboard-component-chart-holder")
        # Charts that are out of sight are drawn only when they come into it.
        height = page.locator(".dashboard").evaluate("board => board.scrollHeight")
        page.set_viewport_size({"width": WIDTH, "height": int(height) + 40})
        page.wait_for_function(DRAWN)
        page.wait_for_timeout(3_000)
        page.screenshot(path=file)
        errors = page.get_by_text("Data error").count()
        browser.close()
    return errors


if __name__ == "__main__":
    url, user, password = (secret(f"SUPERSET_{name}") for name in ("URL", "USER", "PASSWORD"))
    sys.exit(take(url, user, password, Path(sys.argv[1])))
