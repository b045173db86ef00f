"""The app on the whole road: scripts, clicks, scrubbing, first text, memory, and many sessions at once.

Each figure of the browser stands beside the same figure of an empty Streamlit app, measured in the same run.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from playwright.sync_api import Browser, Page

from benchmarks.crowd import Spoken, send_crowd
from benchmarks.row import Row, median_seconds
from benchmarks.served import APP, EMPTY, Served, chromium, serve
from course import syllabus
from learners.store import Event, Store, default_url
from lessons import blocks, markdown
from simulator.scenario import encode

LESSONS = tuple(entry.slug for entry in syllabus.lessons())
CLICKS = 60
COLD_STARTS = 3
SESSIONS = 300
CLICKS_EACH = 6
CROWD_BUDGET = 300  # ms
SCRUBBED = 100  # instances

# A click and the time until a text on the page is another one, in milliseconds.
_CLICK = """async ([pressed, watched]) => {
  const read = () => [...document.querySelectorAll(watched)].map((one) => one.textContent).join()
  const before = read()
  const start = performance.now()
  document.querySelector(pressed).click()
  return await new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (read() === before) return
      observer.disconnect()
      resolve(performance.now() - start)
    })
    observer.observe(document.body, { subtree: true, childList: true, characterData: true })
    setTimeout(() => resolve(5000), 5000)
  })
}"""
_PICK = """async (watched) => {
  const root = [...document.querySelectorAll(".st-key-figure-first-board *")].find((one) => one.shadowRoot)?.shadowRoot
  const racks = [...root.querySelectorAll("[data-pick]")]
  const at = (window.at = ((window.at ?? -1) + 1) % racks.length)
  const read = () => [...document.querySelectorAll(watched)].map((one) => one.textContent).join()
  const before = read()
  const start = performance.now()
  racks[at].dispatchEvent(new MouseEvent("click", { bubbles: true }))
  return await new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (read() === before) return
      observer.disconnect()
      resolve(performance.now() - start)
    })
    observer.observe(document.body, { subtree: true, childList: true, characterData: true })
    setTimeout(() => resolve(5000), 5000)
  })
}"""
_SCRUB = """(root) => Array.from({ length: 200 }, (_, i) => {
  const last = Number(root.querySelector("input[type=range]").max)
  const start = performance.now()
  root.seek((i * 37) % (last + 1))
  root.getBoundingClientRect()
  return performance.now() - start
})"""


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, _settings(folder)):
        _settle_bets()
        found = [_script_row(slug) for slug in LESSONS]
        with chromium() as browser:
            found += _first_text_rows(browser)
            with serve(APP, {}) as served, serve(EMPTY, {}) as empty:
                found += [_memory_row(served, empty, browser)]
                found += _click_rows(served, empty, browser)
                found += [_scrub_row(served, browser)]
                spoken = _listen(served, browser)
            with serve(APP, {}) as served:
                found += _crowd_rows(served, spoken, browser)
    return found


def _settings(folder: str) -> dict[str, str]:
    return {"QUAYSIDE_DATA": folder, "QUAYSIDE_HOSTED": "no"}


def _settle_bets() -> None:
    """Skip all bets, so that the lessons' pages are measured with everything on them."""
    store = Store(default_url(Path(os.environ["QUAYSIDE_DATA"])))
    for slug in LESSONS:
        owed = [block.item for block in markdown.load(slug).blocks if isinstance(block, blocks.Predict)]
        store.append(
            [Event(learner="local", kind="predicted", bank=slug, item=item, payload={"skipped": True}) for item in owed]
        )
    store.close()


def _script_row(slug: str) -> Row:
    from streamlit.testing.v1 import AppTest

    def page(slug: str) -> None:
        from learners.identity import Learner
        from screens import lesson

        lesson.show(Learner(id="local", saved=True), slug)

    def nothing() -> None:
        import streamlit as st

        st.title("Counter")

    app = AppTest.from_function(page, args=(slug,), default_timeout=60)
    floor = AppTest.from_function(nothing)
    spent = 1000 * median_seconds(app.run, runs=15, warm=3)
    if app.exception:
        raise RuntimeError(f"The lesson {slug} does not run: {app.exception[0].message}")
    least = 1000 * median_seconds(floor.run, runs=15, warm=3)
    return Row(
        what=f"rerun of the whole lesson page, script time: {slug}",
        measured=spent,
        unit="ms",
        peer="floor: a page with a title",
        peer_value=least,
        ratio=spent / least,
        budget="≤ 15 ms",
        ok=spent <= 15,
    )


def _first_text_rows(browser: Browser) -> list[Row]:
    """Turn by turn on fresh servers: navigation to the first heading, in a browser that has nothing cached."""
    ours, floor = [], []
    for _ in range(COLD_STARTS):
        for app, times in ((APP, ours), (EMPTY, floor)):
            with serve(app, {}) as served:
                times.append(_first_text(served, browser))
    spent, least = statistics.median(ours), statistics.median(floor)
    return [
        Row(
            what=f"first text of the home page, cold, median of {COLD_STARTS}",
            measured=spent,
            unit="ms",
            peer="empty Streamlit app",
            peer_value=least,
            ratio=spent / least,
            budget="≤ 1.2× the empty app",
            ok=spent <= 1.2 * least,
        )
    ]


def _first_text(served: Served, browser: Browser) -> float:
    with _page(browser) as page:
        page.goto(served.url, wait_until="commit")
        page.locator("h1").first.wait_for()
        return float(page.evaluate("performance.now()"))


