"""The player in a real browser: what it shows, what it tells the server, what it costs."""

from __future__ import annotations

import statistics

import pytest
from playwright.sync_api import Locator, Page, expect

APP = "tests/browser/apps/figures.py"
SEEK_LIMIT = 16  # milliseconds: one frame of the screen


def player(page: Page, at: int) -> Locator:
    found = page.locator(".player").nth(at)
    found.locator(".picture svg").first.wait_for()
    return found


def say(page: Page, text: str) -> None:
    expect(page.get_by_text(text, exact=True)).to_be_visible()


@pytest.fixture
def ready(serve, page) -> Page:
    page.goto(serve(APP))
    page.get_by_role("heading", name="A query").wait_for()
    return page


@pytest.fixture
def big(serve, page) -> Locator:
    """The player with a film of 100 racks and 300 tasks."""
    page.goto(f"{serve(APP)}?big")
    return player(page, 0)


def test_buttons_step_and_the_server_hears_where_it_rests(ready):
    one = player(ready, 0)
    expect(one.get_by_label("One step back")).to_be_disabled()
    one.get_by_label("One step on").click()
    expect(one.locator(".mark")).to_have_text("Step 1 of 8 · task 1")
    say(ready, "one: step 1, picked None")
    one.get_by_label("To the end").click()
    say(ready, "one: step 8, picked None")
    one.get_by_label("One step back").click()
    say(ready, "one: step 7, picked None")
    one.get_by_label("To the start").click()
    say(ready, "one: step 0, picked None")


def test_only_the_resting_step_is_told(ready):
    sent: list[int] = []
    ready.expose_function("noteSend", lambda: sent.append(1))
    ready.evaluate(
        "() => { const send = WebSocket.prototype.send;"
        " WebSocket.prototype.send = function (data) { noteSend(); return send.call(this, data) } }"
    )
    slider = player(ready, 0).get_by_role("slider")
    slider.focus()
    for _ in range(6):
        slider.press("ArrowRight")
    say(ready, "one: step 6, picked None")
    assert len(sent) == 1


def test_the_slider_by_keyboard(ready):
    one = player(ready, 0)
    slider = one.get_by_role("slider")
    slider.focus()
    slider.press("End")
    say(ready, "one: step 8, picked None")
    slider.press("Home")
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "Step 1 of 8 · task 1")
    slider.press(" ")
    expect(one.get_by_label("Pause")).to_be_visible()
    slider.press(" ")
    expect(one.get_by_label("Play")).to_be_visible()


def test_it_plays_to_the_end(ready):
    one = player(ready, 0)
    one.get_by_label("Speed").select_option("4")
    one.get_by_label("Play").click()
    expect(one.locator(".mark")).to_contain_text("Step 8 of 8", timeout=15_000)
    expect(one.get_by_label("Play")).to_be_visible()
    say(ready, "one: step 8, picked None")


def test_a_step_moves_the_block_and_a_jump_does_not(ready):
    one = player(ready, 0)
    moving = "(root) => root.getAnimations({subtree: true}).length"
    one.get_by_label("One step on").click()
    assert one.evaluate(moving) > 0
    one.get_by_label("To the end").click()
    assert one.evaluate(moving) == 0


def test_less_motion_is_honored(serve, open_page):
    page = open_page(motion="reduce")
    page.goto(serve(APP))
    one = player(page, 0)
    one.get_by_label("One step on").click()
    assert one.evaluate("(root) => root.getAnimations({subtree: true}).length") == 0
    expect(page.locator(".packet").first).to_be_hidden()


def test_the_server_can_send_it_somewhere_and_the_reader_go_on(ready):
    one = player(ready, 0)
    one.get_by_label("One step on").click()
    say(ready, "one: step 1, picked None")
    ready.get_by_role("button", name="Go to step 3").click()
    say(ready, "one: step 3, picked None")
    expect(one.locator(".mark")).to_contain_text("Step 3 of 8")
    one.get_by_label("One step back").click()
    one.get_by_label("One step back").click()
    say(ready, "one: step 1, picked None")


def test_another_film_keeps_the_step_as_far_as_it_has_one(ready):
    one = player(ready, 0)
    one.get_by_role("slider").focus()
    one.get_by_role("slider").press("End")
    say(ready, "one: step 8, picked None")
    ready.get_by_text("Stop at step 2").click()
    expect(one.locator(".mark")).to_contain_text("Step 2 of 2")
    say(ready, "one: step 2, picked None")
    ready.get_by_text("Stop at step 2").click()
    expect(one.locator(".mark")).to_contain_text("Step 2 of 8")


def test_a_player_that_is_drawn_anew_stands_where_it_stood(ready):
    one = player(ready, 0)
    one.get_by_label("To the end").click()
    one.get_by_role("button", name="b1", exact=True).click()
    say(ready, "one: step 8, picked b1")
    ready.get_by_text("Put it away").click()
    expect(ready.get_by_text("one: step 8, picked b1")).to_have_count(0)
    ready.get_by_text("Put it away").click()
    say(ready, "one: step 8, picked b1")
    expect(player(ready, 0).locator(".mark")).to_contain_text("Step 8 of 8")
    expect(player(ready, 0).get_by_role("button", name="b1", exact=True)).to_have_attribute("aria-pressed", "true")


def test_an_instance_is_chosen_by_mouse_and_let_go(ready):
    one = player(ready, 0)
    rack = one.get_by_role("button", name="a<b>2", exact=True)
    rack.click()
    say(ready, "one: step 0, picked a<b>2")
    expect(rack).to_have_attribute("aria-pressed", "true")
    one.get_by_label("One step on").click()
    expect(rack).to_have_attribute("aria-pressed", "true")
    say(ready, "one: step 1, picked a<b>2")
    rack.click()
    say(ready, "one: step 1, picked None")


