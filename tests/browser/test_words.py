"""A word of the glossary in a lesson's text tells its definition to a pointer, the keyboard and a finger."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from course import glossary
from tests.browser import walk

_PLACES = "[...document.querySelectorAll('.stMain h2, .stMain h3')].map((one) => one.getBoundingClientRect().top)"


@pytest.fixture
def lesson(serve, open_page):
    def open_lesson(**options: object) -> tuple[Page, Locator]:
        page = open_page(**options)
        walk.open_at(page, serve(walk.APP), "placement")
        # The companion is the last thing of a page.
        page.locator(".word-card").wait_for(state="attached")
        word = page.locator('.stMarkdown a[href="#word-task-definition"]').first
        word.scroll_into_view_if_needed()
        walk.at_rest(page)
        return page, word

    return open_lesson


def _tells(page: Page) -> None:
    definition = glossary.term("task definition").definition
    expect(page.get_by_role("tooltip")).to_have_text(f"task definition{definition}")


def test_a_pointer_that_rests_on_it_and_nothing_moves(lesson, axe):
    page, word = lesson()
    before = page.evaluate(_PLACES)
    word.hover()
    _tells(page)
    page.get_by_role("tooltip").hover()
    _tells(page)
    assert page.evaluate(_PLACES) == before
    for theme in ("light", "dark"):
        walk.wear(page, theme)
        assert axe(page) == []
    page.mouse.move(5, 400)
    expect(page.get_by_role("tooltip")).to_have_count(0)


def test_the_keyboard_reaches_it_and_escape_closes_it(lesson):
    page, word = lesson()
    word.evaluate("(one) => one.closest('li').previousElementSibling.querySelector('a')?.focus()")
    walk.tab_to(page, word)
    _tells(page)
    assert word.get_attribute("aria-describedby") == page.get_by_role("tooltip").get_attribute("id")
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_have_count(0)
    expect(word).to_be_focused()
    assert word.get_attribute("aria-describedby") is None
    page.keyboard.press("Enter")
    expect(page.locator("#word-task-definition")).to_be_in_viewport()


def test_the_first_tap_shows_it_and_the_second_leads_to_all_words(lesson):
    page, word = lesson(width=390, height=844, has_touch=True)
    word.tap()
    _tells(page)
    assert "#" not in page.url
    assert walk.sideways(page) == []
    box = page.get_by_role("tooltip").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.get_by_role("heading", name="What must fit").tap()
    expect(page.get_by_role("tooltip")).to_have_count(0)
    word.tap()
    _tells(page)
    word.tap()
    expect(page.locator("#word-task-definition")).to_be_in_viewport()
    expect(page.get_by_role("tooltip")).to_have_count(0)
