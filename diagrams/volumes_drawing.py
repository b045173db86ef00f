"""The boxes that files lie in, from the container to the Region, each around the one before; a row for each file."""

from __future__ import annotations

from dataclasses import dataclass

from diagrams.glyphs import glyph
from diagrams.layout import Box
from diagrams.look import Attributes, Look
from diagrams.markup import element, number, plain, shorten, words

LOOKS = {
    "yes": ("✓ finds it", "healthy"),
    "no": ("finds nothing", "failed"),
    "none": ("no task", "ahead"),
    "": ("", ""),
}
CELLS = {"note": "healthy", "lost": "failed", "away": "draining", "empty": "ahead"}
MARKS = {"note": "", "lost": "✕", "away": "", "empty": ""}
_NARROW = {"container": 66, "task": 54, "instance": 58, "zone": 42, "region": 46}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One of the nested boxes. `fallen` says that it is gone now."""

    level: str
    label: str
    name: str
    fallen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What stands in a row's box: "note", "lost", "away" or "empty", and the word for it."""

    state: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One place where the task wrote. `level` is the box it lies in, `goes_with` a smaller one that takes it along."""

    path: str
    name: str
    level: str
    cell: Cell
    goes_with: str = ""
    finds: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The whole figure at one step; `task` is the one that runs, "" if none does."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    task: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """Where things stand, for one of the two drawings."""

    down: bool
    left: float
    top: float
    widths: tuple[float, ...]
    row: float
    finds: float
    inset: float

    def column(self, at: int) -> Box:
        x = self.left + sum(self.widths[:at])
        return Box(x, self.top, self.widths[at], 0)

    @property
    def right(self) -> float:
        return self.left + sum(self.widths)

    @property
    def width(self) -> float:
        return self.right + self.finds

    def middle(self, row: int) -> float:
        return self.top + self.row * row + (self.row * 0.68 if self.down else self.row / 2)

    def bottom(self, rows: int) -> float:
        return self.top + self.row * rows


def look_of(scene: Scene) -> Look:
    """What may change in the figure, by the ids of its elements."""
    look: dict[str, Attributes] = {}
    for at, column in enumerate(scene.columns):
        look[f"box{at}"] = {"class": f"nest {'failed' if column.fallen else ''}".strip()}
        look[f"name{at}"] = {"text": shorten(column.name, 12)}
        look[f"short{at}"] = {"text": _short(column)}
        look[f"gone{at}"] = {"hidden": not column.fallen}
    for at, row in enumerate(scene.rows):
        text, state = LOOKS[row.finds]
        look[f"cell{at}"] = {"class": f"filed {row.cell.state} {CELLS[row.cell.state]}"}
        look[f"word{at}"] = {"text": row.cell.word}
        look[f"mark{at}"] = {"text": MARKS[row.cell.state]}
        look[f"finds{at}"] = {"text": text, "class": f"weighed {state}".strip()}
    return look


def drawing(scene: Scene, title: str, *, down: bool) -> str:
    """The figure at its first step; `down` is the drawing for a phone."""
    look, plan = look_of(scene), _plan(scene, down)
    rows = len(scene.rows)
    nests = [_nest(scene, plan, look, at, rows) for at in reversed(range(len(scene.columns)))]
    heads = [_head(column, plan, look, at) for at, column in enumerate(scene.columns)]
    lines = [_row(row, scene, plan, look, at) for at, row in enumerate(scene.rows)]
    asks = words("The task" if down else "What the task finds", class_="fact", x=plan.right + 14, y=plan.top - 14)
    height = plan.bottom(rows) + plan.inset * len(scene.columns) + 8
    return element(
        "svg",
        "".join([*nests, *heads, asks, *lines]),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(plan.width)} {number(height)}",
        class_="nests",
        role="img",
        aria_label=title,
        style=f"max-width:{number(plan.width * 1.06)}px",
    )


def _plan(scene: Scene, down: bool) -> _Plan:
    if down:
        shares = [_NARROW[column.level] for column in scene.columns]
        widths = tuple(share * 260 / sum(shares) for share in shares)
        return _Plan(down=True, left=14, top=74, widths=widths, row=64, finds=100, inset=2)
    count = len(scene.columns)
    return _Plan(down=False, left=196, top=74, widths=(545 / count,) * count, row=46, finds=148, inset=5)


def _short(column: Column) -> str:
    """A name for the narrow drawing: of zones and Regions only what tells them apart."""
    if column.level == "region":
        return ""
    return f"…{column.name.rsplit('-', 1)[-1]}" if column.level == "zone" else shorten(column.name, 8)


def _nest(scene: Scene, plan: _Plan, look: Look, at: int, rows: int) -> str:
    """One box, with all smaller ones inside it; what has fallen is crossed out by its frame."""
    out = plan.inset * (at + 1)
    right = plan.column(at).right - (4 if at < len(scene.columns) - 1 else 0)
    x, y = plan.left - out, plan.top - (54 if plan.down else 44) - out + plan.inset
    frame = element("rect", class_="nest-frame", x=x, y=y, width=right - x, height=plan.bottom(rows) + out - y, rx=9)
    column = scene.columns[at]
    return element(
        "g", element("title", plain(f"{column.label} {column.name}")) + frame, id=f"box{at}", **_class(look, f"box{at}")
    )


def _head(column: Column, plan: _Plan, look: Look, at: int) -> str:
    box, key = plan.column(at), f"{'short' if plan.down else 'name'}{at}"
    label = words(column.label, class_="fact", x=box.center.x, y=plan.top - 24, text_anchor="middle")
    name = words(
        str(look[key]["text"]), id=key, class_="nest-name", x=box.center.x, y=plan.top - 7, text_anchor="middle"
    )
    gone = words(
        "✕",
        id=f"gone{at}",
        class_="nest-gone failed",
        x=box.center.x if plan.down else box.right - 12,
        y=plan.top - (40 if plan.down else 28),
        text_anchor="middle",
        hidden=bool(look[f"gone{at}"]["hidden"]),
    )
    return label + name + gone


def _row(row: Row, scene: Scene, plan: _Plan, look: Look, at: int) -> str:
    y = plan.middle(at)
    level = next(i for i, column in enumerate(scene.columns) if column.level == row.level)
    box = plan.column(level)
    top = plan.top + plan.row * at
    hit = element("rect", class_="row", x=4, y=top + 1, width=plan.width - 8, height=plan.row - 2, rx=6)
    if plan.down:
        named = words(row.name, class_="stop-name haloed", x=18, y=top + 21) + words(
            row.path, class_="rule mono", x=plan.width - 10, y=top + 21, text_anchor="end"
        )
    else:
        named = words(row.name, class_="stop-name", x=10, y=y - 2) + words(row.path, class_="rule mono", x=10, y=y + 15)
    finds = words(
        str(look[f"finds{at}"]["text"]), id=f"finds{at}", x=plan.right + 14, y=y + 5, **_class(look, f"finds{at}")
    )
    tied = _tie(row, scene, plan, y, box)
    content = [
        element("title", plain(f"{row.path}, {row.name}")),
        hit,
        named,
        tied,
        _file(plan, look, at, box, y),
        finds,
    ]
    return element("g", "".join(content), data_pick=f"row {row.path}")


def _tie(row: Row, scene: Scene, plan: _Plan, y: float, box: Box) -> str:
    """The line from a file to the smaller box that takes it along."""
    at = next((i for i, column in enumerate(scene.columns) if column.level == row.goes_with), None)
    if at is None:
        return ""
    x = plan.column(at).center.x
    line = element("path", class_="tie", d=f"M{number(box.x + 6)} {number(y)}H{number(x)}")
    ring = element("circle", class_="tie-end", cx=x, cy=y, r=4)
    # Between two columns beside each other there is no room for the words; on the other side there is.
    anchor, place = ("start", x + 12) if box.x - x > 130 else ("end", x - 10)
    said = words("goes with its task", class_="fact haloed", x=place, y=y - 7, text_anchor=anchor)
    return line + ring + ("" if plan.down else said)


def _file(plan: _Plan, look: Look, at: int, box: Box, y: float) -> str:
    wide = box.width - (10 if plan.down else 16)
    x = box.center.x - wide / 2
    frame = element("rect", class_="chip", x=x, y=y - 15, width=wide, height=30, rx=7)
    sign = glyph("document", x + 5 if not plan.down else box.center.x - 14, y - 9, 18)
    said = str(look[f"word{at}"]["text"])
    word = "" if plan.down else words(said, id=f"word{at}", class_="chip-word", x=x + 27, y=y + 5)
    mark = words(
        str(look[f"mark{at}"]["text"]),
        id=f"mark{at}",
        class_="chip-mark",
        x=box.center.x + 12 if plan.down else x + 14,
        y=y + 5,
        text_anchor="middle",
    )
    return element("g", frame + sign + word + mark, id=f"cell{at}", **_class(look, f"cell{at}"))


def _class(look: Look, name: str) -> dict[str, str]:
    return {"class_": str(look[name]["class"])}
