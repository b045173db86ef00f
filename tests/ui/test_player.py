"""The player's part on the server: what it sends, and what it makes of what the browser tells."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from diagrams.film import Film, Frame, encode
from ui import player as played
from ui.given import newer


def film(title: str = "a", frames: int = 4) -> Film:
    return Film(title=title, svg="<svg/>", frames=(Frame(patch={}, caption="c", text="t"),) * frames)


@pytest.fixture
def mounted(monkeypatch: pytest.MonkeyPatch):
    """What the player gave to its component; the component answers with `told`."""
    calls: list[dict] = []
    told: dict = {}

    def mount(**given):
        calls.append(given)
        return told

    monkeypatch.setattr(played, "_PLAYER", mount)
    monkeypatch.setattr("streamlit.session_state", {"p": told})
    return calls, told


def sent(call: dict) -> list:
    return [json.loads(line) for line in call["data"].decode().split("\n")]


def test_it_sends_a_head_and_the_film(mounted) -> None:
    calls, _ = mounted
    state = played.player(film(), key="p", step=2, height=300)
    head, only = sent(calls[0])
    assert head == {"key": "p", "step": 2, "height": 300, "labels": None, "partedAt": None, "autoplay": False}
    assert only == json.loads(encode(film()))
    assert (state.step, state.picked) == (2, None)


def test_two_films_have_labels_and_the_frame_where_they_part(mounted) -> None:
    calls, _ = mounted
    played.player(film(), key="p", beside=film("b", 7), labels=("one", "two"), parted_at=2)
    head, first, second = sent(calls[0])
    assert head["labels"] == ["one", "two"]
    assert head["partedAt"] == 3, "the frame after the event shows it"
    assert (first["title"], second["title"]) == ("a", "b")


def test_what_the_reader_does_changes_nothing_of_what_is_sent(mounted) -> None:
    calls, told = mounted
    one = film()
    played.player(one, key="p")
    told.update(step=[3, 0], picked="a1")
    state = played.player(one, key="p")
    assert (state.step, state.picked) == (3, "a1")
    assert calls[0]["data"] == calls[1]["data"]


def test_the_step_is_one_that_the_film_has(mounted) -> None:
    _, told = mounted
    told.update(step=[9, 0])
    assert played.player(film(frames=3), key="p").step == 2
    told.update(step=[-4, 0])
    assert played.player(film(frames=3), key="p").step == 0


@pytest.mark.parametrize("picked", [["a"], {"a": 1}, 5, True, None])
def test_what_is_picked_is_a_text_or_nothing(mounted, picked) -> None:
    _, told = mounted
    told["picked"] = picked
    assert played.player(film(), key="p").picked is None


def test_a_film_is_written_once(mounted, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Film] = []
    monkeypatch.setattr(played, "encode", lambda one: written.append(one) or encode(one))
    kept = film()
    for _ in range(3):
        played.player(kept, key="p")
    assert len(written) == 1
    for _ in range(played.KEPT):
        played.player(film(), key="p")
    played.player(kept, key="p")
    assert len(written) == played.KEPT + 2, "only the latest are kept"


@pytest.mark.parametrize(
    ("told", "given", "counts"),
    [
        (None, 1, 1),
        ([5, 1], 1, 5),
        ([5, 1], 2, 2),
        ([2, 2], 2, 2),
        (["5", 1], 1, 1),
        ([float("nan"), 1], 1, 1),
        (7, 1, 1),
        ([5, 1, 1], 1, 1),
        (["typed", "given"], "given", "typed"),
    ],
)
def test_the_newer_side_counts(monkeypatch: pytest.MonkeyPatch, told, given, counts) -> None:
    monkeypatch.setattr("streamlit.session_state", {"key": {"name": told}} if told else {})
    assert newer("key", "name", given) == counts


def test_it_stands_on_a_page() -> None:
    def page() -> None:
        import streamlit as st

        from diagrams.film import Film, Frame
        from ui.player import player

        frames = (Frame(patch={}, caption="c", text="t"),) * 3
        st.text(str(player(Film(title="a", svg="<svg/>", frames=frames), key="p", step=1)))

    at = AppTest.from_function(page).run()
    assert not at.exception
    assert at.text[0].value == "PlayerState(step=1, picked=None)"
