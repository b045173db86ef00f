"""A fleet as cards: what the cluster query language can ask of each instance, with those that match lit."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from diagrams.markup import element, printable, shorten, words
from simulator.model import Instance

WIDTH = 720
COLUMNS = 2
GAP = 12
CARD_HEIGHT = 104
MOST = 24  # cards; more are left out and said so


def fleet_svg(instances: Sequence[Instance], matching: Collection[str] | None, *, title: str) -> str:
    """One card an instance, two in a row: its id, type and zone, its attributes, its task groups.

    Parameters
    ----------
    matching : the ids of the instances that match; None while there is no query that can be read, then all look alike.
    """
    width = (WIDTH - GAP * (COLUMNS - 1)) / COLUMNS
    cards: list[str] = []
    for at, one in enumerate(instances[:MOST]):
        x, y = (at % COLUMNS) * (width + GAP), (at // COLUMNS) * (CARD_HEIGHT + GAP)
        cards.append(_card(one, x, y + 2, width, None if matching is None else one.id in matching))
    rows = -(-min(len(instances), MOST) // COLUMNS)
    return element(
        "svg",
        "".join(cards),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {rows * (CARD_HEIGHT + GAP)}",
        class_="board fleet",
        role="img",
        aria_label=title,
    )


def facts_of(instance: Instance) -> tuple[str, str, str]:
    """An instance in three lines: type and zone, its own attributes, and what runs on it.

    >>> facts_of(Instance(id="i1", type="t2.small", zone="us-east-1a", attributes={"stack": "prod", "gpu": None}))
    ('t2.small · us-east-1a', 'stack = prod · gpu', 'no task')
    """
    own = [
        name if value is None else f"{name} = {value}"
        for name, value in instance.attributes.items()
        if not name.startswith(("ecs.", "com.amazonaws."))
    ]
    runs = [f"{group} ×{count}" if count > 1 else group for group, count in instance.tasks.items() if count]
    kind = " · ".join(part for part in (instance.type, instance.zone) if part) or "type and zone unknown"
    return kind, " · ".join(own) or "no attribute of its own", " · ".join(runs) or "no task"


def _card(one: Instance, x: float, y: float, width: float, lit: bool | None) -> str:
    kind, own, runs = facts_of(one)
    said = "" if lit is None else "matches" if lit else "does not match"
    content = [
        element("title", printable(f"{one.id} {said}").replace("&", "&amp;").replace("<", "&lt;")),
        element("rect", class_="node-frame", x=x + 2, y=y, width=width - 4, height=CARD_HEIGHT - 4, rx=6),
        words(shorten(one.id, 14), class_="label mono strong", x=x + 16, y=y + 28),
        words(shorten(kind, 30), class_="label-small", x=x + width - 16, y=y + 28, text_anchor="end"),
        words(shorten(own, 40), class_="label", x=x + 16, y=y + 58),
        words(shorten(runs, 40), class_="label-small", x=x + 16, y=y + 84),
    ]
    if lit:
        content.append(words("✓", class_="label state-mark", x=x + width - 16, y=y + 84, text_anchor="end"))
    state = "" if lit is None else " healthy lit" if lit else " unlit"
    return element("g", "".join(content), class_=f"node{state}", data_pick=one.id)
