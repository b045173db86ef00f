"""How the browser tests get about: pages that are whole, answers by keyboard, and what the log knows about a quiz."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from course import syllabus
from learners import progress
from learners.identity import Learner
from learners.progress import Attempt
from learners.store import Event, Store, default_url
from lessons import blocks, markdown
from quizzes.bank import load
from quizzes.item import Item
from quizzes.replay import can_show
from quizzes.variants import Variant
from screens import sitting

APP = "app.py"
LESSONS = tuple(entry.slug for entry in syllabus.lessons())
PLAIN = ("", "course", "progress", "search")
# Every lesson is looked at; with these two every screen is also walked through, for all have the same ones.
THOROUGH = ("placement", "rolling-updates")
FIRST_SIGHT = (*PLAIN, *THOROUGH, *(f"{slug}-quiz" for slug in THOROUGH))
WHO = Learner(id="local", saved=True)
SECRET = b"0123456789abcdef0123456789abcdef"
KEPT = "Your answer is kept."
MOST_TABS = 500

# Focus as the reader has it, on the element or within it, below the roots of our own components too.
_HAS_FOCUS = """(one) => {
  let focused = document.activeElement
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
  return one.contains(focused)
}"""
_STILL = """() => document.getAnimations().every(
  (one) => one.playState !== "running" || one.effect.getComputedTiming().iterations === Infinity)"""
# Everything that can be pushed sideways, below the roots of our own components too.
_SIDEWAYS = """() => {
  const found = []
  const look = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (one.shadowRoot) look(one.shadowRoot)
      const page = one.matches(".stMain, [data-testid=stMain]") || one === document.scrollingElement
      const scrolls = page || /auto|scroll/.test(getComputedStyle(one).overflowX)
      if (scrolls && one.scrollWidth > one.clientWidth + 1)
        found.push(`${one.tagName}.${one.className} ${one.scrollWidth} > ${one.clientWidth}`)
    }
  }
  look(document)
  return found
}"""


def open_at(page: Page, url: str, path: str = "") -> None:
    """Go to a page of the app and wait until it is whole."""
    page.goto(f"{url}/{path}")
    whole(page)


def whole(page: Page) -> None:
    """Wait until the page has its foot and its script rests."""
    expect(page.locator(".st-key-foot")).to_be_visible(timeout=30_000)
    at_rest(page)


def at_rest(page: Page) -> None:
    expect(page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=30_000)
    expect(page.locator("[data-stale=true]")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def wear(page: Page, theme: str) -> None:
    """Put the page into the light or the dark theme, as the reader's system does."""
    page.emulate_media(color_scheme=theme)
    expect(page.locator(".stApp")).to_have_css("color-scheme", theme)
    # What still fades in has the contrast of neither theme.
    page.wait_for_function(_STILL)


