"""`make screenshots`: pictures of the real app, every page at two widths and in both themes.

    python -m docs.screenshots                                every page, and the README's two pictures
    python -m docs.screenshots build/look placement course    these pages alone

Bets are settled, so that all of a lesson is on its page. A long page comes in parts that can be read: the files of one
page end in -01, -02, …
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from course import syllabus
from learners.store import Event, Store, default_url
from lessons import blocks, markdown

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
FOUND = "search?q=host+port"
# The README shows a figure at work: the lesson, the theme, how many steps on, and what is chosen in it.
IN_README = (("placement", "light", 4, "a1"), ("rolling-updates", "dark", 12, None))
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
WIDTHS = (1280, 390)
THEMES = ("light", "dark")
PART = 1600  # pixels of a picture
BAR = 60  # pixels at the top, under which the page scrolls


def main(folder: Path, wanted: Sequence[str] = ()) -> None:
    """Take pictures into `folder`: of every page, or of those that are wanted.

    Without `wanted`, the two of the README are taken anew as well, into `docs/pictures`.
    """
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("No Chromium found; on Debian or Ubuntu run: sudo apt install chromium")
    unknown = [name for name in wanted if name not in pages()]
    if unknown:
        sys.exit(f"There is no page {unknown[0]!r}; there are {', '.join(pages())}.")
    with _app() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        for name in wanted or pages():
            for width in WIDTHS:
                for theme in THEMES:
                    for path in take(browser, url, name, width, theme, folder):
                        print(path)
        if not wanted:
            PICTURES.mkdir(exist_ok=True)
            for name, theme, steps, choice in IN_README:
                _figure(browser, f"{url}/{name}", theme, steps, choice, PICTURES / f"{name}-1280-{theme}.png")
        browser.close()


def pages() -> tuple[str, ...]:
    """The addresses of all pages, in the order of the course; "home" is the first."""
    slugs = [entry.slug for entry in syllabus.lessons()]
    return ("home", "course", "progress", FOUND, *slugs, *(f"{slug}-quiz" for slug in slugs))


def take(browser: Browser, url: str, name: str, width: int, theme: str, folder: Path) -> list[Path]:
    """One page at one width in one theme, in as many parts as it is long."""
    page = _open(browser, f"{url}/{'' if name == 'home' else name}", width, theme)
    folder.mkdir(parents=True, exist_ok=True)
    page.set_viewport_size({"width": width, "height": PART})
    page.wait_for_timeout(500)
    paths: list[Path] = []
    for k, top in enumerate(_tops(page), start=1):
        at = page.evaluate(f"(top) => {{ {_SECTION}.scrollTo(0, top); return {_SECTION}.scrollTop }}", top)
        page.wait_for_timeout(150)
        paths.append(folder / f"{name.split('?')[0]}-{width}-{theme}-{k:02}.png")
        # The bar lies over what is scrolled; and the last part cannot be scrolled all the way.
        above = BAR + top - at if top else 0
        shown = min(PART, _height(page) - at) - above
        page.screenshot(path=paths[-1], clip={"x": 0, "y": above, "width": width, "height": shown})
    page.context.close()
    return paths


# The page scrolls inside its main section.
_SECTION = "document.querySelector('[data-testid=stMain]')"


def _tops(page: Page) -> list[int]:
    """How far to scroll for each part: each begins where the one before it ends."""
    return [0, *range(PART - BAR, _height(page) - BAR, PART - BAR)]


def _height(page: Page) -> int:
    """How tall the page is, whatever the window's height."""
    bottom = f"{_SECTION}.querySelector('.block-container').getBoundingClientRect().bottom"
    return int(page.evaluate(f"{bottom} + {_SECTION}.scrollTop"))


@contextmanager
def _app() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as data:
        _settle_bets(Path(data))
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
        command += ["--server.address", "127.0.0.1", "--server.port", str(port)]
        environment = {**os.environ, "QUAYSIDE_DATA": data, "QUAYSIDE_HOSTED": "no"}
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


def _settle_bets(data: Path) -> None:
    """Skip every bet, so that nothing on a lesson's page waits for one."""
    store = Store(default_url(data))
    for entry in syllabus.lessons():
        owed = [block.item for block in markdown.load(entry.slug).blocks if isinstance(block, blocks.Predict)]
        skipped = {"skipped": True}
        store.append(
            [Event(learner="local", kind="predicted", bank=entry.slug, item=one, payload=skipped) for one in owed]
        )
    store.close()


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
    # The foot is the last that a page shows, and what goes along with it comes after that.
    page.locator(".st-key-foot").wait_for(timeout=60_000)
    page.locator(".word-card").wait_for(state="attached", timeout=60_000)
    page.wait_for_function("document.querySelector('.stApp').dataset.testScriptState === 'notRunning'")
    page.wait_for_timeout(1500)
    return page


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "screenshots", sys.argv[2:])