def test_an_instance_is_chosen_by_keyboard(ready):
    one = player(ready, 0)
    a1, b1 = (one.get_by_role("button", name=name, exact=True) for name in ("a1", "b1"))
    expect(a1).to_have_attribute("tabindex", "0")
    a1.focus()
    a1.press("End")
    expect(b1).to_be_focused()
    expect(a1).to_have_attribute("tabindex", "-1")
    b1.press("Enter")
    say(ready, "one: step 0, picked b1")
    b1.press(" ")
    say(ready, "one: step 0, picked None")
    ready.keyboard.press("ArrowLeft")
    ready.keyboard.press("ArrowUp")
    expect(a1).to_be_focused()


def test_the_text_face_follows_the_step(ready):
    one = player(ready, 0)
    one.get_by_text("This step as text").first.click()
    expect(one.locator(".text").first).to_contain_text("Task 1 of web is next")
    one.get_by_label("One step on").click()
    expect(one.locator(".text").first).to_contain_text("Task 1 goes to a1")


def test_the_caption_is_announced_at_rest(ready):
    one = player(ready, 0)
    said = one.locator("[aria-live=polite]")
    expect(said).to_contain_text("Task 1 of web is next")
    one.get_by_label("Play").click()
    expect(one.locator(".mark")).to_contain_text("Step 2")
    expect(said).to_contain_text("Task 1 of web is next")
    one.get_by_label("Pause").click()
    expect(said).not_to_contain_text("Task 1 of web is next")


def test_two_runs_under_one_slider(ready):
    two = player(ready, 1)
    expect(two.get_by_text("The default")).to_be_visible()
    expect(two.get_by_text("binpack on memory")).to_be_visible()
    captions = two.locator(".caption")
    assert captions.nth(0).inner_text() == captions.nth(1).inner_text()
    two.get_by_role("button", name="They part at step 1").click()
    assert captions.nth(0).inner_text() != captions.nth(1).inner_text()
    expect(two.locator(".tick.parted")).to_have_count(1)
    left, right = (two.locator(".stage").nth(i).bounding_box() for i in (0, 1))
    assert left["x"] + left["width"] <= right["x"]


def test_two_runs_stand_below_each_other_on_a_phone(serve, open_page):
    page = open_page(width=390)
    page.goto(serve(APP))
    two = player(page, 1)
    upper, lower = (two.locator(".stage").nth(i).bounding_box() for i in (0, 1))
    assert upper["y"] + upper["height"] <= lower["y"]


def test_nothing_scrolls_sideways_on_a_phone(serve, open_page):
    page = open_page(width=390)
    page.goto(serve(APP))
    page.get_by_role("heading", name="A query").wait_for()
    player(page, 1)
    wide = page.evaluate(
        """() => {
            const found = []
            const look = (root) => {
                for (const one of root.querySelectorAll("*")) {
                    if (one.shadowRoot) look(one.shadowRoot)
                    if (one.scrollWidth > one.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(one).overflowX))
                        found.push(one.className)
                }
            }
            look(document)
            return found
        }"""
    )
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_seek_among_100_instances_fits_into_one_frame(big, record_property):
    times = big.evaluate(
        """(root) => Array.from({length: 200}, (_, i) => {
            const start = performance.now()
            root.seek((i * 83) % 301)
            root.getBoundingClientRect()
            return performance.now() - start
        })"""
    )
    record_property("median seek, ms", statistics.median(times))
    assert statistics.median(times) <= SEEK_LIMIT, sorted(times)[::20]


def test_seeking_back_and_forth_draws_the_same(ready):
    drawn = """(root) => [...root.querySelectorAll("svg.board [id]")].map((one) => [
        one.id, one.getAttribute("class"), one.hasAttribute("hidden"), getComputedStyle(one).transform,
        one.getAttribute("width"), one.childElementCount ? "" : one.textContent].join())"""
    one = player(ready, 0)
    pictures = []
    for way in ((0, 1, 2, 3, 4, 5), (8, 0, 5), (7, 5)):
        for step in way:
            one.evaluate("(root, step) => root.seek(step)", step)
        pictures.append(one.evaluate(drawn))
    assert pictures[0] == pictures[1] == pictures[2]
    one.evaluate("(root) => root.seek(4)")
    assert one.evaluate(drawn) != pictures[0]


def test_only_pictures_get_in(big):
    big.evaluate("(root) => { root.seek(300); root.seek(5) }")
    markup = big.locator(".picture").first.inner_html()
    assert "<script" not in markup
    assert "<image" not in markup
    assert "onclick" not in markup
    assert big.page.evaluate("window.bad") is None


def test_a_rerun_does_not_send_the_film_again(serve, page):
    received: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
    page.goto(f"{serve(APP)}?big")
    big = player(page, 0)
    say(page, "big: step 0, picked None")
    page.wait_for_timeout(500)
    assert max(received) > 200_000, "the film itself has come"
    received.clear()
    big.get_by_label("One step on").click()
    say(page, "big: step 1, picked None")
    assert sum(received) < 60_000, received


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(serve, open_page, axe, theme):
    page = open_page(theme=theme)
    page.goto(serve(APP))
    page.get_by_role("heading", name="A query").wait_for()
    one = player(page, 0)
    assert axe(page) == []
    one.get_by_label("One step on").click()
    one.get_by_text("This step as text").first.click()
    one.get_by_role("button", name="a<b>2", exact=True).click()
    say(page, "one: step 1, picked a<b>2")
    page.wait_for_timeout(500)
    assert axe(page) == []