def until(holds: Callable[[], bool], *, seconds: float = 10) -> None:
    """Wait until something holds that no page shows, such as what the log has."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"it did not come to hold within {seconds} seconds"
        time.sleep(0.02)


def sideways(page: Page) -> list[str]:
    """What can be scrolled sideways on the page."""
    return page.evaluate(_SIDEWAYS)


# By keyboard alone


def tab_to(page: Page, wanted: Locator, *, back: bool = False) -> None:
    """Press Tab until the element has the focus."""
    expect(wanted).to_be_visible()
    for _ in range(MOST_TABS):
        if wanted.evaluate(_HAS_FOCUS):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"The keyboard does not reach {wanted} within {MOST_TABS} presses of Tab.")


def press(page: Page, wanted: Locator, key: str = "Enter", *, back: bool = False) -> None:
    """Reach an element by Tab and press a key on it."""
    tab_to(page, wanted, back=back)
    page.keyboard.press(key)


def answer(page: Page, within: Locator, visible: dict, response: str | Sequence[str], *, back: bool = False) -> None:
    """Give an answer by keyboard; `response` is in the ids that the browser has."""
    _ANSWERS[visible["type"]](page, within, visible, response, back)


def _single(page: Page, within: Locator, visible: dict, response: str, back: bool) -> None:
    radios = within.get_by_test_id("stRadio").get_by_role("radio")
    expect(radios).to_have_count(len(visible["options"]))
    at = [option["id"] for option in visible["options"]].index(response)
    last = len(visible["options"]) - 1
    tab_to(page, radios.nth(last if back else 0), back=back)
    for _ in range(last - at if back else at):
        page.keyboard.press("ArrowUp" if back else "ArrowDown")
    page.keyboard.press(" ")
    expect(radios.nth(at)).to_be_checked()


def _multiple(page: Page, within: Locator, visible: dict, response: Sequence[str], back: bool) -> None:
    boxes = within.get_by_role("checkbox")
    order = [k for k, option in enumerate(visible["options"]) if option["id"] in response]
    for k in reversed(order) if back else order:
        press(page, boxes.nth(k), " ", back=back)
        expect(boxes.nth(k)).to_be_checked()


def _numeric(page: Page, within: Locator, visible: dict, response: str, back: bool) -> None:
    tab_to(page, within.get_by_role("textbox"), back=back)
    page.keyboard.type(response)
    page.keyboard.press("Enter")


def _ordering(page: Page, within: Locator, visible: dict, response: Sequence[str], back: bool) -> None:
    # The row of questions above a quiz is such a group, too.
    groups = within.get_by_test_id("stButtonGroup").filter(has_not_text="Hand in")
    order = [(k, response.index(b["id"])) for k, b in enumerate(visible["blocks"]) if b["id"] in response]
    for k, place in reversed(order) if back else order:
        group = groups.nth(k).get_by_role("radiogroup")
        tab_to(page, group, back=back)
        wanted = group.get_by_role("radio").nth(place)
        # One stop of Tab for the group, which remembers where one was; the arrows move within.
        for _ in range(len(visible["blocks"])):
            page.keyboard.press("ArrowLeft")
        for _ in range(place):
            page.keyboard.press("ArrowRight")
        assert wanted.evaluate(_HAS_FOCUS)
        page.keyboard.press(" ")
        expect(wanted).to_be_checked()


_ANSWERS: dict[str, Callable[..., None]] = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "numeric": _numeric,
    "ordering": _ordering,
}


# What the log knows: the tests know the answers, the browser does not


def log_of(data: Path) -> Store:
    return Store(default_url(data))


def begin(data: Path, slug: str) -> Attempt:
    """An attempt at a quiz, begun without a browser."""
    sitting.begin(log_of(data), WHO, load(slug), SECRET)
    return attempt_of(data, slug)


def attempt_of(data: Path, slug: str) -> Attempt:
    """The attempt that is under way."""
    found = progress.current(log_of(data).read(WHO.id, slug), slug)
    assert found, f"no attempt at {slug} is under way"
    return found


def rest_at(data: Path, attempt: Attempt, item: str) -> None:
    """The quiz opens at this question, "" for the list before handing in."""
    sitting.opened(log_of(data), WHO, load(attempt.bank), attempt, item)


def give(data: Path, attempt: Attempt, item: Item, response: object) -> None:
    sitting.answered(log_of(data), WHO, load(attempt.bank), attempt, item.id, response)


def hand_in(data: Path, attempt: Attempt) -> None:
    sitting.submit(log_of(data), WHO, load(attempt.bank), attempt.number)


def served(attempt: Attempt) -> list[tuple[Item, Variant]]:
    """The attempt's questions as they are served."""
    return [(item, sitting.variant_of(attempt, item)) for item in sitting.items_of(load(attempt.bank), attempt)]


def one_of_each_type(attempt: Attempt) -> list[tuple[Item, Variant]]:
    return list({variant.type: (item, variant) for item, variant in reversed(served(attempt))}.values())


def tempting(item: Item, variant: Variant) -> str | list[str]:
    """An answer that somebody would give: one that a belief leads to, with a run to show, if there is one."""
    chosen = [option for option in variant.options if _shows(item, option.misconception)]
    if variant.type == "single_choice":
        return (chosen or [option for option in variant.options if option.key])[0].id
    if variant.type == "multiple_choice":
        rights = [option.id for option in variant.options if option.key]
        taken = {*rights[1:], next(option.id for option in chosen or variant.options if not option.key)}
        return [option.id for option in variant.options if option.id in taken]
    if variant.type == "ordering":
        return [block.id for block in variant.blocks if not block.distractor]
    wrongs = [wrong.value for wrong in variant.known_wrong if _shows(item, wrong.misconception)]
    return str((wrongs or [variant.key])[0])


def _shows(item: Item, misconception: str | None) -> bool:
    return misconception is not None and can_show(item, misconception)


def settle_bets(data: Path, slug: str) -> None:
    """Skip every bet of a lesson, so that all of it is on the page."""
    owed = [block.item for block in markdown.load(slug).blocks if isinstance(block, blocks.Predict)]
    skipped = {"skipped": True}
    log_of(data).append(
        [Event(learner=WHO.id, kind="predicted", bank=slug, item=item, payload=skipped) for item in owed]
    )


def title_of(slug: str) -> str:
    return next(entry.title for entry in syllabus.lessons() if entry.slug == slug)
