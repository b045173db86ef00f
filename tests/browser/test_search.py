"""Search from any page by keyboard: type, see the places, go to one, come back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import walk


def test_from_a_lesson_to_a_heading_of_another_and_back_by_keyboard(serve, page, axe):
    walk.open_at(page, serve(walk.APP), "rolling-updates")
    page.evaluate("window.stayed = true")
    walk.press(page, page.get_by_role("link", name="Search", exact=True))
    field = page.get_by_role("searchbox")
    expect(field).to_be_focused()
    page.keyboard.type("binpack spread")
    places = page.locator(".found li")
    expect(places.first).to_contain_text("Binpack, spread, random")
    for theme in ("light", "dark"):
        walk.wear(page, theme)
        assert axe(page) == []
    assert page.url.endswith("/search?q=binpack+spread"), "the address can be sent to somebody"
    walk.press(page, places.first.get_by_role("link"))
    heading = page.locator("#binpack-spread-random")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    assert page.url.endswith("/placement#binpack-spread-random")
    walk.whole(page)
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("binpack spread")
    expect(places.first).to_be_visible()
    assert page.evaluate("window.stayed"), "all in one session"


def test_a_query_in_the_address_however_long(serve, page):
    walk.open_at(page, serve(walk.APP), "search?q=circuit%20breaker")
    expect(page.locator(".found li").first).to_be_visible()
    walk.open_at(page, serve(walk.APP), f"search?q={'x' * 3000}")
    expect(page.get_by_role("heading", name="Search", level=1)).to_be_visible()
    assert walk.sideways(page) == []
