"""A reader without a mouse goes through both lessons and both quizzes, from the first bet to the result."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from lessons import blocks, markdown
from quizzes.bank import load
from quizzes.variants import serve as serve_item
from screens.bet import SEED
from tests.browser import walk


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("reader")


@pytest.fixture
def at_home(serve, data, page) -> Page:
    walk.open_at(page, serve(walk.APP, {"QUAYSIDE_DATA": str(data)}))
    return page


def test_through_the_lesson_on_placement(at_home):
    page = at_home
    _open_lesson(page, "placement")
    _settle_questions(page, "placement")
    board = _figure(page, "first-board")
    _step_on(page, board)
    _pick(page, board)
    query = _figure(page, "query")
    field = query.get_by_label("memberOf expression")
    walk.tab_to(page, field)
    page.keyboard.press("Control+A")
    page.keyboard.type("attribute:ecs.availability-zone == us-east-1a", delay=5)
    expect(query.get_by_text("of 6 match")).to_be_visible()
    page.keyboard.type(" &&&")
    expect(field).to_have_attribute("aria-invalid", "true")
    _on_to_the_quiz(page, "placement")


def test_through_the_lesson_on_rolling_updates(at_home):
    page = at_home
    _open_lesson(page, "rolling-updates")
    _settle_questions(page, "rolling-updates")
    timed = _figure(page, "timed")
    _step_on(page, timed)
    stuck = _figure(page, "stuck")
    cure = stuck.locator(".stButton button:enabled").first
    walk.press(page, cure)
    expect(stuck.get_by_text("It moves.")).to_be_visible()
    _on_to_the_quiz(page, "rolling-updates")


@pytest.mark.parametrize("slug", walk.THOROUGH)
def test_through_the_quiz(slug, serve, data, page):
    walk.open_at(page, serve(walk.APP, {"QUAYSIDE_DATA": str(data)}), f"{slug}-quiz")
    walk.press(page, page.get_by_role("button", name="Start the quiz"))
    expect(page.get_by_role("heading", name="Question 1 of")).to_be_visible()
    questions = walk.served(walk.attempt_of(data, slug))
    for k, (item, variant) in enumerate(questions, start=1):
        expect(page.get_by_role("heading", name=f"Question {k} of {len(questions)}")).to_be_visible()
        walk.answer(page, page.locator(".st-key-quiz"), variant.visible(), walk.tempting(item, variant), back=k > 1)
        expect(page.get_by_text(walk.KEPT)).to_be_visible()
        walk.press(page, page.get_by_role("button", name="Next" if k < len(questions) else "Check and hand in"))
    expect(page.get_by_role("heading", name="Before you hand in")).to_be_visible()
    expect(page.get_by_text("no full answer yet")).to_have_count(0)
    walk.press(page, page.get_by_role("button", name="Hand in and see the result"))
    expect(page.get_by_role("heading", name="Attempt 1:")).to_be_visible()
    expect(page.get_by_role("heading", name=f"Question {len(questions)}", exact=True)).to_be_visible()
    walk.whole(page)
    walk.press(page, page.get_by_role("switch", name="Show me").first, " ")
    both = page.locator(".player.double").first
    _step_on(page, both)


def _open_lesson(page: Page, slug: str) -> None:
    walk.press(page, page.locator(".st-key-course-map").get_by_role("link").filter(has_text=walk.title_of(slug)))
    expect(page.get_by_role("heading", name=walk.title_of(slug), level=1)).to_be_visible()
    walk.whole(page)


def _settle_questions(page: Page, slug: str) -> None:
    """Place every bet and answer every check of the lesson, in the order of the page."""
    items = {item.id: item for item in load(slug).items}
    for k, block in enumerate(markdown.load(slug).blocks):
        if not isinstance(block, blocks.Predict | blocks.Check):
            continue
        bet = isinstance(block, blocks.Predict)
        box = page.locator(f".st-key-{'predict' if bet else 'check'}-{k}")
        item = items[block.item]
        variant = serve_item(item, SEED)
        walk.answer(page, box, variant.visible(), walk.tempting(item, variant))
        walk.press(page, box.get_by_role("button", name="Place the bet" if bet else "Check", exact=True))
        said = box.get_by_text("Your bet", exact=True) if bet else box.get_by_test_id("stCaptionContainer").last
        expect(said).to_be_visible()
        walk.whole(page)


def _figure(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-figure-{name}")


def _step_on(page: Page, figure: Locator) -> None:
    """To the start of the run, and one step on from there."""
    slider = figure.get_by_role("slider").first
    walk.press(page, slider, "Home")
    expect(figure.locator(".mark").first).to_contain_text("Step 0")
    walk.press(page, figure.get_by_label("One step on").first, back=True)
    expect(figure.locator(".mark").first).to_contain_text("Step 1")


def _pick(page: Page, figure: Locator) -> None:
    walk.press(page, figure.locator("[data-pick][tabindex='0']").first, back=True)
    expect(figure.locator("[aria-pressed=true]")).to_have_count(1)
    walk.at_rest(page)


def _on_to_the_quiz(page: Page, slug: str) -> None:
    walk.press(page, page.locator(f".st-key-next-act-{slug}-quiz").get_by_role("link"))
    expect(page.get_by_role("heading", name=f"Quiz: {walk.title_of(slug)}")).to_be_visible()
