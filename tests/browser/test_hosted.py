"""On a server for strangers each browser tab is a learner of its own, and is told once that nothing is kept."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walk

TOLD = "last as long as this browser tab"


@pytest.fixture
def url(serve) -> str:
    return serve(walk.APP, {"QUAYSIDE_HOSTED": "yes"})


def test_a_guest_is_told_once(url, page):
    walk.open_at(page, url)
    expect(page.get_by_text(TOLD)).to_have_count(1)
    page.get_by_role("navigation").get_by_role("link", name="Course").click()
    expect(page.get_by_role("heading", name="Course", level=1)).to_be_visible()
    walk.whole(page)
    expect(page.get_by_text(TOLD)).to_have_count(0)


def test_guests_do_not_see_each_other(url, open_page):
    one, two = open_page(), open_page()
    for page in (one, two):
        walk.open_at(page, url, "placement-quiz")
    one.get_by_role("button", name="Start the quiz").click()
    expect(one.get_by_role("heading", name="Question 1 of")).to_be_visible()
    one.get_by_role("radio", name="Hand in").click()
    one.get_by_role("button", name="Hand in and see the result").click()
    expect(one.get_by_role("heading", name="Attempt 1:")).to_be_visible()
    to_progress(two)
    expect(two.get_by_text("Nothing here yet.")).to_be_visible()
    to_progress(one)
    expect(one.get_by_text("Best at the quiz:")).to_be_visible()
    three = open_page()
    walk.open_at(three, url, "placement-quiz?attempt=1")
    expect(three.get_by_role("button", name="Start the quiz")).to_be_visible()


def test_nobody_is_told_so_at_home(serve, page):
    walk.open_at(page, serve(walk.APP))
    expect(page.get_by_text(TOLD)).to_have_count(0)


def to_progress(page: Page) -> None:
    page.get_by_role("navigation").get_by_role("link", name="Progress").click()
    expect(page.get_by_role("heading", name="Your progress")).to_be_visible()
    walk.whole(page)
