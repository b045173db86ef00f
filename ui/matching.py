"""Two columns whose entries belong together: the reader joins them, and each pair gets a verdict."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from ui.components import register

RIGHT, WRONG, OPEN = "right", "wrong", "open"

_MATCHING = register("matching", "figure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One button: what it is called, and a second line in the mono."""

    id: str
    title: str
    sub: str = ""


def matching(
    left: Sequence[Entry],
    right: Sequence[Entry],
    *,
    key: str,
    labels: tuple[str, str],
    pairs: Mapping[str, tuple[str, str]],
    told: tuple[str, str] | None,
    on_try: Callable[[str, str], None],
) -> None:
    """Draw the columns. A reader chooses on the left and then on the right; several may have the same partner.

    Parameters
    ----------
    labels : what stands over each column.
    pairs : id on the left -> id on the right and `RIGHT`, `WRONG` or `OPEN`. Whoever has found a partner is not asked
        again of itself.
    told : about the last pair, in two parts: a few words, and a sentence or two.
    on_try : called as a callback with the two ids whenever the reader joins two.
    """
    ids = {"left": [one.id for one in left], "right": [one.id for one in right]}
    data = {
        **{side: [_sent(one) for one in entries] for side, entries in (("left", left), ("right", right))},
        "labels": list(labels),
        "pairs": {one: {"to": to, "state": state} for one, (to, state) in pairs.items()},
        "told": list(told) if told else None,
    }
    _MATCHING(
        key=key,
        # Bytes: in lists Streamlit looks for tables, and imports pandas for it.
        data=json.dumps(data, ensure_ascii=False).encode(),
        on_tried_change=partial(_take, key, ids, on_try),
    )


def _sent(one: Entry) -> dict[str, str]:
    return {"id": one.id, "title": one.title, "sub": one.sub}


def _take(key: str, ids: Mapping[str, list[str]], on_try: Callable[[str, str], None]) -> None:
    # The browser says it, so it may be anything.
    told = (st.session_state.get(key) or {}).get("tried")
    if isinstance(told, (list, tuple)) and len(told) == 3 and told[0] in ids["left"] and told[1] in ids["right"]:
        on_try(told[0], told[1])
