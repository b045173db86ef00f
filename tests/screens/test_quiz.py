from __future__ import annotations

import json
import sqlite3
from itertools import pairwise

import pytest
from streamlit.testing.v1 import AppTest

from learners import progress
from learners.store import Store, StoreError, default_url
from quizzes.served import public_id
from tests.screens.bank import TEXT, harbor

ITEMS = [item.id for item in harbor().items]
SINGLE, MULTIPLE, NUMBER, ORDER = ITEMS


def page():
    import streamlit as st

    from learners.identity import Learner
    from screens import quiz

    quiz.show(Learner(id="local", saved=st.session_state.get("saved", True)), "harbor")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAYSIDE_DATA", str(tmp_path))
    monkeypatch.setenv("QUAYSIDE_HOSTED", "no")
    monkeypatch.setenv("QUAYSIDE_SECRET", "one fixed secret for these tests")
    monkeypatch.delenv("QUAYSIDE_DATABASE", raising=False)
    monkeypatch.setattr("screens.quiz.load", lambda slug: harbor())
    return tmp_path


def opened() -> AppTest:
    """A new browser tab at the page."""
    return fine(AppTest.from_function(page).run())


def fine(at: AppTest) -> AppTest:
    assert not at.exception, at.exception
    return at


def click(at: AppTest, label: str) -> AppTest:
    found = [button for button in at.button if button.label == label]
    assert found, f"no button “{label}” among {[button.label for button in at.button]}"
    return fine(found[0].click().run())


def started() -> AppTest:
    return click(opened(), "Start the quiz")


def headers(at: AppTest) -> list[str]:
    return [header.value for header in at.header]


def words(at: AppTest) -> str:
    return "\n".join(str(e.value) for e in (*at.title, *at.header, *at.markdown, *at.caption, *at.error))


def shown(item: str, name: str) -> str:
    return public_id(item, name)


def events(folder) -> tuple:
    return Store(default_url(folder)).read("local", "harbor")


def attempts(folder) -> tuple[progress.Attempt, ...]:
    return progress.attempts(events(folder), "harbor")


def answer_all(at: AppTest, folder) -> AppTest:
    """Every question rightly, except the multiple choice: half of it."""
    fine(at.radio[0].set_value(shown(SINGLE, "right")).run())
    click(at, "Next")
    for name in ("a", "c"):
        fine(at.checkbox(key=f"quiz:harbor:1:{MULTIPLE}:{shown(MULTIPLE, name)}").check().run())
    click(at, "Next")
    crates = int(next(m.value for m in at.markdown if "crates" in m.value).strip("*").split()[0])
    fine(at.text_input[0].set_value(str(crates * 2)).run())
    click(at, "Next")
    for place, name in enumerate(("s1", "s2", "s3"), start=1):
        fine(at.button_group(key=f"quiz:harbor:1:{ORDER}:{shown(ORDER, name)}").set_value(place).run())
    return click(at, "Check and hand in")


def test_the_front_says_what_how_long_and_how_points_work(folder):
    at = opened()
    assert [title.value for title in at.title] == ["Quiz: Harbor"]
    assert "4 questions, 8 points, about 4 minutes." in words(at)
    assert "a wrong answer takes no points away" in words(at)
    assert events(folder) == ()


def test_one_question_at_a_time_with_its_rule_and_nothing_chosen():
    at = started()
    assert headers(at) == ["Question 1 of 4"]
    assert "2 points. One option is right; it earns all points." in words(at)
    assert at.radio[0].value is None
    assert "No answer yet." in words(at)


def test_an_answer_is_in_the_log_when_the_click_returns(folder):
    at = started()
    fine(at.radio[0].set_value(shown(SINGLE, "wrong")).run())
    assert attempts(folder)[0].answers == {SINGLE: shown(SINGLE, "wrong")}
    assert "Your answer is kept." in words(at)


def test_a_reload_and_a_restart_resume_at_the_same_question_with_the_answers(folder):
    at = started()
    fine(at.radio[0].set_value(shown(SINGLE, "third")).run())
    click(at, "Next")
    fine(at.checkbox(key=f"quiz:harbor:1:{MULTIPLE}:{shown(MULTIPLE, 'd')}").check().run())
    click(at, "Next")
    fine(at.text_input[0].set_value("12").run())
    again = opened()
    assert headers(again) == ["Question 3 of 4"]
    assert again.text_input[0].value == "12"
    click(again, "Previous")
    assert [box.value for box in again.checkbox if box.label == "Iron"] == [True]
    click(again, "Previous")
    assert again.radio[0].value == shown(SINGLE, "third")


def test_a_variant_stays_the_same_within_an_attempt_even_with_another_secret(monkeypatch):
    def stem() -> str:
        at = opened()
        fine(at.button_group(key="quiz:harbor:1:place").set_value(2).run())
        return next(m.value for m in at.markdown if "crates" in m.value)

    started()
    first = stem()
    monkeypatch.setenv("QUAYSIDE_SECRET", "quite another secret, much later")
    assert stem() == first


