"""The search page: as one types, within its bound, with a way on when nothing is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from learners.store import Event, Store, default_url
from lessons import search
from screens import shell


def page() -> None:
    from learners.identity import LOCAL, Learner
    from screens import search

    search.show(Learner(id=LOCAL, saved=True))


@pytest.fixture(autouse=True)
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("QUAYSIDE_DATA", str(tmp_path))
    return Store(default_url(tmp_path))


@pytest.fixture(autouse=True)
def links(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    drawn: list[str] = []
    monkeypatch.setattr(shell, "link", lambda path, label, **more: drawn.append(path))
    return drawn


def ask(query: str) -> AppTest:
    at = AppTest.from_function(page).run()
    at.text_input(key="q").set_value(query).run()
    assert not at.exception
    return at


def places(at: AppTest) -> str:
    return next((body for element in at.get("html") if 'class="found"' in (body := element.proto.body)), "")


def test_before_a_query_it_says_where_it_looks_and_its_bound(links) -> None:
    at = AppTest.from_function(page).run()
    assert not at.exception
    assert f"At most {search.MOST_WORDS} words" in at.caption[0].value
    assert places(at) == ""
    assert links == []


def test_what_is_found_leads_to_its_heading_with_the_match_marked() -> None:
    at = ask("binpack")
    assert 'href="placement#binpack-spread-random"' in places(at)
    assert "<mark>binpack</mark>" in places(at)
    assert at.caption[0].value.endswith("places.")


def test_nothing_found_is_a_sentence_and_a_way_on(links) -> None:
    at = ask("xyzzy *[a](b)*")
    assert "Nothing in the course has all of" in at.caption[0].value
    assert "*[a](b)*" not in at.caption[0].value, "what one types is not Markdown"
    assert links == ["course"]


def test_words_beyond_the_bound_are_named() -> None:
    assert "Only the first 6 words were looked for." in ask("a b c d e f g").caption[0].value
    assert "Only the first" not in ask("task").caption[0].value


def test_a_query_is_no_markup() -> None:
    assert "<b" not in places(ask("<b>task</b>"))
    assert "<script" not in places(ask("<script>"))


def test_a_bet_is_not_given_away_before_it_is_placed(log) -> None:
    (waiting,) = {one.waits_for for one in search.whole_course().passages if one.waits_for == "placement.bet.emptiest"}
    secret = next(one for one in search.whole_course().passages if one.waits_for == waiting)
    query = " ".join(secret.text.split()[:5])
    assert secret.text[:40] not in places(ask(query)).replace("<mark>", "").replace("</mark>", "")
    log.append([Event(learner="local", kind="predicted", bank="placement", item=waiting, payload={"skipped": True})])
    assert secret.text[:40] in places(ask(query)).replace("<mark>", "").replace("</mark>", "")
