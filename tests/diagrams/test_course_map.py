"""The map of the course: rows in its order, roads without those that follow from others, and every lesson a link."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagrams.course_map import ABREAST, STATES, Gauge, Stop, roads, rows, to_dot


def stop(name: str, *requires: str, **more: object) -> Stop:
    return Stop(**{"id": name, "number": 1, "title": name, "told": "", "href": name, "requires": requires, **more})


@st.composite
def courses(draw) -> list[Stop]:
    """Courses in which a lesson builds on any that come before it."""
    names = [f"l{k}" for k in range(draw(st.integers(1, 18)))]
    return [
        stop(name, *draw(st.sets(st.sampled_from(names[:k])) if k else st.just(()))) for k, name in enumerate(names)
    ]


@given(courses())
def test_every_lesson_has_one_place_and_no_row_is_too_wide(course: list[Stop]) -> None:
    found = rows(course)
    assert sorted(name for row in found for name in row) == sorted(one.id for one in course)
    assert max(len(row) for row in found) <= ABREAST


@given(courses())
def test_nothing_stands_above_what_it_builds_on(course: list[Stop]) -> None:
    at = {name: (y, x) for y, row in enumerate(rows(course)) for x, name in enumerate(row)}
    for one in course:
        assert all(at[name] < at[one.id] for name in one.requires)


@given(courses())
def test_roads_lead_to_all_that_a_lesson_builds_on_and_none_can_be_spared(course: list[Stop]) -> None:
    def reached(joined: set[tuple[str, str]], end: str) -> set[str]:
        direct = {one for one, other in joined if other == end}
        return direct.union(*(reached(joined, one) for one in direct))

    found = set(roads(course))
    for one in course:
        assert set(one.requires) <= reached(found, one.id)
    for road in found:
        assert road[0] not in reached(found - {road}, road[1])


def test_lessons_that_build_on_nothing_follow_each_other_in_rows() -> None:
    assert rows([stop(name) for name in "abcdef"]) == (("a", "b", "c", "d"), ("e", "f"))


def test_a_chain_is_laid_in_lines_and_is_no_tower() -> None:
    chain = [stop("a"), *(stop(after, before) for before, after in zip("abcdefg", "bcdefgh", strict=True))]
    assert rows(chain) == (("a", "b", "c", "d"), ("e", "f", "g", "h"))


def test_a_lesson_stands_below_the_last_that_it_builds_on() -> None:
    assert rows([stop("a"), stop("b", "a"), stop("c", "a"), stop("d", "b", "a"), stop("e", "c"), stop("f", "c")]) == (
        ("a",),
        ("b", "c"),
        ("d", "e", "f"),
    )


def test_what_is_not_on_the_map_or_comes_later_is_no_road() -> None:
    assert roads([stop("a", "gone", "b"), stop("b", "a")]) == (("a", "b"),)


def test_the_source_has_a_link_a_state_and_a_gauge_for_each() -> None:
    gauges = (
        Gauge(statement="Say one.", told="sure, 9 of 10 points", share=0.9, sure=True),
        Gauge(statement="Say two.", told="half or more, 5 of 10 points", share=0.5),
        Gauge(statement="Say three.", told="not asked yet", share=None),
    )
    one = stop("first", number=3, title="Tasks & <things>", told="1 of 3 sure", state="tried", gauges=gauges, here=True)
    dot = to_dot([one, stop("second", "first", state="sure")])
    drawn = next(line for line in dot.splitlines() if line.strip().startswith("first ["))
    assert 'URL=first class="stop tried here"' in drawn
    assert "3 Tasks &amp; &lt;things&gt;" in drawn
    assert "1 of 3 sure" in drawn
    assert re.findall(r'BGCOLOR="(#\w+)" WIDTH="(\d+)"', drawn) == [("#00684c", "25"), ("#0072b2", "14")]
    assert drawn.count('STYLE="DOTTED"') == 1
    assert "Say two. (half or more, 5 of 10 points)" in drawn, "a pointer that rests on it is told the objectives"
    assert "first -> second [class=road]" in dot


def test_an_edge_within_a_row_does_not_pull_its_lessons_apart() -> None:
    chain = [stop("a"), *(stop(after, before) for before, after in zip("abc", "bcd", strict=True))]
    assert "a -> b [class=road constraint=false]" in to_dot(chain)


def test_equal_courses_give_equal_text_and_ids_are_not_shared() -> None:
    course = [stop("a", state=state) for state in STATES[:1]]
    assert to_dot(course) == to_dot(list(course))
    with pytest.raises(ValueError, match="share an id"):
        to_dot([stop("a"), stop("a")])


@pytest.mark.parametrize("title", ["<b>", 'a "quoted" \\ title', "x" * 60, "\x00\n"])
def test_whatever_a_title_holds_the_label_stays_whole(title: str) -> None:
    drawn = to_dot([stop("a", title=title)])
    assert drawn.count("<TABLE") == drawn.count("</TABLE>")
    assert "\x00" not in drawn