def test_the_next_attempt_brings_fresh_numbers(folder):
    for number in range(1, 6):
        at = opened()
        click(at, at.button[0].label)
        fine(at.button_group(key=f"quiz:harbor:{number}:place").set_value(4).run())
        click(at, "Hand in and see the result")
    from quizzes.variants import choose_seed

    number = next(item for item in harbor().items if item.id == NUMBER)
    drawn = [choose_seed(attempt.seeds[NUMBER], number.seeds) for attempt in attempts(folder)]
    assert len(drawn) == 5
    assert all(a != b for a, b in pairwise(drawn)), drawn


def test_handing_in_gives_score_reasons_and_history(folder):
    at = answer_all(started(), folder)
    assert headers(at) == ["Before you hand in"]
    assert "no full answer" not in words(at)
    click(at, "Hand in and see the result")
    said = words(at)
    # 2 for the choice, 3 * (1/2 - 1/2) for the ticks, 2 for the number, 1 for the order
    assert headers(at) == ["Attempt 1: 5 of 8 points (62%)", *(f"Question {k}" for k in range(1, 5))]
    for canary in (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 15):
        assert f"CANARY-{canary}" in said
    assert "1 of 2 right and 1 of 2 wrong options are ticked" in said
    assert "This belongs, too: **Pine**" in said
    assert "Not so: **Lead**" in said
    assert "Look again at question" in said
    (attempt,) = attempts(folder)
    assert (attempt.points, attempt.out_of) == (5, 8)
    assert {graded.objective for graded in attempt.graded} == {"placement.rank", "placement.filter", "placement.ports"}
    front = opened()
    assert "Best so far: 5 of 8 points (62%)." in words(front)
    assert headers(click(front, "See attempt 1"))[0] == "Attempt 1: 5 of 8 points (62%)"


def test_nothing_answered_hands_in_as_nothing(folder):
    at = started()
    fine(at.button_group(key="quiz:harbor:1:place").set_value(4).run())
    assert "4 questions have no full answer yet." in words(at)
    assert words(at).count("no answer") == 4
    click(at, "Hand in and see the result")
    assert headers(at)[0] == "Attempt 1: 0 of 8 points (0%)"
    assert "Not this time." in words(at)


def test_handing_in_twice_is_one_result(folder):
    first, second = started(), opened()
    for at in (first, second):
        fine(at.button_group(key="quiz:harbor:1:place").set_value(4).run())
    click(first, "Hand in and see the result")
    before = attempts(folder)
    fine(next(b for b in second.button if b.label == "Hand in and see the result").click().run())
    assert attempts(folder) == before
    assert [event.kind for event in events(folder)].count("submitted") == 1


def test_starting_in_two_tabs_is_one_attempt(folder):
    first, second = opened(), opened()
    click(first, "Start the quiz")
    click(second, "Start the quiz")
    assert len(attempts(folder)) == 1
    fine(first.radio[0].set_value(shown(SINGLE, "wrong")).run())
    fine(second.radio[0].set_value(shown(SINGLE, "right")).run())
    assert attempts(folder)[0].answers == {SINGLE: shown(SINGLE, "right")}


def test_a_late_answer_in_another_tab_changes_no_result(folder):
    first, second = started(), opened()
    fine(first.button_group(key="quiz:harbor:1:place").set_value(4).run())
    click(first, "Hand in and see the result")
    fine(second.radio[0].set_value(shown(SINGLE, "right")).run())
    assert attempts(folder)[0].points == 0


@pytest.mark.parametrize(("typed", "said"), [("many", "is not a number"), ("1,5,0", "is not a number")])
def test_what_is_no_number_is_told_kept_and_does_not_count(folder, typed, said):
    at = started()
    fine(at.button_group(key="quiz:harbor:1:place").set_value(2).run())
    fine(at.text_input[0].set_value(typed).run())
    assert said in words(at)
    assert "Your answer is kept" not in words(at)
    again = opened()
    assert again.text_input[0].value == typed
    fine(again.button_group(key="quiz:harbor:1:place").set_value(4).run())
    assert "4 questions have no full answer yet." in words(again)
    click(again, "Hand in and see the result")
    assert attempts(folder)[0].points == 0


def test_half_a_choice_is_told(folder):
    at = started()
    click(at, "Next")
    fine(at.checkbox(key=f"quiz:harbor:1:{MULTIPLE}:{shown(MULTIPLE, 'a')}").check().run())
    assert "You chose one; the question asks for two." in words(at)


