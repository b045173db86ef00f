"""The page `/search?q=`: where the lessons and the glossary speak of something."""

from __future__ import annotations

import html

import streamlit as st

from course import syllabus
from learners.identity import Learner
from lessons import search
from lessons.search import Found, Kind
from screens import shell
from ui.words import plain

KINDS = {Kind.TITLE: "lesson", Kind.OBJECTIVE: "what you can do after it", Kind.WORD: "glossary"}
_CSS = """<style>
.found { list-style: none; margin: 0; padding: 0 !important; }
.found li { margin: 0 0 1.1rem; }
.found a { color: light-dark(#1f4e79, #9cc3ee); font-weight: 600; text-underline-offset: 0.2em; }
.found .kind { opacity: 0.76; font-size: 0.9rem; }
.found p { margin: 0.1rem 0 0; line-height: 1.5; }
.found mark { background: light-dark(#f6e3b0, #5a4712); color: inherit; padding-inline: 0.1em; border-radius: 0.15em; }
</style>"""


def show(who: Learner) -> None:
    """Draw the page."""
    with shell.page(who), st.container(key="search", width=shell.MEASURE):
        st.title("Search", anchor=False)
        settled = frozenset(event.item for event in shell.events(who) if event.kind == "predicted")
        _field(settled)


@st.fragment
def _field(settled: frozenset[str]) -> None:
    query = st.text_input(
        "Search the lessons and the glossary",
        type="search",
        placeholder="such as host port",
        max_chars=search.LONGEST_QUERY,
        live=True,
        key="q",
        bind="query-params",
        label_visibility="collapsed",
    )
    found = search.search(query or "", settled=settled)
    st.caption(_in_words(query or "", found))
    if found:
        st.html(_CSS + to_html(found))
    elif search.words_of(query or ""):
        shell.link("course", "See all lessons and the glossary")


def to_html(found: tuple[Found, ...]) -> str:
    """What was found as a list of links, each with its snippet."""
    return f'<ol class="found">{"".join(_place(one) for one in found)}</ol>'


def _in_words(query: str, found: tuple[Found, ...]) -> str:
    if not search.words_of(query):
        return (
            "Looks at how words begin, in the titles, headings, objectives and text of "
            f"{len(syllabus.lessons())} lessons and in the glossary. At most {search.MOST_WORDS} words."
        )
    if not found:
        asked = plain(query[: search.LONGEST_QUERY])
        return f"Nothing in the course has all of “{asked}”. Try one word alone, or only how it begins."
    first = f" Only the first {search.MOST_WORDS} words were looked for." if _too_many(query) else ""
    if len(found) == search.MOST_FOUND:
        return f"The first {len(found)} places; one more word finds fewer.{first}"
    return f"{len(found)} places.{first}" if len(found) > 1 else f"One place.{first}"


def _too_many(query: str) -> bool:
    return len(search.words_of(query)) == search.MOST_WORDS and len(query.split()) > search.MOST_WORDS


def _place(one: Found) -> str:
    passage = one.passage
    if passage.kind is Kind.WORD:
        name = html.escape(passage.heading)
    else:
        name = html.escape(f"{passage.title} › {passage.heading}" if passage.heading else passage.title)
    kind = KINDS.get(passage.kind)
    told = f' <span class="kind">{kind}</span>' if kind else ""
    return f'<li><a href="{html.escape(passage.address)}">{name}</a>{told}<p>{_marked(one)}</p></li>'


def _marked(one: Found) -> str:
    parts: list[str] = []
    at = 0
    for start, end in one.marks:
        parts += [html.escape(one.snippet[at:start]), f"<mark>{html.escape(one.snippet[start:end])}</mark>"]
        at = end
    return "".join((*parts, html.escape(one.snippet[at:])))
