"""The main act of the lesson on clusters: a bet, six tasks dealt, Spot that takes tasks back, a smaller room."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import walk

SLUG = "clusters"


def test_tasks_are_dealt_and_spot_takes_some_back(serve, open_page):
    page = open_page()
    walk.open_at(page, serve(walk.APP), SLUG)
    page.get_by_text("Skip", exact=True).first.click()
    piles = page.locator(".player").first
    expect(piles.locator(".mark")).to_have_text("Step 0 of 6 · 0 of 6 dealt")
    walk.press(page, piles.get_by_role("slider"), "End")
    expect(piles.locator("svg.wide #wcount1")).to_have_text("4 tasks")
    expect(piles.locator("svg.wide #whead")).to_have_text("All dealt")

    page.get_by_text("Skip", exact=True).first.click()
    run = page.locator(".player").nth(1)
    expect(run.locator("svg.wide #whead")).to_have_text("6 of 10 run, 2:00 min into the run")
    walk.press(page, run.get_by_role("slider"), "End")
    expect(run.locator("svg.wide #whead")).to_have_text("10 of 10 run, 6:30 min into the run")
