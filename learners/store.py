"""The learners' log: events are added, never changed and never removed.

Scores, best results, the place to resume and a lesson's progress are all derived from it (`learners/progress.py`),
so nothing can disagree with it, and a result can be derived again by other rules.

Two journals share one shape: `Store` keeps events in a database, `Unsaved` keeps those of one browser session in a
list that its caller owns.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    insert,
    make_url,
    select,
)
from sqlalchemy import (
    event as events_of,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

BUSY_MS = 5_000
MAX_PAYLOAD = 64 * 1024
MAX_UNSAVED = 4_000


class StoreError(Exception):
    """The log could not be written or read. `str(error)` is one sentence for the learner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing a learner did.

    `kind` is one of the words in `learners/progress.py`; `bank` is the lesson's slug; `attempt` is "" outside a quiz.
    `at_ms` is wall time in milliseconds since 1970; `id` is the place in the log, 0 before it is there.
    """

    learner: str
    kind: str
    bank: str
    attempt: str = ""
    item: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict[str, Any])
    bank_hash: str = ""
    engine_version: str = ""
    at_ms: int = 0
    id: int = 0


class Journal(Protocol):
    """Where events go and come from."""

    def append(self, events: Iterable[Event]) -> None:
        """Add events, all or none; when this returns they are kept."""
        ...

    def read(self, learner: str, bank: str | None = None) -> tuple[Event, ...]:
        """A learner's events in the order of the log, of one bank or of all."""
        ...


class Store:
    """The log in a database: SQLite by default, any SQL URL that SQLAlchemy knows.

    Parameters
    ----------
    url : such as `sqlite:////home/ann/.local/share/quayside/learners.db`; `sqlite://` lives in memory.

    Raises
    ------
    StoreError
        If the database cannot be opened or its table cannot be made.
    """

    def __init__(self, url: str) -> None:
        try:
            self._engine = _engine(url)
            _metadata.create_all(self._engine)
        except (SQLAlchemyError, OSError) as error:
            raise _sentence(error, "opened") from error

    def append(self, events: Iterable[Event]) -> None:
        """Add events in one transaction; when this returns they survive `kill -9` and a loss of power.

        Raises
        ------
        StoreError
            If they could not be kept; then none of them is.
        """
        rows = [_row(event) for event in events]
        if not rows:
            return
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(_events), rows)
        except (SQLAlchemyError, OSError) as error:
            raise _sentence(error, "saved") from error

    def read(self, learner: str, bank: str | None = None) -> tuple[Event, ...]:
        """A learner's events in the order of the log, of one bank or of all."""
        query = select(_events).where(_events.c.learner == learner)
        if bank is not None:
            query = query.where(_events.c.bank == bank)
        try:
            with self._engine.connect() as connection:
                rows = connection.execute(query.order_by(_events.c.id)).mappings().all()
        except (SQLAlchemyError, OSError) as error:
            raise _sentence(error, "read") from error
        return tuple(_event(row) for row in rows)

    def close(self) -> None:
        """Give the connections back; the log itself needs no closing."""
        self._engine.dispose()


class Unsaved:
    """The log of one browser session, in a list of plain dicts that the caller keeps, and loses with the session."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._rows = rows

    def append(self, events: Iterable[Event]) -> None:
        """Add events at the end of the list.

        Raises
        ------
        StoreError
            If the session has as many as it may have; a guest's memory is the server's.
        """
        rows = [_row(event) for event in events]
        if len(self._rows) + len(rows) > MAX_UNSAVED:
            raise StoreError("This visit holds as much as a guest’s may; open a new tab to begin another one.")
        for new in rows:
            self._rows.append({**new, "id": len(self._rows) + 1})

    def read(self, learner: str, bank: str | None = None) -> tuple[Event, ...]:
        """The session's events, of one bank or of all."""
        return tuple(
            _event(row) for row in self._rows if row["learner"] == learner and (bank is None or row["bank"] == bank)
        )


def data_folder() -> Path:
    """The user's data folder for this app, made with mode 0700 if it was not there.

    `QUAYSIDE_DATA` names it; otherwise the platform's usual place.

    Raises
    ------
    StoreError
        If it cannot be made.
    """
    folder = _usual_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder for your progress, {folder}, cannot be made ({error.strerror}); "
            "set QUAYSIDE_DATA to a folder that you may write to."
        ) from error
    return folder


def default_url(folder: Path) -> str:
    """The SQL URL of the log in that folder."""
    if "?" in str(folder):
        # What follows it would be read as options, and another file would be made.
        raise StoreError("The folder for your progress has “?” in its name; set QUAYSIDE_DATA to another one.")
    return f"sqlite:///{folder / 'learners.db'}"


