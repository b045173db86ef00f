"""What a reader gave and where they were outlives reloads, a second tab, a killed server; a link brings it all back."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from learners import progress
from simulator.scenario import decode, encode
from tests.browser import walk

SLUG = "placement"
QUIZ = f"{SLUG}-quiz"
SCENARIO = {
    "instances": [{"ec2InstanceId": "harbor-9", "instanceType": "m5.large", "availabilityZone": "us-east-1a"}],
    "taskDefinition": {
        "family": "web",
        "containerDefinitions": [{"name": "web", "image": "web:1", "cpu": 256, "memory": 512}],
    },
    "count": 2,
    "group": "service:web",
    "schedulingStrategy": "REPLICA",
    "seed": 1,
}


@pytest.fixture
def data(tmp_path) -> Path:
    return tmp_path


@pytest.fixture
def url(serve, data) -> str:
    return serve(walk.APP, {"QUAYSIDE_DATA": str(data)})


@pytest.fixture(scope="module")
def open_book(serve, tmp_path_factory) -> str:
    """An app whose lessons owe no bet, for those who only play."""
    data = tmp_path_factory.mktemp("settled")
    for slug in walk.LESSONS:
        walk.settle_bets(data, slug)
    return serve(walk.APP, {"QUAYSIDE_DATA": str(data)})


def test_a_killed_server_loses_no_answer(run_server, port, data, open_page):
    page = open_page(strict=False)
    env = {"QUAYSIDE_DATA": str(data)}
    server, url = run_server(walk.APP, env, port)
    start_quiz(page, url)
    questions = walk.served(walk.attempt_of(data, SLUG))[:3]
    for k, (item, variant) in enumerate(questions, start=1):
        expect(page.get_by_role("heading", name=f"Question {k} of")).to_be_visible()
        walk.answer(page, page.locator(".st-key-quiz"), variant.visible(), walk.tempting(item, variant), back=k > 1)
        expect(page.get_by_text(walk.KEPT)).to_be_visible()
        if k < len(questions):
            page.get_by_role("button", name="Next").click()
    given = {item.id: walk.tempting(item, variant) for item, variant in questions}
    walk.until(lambda: walk.attempt_of(data, SLUG).answers == given)
    server.send_signal(signal.SIGKILL)
    server.wait()
    run_server(walk.APP, env, port)
    page.reload()
    walk.whole(page)
    expect(page.get_by_role("heading", name="Question 3 of")).to_be_visible()
    assert walk.attempt_of(data, SLUG).answers == given
    for _, variant in reversed(questions):
        shows(page, variant.visible(), given[variant.item_id])
        back = page.get_by_role("button", name="Previous")
        if back.is_enabled():
            number = int(page.get_by_role("heading", name="Question").inner_text().split()[1])
            back.click()
            expect(page.get_by_role("heading", name=f"Question {number - 1} of")).to_be_visible()


def test_a_result_is_there_after_a_reload_and_a_restart(run_server, port, data, open_page):
    page = open_page(strict=False)
    env = {"QUAYSIDE_DATA": str(data)}
    server, url = run_server(walk.APP, env, port)
    attempt = walk.begin(data, SLUG)
    for item, variant in walk.served(attempt)[:4]:
        walk.give(data, attempt, item, walk.tempting(item, variant))
    walk.rest_at(data, attempt, "")
    walk.open_at(page, url, QUIZ)
    page.get_by_role("button", name="Hand in and see the result").click()
    heading = page.get_by_role("heading", name="Attempt 1:")
    expect(heading).to_be_visible()
    told = heading.inner_text()
    page.reload()
    expect(heading).to_have_text(told)
    server.terminate()
    server.wait()
    run_server(walk.APP, env, port)
    page.reload()
    expect(heading).to_have_text(told)
    walk.open_at(page, url, "progress")
    expect(page.get_by_text("Best at the quiz:")).to_be_visible()


def test_a_reload_in_the_middle_resumes(url, data, page):
    attempt = walk.begin(data, SLUG)
    item, variant = walk.served(attempt)[5]
    walk.give(data, attempt, item, walk.tempting(item, variant))
    walk.rest_at(data, attempt, item.id)
    for _ in range(2):
        walk.open_at(page, url, QUIZ)
        expect(page.get_by_role("heading", name="Question 6 of")).to_be_visible()
        shows(page, variant.visible(), walk.tempting(item, variant))
    walk.open_at(page, url)
    expect(page.get_by_role("link", name=f"Go on with the quiz on {walk.title_of(SLUG)}")).to_be_visible()


def test_two_tabs_sit_the_same_attempt(url, data, open_page):
    one, two = open_page(), open_page()
    walk.open_at(two, url, QUIZ)
    start_quiz(one, url)
    two.get_by_role("button", name="Start the quiz").click()
    expect(two.get_by_role("heading", name="Question 1 of")).to_be_visible()
    events = walk.log_of(data).read(walk.WHO.id, SLUG)
    assert [event.kind for event in events].count("started") == 1
    one.get_by_role("radio", name="Hand in").click()
    one.get_by_role("button", name="Hand in and see the result").click()
    expect(one.get_by_role("heading", name="Attempt 1:")).to_be_visible()
    two.get_by_role("button", name="Next").click()
    expect(two.get_by_text("Attempt 1", exact=True)).to_be_visible()
    walk.whole(two)
    assert len(progress.submitted(walk.log_of(data).read(walk.WHO.id, SLUG), SLUG)) == 1


def test_a_link_restores_the_sandbox(open_book, page):
    walk.open_at(page, open_book, f"{SLUG}?s={encode(SCENARIO)}")
    sandbox = page.locator(".st-key-figure-sandbox")
    expect(sandbox.get_by_role("button", name="harbor-9", exact=True)).to_be_visible()
    walk.at_rest(page)
    assert shared(page)["instances"] == SCENARIO["instances"]


def test_what_is_changed_in_the_sandbox_goes_into_the_address(open_book, open_page):
    page = open_page()
    walk.open_at(page, open_book, "rolling-updates")
    sandbox = page.locator(".st-key-figure-sandbox")
    sandbox.get_by_role("button", name="Open the sandbox").click()
    presets = sandbox.get_by_test_id("stButtonGroup").first.get_by_role("radio")
    presets.nth(1).click()
    expect(page).to_have_url(re.compile(r"[?&]s="))
    changed = shared(page)
    again = open_page()
    again.goto(page.url)
    walk.whole(again)
    chosen = again.locator(".st-key-figure-sandbox").get_by_test_id("stButtonGroup").first.get_by_role("radio").nth(1)
    expect(chosen).to_be_checked()
    assert shared(again) == changed


@pytest.mark.parametrize(
    "rubbish", ["rubbish", encode({"instances": [{"ec2InstanceId": 3}]})], ids=["text", "scenario"]
)
@pytest.mark.parametrize("slug", walk.THOROUGH)
def test_a_link_that_cannot_be_opened_is_told_in_one_sentence(slug, rubbish, open_book, page):
    walk.open_at(page, open_book, f"{slug}?s={rubbish}")
    told = page.get_by_text("The link could not be opened:")
    expect(told).to_have_count(1)
    assert len(told.inner_text()) < 400
    expect(page.locator(".st-key-figure-sandbox .player .picture svg").first).to_be_visible()


def start_quiz(page: Page, url: str) -> None:
    walk.open_at(page, url, QUIZ)
    page.get_by_role("button", name="Start the quiz").click()
    expect(page.get_by_role("heading", name="Question 1 of")).to_be_visible()


def shows(page: Page, visible: dict, response: object) -> None:
    """The question's widgets hold the response."""
    quiz = page.locator(".st-key-quiz")
    match visible["type"]:
        case "single_choice":
            at = [option["id"] for option in visible["options"]].index(response)
            expect(quiz.get_by_test_id("stRadio").get_by_role("radio").nth(at)).to_be_checked()
        case "multiple_choice":
            for k, option in enumerate(visible["options"]):
                expect(quiz.get_by_role("checkbox").nth(k)).to_be_checked(checked=option["id"] in response)
        case "numeric":
            expect(quiz.get_by_role("textbox")).to_have_value(str(response))
        case _:
            texts = {block["id"]: block["text"] for block in visible["blocks"]}
            for name in response:
                expect(quiz.get_by_text("Your order:")).to_contain_text(texts[name].replace("`", ""))


def shared(page: Page) -> dict:
    """The scenario of the link that the sandbox offers."""
    page.locator(".st-key-figure-sandbox").get_by_role("button", name="Link").click()
    link = page.get_by_test_id("stPopoverBody").get_by_test_id("stCode").inner_text()
    page.keyboard.press("Escape")
    found = decode(link.split("s=")[1].split("&")[0].strip())
    return json.loads(json.dumps(found))
