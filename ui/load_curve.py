"""A load over time that is drawn by hand: dragged across the plot, or moved point by point with the arrow keys."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any

from ui.components import register
from ui.given import newer

POINTS = 31  # evenly over the run

_CURVE = register("load_curve", "figure")


def load_curve(
    values: Sequence[int],
    *,
    key: str,
    minutes: int,
    top: int,
    unit: str,
    on_change: Callable[..., None],
    args: tuple[Any, ...] = (),
) -> None:
    """Draw the plot.

    Parameters
    ----------
    values : `POINTS` whole numbers to begin with; when others are given later, they replace what is drawn.
    top : the most that can be drawn.
    on_change : called with `args` when the reader has drawn; `drawn` then has what.
    """
    data = {"values": list(values), "minutes": minutes, "top": top, "unit": unit}
    # Bytes: in lists Streamlit looks for tables, and imports pandas for it.
    _CURVE(key=key, data=json.dumps(data).encode(), on_values_change=lambda: on_change(*args))


def drawn(key: str, values: Sequence[int], *, top: int) -> list[int]:
    """What the reader has drawn, or `values` where nothing else is; whatever the browser says, it fits the plot."""
    told = newer(key, "values", list(values))
    # Only a float can be without end, and a whole number may be larger than any float.
    numbers = [one for one in told if isinstance(one, int) or (isinstance(one, float) and isfinite(one))]
    sound = len(told) == len(numbers) == len(values)
    return [max(0, min(top, round(one))) for one in numbers] if sound else list(values)
