"""Ten places to run a container, five under each orchestrator: lit while they remain, pale with the reason when out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from diagrams.film import Film, Frame
from diagrams.layout import Box
from diagrams.markup import element, plain, words

Answer = Mapping[str, Any]

_STATES = {"IN": "healthy lit", "OUT": "refused dim", "UNSURE": "starting"}
_MARKS = {"IN": "✓", "OUT": "✕", "UNSURE": "?"}
_SAID = {"IN": "remains", "OUT": "is out", "UNSURE": "is not documented"}
_TITLES = {"ECS": "ECS · runs tasks", "EKS": "EKS · runs pods"}
PANEL = Box(0, 0, 350, 418)
CARD, GAP, HEAD = 66, 8, 44


def choice_film(answer: Answer, *, ask: str = "") -> Film:
    """The board as a film of one frame.

    Parameters
    ----------
    answer : of `simulator.launch_types.narrowing`.
    ask : the caption while a bet is owed; then the board tells no verdict.
    """
    places: Sequence[Answer] = answer["places"]
    if ask:
        places = [{**one, "verdict": "", "reasons": []} for one in places]
    said = ask or answer["reason"]
    if not ask and answer["leastChange"] and not answer["remaining"]:
        said = f"{answer['reason']} {answer['leastChange']}"
    frame = Frame(patch={}, caption=said, text="\n".join(_row(one) for one in places))
    wide = _drawing(places, [PANEL, PANEL.moved(PANEL.width + 20, 0)], 720, PANEL.height)
    narrow = _drawing(places, [PANEL, PANEL.moved(0, PANEL.height + 16)], PANEL.width, 2 * PANEL.height + 16)
    return Film(title="Ten places to run a container", svg=wide, narrow=narrow, frames=(frame,))


def _row(one: Answer) -> str:
    named = f"{one['orchestrator']}, {one['name']}"
    if not one["verdict"]:
        return named
    why = "".join(f" {reason['reason']}" for reason in one["reasons"])
    return f"{named}: {_SAID[one['verdict']]}.{why}"


def _drawing(places: Sequence[Answer], panels: Sequence[Box], width: float, height: float) -> str:
    parts: list[str] = []
    for name, panel in zip(_TITLES, panels, strict=True):
        own = [one for one in places if one["orchestrator"] == name]
        parts.append(_panel(name, own, panel))
        for at, one in enumerate(own):
            top = panel.y + HEAD + at * (CARD + GAP)
            parts.append(_card(one, Box(panel.x + 12, top, panel.width - 24, CARD)))
    return element(
        "svg",
        "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height + 4}",
        class_="diagram choice",
        role="img",
        aria_label="Ten places to run a container",
        style=f"max-width:{width * 1.2:.0f}px",
    )


def _panel(name: str, own: Sequence[Answer], box: Box) -> str:
    left = sum(one["verdict"] == "IN" for one in own)
    count = (
        ""
        if not own[0]["verdict"]
        else f"{left} of {len(own)} remain{'s' if left == 1 else ''}"
        if left
        else "none remains"
    )
    content = [
        element("rect", class_="group-frame", x=box.x + 1, y=box.y + 1, width=box.width - 2, height=box.height, rx=10),
        words(_TITLES[name], class_="label strong", x=box.x + 16, y=box.y + 29),
        words(count, class_="label-small", x=box.right - 16, y=box.y + 29, text_anchor="end"),
    ]
    return element("g", "".join(content), class_="group")


def _card(one: Answer, box: Box) -> str:
    verdict = one["verdict"]
    # What is not documented is no reason beside one that rules out.
    against = [reason for reason in one["reasons"] if verdict != "OUT" or reason["code"] == "NOT_SUPPORTED"]
    more = f", and {len(against) - 1} more" if len(against) > 1 else ""
    second = f"{against[0]['lacks']}{more}" if against else _SHORT[one["place"]]
    content = [
        element("title", plain(f"{one['orchestrator']}, {one['name']} {_SAID.get(verdict, '')}".strip())),
        element("rect", class_="node-frame", x=box.x, y=box.y, width=box.width, height=box.height, rx=7),
        words(one["name"], class_="label strong", x=box.x + 14, y=box.y + 28),
        words(second, class_="label-small", x=box.x + 14, y=box.y + 51),
    ]
    if verdict:
        mark = _MARKS[verdict]
        content.append(words(mark, class_="state-mark", x=box.right - 16, y=box.y + 40, text_anchor="end"))
    return element("g", "".join(content), class_=f"node {_STATES.get(verdict, '')}".strip(), data_pick=one["place"])


_SHORT: Mapping[str, str] = {
    "ECS_FARGATE": "no machine to see",
    "ECS_FARGATE_SPOT": "spare capacity, cheaper",
    "ECS_MANAGED_INSTANCES": "EC2 instances that AWS runs",
    "ECS_EC2": "EC2 instances that you run",
    "ECS_EXTERNAL": "servers of your own",
    "EKS_FARGATE": "no machine to see",
    "EKS_AUTO_MODE": "EC2 instances that AWS runs",
    "EKS_MANAGED_NODE_GROUP": "your EC2 instances, AWS helps",
    "EKS_SELF_MANAGED": "EC2 instances that you run",
    "EKS_HYBRID": "servers of your own",
}
