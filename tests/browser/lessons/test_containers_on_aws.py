"""The first lesson as one goes through it: the bet on a push, a step of the way, and the chooser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from quizzes.bank import load
from quizzes.variants import serve as serve_item
from screens.bet import SEED
from tests.browser import walk

SLUG = "containers-on-aws"


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("reader")


def test_bet_follow_and_choose(serve, data, page, axe) -> None:
    url = serve(walk.APP, {"QUAYSIDE_DATA": str(data)})
    walk.open_at(page, url, SLUG)
    way = page.locator(".st-key-figure-way")
    expect(way.locator("figcaption").get_by_text("Who is the first to notice?")).to_be_visible()
    expect(page.get_by_text("CannotPullContainerError")).to_have_count(0)
    _bet(page, "containers.bet.not-pushed", "machine")
    expect(way.locator("figcaption").get_by_text("CannotPullContainerError")).to_be_visible()

    way.get_by_role("radio", name="To Fargate").click()
    expect(way.locator(".mark").first).to_contain_text("Step 0 of 10")
    walk.press(page, way.get_by_label("One step on").first)
    expect(way.get_by_text("docker build -t web .")).to_be_visible()

    walk.settle_bets(data, SLUG)
    walk.open_at(page, url, SLUG)
    board = page.locator(".st-key-figure-choose")
    expect(board.locator("svg.wide .node.lit")).to_have_count(1)
    board.get_by_role("radiogroup", name="Who looks after the machines?").get_by_role("radio", name="We can").click()
    expect(board.locator("svg.wide .node.lit")).to_have_count(2)
    board.locator("svg.wide [data-pick=ECS_FARGATE]").click()
    expect(board.get_by_text("gpu is invalid in the task definition")).to_be_visible()
    expect(board.get_by_text("Answer “Does it need a GPU?” with “No”, and it is back.")).to_be_visible()
    link = page.url
    board.get_by_role("button", name="Undo").click()
    expect(board.locator("svg.wide .node.lit")).to_have_count(1)
    page.goto(link)
    walk.whole(page)
    expect(page.locator(".st-key-figure-choose svg.wide .node.lit")).to_have_count(2)
    for theme in ("light", "dark"):
        walk.wear(page, theme)
        assert axe(page) == []


def test_nothing_scrolls_sideways_on_a_phone(serve, data, open_page) -> None:
    page = open_page(width=390)
    walk.settle_bets(data, SLUG)
    walk.open_at(page, serve(walk.APP, {"QUAYSIDE_DATA": str(data)}), SLUG)
    assert walk.sideways(page) == []


def _bet(page: Page, item: str, option: str) -> None:
    asked = serve_item(next(one for one in load(SLUG).items if one.id == item), SEED)
    text = next(one.text for one in asked.options if one.name == option)
    page.get_by_text(text, exact=True).click()
    page.get_by_role("button", name="Place the bet").first.click()
