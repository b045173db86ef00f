from __future__ import annotations

import random

import pytest

from learners import progress
from learners.progress import Level
from learners.store import Event, Unsaved


class Log:
    """A learner at two tabs, written down."""

    def __init__(self) -> None:
        self.journal = Unsaved([])

    def add(self, kind: str, attempt: str = "", item: str = "", bank: str = "placement", **payload: object) -> Log:
        self.journal.append([Event(learner="local", kind=kind, bank=bank, attempt=attempt, item=item, payload=payload)])
        return self

    def start(self, attempt: str, order: tuple[str, ...] = ("a", "b")) -> Log:
        return self.add("started", attempt, order=list(order), seeds={item: k for k, item in enumerate(order)})

    def grade(self, attempt: str, item: str, points: float, objective: str = "OBJ-1") -> Log:
        return self.add(
            "graded", attempt, item, response="x", seed=1, score=points / 2, points=points, out_of=2.0,
            objective=objective, misconceptions=[],
        )  # fmt: skip

    @property
    def events(self) -> tuple[Event, ...]:
        return self.journal.read("local")


def test_nothing_done_is_nothing_to_resume():
    assert progress.current((), "placement") is None
    assert progress.submitted((), "placement") == ()
    assert progress.best(()) is None
    assert progress.next_number((), "placement") == 1
    assert progress.last_bank(()) is None


def test_the_open_attempt_resumes_at_its_item_with_its_answers():
    log = Log().start("1").add("opened", "1", "a").add("answered", "1", "a", response="x").add("opened", "1", "b")
    found = progress.current(log.events, "placement")
    assert found.number == 1
    assert found.at_item == "b"
    assert found.answers == {"a": "x"}
    assert found.order == ("a", "b")
    assert found.seeds == {"a": 0, "b": 1}


def test_the_latest_answer_counts_and_none_takes_it_back():
    log = Log().start("1").add("answered", "1", "a", response="x").add("answered", "1", "a", response="y")
    assert progress.current(log.events, "placement").answers == {"a": "y"}
    log.add("answered", "1", "a", response=None)
    assert progress.current(log.events, "placement").answers == {}


def test_zero_and_empty_text_are_answers():
    log = Log().start("1").add("answered", "1", "a", response=0).add("answered", "1", "b", response="")
    assert progress.current(log.events, "placement").answers == {"a": 0, "b": ""}


def test_starting_twice_at_once_is_one_attempt():
    log = Log().start("1", ("a", "b")).start("1", ("b", "a")).add("answered", "1", "a", response="x")
    (attempt,) = progress.attempts(log.events, "placement")
    assert attempt.order == ("a", "b")
    assert attempt.answers == {"a": "x"}


def test_submitting_twice_is_one_result_and_later_answers_do_not_count():
    log = Log().start("1").add("answered", "1", "a", response="x").grade("1", "a", 2.0).grade("1", "b", 0.0)
    log.add("submitted", "1")
    once = progress.submitted(log.events, "placement")
    log.add("answered", "1", "b", response="late").grade("1", "a", 2.0).grade("1", "b", 2.0).add("submitted", "1")
    assert progress.submitted(log.events, "placement") == once
    assert (once[0].points, once[0].out_of, once[0].share) == (2.0, 4.0, 0.5)
    assert progress.current(log.events, "placement") is None
    assert progress.next_number(log.events, "placement") == 2


def test_best_is_by_share_and_the_earliest_of_equals():
    log = Log()
    for attempt, points in (("1", 0.5), ("2", 2.0), ("3", 2.0), ("4", 1.0)):
        log.start(attempt).grade(attempt, "a", points).add("submitted", attempt)
    history = progress.submitted(log.events, "placement")
    assert [attempt.number for attempt in history] == [1, 2, 3, 4]
    assert progress.best(history).number == 2


def test_ten_comes_after_nine():
    log = Log()
    for number in range(1, 12):
        log.start(str(number)).grade(str(number), "a", 1.0).add("submitted", str(number))
    assert [attempt.number for attempt in progress.submitted(log.events, "placement")] == list(range(1, 12))


