"""The events list: AWS's texts as they are, ours marked, nothing of a learner's read as HTML."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def page(count: int, text: str, code: str) -> None:
    from simulator.deployment import ServiceEvent
    from ui.events import events_list

    events_list([ServiceEvent(at=80_000 * k, text=text, code=code) for k in range(count)])


def show(count: int, text: str = "service (web) has reached a steady state.", code: str = "E1") -> AppTest:
    at = AppTest.from_function(page, args=(count, text, code)).run()
    assert not at.exception
    return at


def html(at: AppTest) -> str:
    return "".join(element.proto.body for element in at.get("html"))


def test_an_empty_list_says_so() -> None:
    at = show(0)
    assert at.caption[0].value == "No service event yet."
    assert not html(at)


def test_the_newest_come_last_and_older_ones_are_folded_away() -> None:
    folded, shown = html(show(8)).split("</details>")
    assert "2 earlier" in folded
    assert folded.count("<li") == 2
    assert shown.index("<time>2:40") < shown.index("<time>9:20")


def test_a_line_without_a_code_is_marked_and_explained() -> None:
    at = show(1, "(service web) has started 1 tasks: (task 0123456789abcdef0123456789abcdef).", "")
    assert "class='ours'" in html(at)
    assert "(task 01234567…)" in html(at)
    assert "AWS documents no such text" in at.caption[0].value


def test_a_name_with_markup_stays_text() -> None:
    assert "<b>" not in html(show(1, "service (<b>web</b>) has reached a steady state."))
