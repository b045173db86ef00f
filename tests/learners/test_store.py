from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from learners import store as module
from learners.store import Event, Store, StoreError, Unsaved, data_folder, default_url


def answer(item: str, response: object, learner: str = "local", bank: str = "placement") -> Event:
    return Event(learner=learner, kind="answered", bank=bank, attempt="1", item=item, payload={"response": response})


@pytest.fixture(params=["sqlite file", "sqlite memory", "session"])
def journal(request, tmp_path):
    if request.param == "session":
        return Unsaved([])
    return Store(default_url(tmp_path) if request.param == "sqlite file" else "sqlite://")


def test_events_come_back_in_the_order_they_went_in(journal):
    journal.append([answer("a", "x"), answer("b", ["y", "z"])])
    journal.append([answer("a", None)])
    assert [(e.item, e.payload["response"]) for e in journal.read("local")] == [
        ("a", "x"), ("b", ["y", "z"]), ("a", None),
    ]  # fmt: skip
    ids = [e.id for e in journal.read("local")]
    assert ids == sorted(set(ids))
    assert all(e.at_ms > 1_700_000_000_000 for e in journal.read("local"))


def test_a_learner_reads_their_own_events_and_a_bank_only_its_own(journal):
    journal.append([answer("a", 1), answer("b", 2, learner="guest-1"), answer("c", 3, bank="rolling-updates")])
    assert [e.item for e in journal.read("local")] == ["a", "c"]
    assert [e.item for e in journal.read("local", "rolling-updates")] == ["c"]
    assert [e.item for e in journal.read("guest-1")] == ["b"]


def test_every_field_survives(journal):
    kept = Event(
        learner="local", kind="graded", bank="placement", attempt="7", item="p.a.001", bank_hash="ab12",
        engine_version="0.1.0", at_ms=1_790_000_000_123, payload={"score": 0.5, "text": "“ä” 'quoted'; --"},
    )  # fmt: skip
    journal.append([kept])
    (found,) = journal.read("local")
    assert {f: getattr(found, f) for f in Event.__slots__ if f != "id"} == {
        f: getattr(kept, f) for f in Event.__slots__ if f != "id"
    }


def test_an_answer_too_long_to_keep_is_refused_whole(journal):
    with pytest.raises(StoreError, match="64 KiB"):
        journal.append([answer("a", "x"), answer("b", "x" * 70_000)])
    assert journal.read("local") == ()


def test_a_guest_cannot_fill_the_servers_memory(monkeypatch):
    monkeypatch.setattr(module, "MAX_UNSAVED", 3)
    journal = Unsaved([])
    journal.append([answer("a", 1), answer("b", 2)])
    with pytest.raises(StoreError, match="open a new tab"):
        journal.append([answer("c", 3), answer("d", 4)])
    assert [e.item for e in journal.read("local")] == ["a", "b"]


@pytest.mark.parametrize("statement", ["UPDATE events SET payload = '{}'", "DELETE FROM events"])
def test_the_database_itself_refuses_a_change(tmp_path, statement):
    Store(default_url(tmp_path)).append([answer("a", "x")])
    with pytest.raises(IntegrityError, match="append-only"), create_engine(default_url(tmp_path)).begin() as connection:
        connection.execute(text(statement))


def test_the_module_issues_no_statement_that_changes_or_removes():
    source = Path(module.__file__).read_text()
    for word in ("update(", "delete(", ".drop", "REPLACE", "DROP ", "on_conflict"):
        assert word not in source


