"""The one player for every run: it gets the film once and then plays, scrubs and steps in the browser."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from diagrams.film import Film, encode
from ui.components import register
from ui.given import newer

_PLAYER = register("player", "figure")

# Pages keep their films (they are cached by scenario), so a rerun finds the very same object here.
KEPT = 16
_encoded: OrderedDict[int, tuple[Film, str]] = OrderedDict()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerState:
    """Where the reader is: the step that the film rests on, and the id of what was chosen in it, if anything was."""

    step: int
    picked: str | None


def player(
    film: Film,
    *,
    key: str,
    step: int = 0,
    height: int | None = None,
    beside: Film | None = None,
    labels: tuple[str, str] | None = None,
    parted_at: int | None = None,
    autoplay: bool = False,
    on_step: Callable[[], None] | None = None,
    on_pick: Callable[[], None] | None = None,
) -> PlayerState:
    """Show a film, or two under one slider, and say where the reader is.

    Parameters
    ----------
    step : the frame to begin with; when another one is given later, the player goes there. A new film under the same
        key is shown at the step where the reader was, as far as it has one.
    height : the most that the figure takes, in pixels.
    beside : a second film, shown beside the first at the same step (below it where there is no room).
    labels : what the two films are called; without it their own titles are shown.
    parted_at : what `first_difference` gives. The slider marks the frame that shows it, the one after it.
    autoplay : play once when first shown, in five seconds at most; who asked for less motion sees the end at once.
    on_step, on_pick : called, as Streamlit calls callbacks, when the film rests on another step, when a node is chosen.
    """
    last = max(len(film.frames), len(beside.frames) if beside else 0) - 1
    head = {
        "key": key,
        "step": step,
        "height": height,
        "labels": labels if beside else None,
        "partedAt": None if parted_at is None else min(parted_at + 1, last),
        "autoplay": autoplay,
    }
    # Bytes, because Streamlit writes and reads a JSON value three times over; and nothing of the reader's in them:
    # a message that is equal to the last one is not sent again.
    lines = [json.dumps(head), _encode(film), *([_encode(beside)] if beside else [])]
    at = newer(key, "step", step)
    result = _PLAYER(
        key=key,
        data="\n".join(lines).encode(),
        on_step_change=on_step or _nothing,
        on_picked_change=on_pick or _nothing,
    )
    picked = result.get("picked")
    # The browser says it, so it may be anything; an id is a text.
    return PlayerState(step=max(0, min(int(at), last)), picked=picked if isinstance(picked, str) else None)


def _encode(film: Film) -> str:
    """The film as text, without writing again what was written before."""
    kept = _encoded.get(id(film))
    if kept is None:
        # The film is kept beside its text, so that no other one can get its id.
        kept = _encoded[id(film)] = (film, encode(film))
        while len(_encoded) > KEPT:
            _encoded.popitem(last=False)
    return kept[1]


def _nothing() -> None:
    return None
