"""The live figures of the placement lesson."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import streamlit as st

from diagrams.film import Film, Frame
from diagrams.fleet import facts_of, fleet_svg
from diagrams.model import Diagram
from diagrams.placement import placement_diagram
from lessons import placement_sandbox
from lessons.for_real import Writer
from lessons.placement_cli import snippets
from lessons.placement_figures import board, decided, last_step, pair, run_of
from lessons.placement_presets import FILTERS, FLEET, QUERIES, RACES, SANDBOX, SCALE_IN
from lessons.placement_situations import FIRST_BOARD
from lessons.situations import chosen
from lessons.stage import Stage
from simulator.container_instance import read_instances
from simulator.errors import InputError
from simulator.placement.decision import Decision
from simulator.placement.query import Query, explain, hint, matches, parse
from simulator.preset import Preset
from simulator.trace import state_at
from ui.figures import architecture
from ui.player import player
from ui.query_editor import query_editor, typed
from ui.words import marked, plain


def _first_board(stage: Stage) -> None:
    """The opening bet, and how it comes out: once it is placed the board stands at the first decision."""
    told = "Step on to see where the next task goes. Or choose an instance to see how it stands."
    board(stage, FIRST_BOARD, step=0 if stage.locked else 1, told=told)


def _filters(stage: Stage) -> None:
    """One task and what refuses it: each situation opens at its end, with the reasons on the racks."""
    preset = chosen(stage, FILTERS)
    board(stage, preset.scenario, key=f"board-{preset.id}", step=last_step(preset))


def _race(stage: Stage) -> None:
    """Two runs of one situation under one slider."""
    race = chosen(stage, RACES)
    pair(stage, race.scenario, race.left, race.right, key=f"pair-{race.id}", at_parting=True)


def _scale_in(stage: Stage) -> None:
    """A service shrinks: which task stops, and what AWS leaves open about it."""
    preset = chosen(stage, SCALE_IN)
    step = 0 if stage.locked else 1
    board(stage, preset.scenario, key=f"board-{preset.id}", step=step)


def _query(stage: Stage) -> None:
    """An expression, read as it is typed, and the instances that match it."""
    example = stage.key("example")
    st.pills(
        "Examples", list(QUERIES), default=next(iter(QUERIES)), key=example, on_change=_take_example, args=(stage,)
    )
    key = stage.key("field")
    given = st.session_state.get(stage.key("given"), next(iter(QUERIES.values())))
    text = typed(key, given)
    query, wrong = _read(text)
    label = "A cluster query · memberOf expression"
    if query is None:
        query_editor(given, key=key, label=label, message=str(wrong), wrong=True, column=_column(wrong))
    else:
        query_editor(given, key=key, label=label, message=_counted(query))
        advice = hint(query)
        if advice:
            st.caption(f":material/lightbulb: {marked(advice)}")
    picked = player(_fleet_film(None if query is None else query.text), key=stage.key("fleet")).picked
    one = next((one for one in _fleet() if one.id == picked), None)
    if query is not None and one is not None:
        st.markdown(f"**{plain(one.id)}.** {marked(explain(query, one))}")
    else:
        st.caption("Choose an instance to hear which part of the expression decides about it.")


def _service(stage: Stage) -> None:
    """The service of the example in `Do it for real`, as architecture."""
    architecture(_architecture(), key=stage.key("diagram"))


WIDGETS: dict[str, Callable[[Stage], None]] = {
    "first-board": _first_board,
    "filters": _filters,
    "race": _race,
    "query": _query,
    "scale-in": _scale_in,
    "sandbox": placement_sandbox.show,
}
DIAGRAMS: dict[str, Callable[[Stage], None]] = {"service": _service}
REAL: dict[str, tuple[Writer, tuple[Preset, ...]]] = {"sandbox": (snippets, SANDBOX)}


@lru_cache(maxsize=1)
def _architecture() -> Diagram:
    # Not the first board: whoever has not placed the opening bet would read its outcome here.
    run = run_of(next(preset.scenario for preset in SANDBOX if preset.id == "pack-inside"))
    step = 3
    made = decided(run, step)
    return placement_diagram(
        state_at(run, step),
        decision=made if isinstance(made, Decision) else None,
        title="The service web in its VPC",
    )


@lru_cache(maxsize=1)
def _fleet():
    return read_instances(list(FLEET))


@lru_cache(maxsize=256)
def _fleet_film(text: str | None) -> Film:
    """The fleet with what matches the expression lit; None for one that cannot be read."""
    fleet = _fleet()
    found = None if text is None else {one.id for one in fleet if matches(parse(text), one)}
    rows = "\n".join(
        f"{'matches' if found and one.id in found else '-':8} {one.id}: {', '.join(facts_of(one))}" for one in fleet
    )
    caption = (
        "Six instances. While the expression cannot be read, none of them is asked."
        if found is None
        else "Six instances, and what the expression can ask them. Those that match are lit."
    )
    svg = fleet_svg(fleet, found, title="The instances that match")
    return Film(title="The fleet", svg=svg, frames=(Frame(patch={}, caption=caption, text=rows),))


def _read(text: str) -> tuple[Query | None, InputError | None]:
    try:
        return parse(text), None
    except InputError as error:
        return None, error


def _column(error: InputError | None) -> int | None:
    return getattr(error, "column", None)


def _counted(query: Query) -> str:
    found = [one.id for one in _fleet() if matches(query, one)]
    names = ", ".join(found) if found else "none"
    return f"{len(found)} of {len(_fleet())} match: {names}."


def _take_example(stage: Stage) -> None:
    name = st.session_state[stage.key("example")]
    if name in QUERIES:
        st.session_state[stage.key("given")] = QUERIES[name]
