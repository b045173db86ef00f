"""The lesson on networking as somebody goes through it: a packet walks, a rule is taken out, and put back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import walk

SLUG = "networking"


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("networking")


@pytest.fixture
def app(serve, data) -> str:
    walk.settle_bets(data, SLUG)
    return serve(walk.APP, {"QUAYSIDE_DATA": str(data)})


def test_a_packet_is_sent_stopped_and_let_through(app, open_page, axe):
    # Who asked for less motion sees each packet where it ends, and so need not wait for it.
    page = open_page(motion="reduce")
    walk.open_at(page, app, SLUG)
    figure = page.locator(".st-key-figure-walk")
    expect(figure.get_by_text("Stopped by sg-task")).to_be_visible()
    figure.get_by_role("button", name="Mend it").click()
    expect(figure.get_by_text("Step 5 of 5 · web")).to_be_visible()
    expect(figure.get_by_text("The internet reaches web on TCP port 80 through alb.")).to_be_visible()
    rule = figure.locator(".wide [data-pick='rule sg-task ingress 0']")
    rule.click()
    expect(figure.get_by_text("it lets this packet through")).to_be_visible()
    figure.get_by_role("button", name="Remove this rule").click()
    expect(figure.get_by_text("Stopped by sg-task")).to_be_visible()
    # The architecture further down shows what the walk shows.
    expect(page.locator(".st-key-figure-vpc .wide [data-pick='task web'].refused")).to_have_count(1)
    figure.get_by_role("button", name="Undo").click()
    expect(figure.get_by_text("The internet reaches web")).to_be_visible()
    walk.at_rest(page)
    for theme in ("light", "dark"):
        walk.wear(page, theme)
        assert axe(page) == []


def test_a_packet_sets_out_by_itself_when_a_situation_is_chosen(app, page):
    walk.open_at(page, app, SLUG)
    figure = page.locator(".st-key-figure-walk")
    expect(figure.get_by_text("Stopped by sg-task")).to_be_visible()
    figure.get_by_text("Nothing listens").click()
    expect(figure.locator(".mark").first).to_contain_text("Step 5 of 5", timeout=20_000)
    walker = figure.locator(".wide g:not([hidden]) > .walker").first
    assert walker.evaluate("(one) => getComputedStyle(one).offsetPath").startswith("path")
    assert walker.evaluate("(one) => getComputedStyle(one).offsetDistance") == "100%"
    expect(figure.get_by_text("Stopped by the application in web")).to_be_visible(timeout=20_000)


def test_on_a_phone_nothing_is_pushed_sideways_and_the_sandbox_keeps_its_link(app, open_page):
    page = open_page(width=390, motion="reduce")
    walk.open_at(page, app, SLUG)
    page.get_by_role("button", name="Open the sandbox").click()
    sandbox = page.locator(".st-key-figure-sandbox")
    sandbox.get_by_text("NLB, client's address kept").click()
    expect(sandbox.get_by_text("Stopped by sg-vpc")).to_be_visible()
    walk.at_rest(page)
    assert walk.sideways(page) == []
    there = open_page()
    there.goto(page.url)
    walk.whole(there)
    expect(there.locator(".st-key-figure-sandbox").get_by_text("Stopped by sg-vpc")).to_be_visible()
