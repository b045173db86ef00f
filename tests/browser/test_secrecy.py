"""What only the server may know does not leave it before the answers are in: every frame that reaches the browser is
read, for canaries, and for any difference between two banks that differ in nothing but which answers are right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from playwright.sync_api import Page, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from quizzes.bank import parse
from tests.browser import walk

APP = "tests/browser/apps/quiz.py"
BANK = """
schema_version: 1
bank: {id: harbor, title: Harbor, version: 1.0.0}
items:
  - id: harbor.single.001
    type: single_choice
    points: 2
    objective: placement.rank
    bloom: apply
    difficulty: 0.5
    est_seconds: 60
    stimulus: Two piers.
    stem: Which pier gets the ship?
    options:
      - {id: one, text: The long pier, KEY-A rationale: CANARY-1 it is long enough.}
      - {id: two, text: The short pier, KEY-B rationale: CANARY-2 it is too short.}
      - {id: three, text: No pier, rationale: CANARY-3 one is free., misconception: MC-PLACE-REGISTERED}
    feedback: {general: CANARY-4 length decides.}
    review_by: 2027-06-01
  - id: harbor.multiple.001
    type: multiple_choice
    points: 3
    objective: placement.filter
    bloom: analyze
    difficulty: 0.5
    est_seconds: 60
    stem: Which TWO float?
    select: {exactly: 2}
    options:
      - {id: a, text: Cork, key: true, rationale: CANARY-5 cork is light.}
      - {id: b, text: Pine, KEY-A rationale: CANARY-6 pine is light.}
      - {id: c, text: Lead, KEY-B rationale: CANARY-7 lead is heavy.}
      - {id: d, text: Iron, rationale: CANARY-8 iron is heavy., misconception: MC-PLACE-REGISTERED}
    feedback: {general: CANARY-9 weight decides.}
    review_by: 2027-06-01
  - id: harbor.number.001
    type: numeric
    points: 2
    objective: placement.ports
    bloom: apply
    difficulty: 0.5
    est_seconds: 60
    params: {crates: {int: [2, 9]}}
    variants: {seeds: [1, 2, 3, 4, 5, 6]}
    stem: "{crates} crates. How many tons?"
    key: {expr: crates * FACTOR}
    numeric: {integer: true, unit: tons}
    known_wrong:
      - {value: {expr: crates + WRONG}, feedback: CANARY-10 that adds., misconception: MC-PLACE-REGISTERED}
    feedback: {general: "CANARY-11 it is {key}."}
    review_by: 2027-06-01
  - id: harbor.order.001
    type: ordering
    points: 1
    objective: placement.filter
    bloom: understand
    difficulty: 0.5
    est_seconds: 60
    stem: In which order does a ship leave?
    blocks:
      - {id: s1, text: Start the engine, rationale: CANARY-12 first}
      - {id: s2, text: Cast off, rationale: CANARY-13 second}
      - {id: s3, text: Leave the harbor, STEP-B rationale: CANARY-14 third}
      - {id: s4, text: Wave, STEP-A rationale: CANARY-3 last}
    feedback: {general: CANARY-15 in that order.}
    review_by: 2027-06-01