def test_a_log_that_refuses_keeps_the_answer_on_the_page_and_the_question_in_place(folder, monkeypatch):
    at = started()
    real = Store.append
    monkeypatch.setattr(Store, "append", _refuse)
    fine(at.radio[0].set_value(shown(SINGLE, "right")).run())
    assert "could not be saved: the disk is full" in words(at)
    assert at.radio[0].value == shown(SINGLE, "right")
    click(at, "Next")
    assert headers(at) == ["Question 1 of 4"]
    assert at.radio[0].value == shown(SINGLE, "right")
    monkeypatch.setattr(Store, "append", real)
    click(at, "Next")
    assert headers(at) == ["Question 2 of 4"]
    assert not at.error
    assert attempts(folder)[0].answers == {SINGLE: shown(SINGLE, "right")}


def _refuse(self, events):
    raise StoreError("Your progress could not be saved: the disk is full; free some space, then try again.")


def test_a_damaged_log_is_one_sentence(folder):
    (folder / "learners.db").write_bytes(b"no database, " * 200)
    at = opened()
    assert len(at.error) == 1
    assert "not a database" in at.error[0].value


def test_a_bank_that_lost_an_option_takes_that_answer_for_none(folder, monkeypatch):
    at = started()
    fine(at.radio[0].set_value(shown(SINGLE, "third")).run())
    changed = TEXT.replace("{id: third, text: No pier", "{id: fourth, text: Any pier")
    monkeypatch.setattr("screens.quiz.load", lambda slug: harbor(changed))
    at = opened()
    assert at.radio[0].value is None
    fine(at.button_group(key="quiz:harbor:1:place").set_value(4).run())
    click(at, "Hand in and see the result")
    assert attempts(folder)[0].points == 0


def test_a_bank_changed_since_says_so_and_the_score_stands(folder, monkeypatch):
    at = answer_all(started(), folder)
    click(at, "Hand in and see the result")
    monkeypatch.setattr("screens.quiz.load", lambda slug: harbor(TEXT.replace("points: 3", "points: 9")))
    at = click(opened(), "See attempt 1")
    assert headers(at)[0] == "Attempt 1: 5 of 8 points (62%)"
    assert "changed after this attempt" in words(at)


def sent(at: AppTest) -> str:
    """Everything that the run sent to the browser, as text."""
    return "\n".join(str(getattr(element, "proto", "")) for element in at._tree)


def test_nothing_secret_is_sent_before_handing_in(folder):
    at = started()
    assert "Which pier gets the ship?" in sent(at)
    assert "The short pier" in sent(at)
    for place in range(5):
        fine(at.button_group(key="quiz:harbor:1:place").set_value(place).run())
        assert "CANARY" not in sent(at)
    seeds = [str(seed) for seed in attempts(folder)[0].seeds.values()]
    for tab in (opened(), at):
        assert not [seed for seed in seeds if seed in sent(tab)]


def test_the_same_visible_items_with_other_keys_send_the_same(folder, monkeypatch, tmp_path):
    def walk(text: str, name: str) -> list[str]:
        monkeypatch.setenv("QUAYSIDE_DATA", str(tmp_path / name))
        monkeypatch.setattr("screens.quiz.load", lambda slug: harbor(text))
        at = started()
        seen = [sent(at)]
        for place in range(5):
            fine(at.button_group(key="quiz:harbor:1:place").set_value(place).run())
            seen.append(sent(at))
        return seen

    other = TEXT.replace("The long pier, key: true,", "The long pier,").replace(
        "The short pier,", "The short pier, key: true,"
    )
    other = other.replace("Cork, key: true", "Cork").replace("Lead,", "Lead, key: true,").replace("* 2}", "* 3}")
    assert other != TEXT
    assert walk(TEXT, "one") == walk(other, "two")


def test_a_guest_sits_in_memory_alone(folder):
    at = AppTest.from_function(page)
    at.session_state["saved"] = False
    click(fine(at.run()), "Start the quiz")
    fine(at.radio[0].set_value(shown(SINGLE, "right")).run())
    assert "Your answer is kept." in words(at)
    assert not (folder / "learners.db").exists()


def test_the_log_says_enough_to_derive_every_score_again(folder):
    at = answer_all(started(), folder)
    click(at, "Hand in and see the result")
    rows = sqlite3.connect(folder / "learners.db").execute(
        "select item, payload, bank_hash, engine_version from events where kind = 'graded'"
    )
    from quizzes.grading import ENGINE_VERSION, grade
    from quizzes.variants import serve

    items = {item.id: item for item in harbor().items}
    found = 0
    for item, payload, bank_hash, engine_version in rows:
        said = json.loads(payload)
        assert grade(items[item], serve(items[item], said["seed"]), said["response"]).points == said["points"]
        assert (bank_hash, engine_version) == (harbor().hash, ENGINE_VERSION)
        found += 1
    assert found == 4


def test_an_attempt_that_is_not_there_is_told(folder):
    at = AppTest.from_function(page)
    at.query_params["attempt"] = "99"
    fine(at.run())
    assert "an attempt that you have not handed in" in at.info[0].value