def _memory_row(served: Served, empty: Served, browser: Browser) -> Row:
    with _lesson(served, browser, "placement"), _page(browser) as page:
        page.goto(empty.url)
        page.locator("h1").first.wait_for()
        held, least = served.resident() / 1e6, empty.resident() / 1e6
    return Row(
        what="memory after the first lesson",
        measured=held,
        unit="MB",
        peer="empty Streamlit app",
        peer_value=least,
        ratio=held / least,
        budget="≤ 120 MB",
        ok=held <= 120,
    )


def _click_rows(served: Served, empty: Served, browser: Browser) -> list[Row]:
    with _page(browser) as page:
        page.goto(empty.url)
        page.locator(".st-key-count button").wait_for()
        floor = _times(page, _CLICK, [".st-key-count button", ".stMarkdown"])
    found: list[Row] = []
    with _lesson(served, browser, "placement") as page:
        times = _times(page, _PICK, ".st-key-figure-first-board .stMarkdown")
        found.append(_click_row("choose an instance: click to its explanation", times, floor))
    with _lesson(served, browser, "rolling-updates") as page:
        pressed = ".st-key-figure-waves [role=radio]:not([aria-checked=true])"
        times = _times(page, _CLICK, [pressed, ".st-key-figure-waves [data-testid=stCaptionContainer]"])
        found.append(_click_row("choose a situation: click to its text, the figure drawn anew", times, floor))
    return found


def _times(page: Page, script: str, argument: object) -> list[float]:
    page.evaluate(script, argument)  # what is done once is not measured
    times = []
    for _ in range(CLICKS):
        times.append(float(page.evaluate(script, argument)))
        page.locator(".stApp[data-test-script-state=notRunning]").wait_for()
    return times


def _click_row(what: str, times: Sequence[float], floor: Sequence[float]) -> Row:
    spent, least = _p95(times), _p95(floor)
    return Row(
        what=f"{what}, p95",
        measured=spent,
        unit="ms",
        peer="counter of an empty Streamlit app",
        peer_value=least,
        ratio=spent / least,
        budget="≤ 30 ms, ≤ 2× the counter",
        ok=spent <= 30 and spent <= 2 * least,
    )


def _scrub_row(served: Served, browser: Browser) -> Row:
    with _lesson(served, browser, "placement", query=f"?s={encode(_crowded())}") as page:
        player = page.locator(".st-key-figure-sandbox .player").first
        player.locator(".picture svg").first.wait_for()
        times = player.evaluate(_SCRUB)
    return Row(
        what=f"scrub one frame in the browser, {SCRUBBED} instances, p95",
        measured=_p95(times),
        unit="ms",
        budget="≤ 16 ms, no round trip",
        ok=_p95(times) <= 16,
    )


def _crowded() -> dict[str, object]:
    zones = ("us-east-1a", "us-east-1b", "us-east-1c")
    return {
        "instances": [
            {"ec2InstanceId": f"i{k}", "instanceType": "m5.large", "availabilityZone": zones[k % 3]}
            for k in range(SCRUBBED)
        ],
        "taskDefinition": {
            "family": "web",
            "containerDefinitions": [{"name": "web", "image": "web:1", "cpu": 256, "memory": 512}],
        },
        "count": 200,
        "group": "service:web",
        "schedulingStrategy": "REPLICA",
        "seed": 1,
    }


def _listen(served: Served, browser: Browser) -> Spoken:
    """What a browser says to open the lesson on placement, and to choose one instance after another."""
    sent: list[bytes] = []
    with _page(browser) as page:
        page.on("websocket", lambda socket: socket.on("framesent", lambda data: sent.append(bytes(data))))
        page.goto(f"{served.url}/placement")
        _whole(page)
        opening, first = sent[0], len(sent)
        for _ in range(2):
            page.evaluate(_PICK, ".st-key-figure-first-board .stMarkdown")
            page.locator(".stApp[data-test-script-state=notRunning]").wait_for()
        return Spoken(opening=opening, clicks=sent[first:])


def _crowd_rows(served: Served, spoken: Spoken, browser: Browser) -> list[Row]:
    with _lesson(served, browser, "placement"):
        crowd = send_crowd(served, spoken, sessions=SESSIONS, clicks_each=CLICKS_EACH)
    late = _p95(crowd.milliseconds)
    each = (crowd.resident_with - crowd.resident_before) / 1000 / SESSIONS
    return [
        Row(
            what=f"{SESSIONS} sessions on a lesson page, each a click in 2 s, p95",
            measured=late,
            unit="ms",
            budget=f"< {CROWD_BUDGET} ms",
            ok=late < CROWD_BUDGET,
        ),
        Row(
            what=f"memory of an idle session on a lesson page, mean of {SESSIONS}",
            measured=each,
            unit="KB",
            budget="≤ 100 KB",
            ok=each <= 100,
        ),
    ]


@contextmanager
def _page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


@contextmanager
def _lesson(served: Served, browser: Browser, slug: str, *, query: str = "") -> Iterator[Page]:
    with _page(browser) as page:
        page.goto(f"{served.url}/{slug}{query}")
        _whole(page)
        yield page


def _whole(page: Page) -> None:
    page.locator(".st-key-foot").wait_for()
    page.locator(".player .picture svg").first.wait_for()
    page.locator(".stApp[data-test-script-state=notRunning]").wait_for()


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]