"""
# What names one run of one server, and nothing of what is on the page.
PASSING = {
    "hash",
    "sessionId",
    "scriptRunId",
    "fragmentIdsThisRun",
    "sessionInfo",
    "mainScriptPath",
    "debugLastBackmsgId",
}
SECRETS = ("CANARY", "MC-PLACE", "known_wrong", "misconception", "rationale", "length decides")


def bank_text(*, other: bool = False) -> str:
    """The bank; `other` shows the same to the browser, and other answers are right for other reasons."""
    text = BANK.replace("KEY-B" if other else "KEY-A", "key: true,").replace("KEY-A" if other else "KEY-B", "")
    text = text.replace("FACTOR", "3" if other else "2").replace("WRONG", "1" if other else "2")
    text = text.replace("STEP-B" if other else "STEP-A", "distractor: true,").replace(
        "STEP-A" if other else "STEP-B", ""
    )
    if other:
        text = re.sub(r"CANARY-(\d+)", r"CANARY-other-\1", text).replace("MC-PLACE-REGISTERED", "MC-PLACE-HARD-LIMIT")
    return text


@pytest.fixture
def quiz(serve, tmp_path_factory):
    """`quiz(text) -> (url, data)` of a server that asks the questions of this bank."""

    def start(text: str) -> tuple[str, Path]:
        parse(text, source="harbor.yaml", slug="harbor")
        folder, data = tmp_path_factory.mktemp("banks"), tmp_path_factory.mktemp("data")
        (folder / "harbor.yaml").write_text(text, encoding="utf-8")
        return serve(APP, {"QUIZ_BANKS": str(folder), "QUAYSIDE_DATA": str(data), "QUAYSIDE_SECRET": "s" * 64}), data

    return start


def test_no_secret_leaves_the_server_before_the_answers_are_in(quiz, page):
    url, _ = quiz(bank_text())
    frames = record(page)
    read_pages: list[str] = []
    page.on("response", lambda response: read_pages.append(response.text()) if is_text(response) else None)
    for at_question in sit(page, url):
        assert at_question
    before = b"\n".join(frames)
    assert b"Which pier gets the ship?" in before, "the frames are read as they are"
    for secret in SECRETS:
        assert secret.encode() not in before, secret
        assert not any(secret in text for text in read_pages), secret
    page.get_by_role("button", name="Hand in and see the result").click()
    expect(page.get_by_role("heading", name="Attempt 1:")).to_be_visible()
    expect(page.get_by_text("CANARY-11")).to_be_visible()
    walk.whole(page)
    after = b"\n".join(frames)
    told = {int(n) for n in re.findall(rb"CANARY-(\d+)", after)}
    assert {1, 2, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15} <= told, "and what is told later is seen there"


def test_frames_do_not_tell_which_answer_is_right(quiz, open_page):
    seen = []
    for other in (False, True):
        url, _ = quiz(bank_text(other=other))
        page = open_page()
        frames = record(page)
        steps = [[normal(frame) for frame in taken(frames)] for _ in sit(page, url)]
        seen.append(steps)
    assert len(seen[0]) == 6
    for at, (left, right) in enumerate(zip(*seen, strict=True)):
        assert told(left) == told(right), f"the frames of step {at} differ"
    assert any("The long pier" in str(frame) for step in seen[0] for frame in step)


@pytest.mark.parametrize("slug", walk.THOROUGH)
def test_no_reason_of_a_real_quiz_is_told_with_its_questions(slug, serve, tmp_path, page):
    frames = record(page)
    walk.open_at(page, serve(walk.APP, {"QUAYSIDE_DATA": str(tmp_path)}), f"{slug}-quiz")
    page.get_by_role("button", name="Start the quiz").click()
    expect(page.get_by_role("heading", name="Question 1 of")).to_be_visible()
    questions = walk.served(walk.attempt_of(tmp_path, slug))
    for k in range(1, len(questions) + 1):
        expect(page.get_by_role("heading", name=f"Question {k} of")).to_be_visible()
        page.get_by_role("button", name="Next" if k < len(questions) else "Check and hand in").click()
    expect(page.get_by_role("heading", name="Before you hand in")).to_be_visible()
    seen = b"\n".join(frames).decode(errors="replace")
    for _, variant in questions:
        reasons = [part.rationale for part in (*variant.options, *variant.blocks)]
        reasons += [wrong.feedback for wrong in variant.known_wrong] + list(variant.feedback.values())
        assert [one for one in reasons if len(one) > 20 and one in seen] == [], variant.item_id
        assert variant.stem in seen


def sit(page: Page, url: str) -> Iterator[str]:
    """Go through the quiz to the list before handing in; stops at each step once the page rests."""
    walk.open_at(page, url)
    yield "front"
    page.get_by_role("button", name="Start the quiz").click()
    order = ["harbor.single.001", "harbor.multiple.001", "harbor.number.001", "harbor.order.001"]
    for k, item in enumerate(order, start=1):
        expect(page.get_by_role("heading", name=f"Question {k} of 4")).to_be_visible()
        quiz = page.locator(".st-key-quiz")
        match item.split(".")[1]:
            case "single":
                quiz.get_by_text("The short pier").click()
            case "multiple":
                quiz.get_by_text("Cork").click()
                expect(quiz.get_by_text("You chose one; the question asks for two.")).to_be_visible()
                quiz.get_by_text("Iron").click()
            case "number":
                crates = int(re.search(r"(\d+) crates", quiz.inner_text())[1])
                quiz.get_by_role("textbox").fill(str(crates + 2))
                quiz.get_by_role("textbox").press("Enter")
            case _:
                for place, text in enumerate(("Cast off", "Start the engine", "Leave the harbor")):
                    group = quiz.get_by_test_id("stButtonGroup").filter(has_text=text)
                    group.get_by_role("radio").nth(place).click()
                    expect(quiz.get_by_text("Your order:")).to_contain_text(text)
        expect(quiz.get_by_text(walk.KEPT)).to_be_visible()
        walk.whole(page)
        yield item
        page.get_by_role("button", name="Next" if k < len(order) else "Check and hand in").click()
    expect(page.get_by_role("heading", name="Before you hand in")).to_be_visible()
    walk.whole(page)
    yield "list"


def record(page: Page) -> list[bytes]:
    """Every frame that the page gets from now on."""
    frames: list[bytes] = []

    def keep(data: str | bytes) -> None:
        frames.append(data if isinstance(data, bytes) else data.encode())

    page.on("websocket", lambda socket: socket.on("framereceived", keep))
    return frames


def taken(frames: list[bytes]) -> list[bytes]:
    """The frames so far, which are taken off the list."""
    found = list(frames)
    frames.clear()
    return found


def normal(frame: bytes) -> Any:
    """A frame as a document, without what differs between two sessions that see the same."""
    return _without(MessageToDict(ForwardMsg.FromString(frame)))


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without(held) for name, held in value.items() if name not in PASSING}
    return [_without(held) for held in value] if isinstance(value, list) else value


def told(frames: list[Any]) -> list[str]:
    return [str(frame) for frame in frames]


def is_text(response: Any) -> bool:
    return "json" in response.headers.get("content-type", "") or "html" in response.headers.get("content-type", "")
