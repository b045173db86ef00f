"""The map of the lessons on the home page: what builds on what, and how sure the reader is of each objective.

It has two faces of equal content. Graphviz draws the map, in the browser; the list is plain HTML, and takes the map's
place where there is no room for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import streamlit as st

from course import syllabus
from diagrams.course_map import LIGHT, Gauge, Stop, to_dot
from learners import progress
from learners.progress import Level, Mastery
from learners.store import Event
from lessons import markdown
from screens import lesson_list, score
from simulator.errors import InputError

FACES = ("Map", "List")
LEGEND = (
    "Each lesson has a bar for each of its objectives. It fills with the points of your last "
    f"{progress.RECENT_ATTEMPTS} attempts at the quiz and is green from {round(100 * progress.SURE)} % on. A dotted "
    "bar was not asked yet."
)
# The map's source has the colors of the light theme; here each gets its pair. Streamlit makes every size the same.
_CSS = f"""<style>
.st-key-course-map {{
  /* A unit is a point in the drawing and a pixel here. */
  & svg {{ zoom: 0.75; }}
  & svg text {{ font-size: 13.5px; fill: light-dark({LIGHT["quiet"]}, #b3bcc6); }}
  & svg text[font-weight="bold"] {{ font-size: 15.5px; fill: light-dark({LIGHT["ink"]}, #e6e2d8); }}
  & svg [stroke="{LIGHT["line"]}"] {{ stroke: light-dark({LIGHT["line"]}, #75828f); }}
  & svg .road polygon {{ fill: light-dark({LIGHT["line"]}, #75828f); }}
  & svg [fill="{LIGHT["sure"]}"] {{ fill: light-dark({LIGHT["sure"]}, #5fd3ab); }}
  & svg [fill="{LIGHT["earned"]}"] {{ fill: light-dark({LIGHT["earned"]}, #7cc4f5); }}
  & .stop a > path {{ fill: light-dark(#fffefb, #142130); }}
  & .stop.sure a > path {{ fill: light-dark(#e6f2ec, #16302e); stroke: light-dark({LIGHT["sure"]}, #5fd3ab); }}
  & .stop.here a > path {{ stroke: var(--next-act); stroke-width: 3; stroke-dasharray: none; }}
  & .stop a:is(:hover, :focus-visible) text[font-weight="bold"] {{ text-decoration: underline; }}
  & svg polygon[stroke-dasharray] {{ stroke-dasharray: 2 2; }}
  & .stop a:focus-visible {{ outline: none; }}
  & .stop a:focus-visible > path {{ stroke: light-dark({LIGHT["ink"]}, #e6e2d8); stroke-width: 4; }}
}}
.st-key-home-map:has(.st-key-course-map) > :has(> .st-key-course-list) {{ display: none; }}
/* Narrower than this, the map's words are too small to read, and the list stands in its place. */
@media (max-width: 820px) {{
  .st-key-home-map > :has(> :is(.st-key-course-map, .st-key-course-faces)) {{ display: none; }}
  .st-key-home-map:has(.st-key-course-map) > :has(> .st-key-course-list) {{ display: flex; }}
}}
</style>"""


def show(events: Sequence[Event], *, here: str) -> None:
    """Draw the map.

    Parameters
    ----------
    here : the slug of the lesson to go on with, which the map marks.
    """
    stops = stops_of(syllabus.lessons(), events, here=here)
    st.caption(f"{so_far(stops)} {LEGEND}")
    with st.container(key="course-faces"):
        face = st.segmented_control(
            "Lessons as",
            FACES,
            default=FACES[1] if _on_a_phone() else FACES[0],
            required=True,
            key="home:lessons-as",
            label_visibility="collapsed",
            persist_state="session",
        )
    if face == "Map":
        with st.container(key="course-map"):
            st.html(_CSS)
            st.graphviz_chart(_dot(stops), width="content", alt="Map of the lessons: what builds on what")
    with st.container(key="course-list"):
        st.html(lesson_list.to_html(stops))


def stops_of(entries: Sequence[syllabus.Entry], events: Sequence[Event], *, here: str) -> tuple[Stop, ...]:
    """The lessons as the map draws them: how far each is, and what it builds on."""
    logs = progress.by_lesson(events)
    return tuple(_stop(at, entry, logs.get(entry.slug, ()), here=here) for at, entry in enumerate(entries, start=1))


def so_far(stops: Sequence[Stop]) -> str:
    """One sentence on the whole course.

    >>> so_far(stops_of(syllabus.lessons()[:1], (), here=""))
    'Nothing read yet.'
    """
    opened = sum(stop.state != "new" for stop in stops)
    if not opened:
        return "Nothing read yet."
    gauges = [gauge for stop in stops for gauge in stop.gauges]
    sure = sum(gauge.sure for gauge in gauges)
    return f"{opened} of {len(stops)} lessons opened, {sure} of {len(gauges)} objectives sure."


def _stop(number: int, entry: syllabus.Entry, own: Sequence[Event], *, here: str) -> Stop:
    history = progress.submitted(own, entry.slug)
    found = progress.mastery_of(history, [objective.id for objective in entry.objectives])
    gauges = tuple(_gauge(objective, one) for objective, one in zip(entry.objectives, found, strict=True))
    sure = all(gauge.sure for gauge in gauges)
    return Stop(
        id=entry.slug,
        number=number,
        title=entry.title,
        told=_told(entry, own, gauges, here=entry.slug == here),
        href=entry.slug,
        about=entry.summary,
        state=("sure" if sure else "tried") if history else "open" if own else "new",
        gauges=gauges,
        requires=_requires(entry.slug),
        here=entry.slug == here,
    )


def _told(entry: syllabus.Entry, own: Sequence[Event], gauges: Sequence[Gauge], *, here: bool) -> str:
    """How far a lesson is, in words that fit into its box."""
    under_way = progress.current(own, entry.slug)
    sure = sum(gauge.sure for gauge in gauges)
    if under_way:
        answered = f"{len(under_way.answers)} of {len(under_way.order)} answered"
        return f"go on here: {answered}" if here else f"quiz: {answered}"
    if not progress.submitted(own, entry.slug):
        opened = f"{entry.minutes} min · opened" if own else f"{entry.minutes} min"
        return f"{'go on' if own else 'begin'} here · {entry.minutes} min" if here else opened
    if here:
        return f"go on here · {sure} of {len(gauges)} sure"
    return f"{'all' if sure == len(gauges) else f'{sure} of'} {len(gauges)} objectives sure"


def _gauge(objective: syllabus.Objective, found: Mastery) -> Gauge:
    asked = found.level is not Level.UNASKED
    told = f"{found.level}, {score.of_points(found.points, found.out_of)}" if asked else found.level.value
    return Gauge(
        statement=objective.statement,
        told=told,
        share=found.share if asked else None,
        sure=found.level is Level.SURE,
    )


def _requires(slug: str) -> tuple[str, ...]:
    """What a lesson builds on; one whose file cannot be read says so on its own page, not here."""
    try:
        return markdown.front(slug).requires
    except InputError:
        return ()


def _on_a_phone() -> bool:
    """Whether the browser says so: there the map would be drawn for nobody."""
    return "Mobi" in st.context.headers.get("User-Agent", "")


@lru_cache(maxsize=32)
def _dot(stops: tuple[Stop, ...]) -> str:
    return to_dot(stops)
