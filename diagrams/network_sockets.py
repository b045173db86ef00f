"""An instance with its network interfaces as sockets: task after task plugs in, until one finds none left."""

from __future__ import annotations

from collections.abc import Sequence

from diagrams.film import Film, Said, frames_of
from diagrams.glyphs import glyph
from diagrams.layout import Box
from diagrams.look import revealed
from diagrams.markup import element, number, plain, shorten, words
from simulator.network import Fit
from simulator.network.fits import Copy, fit_to_dict
from simulator.network.model import AWSVPC, FARGATE

MOST = 24  # tasks that are drawn
SLOT = (104.0, 70.0)
GAP = 12.0
_COLUMNS = {False: 6, True: 3}


def sockets_film(fit: Fit, *, title: str, ask: str) -> Film:
    """The copies of a task as they come, one a step.

    Parameters
    ----------
    fit : what `examine` gives for a document without `from` and `to`.
    ask : the caption before the first task.
    """
    shown = _shown(fit)
    looks = [frozenset({f"t{at}" for at in range(k)}) for k in range(len(shown) + 1)]
    if not shown:
        looks.append(frozenset({"whole"}))
    return Film(
        title=title,
        svg=_drawing(fit, shown, title, down=False),
        narrow=_drawing(fit, shown, title, down=True),
        frames=frames_of(revealed(looks), [_said(fit, shown, k, ask) for k in range(len(looks))]),
    )


def _shown(fit: Fit) -> tuple[Copy, ...]:
    """The copies up to the first that is not placed."""
    first = next((at for at, copy in enumerate(fit.copies) if copy.code != "OK"), len(fit.copies))
    return fit.copies[: min(first + 1, MOST)]


def _said(fit: Fit, shown: Sequence[Copy], k: int, ask: str) -> Said:
    text = describe_fit(fit, k)
    if k == 0:
        return Said(caption=ask, text=text, mark="no task yet", tone="")
    if not shown:
        answer = fit_to_dict(fit)
        return Said(caption=answer["message"], text=text, mark=fit.code, tone="refused" if fit.problems else "done")
    copy = shown[k - 1]
    last = k == len(shown)
    told = copy.message
    if copy.code == "OK" and fit.mode == AWSVPC and fit.limit:
        told = f"Task {copy.number} gets an interface of its own: {copy.number} of {fit.limit.tasks}."
    elif copy.code == "OK" and copy.host_ports:
        told = f"Task {copy.number} shares the instance's interface, on a host port of {', '.join(copy.host_ports)}."
    if last and len(fit.copies) > len(shown) and copy.code == "OK":
        told += f" {len(fit.copies) - len(shown)} more are to come; the terminal takes them all."
    tone = "refused" if copy.code != "OK" else "done" if last else ""
    return Said(caption=told, text=text, mark=f"task {copy.number}", tone=tone)


def describe_fit(fit: Fit, k: int) -> str:
    """The instance and the first `k` tasks in words."""
    rows = [fit.limit.why if fit.limit else f"{fit.launch}, network mode {fit.mode}."]
    rows += [f"{copy.code:15} {copy.message}" for copy in fit.copies[:k]]
    rows += [f"{problem.code:15} {problem.message}" for problem in fit.problems]
    return "\n".join(rows)


