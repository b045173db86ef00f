"""The lesson on service auto scaling as somebody goes through it: a load drawn by hand, by keyboard, and pasted."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import walk

SLUG = "auto-scaling"


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("scaling")


@pytest.fixture
def app(serve, data) -> str:
    walk.settle_bets(data, SLUG)
    return serve(walk.APP, {"QUAYSIDE_DATA": str(data)})


def test_a_load_is_drawn_and_three_services_follow_it(app, page, axe):
    walk.open_at(page, app, SLUG)
    race = page.locator(".st-key-figure-race")
    lost = race.locator("table tr", has_text="Schedule").locator("td").nth(2)
    expect(lost).to_have_text("0")
    _drag(page, race)
    expect(lost).not_to_have_text("0")
    expect(race.get_by_text("Your own situation.")).to_be_visible()
    drawn = lost.inner_text()
    _by_keyboard(page, race)
    expect(lost).not_to_have_text(drawn)
    race.get_by_text("Set the three yourself").click()
    field = race.get_by_label("Paste the load")
    field.fill("minute,rate\n0,100\nten,900")
    field.press("Control+Enter")
    expect(race.get_by_text("line 3")).to_be_visible()
    field.fill("minute,rate\n0,100\n60,100")
    field.press("Control+Enter")
    expect(lost).to_have_text("0")
    expect(race.get_by_text("line 3")).to_have_count(0)
    walk.at_rest(page)
    for theme in ("light", "dark"):
        walk.wear(page, theme)
        assert axe(page) == []


def test_on_a_phone_nothing_is_pushed_sideways_and_the_sandbox_keeps_its_link(app, open_page):
    page = open_page(width=390)
    walk.open_at(page, app, SLUG)
    page.get_by_role("button", name="Open the sandbox").click()
    sandbox = page.locator(".st-key-figure-sandbox")
    sandbox.get_by_text("Prepared, and tracked").click()
    expect(sandbox.get_by_text("A scheduled action lifts the minimum")).to_be_visible()
    walk.at_rest(page)
    assert walk.sideways(page) == []
    there = open_page()
    there.goto(page.url)
    walk.whole(there)
    expect(there.get_by_text("A scheduled action lifts the minimum")).to_be_visible()


def _drag(page: Page, race: Locator) -> None:
    """The crowd comes at minute 4 already, when no schedule is ready for it."""
    points = race.locator(".load-curve [role=slider]")
    points.first.scroll_into_view_if_needed()
    start, end = points.nth(2).bounding_box(), points.nth(6).bounding_box()
    high = points.nth(10).bounding_box()
    assert start
    assert end
    assert high
    page.mouse.move(start["x"] + 4, start["y"] + 4)
    page.mouse.down()
    page.mouse.move(start["x"] + 8, high["y"], steps=3)
    page.mouse.move(end["x"] + 4, high["y"], steps=6)
    page.mouse.up()


def _by_keyboard(page: Page, race: Locator) -> None:
    points = race.locator(".load-curve [role=slider]")
    expect(race.locator(".load-curve [role=slider][tabindex='0']")).to_have_count(1)
    points.nth(6).focus()
    page.keyboard.press("ArrowRight")
    expect(points.nth(7)).to_be_focused()
    before = int(points.nth(7).get_attribute("aria-valuenow") or 0)
    page.keyboard.press("End")
    expect(points.nth(7)).not_to_have_attribute("aria-valuenow", str(before))
    expect(race.locator(".load-curve .readout")).to_contain_text("minute 14: ")
