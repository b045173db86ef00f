"""A run drawn once: one SVG that holds every element that will ever show, and what changes in it at each step.

The player gets a film whole and then plays, scrubs and steps without asking the server.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

MAX_BYTES = 512 * 1024

# element id -> attribute -> value. `class`, `x`, `y`, `width`, `height`, `transform`, `d`, `hidden` (True or False)
# and `text` (the element's text content); a value stays until a later frame changes it.
Patch = Mapping[str, Mapping[str, str | int | float | bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One step: what changes against the frame before, its one-line caption, its text face, and its place in time.

    `mark` names what is said beside the scrubber at this step ("task 4", "1 min 20 s"). `tone` is "", "refused",
    "bound" or "done": the scrubber's tick takes its look from it.
    """

    patch: Patch
    caption: str
    text: str
    mark: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The words of one frame, written apart from what changes in the picture."""

    caption: str
    text: str
    mark: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """A figure that can be scrubbed. Frame `k` shows the state before event `k`; the last frame is the end.

    Elements that a reader can choose carry `data-pick="<node id>"` in the SVG; the player reports that id.
    `narrow` is the same picture drawn for a phone, "" where one drawing serves both. What is the same in both has the
    same id; a change to an id that only one of them has changes that one.
    """

    title: str
    svg: str
    frames: tuple[Frame, ...]
    narrow: str = ""


def frames_of(patches: Sequence[Patch], said: Sequence[Said]) -> tuple[Frame, ...]:
    """What changes in the picture joined with the words of the same frame; both are of equal length."""
    return tuple(
        Frame(patch=patch, caption=words.caption, text=words.text, mark=words.mark, tone=words.tone)
        for patch, words in zip(patches, said, strict=True)
    )


def until(film: Film, k: int) -> Film:
    """The film cut after frame `k`: what may be seen while a prediction is still owed."""
    return replace(film, frames=film.frames[: k + 1])


def parting_of(one: Film, other: Film) -> int | None:
    """The last frame of which two films say the same, 0 if there is none; None where they never part.

    A film that ends earlier parts from the other at its end.
    """
    said = [[frame.caption for frame in film.frames] for film in (one, other)]
    same = next((k for k, (a, b) in enumerate(zip(*said, strict=False)) if a != b), min(map(len, said)))
    return None if same == max(map(len, said)) else max(same - 1, 0)


def encode(film: Film) -> str:
    """The film as one JSON string of at most `MAX_BYTES`; a longer film loses frames at its end, and says so.

    Returns
    -------
    str
        `{"title", "svg", "frames": [{"patch", "caption", "text", "mark", "tone"}], "cut": frames left out}`, and
        "narrow" where the film has a drawing for a phone.
    """
    drawings = {"svg": film.svg, "narrow": film.narrow} if film.narrow else {"svg": film.svg}
    head = json.dumps({"title": film.title, **drawings}, ensure_ascii=False, separators=(",", ":"))
    room = MAX_BYTES - len(head.encode()) - 64
    kept: list[str] = []
    for frame in film.frames:
        text = json.dumps(
            {
                "patch": frame.patch,
                "caption": frame.caption,
                "text": frame.text,
                "mark": frame.mark,
                "tone": frame.tone,
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        room -= len(text.encode()) + 1
        if room < 0:
            break
        kept.append(text)
    cut = len(film.frames) - len(kept)
    return f'{head[:-1]},"frames":[{",".join(kept)}],"cut":{cut}}}'