def _drawing(fit: Fit, shown: Sequence[Copy], title: str, *, down: bool) -> str:
    width = 360.0 if down else 900.0
    own = _own(fit)
    sockets = fit.limit.tasks if fit.mode == AWSVPC and fit.limit else sum(copy.code == "OK" for copy in shown)
    sockets = min(sockets, MOST)
    refused = next((copy for copy in shown if copy.code != "OK"), None)
    columns = _COLUMNS[down]
    places = [_place(at, columns, down) for at in range(len(own) + sockets)]
    wide = max(max((place.right for place in places), default=0) + 4, 344.0 if down else 420.0)
    box = Box(8, 8, wide, places[-1].bottom + 8 if places else 70)
    outside = Box(24, box.bottom + 14, 312, 64) if down else Box(box.right + 24, 40, SLOT[0], SLOT[1])
    height = max(box.bottom, outside.bottom if refused else 0) + 14
    body = [
        element("rect", class_="zone", x=box.x, y=box.y, width=box.width, height=box.height, rx=10),
        words(_heading(fit), class_="zone-name", x=box.x + 12, y=box.y + 20),
        *(_socket(name, place, own=True) for name, place in zip(own, places, strict=False)),
        *(_socket("free", place, own=False) for place in places[len(own) :] if fit.mode == AWSVPC),
    ]
    for at, copy in enumerate(shown):
        if copy.code == "OK":
            drawn = _task(copy, fit, places[len(own) + at])
        else:
            drawn = _refused(copy, outside, down=down)
        body.append(element("g", drawn, id=f"t{at}", hidden=True))
    if not shown:
        state = "failed" if fit.problems else "healthy"
        told = words(shorten(fit.code, 40), class_="sign-name", x=box.x + 12, y=box.bottom - 16)
        body.append(element("g", told, id="whole", class_=f"over {state}", hidden=True))
    return element(
        "svg",
        "".join(body),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        class_="walk walk-down" if down else "walk",
        role="img",
        aria_label=title,
        style=f"max-width:{number(width * 1.08)}px",
    )


def _heading(fit: Fit) -> str:
    if fit.launch == FARGATE:
        return "Fargate: no instance of yours"
    name = fit.limit.type if fit.limit else "a container instance"
    if fit.limit and fit.mode == AWSVPC:
        trunked = ", with a trunk" if fit.limit.trunked else ""
        return f"{name}: {fit.limit.enis} network interfaces{trunked}"
    return f"{name}, network mode {fit.mode}"


def _own(fit: Fit) -> tuple[str, ...]:
    """The interfaces that the instance keeps for itself."""
    if fit.launch == FARGATE:
        return ()
    return ("primary", "trunk") if fit.limit and fit.limit.trunked and fit.mode == AWSVPC else ("primary",)


def _place(at: int, columns: int, down: bool) -> Box:
    row, column = divmod(at, columns)
    left = 16.0 if down else 20.0
    step = 110.0 if down else SLOT[0] + GAP
    return Box(left + column * step, 40 + row * (SLOT[1] + GAP), SLOT[0] - (2 if down else 0), SLOT[1])


def _socket(name: str, box: Box, *, own: bool) -> str:
    middle = box.center.x
    rect = element("rect", class_="socket", x=box.x, y=box.y, width=box.width, height=box.height, rx=8)
    if not own:
        return rect + words(name, class_="fact", x=middle, y=box.center.y + 5, text_anchor="middle")
    said = {"primary": "its own", "trunk": "for branches"}[name]
    return element(
        "g",
        element("title", plain(f"{name} interface, {said}"))
        + element("rect", class_="stop", x=box.x, y=box.y, width=box.width, height=box.height, rx=8)
        + glyph("instance", middle - 11, box.y + 7, 22)
        + words(name, class_="stop-name", x=middle, y=box.y + 46, text_anchor="middle")
        + words(said, class_="fact", x=middle, y=box.y + 62, text_anchor="middle"),
        data_pick=name,
    )


def _task(copy: Copy, fit: Fit, box: Box) -> str:
    middle = box.center.x
    told = "own interface" if fit.mode == AWSVPC else (copy.host_ports[0] if copy.host_ports else "no port")
    rect = element("rect", class_="plugged", x=box.x, y=box.y, width=box.width, height=box.height, rx=8)
    named = words(f"task {copy.number}", class_="stop-name", x=middle, y=box.y + 46, text_anchor="middle")
    fact = words(shorten(told, 15), class_="fact", x=middle, y=box.y + 62, text_anchor="middle")
    return element("g", rect + glyph("task", middle - 11, box.y + 7, 22) + named + fact, class_="healthy")


def _refused(copy: Copy, box: Box, *, down: bool) -> str:
    rect = element("rect", class_="ring", x=box.x, y=box.y, width=box.width, height=box.height, rx=8)
    named = words(f"task {copy.number}", class_="stop-name", x=box.center.x, y=box.y + 30, text_anchor="middle")
    kind, _, what = copy.code.partition(":")
    rows = (copy.code,) if down else (f"{kind}:", what)
    said = [
        words(row, class_="weighed", x=box.center.x, y=box.y + 48 + 16 * at, text_anchor="middle")
        for at, row in enumerate(rows)
    ]
    return element("g", rect + named + "".join(said), class_="failed")
