from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest


def page():
    import streamlit as st

    from learners.store import Event
    from screens.visitor import journal, moment, say_unsaved_once, server_secret, visitor

    who = visitor()
    say_unsaved_once(who)
    log = journal(who)
    if st.button("add"):
        log.append([Event(learner=who.id, kind="read", bank="placement")])
    st.session_state["seen"] = [who.id, who.saved, len(log.read(who.id)), len(server_secret())]
    st.text(moment(1_790_000_000_000))


@pytest.fixture
def at(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAYSIDE_DATA", str(tmp_path))
    for name in ("QUAYSIDE_HOSTED", "QUAYSIDE_SECRET", "QUAYSIDE_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    return AppTest.from_function(page)


def test_at_home_the_one_learner_is_kept_in_the_data_folder(at, tmp_path, monkeypatch):
    monkeypatch.setenv("QUAYSIDE_HOSTED", "no")
    at.run().button[0].click().run()
    assert at.session_state["seen"] == ["local", True, 1, 32]
    assert not at.info
    assert {path.name for path in tmp_path.iterdir()} >= {"learners.db", "secret"}
    again = AppTest.from_function(page).run()
    assert again.session_state["seen"] == ["local", True, 1, 32]


def test_hosted_each_session_is_its_own_guest_and_nothing_touches_the_disk(at, tmp_path, monkeypatch):
    monkeypatch.setenv("QUAYSIDE_HOSTED", "yes")
    at.run().button[0].click().run()
    guest, saved, events, secret = at.session_state["seen"]
    assert (saved, events, secret) == (False, 1, 32)
    other = AppTest.from_function(page).run()
    assert other.session_state["seen"][0] != guest
    assert other.session_state["seen"][2] == 0
    assert list(tmp_path.iterdir()) == []


def test_a_setting_that_is_neither_yes_nor_no_is_told_and_nobody_is_let_in(at, tmp_path, monkeypatch):
    monkeypatch.setenv("QUAYSIDE_HOSTED", "perhaps")
    at.run()
    assert not at.exception
    assert "neither yes nor no" in at.error[0].value
    assert "seen" not in at.session_state
    assert list(tmp_path.iterdir()) == []


def test_a_guest_is_told_and_the_sentence_stays_where_it_was_said(at, monkeypatch):
    monkeypatch.setenv("QUAYSIDE_HOSTED", "yes")
    for _ in range(2):
        at.run()
        assert [info.value.split(".")[0] for info in at.info] == [
            "On this server your answers and results last as long as this browser tab"
        ]


def test_another_page_does_not_say_it_again(at, monkeypatch):
    monkeypatch.setenv("QUAYSIDE_HOSTED", "yes")
    at.session_state["visitor:told"] = "/placement"
    assert not at.run().info


def test_headless_without_an_address_is_hosted(at):
    from streamlit import config

    before = config.get_option("server.headless")
    try:
        config.set_option("server.headless", True)
        assert at.run().session_state["seen"][1] is False
    finally:
        config.set_option("server.headless", before)


def test_session_state_holds_plain_values_only(at, monkeypatch):
    monkeypatch.setenv("QUAYSIDE_HOSTED", "yes")
    at.run().button[0].click().run()
    kept = {name: at.session_state[name] for name in ("visitor:guest", "visitor:events", "visitor:told")}
    # What is plain goes through JSON and comes back the same.
    assert json.loads(json.dumps(kept)) == kept


def test_a_time_is_written_for_a_reader(at, monkeypatch):
    monkeypatch.setenv("QUAYSIDE_HOSTED", "no")
    assert at.run().text[0].value == "21 Sep 2026, 14:13"
