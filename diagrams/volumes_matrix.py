"""Which volume can be attached where, as a table whose cells can be chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diagrams.film import Film, Frame
from diagrams.markup import element, lines, number, plain, words

WORDS: Mapping[str, tuple[str, str]] = {
    "yes": ("✓", "yes"),
    "no": ("✕", "no"),
    "open": ("…", "not yet"),
}
_STATES = {"yes": "healthy", "no": "failed", "open": "draining"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One cell: a volume on a launch type. `verdict` is "yes", "no" or "open"."""

    row: str
    column: str
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Names of the rows and columns by id, in their order, and a spot for each pair."""

    title: str
    rows: Mapping[str, str]
    columns: Mapping[str, str]
    spots: Sequence[Spot]

    def verdict(self, row: str, column: str) -> str:
        """What the cell of a row and a column says."""
        return next(spot.verdict for spot in self.spots if (spot.row, spot.column) == (row, column))


def matrix_film(table: Table, *, caption: str) -> Film:
    """The table as a figure of one frame; a cell is chosen as `cell <row> <column>`."""
    return Film(
        title=table.title,
        svg=_drawing(table, down=False),
        narrow=_drawing(table, down=True),
        frames=(Frame(patch={}, caption=caption, text=describe_table(table)),),
    )


def describe_table(table: Table) -> str:
    """The table in lines."""
    return "\n".join(
        f"{name}: " + ", ".join(f"{told} {WORDS[table.verdict(row, column)][1]}" for column, told in named)
        for row, name in table.rows.items()
        for named in [list(table.columns.items())]
    )


def _drawing(table: Table, *, down: bool) -> str:
    count = len(table.columns)
    left, wide = (4.0, 352.0 / count) if down else (250.0, 610.0 / count)
    top, tall = 52.0, 62.0 if down else 42.0
    heads = [
        words(row, class_="stop-name", x=left + wide * (at + 0.5), y=top - 10 - 17 * (len(rows) - 1 - i))
        for at, label in enumerate(table.columns.values())
        for rows in [lines(label, 10 if down else 20, 2)]
        for i, row in enumerate(rows)
    ]
    body: list[str] = []
    for at, (row, name) in enumerate(table.rows.items()):
        y = top + tall * at
        body.append(element("path", class_="axis", d=f"M4 {number(y)}H{number(left + wide * count)}"))
        at_y = y + (18 if down else tall / 2 + 5)
        body.append(words(name, class_="stop-name" if not down else "fact", x=6, y=at_y))
        for i, column in enumerate(table.columns):
            box_y, height = (y + 25, 31) if down else (y + 5, tall - 10)
            body.append(_spot(table, row, column, left + wide * i, box_y, wide, height))
    size = f"0 0 {number(left + wide * count + 4)} {number(top + tall * len(table.rows) + 6)}"
    return element(
        "svg",
        element("g", "".join(heads), text_anchor="middle") + "".join(body),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=size,
        class_="matrix",
        role="img",
        aria_label=table.title,
        style=f"max-width:{380 if down else 900}px",
    )


def _spot(table: Table, row: str, column: str, x: float, y: float, wide: float, tall: float) -> str:
    verdict = table.verdict(row, column)
    mark, word = WORDS[verdict]
    name = f"{table.rows[row]} on {table.columns[column]}: {word}"
    middle = x + wide / 2
    return element(
        "g",
        element("title", plain(name))
        + element("rect", class_="chip", x=x + 4, y=y, width=wide - 8, height=tall, rx=7)
        + words(f"{mark} {word}", class_="chip-name", x=middle, y=y + tall / 2 + 5),
        class_=f"spot {verdict} {_STATES[verdict]}",
        data_pick=f"cell {row} {column}",
    )
