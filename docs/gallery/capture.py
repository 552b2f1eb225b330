"""Takes the pictures of this folder from a running demo.

Start the demo (`make demo`), then:

    python docs/gallery/capture.py http://127.0.0.1:8000 ada PASSWORD

The demo prints the passwords. The browser is LODESTOCK_CHROMIUM, else chromium or chrome on PATH.
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent
DESKTOP, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]


@dataclass(frozen=True)
class Picture:
    """One file of the gallery."""

    name: str
    path: str
    dark: bool = False
    phone: bool = False
    whole: bool = False


PICTURES = (
    Picture("home-light", "/"),
    Picture("home-dark", "/", dark=True),
    Picture("home-phone", "/", phone=True),
    Picture("api", "/api/docs"),
    Picture("movements", "/admin/inventory/movement/"),
    Picture("sales-orders", "/admin/sales/salesorder/"),
    Picture("purchase-orders", "/admin/purchasing/purchaseorder/", dark=True),
    Picture("drift-case", "/admin/attention/exceptioncase/"),
)


def browser_path() -> str:
    """Return the browser to drive; raises SystemExit with the cure."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    found = os.environ.get("LODESTOCK_CHROMIUM") or next(filter(None, map(shutil.which, names)), "")
    if not found:
        raise SystemExit("No Chromium: install it, or set LODESTOCK_CHROMIUM to its path.")
    return found


def sign_in(page: Page, base: str, username: str, password: str) -> None:
    """Sign in at the back office."""
    page.goto(f"{base}/admin/login/?next=/admin/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{base}/admin/", timeout=90_000)


def take(browser: Browser, base: str, login: tuple[str, str], picture: Picture) -> None:
    """Take one picture; of the front page as a stranger sees it."""
    context = browser.new_context(
        color_scheme="dark" if picture.dark else "light",
        viewport=PHONE if picture.phone else DESKTOP,  # type: ignore[arg-type]
    )
    page = context.new_page()
    if picture.path != "/":
        sign_in(page, base, *login)
    page.goto(base + picture.path, timeout=90_000)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{picture.name}.png", full_page=picture.whole)
    context.close()


def main(base: str, username: str, password: str) -> None:
    """Take every picture."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        for picture in PICTURES:
            take(browser, base.rstrip("/"), (username, password), picture)
            print(picture.name)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:4])
