"""The main act of the lesson on launch types: a bet, the slider of use, a price of one's own, a guess about GPUs."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import walk

SLUG = "launch-types"


def test_the_break_even_moves_with_use_and_with_the_readers_price(serve, open_page):
    page = open_page()
    walk.open_at(page, serve(walk.APP), SLUG)
    page.get_by_text("Skip", exact=True).first.click()
    chart = page.locator(".player").first
    expect(chart.locator(".mark")).to_have_text("Step 5 of 20 · 25 % used")
    slider = chart.get_by_role("slider")
    walk.press(page, slider, "End")
    expect(chart.locator(".caption").first).to_contain_text("EC2 is cheaper than Fargate")
    expect(chart.locator("svg.wide #now-fargate")).to_have_text("$0.099")

    price = page.get_by_label("Your instance’s price").first
    price.fill("0.05")
    price.press("Enter")
    moved = page.locator(".player").nth(1)
    expect(moved.locator("svg.wide")).to_contain_text("break-even 50.64 %")

    page.get_by_role("button", name="See who can").click()
    expect(page.get_by_text("Fargate does not support GPUs").first).to_be_visible()
