"""The diagram with its three faces, and the field for queries."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

APP = "tests/browser/apps/figures.py"


@pytest.fixture
def ready(serve, page) -> Page:
    page.goto(serve(APP))
    page.get_by_role("heading", name="A query").wait_for()
    return page


def test_a_box_is_chosen_and_explained(ready):
    box = ready.locator(".diagram-view .wide [data-pick=alb]")
    box.click()
    expect(ready.get_by_text("Sends each request to a task.")).to_be_visible()
    expect(ready.get_by_text("diagram: alb")).to_be_visible()
    expect(box).to_have_attribute("aria-pressed", "true")
    box.click()
    expect(ready.get_by_text("Choose a box to hear what it does.")).to_be_visible()


def test_a_box_is_chosen_by_keyboard(ready):
    ready.locator(".diagram-view .wide [data-pick][tabindex='0']").focus()
    ready.keyboard.press("End")
    ready.keyboard.press("Enter")
    expect(ready.get_by_text("Is not healthy yet.")).to_be_visible()


def test_the_other_faces(ready):
    ready.get_by_role("button", name="Text").click()
    expect(ready.get_by_text("web:2 [t2]: task, starting.")).to_be_visible()
    ready.get_by_role("button", name="Graphviz", exact=True).click()
    expect(ready.locator(".stGraphVizChart svg")).to_be_visible()
    ready.get_by_role("button", name="Figure").click()
    expect(ready.locator(".stGraphVizChart svg")).to_have_count(0)
    with ready.expect_download() as download:
        ready.get_by_role("button", name="Graphviz source").click()
    assert "digraph" in download.value.path().read_text()


def test_a_phone_gets_the_narrow_drawing(serve, open_page):
    page = open_page(width=390)
    page.goto(serve(APP))
    expect(page.locator(".diagram-view .narrow")).to_be_visible()
    expect(page.locator(".diagram-view .wide")).to_be_hidden()


def test_the_field_tells_the_server_while_one_types(ready):
    field = ready.get_by_label("memberOf expression")
    field.fill("")
    field.press_sequentially("abc", delay=40)
    expect(ready.get_by_text("typed: abc", exact=True)).to_be_visible()
    expect(ready.get_by_text("Matches 3 instances.")).to_be_visible()


def test_the_page_can_change_the_text_and_the_reader_go_on(ready):
    field = ready.get_by_label("memberOf expression")
    field.fill("abc")
    expect(ready.get_by_text("typed: abc", exact=True)).to_be_visible()
    ready.get_by_role("button", name="Take an example").click()
    expect(field).to_have_value("agentVersion > 1.0")
    expect(ready.get_by_text("typed: agentVersion > 1.0", exact=True)).to_be_visible()
    field.fill("abc")
    expect(ready.get_by_text("typed: abc", exact=True)).to_be_visible()


def test_the_field_points_at_what_is_wrong(ready):
    field = ready.get_by_label("memberOf expression")
    field.fill("a &&& b")
    expect(ready.get_by_text("At column 3 an attribute was expected.")).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    lines = ready.locator(".editor .caret").inner_text().split("\n")
    assert lines == ["a &&& b", "  ^"]


def test_the_field_is_bounded_and_says_so(ready):
    field = ready.get_by_label("memberOf expression")
    field.fill("")
    field.evaluate("(one) => one.focus()")
    ready.keyboard.insert_text("a" * 2100)
    assert len(field.input_value()) == 2000
    expect(ready.get_by_text("2000 characters, the most that AWS takes.")).to_be_visible()
