"""Every page: nothing for axe to find in either theme, nothing sideways on a phone, nothing fetched from elsewhere."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walk

QUIZ_STATES = ("single_choice", "multiple_choice", "numeric", "ordering", "before handing in", "result")
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("well-used")


@pytest.fixture(scope="module")
def used(serve, data) -> str:
    """An app that has been used: bets settled, a quiz handed in and another one under way in each lesson."""
    for slug in walk.LESSONS:
        walk.settle_bets(data, slug)
        attempt = walk.begin(data, slug)
        for item, variant in walk.served(attempt):
            walk.give(data, attempt, item, walk.tempting(item, variant))
        walk.hand_in(data, attempt)
        walk.begin(data, slug)
    return serve(walk.APP, {"QUAYSIDE_DATA": str(data)})


@pytest.fixture
def look(open_page, axe):
    """`look(url, path, act=None)`: open a page and list all that is wrong with it; the tests below expect nothing."""

    def open_and_look(url: str, path: str, act=None) -> list[str]:
        page: Page = open_page()
        asked: set[str] = set()
        page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
        page.on("websocket", lambda socket: asked.add(urlsplit(socket.url).netloc))
        walk.open_at(page, url, path)
        if act:
            act(page)
        found = []
        for theme in ("light", "dark"):
            walk.wear(page, theme)
            found += [f"{theme}: {one}" for one in axe(page)]
        page.set_viewport_size(PHONE)
        walk.at_rest(page)
        found += [f"sideways at 390 pixels: {one}" for one in walk.sideways(page)]
        found += [f"fetched from {host}" for host in asked - {urlsplit(url).netloc, ""}]
        return found

    return open_and_look


@pytest.mark.parametrize("path", walk.FIRST_SIGHT)
def test_a_page_at_first_sight(path, serve, look):
    assert look(serve(walk.APP), path) == []


@pytest.mark.parametrize("path", [*walk.PLAIN, *walk.LESSONS])
def test_a_page_after_use(path, used, look):
    assert look(used, path, _step_on if path in walk.LESSONS else None) == []


@pytest.mark.parametrize("state", QUIZ_STATES)
@pytest.mark.parametrize("slug", walk.THOROUGH)
def test_a_quiz_in_every_state(slug, state, used, data, look):
    path, act = f"{slug}-quiz", None
    if state == "result":
        path, act = f"{path}?attempt=1", _show_both_runs
    else:
        attempt = walk.attempt_of(data, slug)
        first = {variant.type: item.id for item, variant in reversed(walk.served(attempt))}
        if state not in first and state != "before handing in":
            pytest.skip(f"The quiz on {slug} asks no question of the type {state}.")
        walk.rest_at(data, attempt, first.get(state, ""))
    assert look(used, path, act) == []


def test_a_link_that_leads_nowhere_gets_a_page(serve, page):
    page.goto(f"{serve(walk.APP)}/placement-quiz?attempt=999")
    walk.whole(page)
    expect(page.get_by_role("button", name="Start the quiz")).to_be_visible()


def _step_on(page: Page) -> None:
    """The first figure that has steps at its second one, with something chosen in it."""
    figure = page.locator(".player").filter(has=page.locator(".controls:visible")).first
    if not figure.count():
        page.locator(".diagram-view .wide [data-pick][tabindex='0']").first.press("Enter")
        walk.at_rest(page)
        return
    figure.get_by_role("slider").press("Home")
    figure.get_by_label("One step on").click()
    pick = figure.locator("[data-pick][tabindex='0']")
    if pick.count():
        pick.first.press("Enter")
        # A film may have a second drawing, for a narrow place: the same box is pressed in both.
        expect(figure.locator("[aria-pressed=true]").first).to_be_attached()
    walk.at_rest(page)


def _show_both_runs(page: Page) -> None:
    page.get_by_text("Show me: what happens, beside what you believed").first.click()
    expect(page.locator(".player.double .picture svg").first).to_be_visible()
    walk.at_rest(page)
