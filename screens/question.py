"""One question as native widgets: the same for a quiz, a bet and a check in a lesson.

It draws from `Variant.visible()` alone, so what is no secret is all it can show: labels and keys come from ids and
texts that every learner sees, in the order that the variant gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from quizzes.grading import read_number, with_unit
from simulator.errors import InputError
from ui.words import plain

MAX_TEXT = 40

Visible = Mapping[str, Any]
Response = str | list[str] | None


def pose(visible: Visible, *, head: str = "", foot: str = "") -> None:
    """The situation and the question, as prose, between two lines of Markdown that are the page's own."""
    stem = f"**{visible['stem']}**" if _one_line(visible["stem"]) else visible["stem"]
    # One message: each costs every rerun of the page its time.
    st.markdown("\n\n".join(part for part in (head, visible.get("stimulus"), stem, foot) if part))


def ask(
    visible: Visible,
    *,
    key: str,
    given: Response = None,
    on_change: Callable[[], None] | None = None,
    disabled: bool = False,
) -> Response:
    """Draw the widgets of a question and return what they hold now.

    Parameters
    ----------
    visible : what `Variant.visible()` gives.
    key : unique on the page; the widgets' own keys begin with it, so `held(visible, key=key)` finds them in a callback.
    given : the answer to begin with, from the log.
    on_change : called before the next run whenever the answer changes.

    Returns
    -------
    str | list[str] | None
        The id of the option chosen, the ids of those ticked, the ids in their order, or the text of a number; None
        while nothing is given.
    """
    _prepare(visible, key=key, given=given)
    _WIDGETS[visible["type"]](visible, key, on_change, disabled)
    return held(visible, key=key)


def held(visible: Visible, *, key: str) -> Response:
    """What the question's widgets hold, None if nothing."""
    state = st.session_state
    match visible["type"]:
        case "single_choice":
            return state.get(key)
        case "multiple_choice":
            return [o["id"] for o in visible["options"] if state.get(f"{key}:{o['id']}")] or None
        case "ordering":
            placed = [(state.get(f"{key}:{b['id']}"), b["id"]) for b in visible["blocks"]]
            return [name for _, name in sorted((place, name) for place, name in placed if place)] or None
        case _:
            return (state.get(key) or "").strip() or None


def put(visible: Visible, *, key: str, response: Response) -> None:
    """Make the question's widgets hold a response; only before they are drawn, or in a callback."""
    state = st.session_state
    match visible["type"]:
        case "single_choice":
            known = [option["id"] for option in visible["options"]]
            state[key] = response if response in known else None
        case "multiple_choice":
            for option in visible["options"]:
                state[f"{key}:{option['id']}"] = option["id"] in (response or ())
        case "ordering":
            places = {name: place for place, name in enumerate(response or (), start=1)}
            for block in visible["blocks"]:
                state[f"{key}:{block['id']}"] = places.get(block["id"])
        case _:
            state[key] = "" if response is None else str(response)


def in_words(visible: Visible, response: Response) -> str:
    """A response as a reader would say it, in Markdown."""
    if response is None:
        return "no answer"
    texts = {part["id"]: part["text"] for part in (*visible.get("options", ()), *visible.get("blocks", ()))}
    match visible["type"]:
        case "single_choice":
            return texts.get(str(response), str(response))
        case "multiple_choice":
            return "; ".join(texts.get(name, name) for name in response)
        case "ordering":
            return " → ".join(texts.get(name, name) for name in response)
        case _:
            return plain(with_unit(str(response).strip(), visible.get("unit")))


def unfit(visible: Visible, response: Response) -> str | None:
    """Why a response cannot count as it stands, in one sentence; None if it can, or if nothing is given."""
    if response is None:
        return None
    if visible["type"] == "numeric":
        try:
            read_number(str(response), integer=visible.get("integer", False))
        except InputError as error:
            return plain(str(error))
    wanted = (visible.get("select") or {}).get("exactly")
    if wanted and len(response) != wanted:
        return f"You chose {_word(len(response))}; the question asks for {_word(wanted)}."
    return None


def _prepare(visible: Visible, *, key: str, given: Response) -> None:
    """Lay the given answer into the widgets' state, unless they are on the page and hold their own."""
    first = key
    if visible["type"] == "multiple_choice":
        first = f"{key}:{visible['options'][0]['id']}"
    elif visible["type"] == "ordering":
        first = f"{key}:{visible['blocks'][0]['id']}"
    if first not in st.session_state:
        put(visible, key=key, response=given)


def _single(visible: Visible, key: str, on_change: Callable[[], None] | None, disabled: bool) -> None:
    texts = {option["id"]: option["text"] for option in visible["options"]}
    st.radio(
        "Choose one answer",
        list(texts),
        index=None,
        format_func=texts.__getitem__,
        key=key,
        on_change=on_change,
        disabled=disabled,
    )


def _multiple(visible: Visible, key: str, on_change: Callable[[], None] | None, disabled: bool) -> None:
    st.caption(_how_many(visible.get("select")))
    for option in visible["options"]:
        st.checkbox(option["text"], key=f"{key}:{option['id']}", on_change=on_change, disabled=disabled)


def _numeric(visible: Visible, key: str, on_change: Callable[[], None] | None, disabled: bool) -> None:
    unit = visible.get("unit")
    st.text_input(
        f"Your answer, in {unit}" if unit else "Your answer, a number",
        key=key,
        max_chars=MAX_TEXT,
        on_change=on_change,
        disabled=disabled,
        autocomplete="off",
        width=260,
    )


def _ordering(visible: Visible, key: str, on_change: Callable[[], None] | None, disabled: bool) -> None:
    blocks: Sequence[Visible] = visible["blocks"]
    st.caption("Give each step its place. One that does not belong gets none; a place taken twice is swapped.")
    for block in blocks:
        st.segmented_control(
            block["text"],
            range(1, len(blocks) + 1),
            key=f"{key}:{block['id']}",
            on_change=_place,
            args=(visible, key, block["id"], on_change),
            disabled=disabled,
        )
    order = held(visible, key=key)
    if order:
        st.markdown("Your order: " + in_words(visible, order))
    _remember_places(visible, key)


def _place(visible: Visible, key: str, name: str, on_change: Callable[[], None] | None) -> None:
    """A block took a place: whoever held it gets the place that the block had."""
    state = st.session_state
    place = state.get(f"{key}:{name}")
    before = state.get(f"{key}:places", {}).get(name)
    for block in visible["blocks"]:
        other = f"{key}:{block['id']}"
        if block["id"] != name and place is not None and state.get(other) == place:
            state[other] = before
    if on_change:
        on_change()


def _remember_places(visible: Visible, key: str) -> None:
    state = st.session_state
    state[f"{key}:places"] = {block["id"]: state.get(f"{key}:{block['id']}") for block in visible["blocks"]}


def _how_many(select: Mapping[str, int] | None) -> str:
    match select:
        case {"exactly": count}:
            return f"Choose {_word(count)}"
        case {"min": low, "max": high}:
            return f"Choose {_word(low)} to {_word(high)}"
        case _:
            return "Choose all that are true"


def _word(count: int) -> str:
    return ("none", "one", "two", "three", "four", "five", "six")[count] if count <= 6 else str(count)


def _one_line(text: str) -> bool:
    return "\n" not in text.strip() and "**" not in text


_WIDGETS: dict[str, Callable[[Visible, str, Callable[[], None] | None, bool], None]] = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "numeric": _numeric,
    "ordering": _ordering,
}
