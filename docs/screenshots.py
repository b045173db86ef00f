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

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
PAGES = ("", "course", "placement", "placement-quiz", "rolling-updates", "rolling-updates-quiz", "progress")
IN_README = {("placement", 1280, "light"), ("rolling-updates", 1280, "dark")}
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
                    _picture(browser, f"{url}/{name}", width, theme, path, whole=True)
                    print(path)
                    if (name, width, theme) in IN_README:
                        _picture(browser, f"{url}/{name}", width, theme, PICTURES / path.name, whole=False)
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


def _picture(browser: Browser, url: str, width: int, theme: str, path: Path, *, whole: bool) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(url)
    page.locator("h1").first.wait_for(timeout=30_000)
    page.wait_for_timeout(2500)
    if whole:
        # The page scrolls inside its main section, so the window is made as tall as what is in it.
        section = "document.querySelector('[data-testid=stMain]')?.scrollHeight ?? document.body.scrollHeight"
        page.set_viewport_size({"width": width, "height": min(int(page.evaluate(section)) + 80, 16_000)})
        page.wait_for_timeout(800)
    page.screenshot(path=path)
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "screenshots")