def test_mastery_is_over_the_last_three_attempts():
    log = Log()
    for attempt, points in (("1", 0.0), ("2", 2.0), ("3", 1.0), ("4", 2.0)):
        log.start(attempt).grade(attempt, "a", points).grade(attempt, "b", 0.0, "OBJ-2").add("submitted", attempt)
    found = progress.mastery(progress.submitted(log.events, "placement"))
    assert [(m.objective, m.points, m.out_of) for m in found] == [("OBJ-1", 5.0, 6.0), ("OBJ-2", 0.0, 6.0)]
    assert found[0].share == pytest.approx(5 / 6)


def test_banks_do_not_mix():
    log = Log().start("1").add("started", "1", bank="rolling-updates", order=["z"], seeds={"z": 9})
    assert progress.current(log.events, "rolling-updates").order == ("z",)
    assert progress.current(log.events, "placement").order == ("a", "b")
    assert progress.last_bank(log.events) == "rolling-updates"


def test_a_lesson_is_read_section_by_section():
    log = Log().add("read").add("reached", item="the-bet").add("reached", item="rule").add("reached", item="the-bet")
    log.add("predicted", item="p1", skipped=True).add("predicted", item="p1", response="i-2", score=1.0)
    log.add("checked", item="c1", response=["a"], score=0.5).start("1").add("read", bank="rolling-updates")
    found = progress.reading(log.events, "placement")
    assert found.opened
    assert found.reached == ("the-bet", "rule")
    assert found.predicted["p1"] == {"response": "i-2", "score": 1.0}
    assert list(found.checked) == ["c1"]
    assert not progress.reading(log.events, "elsewhere").opened


def test_any_interleaving_of_two_tabs_keeps_the_log_readable():
    draw = random.Random(7)
    for _ in range(200):
        log = Log()
        for _step in range(draw.randrange(1, 25)):
            _do_something(log, draw)
        for attempt in progress.attempts(log.events, "placement"):
            assert 0.0 <= attempt.share <= 1.0
            assert len({item.item for item in attempt.graded}) == len(attempt.graded)
            assert set(attempt.answers) <= {"a", "b"}


def _do_something(log: Log, draw: random.Random) -> None:
    attempt = draw.choice("12")
    match draw.choice(["start", "answer", "grade", "submit"]):
        case "start":
            log.start(attempt)
        case "answer":
            log.add("answered", attempt, draw.choice("ab"), response=draw.choice("xyz"))
        case "grade":
            log.grade(attempt, "a", 1.0).grade(attempt, "b", 2.0)
        case _:
            log.add("submitted", attempt)


@pytest.mark.parametrize(
    ("points", "out_of", "level"),
    [
        (0.0, 0.0, Level.UNASKED),
        (0.0, 2.0, Level.SHAKY),
        (0.9, 2.0, Level.SHAKY),
        (1.0, 2.0, Level.PARTLY),
        (1.5, 2.0, Level.PARTLY),
        (1.6, 2.0, Level.SURE),
        (2.0, 2.0, Level.SURE),
    ],
)
def test_how_sure_an_objective_is(points, out_of, level):
    assert progress.Mastery(objective="OBJ-1", points=points, out_of=out_of).level is level


def test_objectives_come_in_the_order_that_is_asked_for_and_those_never_asked_too():
    log = Log().start("1").grade("1", "a", 2.0, "OBJ-2").grade("1", "b", 1.0, "OBJ-9").add("submitted", "1")
    found = progress.mastery_of(progress.submitted(log.events, "placement"), ["OBJ-1", "OBJ-2"])
    assert [(one.objective, one.points, one.level) for one in found] == [
        ("OBJ-1", 0.0, Level.UNASKED),
        ("OBJ-2", 2.0, Level.SURE),
    ]


def test_a_log_falls_into_one_for_each_lesson_with_nothing_lost():
    log = Log().add("read").add("read", bank="rolling-updates").start("1")
    found = progress.by_lesson(log.events)
    assert {slug: [event.kind for event in own] for slug, own in found.items()} == {
        "placement": ["read", "started"],
        "rolling-updates": ["read"],
    }
