"""The service's events list: AWS's own texts, and in a quieter hand the lines that AWS documents nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Protocol

import streamlit as st

SHOWN = 6  # the newest; the others are folded away
_TASK_ID = re.compile(r"\(task ([0-9a-f]{8})[0-9a-f]{24}\)")


class Line(Protocol):
    """One event: when (milliseconds), AWS's code of it ("" where the text is ours), and the text."""

    @property
    def at(self) -> int: ...

    @property
    def code(self) -> str: ...

    @property
    def text(self) -> str: ...


def events_list(lines: Iterable[Line]) -> None:
    """Show the events, newest last; of a long list the older ones are folded away."""
    kept = list(lines)
    if not kept:
        st.caption("No service event yet.")
        return
    older, newest = (_listed(part) for part in (kept[:-SHOWN], kept[-SHOWN:]))
    count = len(kept) - SHOWN
    folded = f"<details><summary>{count} earlier</summary>{older}</details>" if count > 0 else ""
    st.html(f"{_STYLE}{folded}{newest}")
    if not all(line.code for line in kept):
        st.caption("Lines marked *illustrative* are familiar from the console; AWS documents no such text.")


def _listed(lines: Sequence[Line]) -> str:
    return f"<ol class='events'>{''.join(_entry(line) for line in lines)}</ol>"


def _entry(line: Line) -> str:
    minutes, seconds = divmod(line.at // 1000, 60)
    when = f"<time>{minutes}:{seconds:02}</time>"
    text = escape(_TASK_ID.sub(r"(task \1…)", line.text))
    if line.code == "EventBridge":
        return f"<li>{when}<span><code>{text}</code> <em>on EventBridge</em></span></li>"
    if not line.code:
        return f"<li class='ours'>{when}<span>{text} <em>illustrative</em></span></li>"
    return f"<li>{when}<span>{text}</span></li>"


_STYLE = """<style>
ol.events { list-style: none; margin: 0; padding: 0; font-size: 0.94rem; line-height: 1.45; }
ol.events li { display: grid; grid-template-columns: 3.4em 1fr; gap: 0.5em; margin: 0; padding: 0.25em 0; }
ol.events time { font-variant-numeric: tabular-nums; }
ol.events span { overflow-wrap: anywhere; }
ol.events code { font-size: 0.84em; }
ol.events em { font-size: 0.9em; opacity: 0.85; }
ol.events .ours span { opacity: 0.78; }
</style>"""
