"""Where a reader was: kept in the browser while reading, offered later; and links to a heading opened cold."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from lessons import blocks, markdown
from tests.browser import walk

SLUG = "placement"
_KEPT = "() => JSON.parse(localStorage.getItem('quayside:places') ?? '{}')['placement']?.anchor"
_TOP = "(one) => Math.round(one.getBoundingClientRect().top)"


def anchors() -> list[str]:
    return [block.anchor for block in markdown.load(SLUG).blocks if isinstance(block, blocks.Heading)]


def read_on_to(page: Page, anchor: str) -> None:
    page.locator(f"#{anchor}").evaluate("(one) => one.scrollIntoView()")
    page.wait_for_function(f"({_KEPT})() === '{anchor}'")


@pytest.fixture
def lesson(serve, page) -> Page:
    walk.open_at(page, serve(walk.APP), SLUG)
    page.locator(".word-card").wait_for(state="attached")
    return page


def test_a_reload_offers_the_place_and_asks_the_server_nothing(lesson):
    page, anchor = lesson, anchors()[3]
    heads = page.locator(".st-key-lesson-head")
    height = heads.bounding_box()["height"]
    expect(page.locator(".go-on a")).to_have_count(0)
    asked: list[object] = []
    page.on("request", lambda request: asked.append(request.url))
    read_on_to(page, anchors()[1])
    read_on_to(page, anchor)
    assert asked == []
    page.reload()
    walk.whole(page)
    offer = page.locator(".go-on a")
    expect(offer).to_be_in_viewport()
    assert abs(heads.bounding_box()["height"] - height) < 1, "the offer has its line already"
    walk.press(page, offer)
    expect(page.locator(f"#{anchor}")).to_be_in_viewport()


def test_home_offers_it_too_and_leads_there_in_the_same_session(lesson):
    page, anchor = lesson, anchors()[4]
    read_on_to(page, anchor)
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="Home", exact=True).click()
    offer = page.locator(".go-on a")
    expect(offer).to_be_visible()
    walk.press(page, offer)
    expect(page.locator(f"#{anchor}")).to_be_in_viewport()
    expect(page.locator(f"#{anchor}")).to_be_focused()
    assert page.evaluate("window.stayed")


def test_who_has_read_to_the_end_is_offered_nothing(lesson):
    page = lesson
    read_on_to(page, anchors()[1])
    page.locator(".st-key-onward").scroll_into_view_if_needed()
    page.wait_for_function(f"({_KEPT})() === undefined")
    page.reload()
    walk.whole(page)
    page.locator(".word-card").wait_for(state="attached")
    expect(page.locator(".go-on a")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_deep_link_opened_cold_ends_at_its_heading(width, serve, open_page):
    page = open_page(width=width)
    anchor = anchors()[-2]
    walk.open_at(page, serve(walk.APP), f"{SLUG}#{anchor}")
    heading = page.locator(f"#{anchor}")
    expect(heading).to_be_focused()
    walk.until(lambda: 0 <= heading.evaluate(_TOP) <= 120)
    walk.at_rest(page)
    # Who follows a link knows where to.
    expect(page.locator(".go-on a")).to_have_count(0)
    assert 0 <= heading.evaluate(_TOP) <= 120


def test_a_reader_who_scrolls_is_not_pulled_back(serve, page):
    anchor = anchors()[-2]
    page.goto(f"{serve(walk.APP)}/{SLUG}#{anchor}")
    heading = page.locator(f"#{anchor}")
    expect(heading).to_be_focused(timeout=30_000)
    page.mouse.move(600, 500)
    page.mouse.wheel(0, -3000)
    walk.until(lambda: heading.evaluate(_TOP) > 900)
    page.evaluate("document.querySelector('.stMain .block-container').style.paddingBottom = '30rem'")
    walk.whole(page)
    assert heading.evaluate(_TOP) > 900
