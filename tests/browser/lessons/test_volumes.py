"""The lesson on volumes as somebody goes through it: a bet, things that stop, a mount that is mended, a link kept."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import walk

SLUG = "volumes"


def test_boxes_go_one_after_the_other_and_a_mount_is_mended(serve, tmp_path, page, open_page):
    walk.open_at(page, serve(walk.APP, {"QUAYSIDE_DATA": str(tmp_path)}), SLUG)
    levels = page.locator(".st-key-figure-levels")
    expect(levels.get_by_text("Which notes are left?").first).to_be_visible()
    expect(page.get_by_text("finds nothing")).to_have_count(0)
    page.get_by_text("3, on the instance and on EFS").click()
    # The first bet's button comes first.
    page.get_by_role("button", name="Place the bet").nth(1).click()
    expect(levels.get_by_text("finds nothing").first).to_be_visible()
    levels.get_by_text("Your turn, on EC2").click()
    walk.press(page, levels.get_by_role("button", name="The instance goes"))
    expect(levels.locator("figcaption").first).to_contain_text("web #2 starts on i-a2. The note is in /data")
    levels.get_by_role("button", name="/disk, EBS volume").first.click()
    expect(levels.get_by_text("always deleted with the task")).to_be_visible()
    where = page.locator(".st-key-figure-where")
    expect(where.get_by_role("button", name="web #2").first).to_be_attached()

    sharing = page.locator(".st-key-figure-sharing")
    sharing.get_by_text("EFS, port closed").click()
    expect(sharing.get_by_text("w2 does not start")).to_be_visible()
    walk.press(page, sharing.get_by_role("button", name="Mend it"))
    expect(sharing.get_by_text("The file is in")).to_be_visible()

    page.get_by_role("button", name="Open the sandbox").click()
    sandbox = page.locator(".st-key-figure-sandbox")
    sandbox.get_by_text("An EBS volume that is kept").click()
    expect(sandbox.get_by_text("ECS attaches new volumes only").first).to_be_visible()
    walk.at_rest(page)
    there = open_page(width=390)
    there.goto(page.url)
    walk.whole(there)
    expect(there.get_by_text("See whether the next run finds its data.")).to_be_visible()
    assert walk.sideways(there) == []