_metadata = MetaData()
_events = Table(
    "events",
    _metadata,
    # SQLite numbers rows by itself only in a column that is exactly INTEGER.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("learner", String(128), nullable=False),
    Column("attempt", String(32), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("bank", String(64), nullable=False),
    Column("item", String(128), nullable=False),
    Column("payload", Text, nullable=False),
    Column("bank_hash", String(64), nullable=False),
    Column("engine_version", String(32), nullable=False),
    Index("events_by_learner", "learner", "bank", "id"),
    sqlite_autoincrement=True,
)
for _act in ("UPDATE", "DELETE"):
    events_of.listen(
        _events,
        "after_create",
        DDL(
            f"CREATE TRIGGER events_no_{_act.lower()} BEFORE {_act} ON events "
            "BEGIN SELECT RAISE(ABORT, 'the log of events is append-only'); END"
        ).execute_if(dialect="sqlite"),
    )


def _engine(url: str) -> Engine:
    try:
        make_url(url)
    except (SQLAlchemyError, ValueError) as error:
        raise StoreError(
            "QUAYSIDE_DATABASE is not the URL of a database, such as sqlite:////data/quayside.db."
        ) from error
    if url in ("sqlite://", "sqlite:///:memory:"):
        return create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    try:
        engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    except (ImportError, SQLAlchemyError, TypeError, ValueError) as error:
        raise StoreError(
            "QUAYSIDE_DATABASE names a kind of database whose driver is not installed, or an option that it does not "
            "have; install the driver or mend the URL."
        ) from error
    if engine.dialect.name == "sqlite":
        events_of.listen(engine, "connect", _set_up_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # WAL lets one tab read while another writes; FULL puts an answer on the disk before the page says it is saved.
    for pragma in (f"busy_timeout = {BUSY_MS}", "journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}").close()


def _usual_folder() -> Path:
    named = os.environ.get("QUAYSIDE_DATA", "").strip()
    if named:
        try:
            return Path(named).expanduser()
        except RuntimeError as error:
            raise StoreError("QUAYSIDE_DATA names the home of a user who is not known; give a whole path.") from error
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "quayside"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "quayside"
    given = os.environ.get("XDG_DATA_HOME", "")
    # The XDG rule: a relative path is not to be believed.
    return (Path(given) if Path(given).is_absolute() else Path.home() / ".local" / "share") / "quayside"


def _row(event: Event) -> dict[str, Any]:
    payload = json.dumps(event.payload, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
    if len(payload.encode()) > MAX_PAYLOAD:
        raise StoreError(f"This answer is longer than the {MAX_PAYLOAD // 1024} KiB that are kept; shorten it.")
    return {
        "at_ms": event.at_ms or time.time_ns() // 1_000_000,
        "learner": event.learner,
        "attempt": event.attempt,
        "kind": event.kind,
        "bank": event.bank,
        "item": event.item,
        "payload": payload,
        "bank_hash": event.bank_hash,
        "engine_version": event.engine_version,
    }


def _event(row: Mapping[str, Any] | Any) -> Event:
    try:
        payload: Any = json.loads(row["payload"])
    except (ValueError, RecursionError) as error:
        raise _sentence(error, "read", damaged=True) from error
    if not isinstance(payload, dict):
        raise _sentence(TypeError("no object"), "read", damaged=True)
    fields: dict[str, Any] = {**row, "payload": payload}
    return Event(**fields)


_ANOTHER = "its file was made by another version of Quayside; use that one, or set QUAYSIDE_DATA to another folder"
_CAUSES = (
    ("disk is full", "the disk is full; free some space"),
    ("no space left", "the disk is full; free some space"),
    ("locked", "another program holds the database; close it"),
    ("readonly", "its file is read-only; make it writable or set QUAYSIDE_DATA to another folder"),
    ("read-only", "its file is read-only; make it writable or set QUAYSIDE_DATA to another folder"),
    ("unable to open", "its folder cannot be written to; set QUAYSIDE_DATA to another folder"),
    ("permission", "its folder may not be used; set QUAYSIDE_DATA to another folder"),
    ("malformed", "its file is damaged; move it away and a new one is made"),
    ("no such column", _ANOTHER),
    ("has no column", _ANOTHER),
    ("not null constraint", _ANOTHER),
    ("is not a table", _ANOTHER),
    ("cannot modify", _ANOTHER),
    ("no such table", _ANOTHER),
    ("views may not be indexed", _ANOTHER),
    ("not a database", "its file is not a database; move it away and a new one is made"),
)


def _sentence(error: Exception, act: str, *, damaged: bool = False) -> StoreError:
    said = "malformed" if damaged else str(error).lower()
    for sign, cause in _CAUSES:
        if sign in said:
            return StoreError(f"Your progress could not be {act}: {cause}, then try again.")
    return StoreError(f"Your progress could not be {act}: the database does not answer; try again in a moment.")