def test_what_was_given_outlives_kill_9(tmp_path):
    script = f"""
import os
from learners.store import *
store = Store({default_url(tmp_path)!r})
for k in range(1000):
    store.append([Event(learner="local", kind="answered", bank="placement", attempt="1", item=str(k))])
    print(k, flush=True)
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    told = [int(process.stdout.readline()) for _ in range(5)]
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    kept = [int(e.item) for e in Store(default_url(tmp_path)).read("local")]
    assert kept[: len(told)] == told


def test_two_stores_on_one_file_lose_nothing(tmp_path):
    first, second = Store(default_url(tmp_path)), Store(default_url(tmp_path))
    with ThreadPoolExecutor(4) as pool:
        for _ in pool.map(lambda k: (first, second)[k % 2].append([answer(str(k), k)]), range(40)):
            pass
    assert sorted(int(e.item) for e in first.read("local")) == list(range(40))


def test_a_locked_database_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "BUSY_MS", 20)
    store = Store(default_url(tmp_path))
    store.append([answer("a", "x")])
    with create_engine(default_url(tmp_path)).connect() as holder:
        holder.execute(text("BEGIN IMMEDIATE"))
        with pytest.raises(StoreError, match=r"^Your progress could not be saved: another program holds .*\.$"):
            store.append([answer("b", "y")])
    assert [e.item for e in store.read("local")] == ["a"]


def test_a_full_disk_is_one_sentence_and_earlier_answers_stay(tmp_path):
    store = Store(default_url(tmp_path))
    store.append([answer("a", "x")])
    # SQLite's own page limit raises the very error that a full disk does.
    with store._engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(StoreError, match="the disk is full; free some space, then try again"):
        store.append([answer("b", "x" * 60_000)])
    assert [e.item for e in store.read("local")] == ["a"]


@pytest.mark.parametrize(
    ("url", "said"),
    [("sqlite:////nowhere/at/all/learners.db", "its folder cannot be written to"), ("{damaged}", "not a database")],
)
def test_a_database_that_cannot_be_opened_is_one_sentence(tmp_path, url, said):
    damaged = tmp_path / "learners.db"
    damaged.write_bytes(b"no database at all, " * 100)
    with pytest.raises(StoreError, match=said):
        Store(url.format(damaged=default_url(tmp_path)))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("rubbish", "not the URL of a database"),
        ("postgresql://host:port/name", "not the URL of a database"),
        ("nosuch://host/name", "driver is not installed"),
        ("postgresql+nosuch://host/name", "driver is not installed"),
    ],
)
def test_a_setting_that_is_no_database_is_one_sentence(url, said):
    with pytest.raises(StoreError, match=said):
        Store(url)


@pytest.mark.parametrize(
    "made",
    [
        "CREATE TABLE events (id INTEGER PRIMARY KEY, learner TEXT, bank TEXT)",
        "CREATE VIEW events AS SELECT 1 AS id",
    ],
)
def test_a_file_of_another_version_says_so(tmp_path, made):
    with sqlite3.connect(tmp_path / "learners.db") as connection:
        connection.execute(made)
    with pytest.raises(StoreError, match="made by another version of Quayside"):
        Store(default_url(tmp_path)).read("local")


@pytest.mark.parametrize("payload", ["{", "[]", "[" * 9999])
def test_a_damaged_row_is_one_sentence(tmp_path, payload):
    store = Store(default_url(tmp_path))
    with sqlite3.connect(tmp_path / "learners.db") as connection:
        connection.execute(
            "INSERT INTO events VALUES (1, 1, 'local', '', 'read', 'placement', '', ?, '', '')", (payload,)
        )
    with pytest.raises(StoreError, match="its file is damaged"):
        store.read("local")


def test_a_folder_that_cannot_be_named_in_a_url_is_one_sentence(monkeypatch):
    with pytest.raises(StoreError, match="in its name"):
        default_url(Path("/data/a?b"))
    monkeypatch.setenv("QUAYSIDE_DATA", "~nobody-of-that-name/x")
    with pytest.raises(StoreError, match="the home of a user who is not known"):
        data_folder()


def test_the_folder_is_where_the_setting_says_and_private(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAYSIDE_DATA", str(tmp_path / "deep" / "mine"))
    assert data_folder() == tmp_path / "deep" / "mine"
    assert stat.S_IMODE(data_folder().stat().st_mode) == 0o700


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="XDG is how Linux names the folder")
def test_the_folder_is_the_users_own_by_default(tmp_path, monkeypatch):
    monkeypatch.delenv("QUAYSIDE_DATA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    assert data_folder() == tmp_path / "share" / "quayside"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert data_folder() == tmp_path / ".local" / "share" / "quayside"


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("QUAYSIDE_DATA", str(tmp_path / "file" / "below"))
    with pytest.raises(StoreError, match=r"cannot be made .*; set QUAYSIDE_DATA to a folder that you may write to\.$"):
        data_folder()
