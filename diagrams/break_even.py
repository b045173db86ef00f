"""What an hour costs as more of an instance is used: EC2 level, Fargate rising, Spot below it, and where they meet.

The film has a frame for each twentieth of the instance, so the player's slider is how much of it is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from diagrams.film import Film, Frame
from diagrams.layout import Box
from diagrams.look import Look, changes, drawn, rounded
from diagrams.markup import element, words
from simulator.prices import AS_OF, REGION, SPOT_MOST_DISCOUNT_PERCENT

Answer = Mapping[str, Any]

TITLE = "What an hour costs, by how much of the instance is used"
_LEVELS = (0.01, 0.02, 0.025, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000)
_TICKS = 4
_NAMES = ("EC2", "Fargate", "Fargate Spot")
_LOOKS = ("ec2", "fargate", "spot")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A drawing's measures; the narrow one has the same parts."""

    width: float
    height: float
    area: Box
    legend: tuple[float, ...]  # where each name begins
    small: bool


_WIDE = _Sheet(width=720, height=458, area=Box(64, 92, 632, 232), legend=(64, 262, 460), small=False)
_NARROW = _Sheet(width=350, height=446, area=Box(46, 92, 294, 204), legend=(4, 104, 210), small=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lines:
    """What is drawn of an answer. `spot` is the discount that Spot is drawn with, in percent."""

    found: Answer
    curve: Sequence[Answer]
    spot: float
    most: float

    def amounts(self, at: int) -> tuple[float, float, float]:
        """Dollars an hour of EC2, Fargate and Spot at a point of the curve."""
        point = self.curve[at]
        return point["ec2"], point["fargate"], point.get("fargateSpot", point["fargateSpotLeast"])


def break_even_film(answer: Answer, *, ask: str = "") -> Film:
    """The chart as a film over the used share of the instance.

    Parameters
    ----------
    answer : of a bill with `breakEven`.
    ask : the caption while a bet is owed; then only the costs of a full instance are drawn.

    Raises
    ------
    ValueError
        If the answer has no break-even.
    """
    if not answer.get("breakEven"):
        raise ValueError("the answer has no break-even to draw")
    lines = _lines(answer)
    last = len(lines.curve) - 1
    if ask:
        frame = Frame(patch={}, caption=ask, text=_row(lines, last), mark="100 % used")
        drawings = (_owed(lines, _WIDE), _owed(lines, _NARROW))
        return Film(title=TITLE, svg=drawings[0], narrow=drawings[1], frames=(frame,))
    looks = [_look(lines, at) for at in range(last + 1)]
    patches = [looks[0], *(changes(before, after) for before, after in pairwise(looks))]
    table = "\n".join([*(_row(lines, at) for at in range(last + 1)), "", lines.found["reason"], price_line()])
    frames = tuple(
        Frame(patch=patch, caption=_caption(lines, at), text=table, mark=f"{lines.curve[at]['usedPercent']} % used")
        for at, patch in enumerate(patches)
    )
    return Film(title=TITLE, svg=_drawing(lines, _WIDE), narrow=_drawing(lines, _NARROW), frames=frames)


def step_at(percent: float) -> int:
    """The frame nearest to a used share in percent."""
    return max(0, min(20, round(percent / 5)))


def price_line() -> str:
    """Where the figures come from, and from when."""
    return f"Fargate: third-party quotes of {AS_OF} for {REGION}, Linux. The instance: the price that you gave."


def dollars(amount: float) -> str:
    """An amount of an hour, three decimals where there are cents of cents.

    >>> dollars(0.0123), dollars(1.5), dollars(0.0)
    ('$0.012', '$1.50', '$0')
    """
    if not amount:
        return "$0"
    return f"${amount:.2f}" if amount >= 1 else f"${amount:.3f}"


def _lines(answer: Answer) -> _Lines:
    found = answer["breakEven"]
    curve: Sequence[Answer] = found["curve"]
    top = max(max(point["ec2"], point["fargate"]) for point in curve) or 0.01
    unit = next((one for one in _LEVELS if one * _TICKS >= top), top / _TICKS)
    full = curve[-1]
    given = full.get("fargateSpot")
    spot = SPOT_MOST_DISCOUNT_PERCENT if given is None else 100 * (1 - given / (full["fargate"] or 1))
    return _Lines(found=found, curve=curve, spot=round(spot, 2), most=unit * _TICKS)


def _look(lines: _Lines, at: int) -> Look:
    """What moves: the line at the share that is looked at, and the three amounts."""
    amounts = lines.amounts(at)
    least = min(amounts[:2])
    look: Look = {}
    for number, (name, amount) in enumerate(zip(_LOOKS, amounts, strict=True)):
        wins = number < 2 and amount == least
        look[f"now-{name}"] = {"text": dollars(amount), "class": f"amount {'wins' if wins else ''}".strip()}
        for sheet, tag in ((_WIDE, "w"), (_NARROW, "n")):
            place = f"translate({_x(sheet, lines.curve[at]['usedPercent'])} {_y(sheet, lines, amount)})"
            look[f"{tag}-{name}"] = {"transform": place}
    for sheet, tag in ((_WIDE, "w"), (_NARROW, "n")):
        look[f"{tag}-line"] = {"transform": f"translate({_x(sheet, lines.curve[at]['usedPercent'])} {sheet.area.y})"}
    return look


def _caption(lines: _Lines, at: int) -> str:
    point = lines.curve[at]
    ec2, fargate, _ = lines.amounts(at)
    head = f"{point['usedPercent']} % of the instance used:"
    if point["cheaper"] == "SAME":
        return f"{head} EC2 and Fargate both cost {dollars(ec2)} an hour."
    names = ("EC2", "Fargate") if point["cheaper"] == "EC2" else ("Fargate", "EC2")
    low, high = sorted((ec2, fargate))
    less = f"{dollars(low)} an hour against {dollars(high)}"
    return f"{head} {names[0]} is cheaper than {names[1]}, {less}."


def _row(lines: _Lines, at: int) -> str:
    ec2, fargate, spot = lines.amounts(at)
    used = lines.curve[at]["usedPercent"]
    return (
        f"{used:>3} % used: EC2 {dollars(ec2)}, Fargate {dollars(fargate)}, "
        f"Spot at {lines.spot:g} % less {dollars(spot)}"
    )


def _owed(lines: _Lines, sheet: _Sheet) -> str:
    """Only what the bet says: the costs of a full instance, as two points at the right edge."""
    last = len(lines.curve) - 1
    look: Look = {
        f"now-{name}": {"text": dollars(amount), "class": "amount"}
        for name, amount in zip(_LOOKS[:2], lines.amounts(last)[:2], strict=True)
    }
    dots = (
        element("circle", class_=f"dot {name}", cx=_x(sheet, 100), cy=_y(sheet, lines, amount), r=7)
        for name, amount in zip(_LOOKS[:2], lines.amounts(last)[:2], strict=True)
    )
    marks = words("?", class_="ask", x=sheet.area.center.x, y=sheet.area.center.y + 18, text_anchor="middle")
    body = [*_head(lines, sheet, look), *_axes(lines, sheet), marks, *dots, _foot(sheet)]
    return _svg(sheet, body, f"{TITLE}. Only the costs of a full instance are drawn.")


def _drawing(lines: _Lines, sheet: _Sheet) -> str:
    tag = "n" if sheet.small else "w"
    look = _look(lines, 0)
    body = [
        *_head(lines, sheet, look),
        *_axes(lines, sheet),
        _wedge(lines, sheet),
        *_courses(lines, sheet),
        *_meeting(lines, sheet),
        *_strips(lines, sheet),
    ]
    line = element("path", class_="now", d=f"M0 -4V{rounded(sheet.area.height)}")
    body.append(drawn(f"{tag}-line", "g", look, line, class_="mover"))
    for name in _LOOKS:
        body.append(drawn(f"{tag}-{name}", "g", look, element("circle", class_=f"dot {name}", r=6), class_="mover"))
    return _svg(sheet, [*body, _foot(sheet)], f"{TITLE}. {lines.found['reason']}")


def _svg(sheet: _Sheet, body: Sequence[str], said: str) -> str:
    return element(
        "svg",
        "".join(body),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {sheet.width} {sheet.height}",
        class_="even",
        role="img",
        aria_label=said,
    )


def _head(lines: _Lines, sheet: _Sheet, look: Look) -> Iterator[str]:
    """The three names with how each is drawn, and what an hour costs there now."""
    for name, key, x in zip(_NAMES, _LOOKS, sheet.legend, strict=True):
        if f"now-{key}" not in look:
            continue
        yield element("path", class_=f"course {key}", d=f"M{x} 16h22")
        less = f" −{lines.spot:g} %" if key == "spot" else ""
        named = name.replace("Fargate ", "") if sheet.small else name
        yield words(f"{named}{less}", class_="label-small", x=x + 28, y=21)
        yield drawn(f"now-{key}", "text", look, x=x, y=52)


def _axes(lines: _Lines, sheet: _Sheet) -> Iterator[str]:
    area = sheet.area
    yield words("dollars an hour", class_="label-small", x=area.x if not sheet.small else 4, y=area.y - 14)
    for tick in range(_TICKS + 1):
        value = lines.most * tick / _TICKS
        y = _y(sheet, lines, value)
        yield element("path", class_="axis", d=f"M{area.x} {y}H{area.right}")
        yield words(f"{value:g}", class_="label-small", x=area.x - 8, y=float(y) + 4, text_anchor="end")
    for percent in range(0, 101, 20):
        x = _x(sheet, percent)
        yield element("path", class_="axis", d=f"M{x} {area.bottom}v6")
        anchor = "end" if percent == 100 else "middle"
        yield words(f"{percent} %", class_="label-small", x=x, y=area.bottom + 22, text_anchor=anchor)
    yield words("of the instance used", class_="label-small", x=area.center.x, y=area.bottom + 42, text_anchor="middle")


def _wedge(lines: _Lines, sheet: _Sheet) -> str:
    """Where Spot's price may be: between Fargate's and the most that is advertised."""
    full = lines.curve[-1]
    right = _x(sheet, 100)
    top, low = _y(sheet, lines, full["fargate"]), _y(sheet, lines, full["fargateSpotLeast"])
    start = f"{_x(sheet, 0)} {_y(sheet, lines, lines.curve[0]['fargate'])}"
    return element("path", class_="wedge", d=f"M{start}L{right} {top}V{low}Z")


def _courses(lines: _Lines, sheet: _Sheet) -> Iterator[str]:
    for at, key in reversed(tuple(enumerate(_LOOKS))):
        path = "L".join(
            f"{_x(sheet, point['usedPercent'])} {_y(sheet, lines, lines.amounts(k)[at])}"
            for k, point in enumerate(lines.curve)
        )
        yield element("path", class_=f"course {key}", d=f"M{path}")


def _meeting(lines: _Lines, sheet: _Sheet) -> Iterator[str]:
    """The break-even with Fargate, if the instance is ever full enough for one."""
    percent = lines.found["percent"]
    if percent is None or percent > 100:
        return
    x, y = _x(sheet, percent), _y(sheet, lines, lines.found["instanceHour"])
    yield element("path", class_="meets", d=f"M{x} {y}V{sheet.area.bottom}")
    yield element("circle", class_="meeting", cx=x, cy=y, r=9)
    anchor = "end" if percent > 50 else "start"
    aside = -12 if percent > 50 else 12
    label = f"break-even {percent:g} %"
    yield words(label, class_="label strong haloed", x=float(x) + aside, y=float(y) - 14, text_anchor=anchor)


def _strips(lines: _Lines, sheet: _Sheet) -> Iterator[str]:
    """Below the axis who is cheaper along it: EC2 against Fargate, and against Spot as it is drawn."""
    found = lines.found
    spot = found.get("percentWithSpotDiscount", found.get("percentWithMostSpotDiscount"))
    rows = (("Fargate", "fargate", found["percent"]), ("Spot", "spot", spot))
    for row, (name, key, percent) in enumerate(rows):
        top = sheet.area.bottom + 54 + row * 26
        if percent is None:
            ends = 0.0 if found["always"] == "EC2" else 100.0
        else:
            ends = min(100.0, percent)
        for start, end, look, who in ((0.0, ends, key, name), (ends, 100.0, "ec2", "EC2")):
            left, width = float(_x(sheet, start)), sheet.area.width * (end - start) / 100
            if width < 1:
                continue
            yield element("rect", class_=f"strip {look}", x=left, y=top, width=rounded(width), height=20, rx=3)
            said = f"{who} is cheaper" if width > 110 else who if width > 8 * len(who) + 8 else ""
            if said:
                yield words(said, class_="strip-name", x=left + width / 2, y=top + 15, text_anchor="middle")


def _foot(sheet: _Sheet) -> str:
    """The date beside the figures, wherever the picture goes."""
    if sheet.small:
        first, second = price_line().split(". ", 1)
        return words(f"{first}.", class_="label-small", x=4, y=sheet.height - 24) + words(
            second, class_="label-small", x=4, y=sheet.height - 7
        )
    return words(price_line(), class_="label-small", x=sheet.area.x, y=sheet.height - 12)


def _x(sheet: _Sheet, percent: float) -> float | int:
    return rounded(sheet.area.x + sheet.area.width * percent / 100)


def _y(sheet: _Sheet, lines: _Lines, value: float) -> float | int:
    return rounded(sheet.area.bottom - sheet.area.height * value / lines.most)
