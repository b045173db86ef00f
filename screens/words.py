"""The words around a lesson: glossary terms in the text and below it, and the sources at the foot."""

from __future__ import annotations

import html
import re

import streamlit as st

from course import facts, glossary
from lessons import blocks, markdown
from screens import shell

_CODE = re.compile(r"(^```.*?^```\s*?$)", re.DOTALL | re.MULTILINE)


def linked(text: str) -> str:
    """Lesson Markdown as Streamlit reads it: each glossary term leads to its line below the lesson."""
    return "".join(part if part.startswith("```") else markdown.TERM.sub(_link, part) for part in _CODE.split(text))


def used_here(lesson: blocks.Lesson) -> None:
    """The terms that the lesson names, with their definitions: what its links lead to."""
    terms = list(dict.fromkeys(found for written in lesson.terms if (found := glossary.term(written))))
    if not terms:
        return
    with st.container(key="words", width=shell.MEASURE):
        st.subheader("Words on this page", anchor="words")
        define(tuple(sorted(terms, key=lambda term: term.term.lower())))


def define(terms: tuple[glossary.Term, ...]) -> None:
    """A list of terms, each with an id that a link can lead to."""
    lines = "\n".join(
        f'<dt id="{term.anchor}">{html.escape(term.term)}</dt><dd>{html.escape(term.definition)}</dd>' for term in terms
    )
    st.html(f"<dl>{lines}</dl>")


def sources(lesson: blocks.Lesson) -> None:
    """Where the lesson's facts come from, and when somebody last looked."""
    with st.container(key="sources", width=shell.MEASURE):
        st.subheader("Sources", anchor="sources")
        st.markdown(
            "\n".join(f"- [{s.title}]({s.url}), read {s.checked.day} {s.checked:%B %Y}" for s in lesson.front.sources)
        )


def source_line(name: str, lesson: blocks.Lesson) -> str:
    """One source in the flow of the text, by its id in the front matter: a source's own, or a fact's."""
    for source in lesson.front.sources:
        if source.id == name:
            return f"[{source.title}]({source.url})"
    fact = facts.fact(name)
    return f"[{fact.statement}]({fact.sources[0].url})" if fact else ""


def _link(found: re.Match[str]) -> str:
    shown, meant = markdown.term_parts(found[1])
    term = glossary.term(meant)
    return f"[{shown}](#{term.anchor})" if term else shown
