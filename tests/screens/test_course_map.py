"""The lessons on the home page: the same in the map and in the list, and true to the log."""

from __future__ import annotations

import html
import re

import pytest
from streamlit.testing.v1 import AppTest

from course import syllabus
from lessons import markdown
from screens import course_map, lesson_list
from tests.fixtures import fifteen


def page() -> None:
    from screens import course_map
    from tests.fixtures import fifteen

    course_map.show(fifteen.events(), here="placement")


@pytest.fixture(autouse=True)
def whole_course(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syllabus, "lessons", fifteen.entries)
    monkeypatch.setattr(course_map, "_requires", lambda slug: fifteen.requires()[slug])


def listed(at: AppTest) -> str:
    return next(body for element in at.get("html") if 'class="lessons"' in (body := element.proto.body))


def stops(here: str = "placement"):
    return course_map.stops_of(fifteen.entries(), fifteen.events(), here=here)


def test_each_lesson_tells_how_far_it_is() -> None:
    told = {stop.id: (stop.told, stop.state) for stop in stops()}
    assert told["containers-on-aws"] == ("all 5 objectives sure", "sure")
    assert told["launch-types"] == ("3 of 5 objectives sure", "tried")
    assert told["secrets"] == ("0 of 5 objectives sure", "tried")
    assert told["volumes"] == ("quiz: 0 of 3 answered", "open")
    assert told["placement"] == ("go on here · 22 min", "open")
    assert told["rolling-updates"] == ("24 min", "new")


@pytest.mark.parametrize(
    ("here", "told"),
    [
        ("launch-types", "go on here · 3 of 5 sure"),
        ("volumes", "go on here: 0 of 3 answered"),
        ("rolling-updates", "begin here · 24 min"),
    ],
)
def test_the_lesson_to_go_on_with_says_so(here: str, told: str) -> None:
    marked = [stop for stop in stops(here) if stop.here]
    assert [(stop.id, stop.told) for stop in marked] == [(here, told)]


def test_one_sentence_on_the_whole_course() -> None:
    assert course_map.so_far(stops()) == "9 of 15 lessons opened, 22 of 75 objectives sure."


def test_a_lesson_whose_file_cannot_be_read_builds_on_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert course_map._requires("no-such-lesson") == ()


@pytest.mark.parametrize("slug", [entry.slug for entry in syllabus.lessons()])
def test_what_a_lesson_builds_on_stands_in_its_file(slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert markdown.front(slug) == markdown.load(slug).front
    assert course_map._requires(slug) == markdown.load(slug).front.requires


def test_the_list_says_all_that_the_map_says() -> None:
    at = AppTest.from_function(page).run()
    assert not at.exception
    assert [element.value for element in at.segmented_control] == ["Map"]
    dot = at.get("graphviz_chart")[0].proto.spec
    written = listed(at)
    for stop in stops():
        assert f'href="{stop.href}"' in written
        assert f"URL={stop.href}" in dot or f'URL="{stop.href}"' in dot
        assert f"{stop.number} {html.escape(stop.title)}</a>" in written
        for text in (stop.told, *(f"{gauge.statement} ({gauge.told})" for gauge in stop.gauges)):
            assert text in dot
            assert text in re.sub("<[^>]+>", "", written)
    assert written.count('class="gauge') == 75
    assert "builds on 9 Task placement, 12" not in written, "12 builds on 9 already"
    assert "builds on 12 Service auto scaling" in written


def test_the_reader_chooses_the_list() -> None:
    at = AppTest.from_function(page).run()
    at.segmented_control[0].set_value("List").run()
    assert not at.get("graphviz_chart")
    assert listed(at)


def test_a_phone_is_given_the_list_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(course_map, "_on_a_phone", lambda: True)
    at = AppTest.from_function(page).run()
    assert not at.get("graphviz_chart")


def test_what_a_title_holds_is_no_markup() -> None:
    entry = fifteen.entries()[0].model_copy(update={"title": "<script>x</script>", "summary": "a <b>"})
    written = lesson_list.to_html(course_map.stops_of([entry], (), here=""))
    assert "<script" not in written
    assert "a &lt;b&gt;" in written
