"""What every browser test needs: an app that is served, a page in Chromium, and axe.

    def test_home(serve, page, axe):
        page.goto(serve("app.py"))
        page.get_by_role("heading", name="Quayside").wait_for()
        assert axe(page) == []

Without Chromium these tests are skipped, with the reason; where CI is set they fail instead.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
START_LIMIT = 60  # seconds: a busy machine starts slowly, and only a broken app does not start at all

expect.set_options(timeout=10_000)

Serve = Callable[..., str]
RunServer = Callable[[str, Mapping[str, str], int], tuple["subprocess.Popen[bytes]", str]]
Open = Callable[..., Page]
RunAxe = Callable[[Page], list[str]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything below this folder needs a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """`serve(app_path, env=None, fresh=False) -> url` of the running app; `app_path` is counted from the root.

    An app is started once for the same path and environment, with a data folder of its own; `fresh` starts another.
    """
    running: dict[tuple[str, frozenset[tuple[str, str]]], str] = {}
    with ExitStack() as stack:

        def start(app_path: str | Path, env: Mapping[str, str] | None = None, *, fresh: bool = False) -> str:
            named = (str(app_path), frozenset((env or {}).items()))
            if fresh or named not in running:
                data = tmp_path_factory.mktemp("data")
                server, running[named] = _start(ROOT / app_path, {"QUAYSIDE_DATA": str(data), **(env or {})})
                stack.callback(_stop, server)
            return running[named]

        yield start


@pytest.fixture
def port() -> int:
    """A port of this machine that nobody listens on."""
    return _free_port()


@pytest.fixture
def run_server() -> Iterator[RunServer]:
    """`run_server(app_path, env, port) -> (process, url)`: a server that the test may kill, at a port of its choice."""
    with ExitStack() as stack:

        def run(app_path: str, env: Mapping[str, str], port: int) -> tuple[subprocess.Popen[bytes], str]:
            server, url = _start(ROOT / app_path, env, port)
            stack.callback(_stop, server)
            return server, url

        yield run


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium, one for the whole session."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        reason = "No Chromium found; on Debian or Ubuntu run: sudo apt install chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """`open_page(width=1280, theme="light", motion="no-preference") -> Page`: pages with sessions of their own.

    When the test ends, an error that any of them wrote to the console fails it, but for pages opened with
    `strict=False`, whose server goes away.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_one(
        *,
        width: int = 1280,
        height: int = 900,
        theme: str = "light",
        motion: str = "no-preference",
        strict: bool = True,
        **options: object,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion=motion, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        if strict:
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.on("console", lambda message: errors.append(message.text) if _is_error(message) else None)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not errors, errors


@pytest.fixture
def page(open_page: Open) -> Page:
    """A page of 1280 by 900 in the light theme."""
    return open_page()


@pytest.fixture(scope="session")
def axe() -> RunAxe:
    """`axe(page) -> violations`, each one line: the rule, what it says, and the first place; empty is what we want."""

    def run(page: Page) -> list[str]:
        found = Axe().run(page).response["violations"]
        if found:
            # A rerun that began meanwhile fades the page for a moment. What is really wrong is still wrong after it.
            page.wait_for_timeout(2000)
            found = Axe().run(page).response["violations"]
        return [f"{one['id']} ({len(one['nodes'])}): {one['help']}: {one['nodes'][0]['html'][:200]}" for one in found]

    return run


def _is_error(message: ConsoleMessage) -> bool:
    # Below a page's own address Streamlit first asks for its health there, is told 404, and asks again at the root.
    # It also asks for a download's file as soon as it is offered, and a quick rerun may have replaced that by then.
    known = ("404 (Not Found)", "Download Button source error - 404")
    return message.type == "error" and not any(one in message.text for one in known)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _start(app: Path, env: Mapping[str, str], port: int | None = None) -> tuple[subprocess.Popen[bytes], str]:
    port = port or _free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port), "--server.fileWatcherType", "none"]
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    server = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, **env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    end = time.monotonic() + START_LIMIT
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):
                return server, url
        except OSError:
            time.sleep(0.1)
    _stop(server)
    pytest.fail(f"{app.relative_to(ROOT)} did not start within {START_LIMIT} seconds; run it by hand to see why.")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
