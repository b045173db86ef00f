"""The lessons on the home page: a map where there is room, a list where there is none, links that keep the session."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walk
from tests.fixtures import fifteen

WHOLE_COURSE = "tests/browser/apps/fifteen.py"
# The height of the smallest words of the map as they are seen, in pixels: a font of 11 pixels makes lines of 14.
_LOWEST = """() => Math.min(...[...document.querySelectorAll(".stGraphVizChart text")].map(
  (one) => one.getBoundingClientRect().height))"""
# Words that stick out of their box.
_OUTSIDE = """() => [...document.querySelectorAll(".stGraphVizChart .stop")].flatMap((stop) => {
  const box = stop.querySelector("a > path").getBoundingClientRect()
  return [...stop.querySelectorAll("text")].filter((one) => one.getBoundingClientRect().right > box.right - 1)
    .map((one) => one.textContent)
})"""


@pytest.fixture
def home(serve, open_page):
    def open_home(width: int = 1280, theme: str = "light", **options: object) -> Page:
        page = open_page(width=width, theme=theme, **options)
        walk.open_at(page, serve(WHOLE_COURSE))
        return page

    return open_home


def test_the_map_is_whole_readable_and_clean_in_both_themes(home, axe):
    page = home()
    boxes = page.locator(".st-key-course-map .stop")
    expect(boxes).to_have_count(15)
    expect(page.locator(".lessons")).to_be_hidden()
    assert page.evaluate(_LOWEST) >= 14
    assert page.evaluate(_OUTSIDE) == []
    for theme in ("light", "dark"):
        walk.wear(page, theme)
        assert axe(page) == []


def test_the_list_is_as_clean_and_every_lesson_folds_out(home, axe):
    page = home()
    page.get_by_test_id("stButtonGroup").get_by_text("List").click()
    expect(page.locator(".lessons > li")).to_have_count(15)
    expect(page.locator(".stGraphVizChart")).to_have_count(0)
    for one in page.locator(".lessons summary").all()[:3]:
        one.press("Enter")
    statement = fifteen.entries()[0].objectives[0].statement
    expect(page.locator(".lessons > li").first.get_by_text(statement)).to_be_visible()
    for theme in ("light", "dark"):
        walk.wear(page, theme)
        assert axe(page) == []


def test_where_there_is_no_room_for_a_map_the_list_stands_there(home, axe):
    page = home(390, "dark")
    expect(page.locator(".lessons > li")).to_have_count(15)
    expect(page.locator(".lessons")).to_be_visible()
    expect(page.locator(".st-key-course-map")).to_be_hidden()
    assert walk.sideways(page) == []
    assert axe(page) == []


def test_a_phone_draws_no_map_at_all(home):
    page = home(390, user_agent="Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36")
    expect(page.locator(".lessons")).to_be_visible()
    expect(page.locator(".stGraphVizChart")).to_have_count(0)


@pytest.mark.parametrize("face", [".st-key-course-map a", ".lessons a.title"])
def test_a_lesson_opens_by_keyboard_in_the_same_session_and_back_leads_home(face, serve, open_page):
    page = open_page(width=1280 if "map" in face else 390)
    walk.open_at(page, serve(walk.APP))
    page.evaluate("window.stayed = true")
    link = page.locator(face).filter(has_text=walk.title_of(walk.LESSONS[-1]))
    walk.press(page, link)
    expect(page.get_by_role("heading", name=walk.title_of(walk.LESSONS[-1]), level=1)).to_be_visible()
    walk.whole(page)
    assert page.url.endswith(f"/{walk.LESSONS[-1]}")
    assert page.evaluate("window.stayed"), "the app was loaded anew"
    page.go_back()
    expect(page.get_by_role("heading", name="Lessons", level=2)).to_be_visible()
    walk.whole(page)
    assert page.evaluate("window.stayed")
