"""`make screenshots`: pictures of the real app, every page at two widths and in both themes."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
PAGES = ("", "course", "placement", "placement-quiz", "rolling-updates", "rolling-updates-quiz", "progress")
# The README shows a figure at work: the lesson, the theme, how many steps on, and what is chosen in it.
IN_README = (("placement", "light", 4, "a1"), ("rolling-updates", "dark", 12, None))
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def main(folder: Path) -> None:
    """Take every picture into `folder`; the two of the README are also kept in `docs/pictures`."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("No Chromium found; on Debian or Ubuntu run: sudo apt install chromium")
    PICTURES.mkdir(exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    with _app() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        for name in PAGES:
            for width in (1280, 390):
                for theme in ("light", "dark"):
                    path = folder / f"{name or 'home'}-{width}-{theme}.png"
                    _picture(browser, f"{url}/{name}", width, theme, path)
                    print(path)
        for name, theme, steps, choice in IN_README:
            _figure(browser, f"{url}/{name}", theme, steps, choice, PICTURES / f"{name}-1280-{theme}.png")
        browser.close()


@contextmanager
def _app() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
        command += ["--server.address", "127.0.0.1", "--server.port", str(port)]
        environment = {**os.environ, "QUAYSIDE_DATA": data}
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as server:
            try:
                _wait_for(f"{url}/_stcore/health")
                yield url
            finally:
                server.terminate()


def _wait_for(url: str) -> None:
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    sys.exit("The app did not start within 20 seconds; run `make run` to see why.")


def _picture(browser: Browser, url: str, width: int, theme: str, path: Path) -> None:
    page = _open(browser, url, width, theme)
    # The page scrolls inside its main section, so the window is made as tall as what is in it.
    section = "document.querySelector('[data-testid=stMain]')?.scrollHeight ?? document.body.scrollHeight"
    page.set_viewport_size({"width": width, "height": min(int(page.evaluate(section)) + 80, 16_000)})
    page.wait_for_timeout(800)
    page.screenshot(path=path)
    page.context.close()


def _figure(browser: Browser, url: str, theme: str, steps: int, choice: str | None, path: Path) -> None:
    page = _open(browser, url, 1280, theme)
    figure = page.locator(".st-key-figure-sandbox")
    figure.get_by_role("button", name="Open the sandbox").click()
    figure.get_by_label("Step of the run").press("Home")
    for _ in range(steps):
        figure.get_by_label("One step on").click()
    if choice:
        figure.locator(f"[data-pick={choice}]").click()
    figure.scroll_into_view_if_needed()
    page.wait_for_timeout(2500)
    page.set_viewport_size({"width": 1280, "height": 1500})
    page.wait_for_timeout(800)
    # Clear of the bar that lies over the top of the page.
    under_the_bar = "e => { e.scrollIntoView(); document.querySelector('[data-testid=stMain]').scrollBy(0, -100) }"
    figure.locator(".player").evaluate(under_the_bar)
    page.wait_for_timeout(400)
    box = figure.locator(".player").bounding_box()
    if box is None:
        sys.exit("The sandbox shows no figure; run `make run` to see why.")
    words_below = 225 if choice else 12
    clip = {"x": box["x"] - 24, "y": box["y"] - 12, "width": box["width"] + 48, "height": box["height"] + words_below}
    page.screenshot(path=path, clip=clip)
    page.context.close()


def _open(browser: Browser, url: str, width: int, theme: str) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(url)
    page.locator("h1").first.wait_for(timeout=30_000)
    page.wait_for_timeout(2500)
    return page


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "screenshots")
