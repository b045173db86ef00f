"""The lesson on IAM roles as one goes through it: the bet, a part taken away, and the exercise, by keyboard as well."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from quizzes.bank import load
from tests.browser import walk

SLUG = "iam-roles"


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("reader")


def test_bet_take_away_and_match(serve, data, page, axe) -> None:
    page.goto(f"{serve(walk.APP, {'QUAYSIDE_DATA': str(data)})}/{SLUG}")
    # A server of its own, and this is its first page: on a busy machine that takes its time.
    expect(page.locator(".st-key-foot")).to_be_visible(timeout=90_000)
    walk.whole(page)
    first = page.locator(".st-key-figure-first-launch")
    expect(first.locator("figcaption").get_by_text("Nothing has been asked yet.")).to_be_visible()
    expect(page.get_by_text("Fargate requires task definition")).to_have_count(0)
    _bet(page, "iam.bet.first", "register")
    expect(first.get_by_text("ClientException: Fargate requires task definition")).to_be_visible()

    taken = page.locator(".st-key-figure-take-away")
    taken.get_by_role("button", name="ecr:BatchGetImage").click()
    expect(taken.get_by_text("CannotPullContainerError: …")).to_be_visible()
    taken.get_by_role("button", name="ecr:BatchGetImage").click()
    expect(taken.get_by_text("The task runs.")).to_be_visible()

    turn = page.locator(".st-key-figure-assign .matching")
    expect(turn.get_by_role("button", name="Pull the image from ECR")).to_have_attribute("aria-pressed", "true")
    turn.get_by_role("button", name="Task role").click()
    expect(turn.get_by_text("This call is made by the agent")).to_be_visible()
    # The same by keyboard: the partner, then the next call that has none is at hand.
    walk.press(page, turn.get_by_role("button", name="Task execution role"))
    pulled = turn.get_by_role("button", name="Pull the image from ECR, matched with Task execution role")
    expect(pulled).to_be_visible()
    expect(turn.get_by_role("button", name="Read the secret")).to_have_attribute("aria-pressed", "true")
    expect(turn.locator("path.right")).to_have_count(1)
    walk.at_rest(page)
    for theme in ("light", "dark"):
        walk.wear(page, theme)
        assert axe(page) == []


def _bet(page: Page, item: str, option: str) -> None:
    asked = next(one for one in load(SLUG).items if one.id == item)
    page.get_by_text(next(one.text for one in asked.options if one.id == option), exact=True).click()
    page.get_by_role("button", name="Place the bet").first.click()
