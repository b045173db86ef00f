"""The steps of step scaling on the axis of their metric: one frame for each whole value that the metric may have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from diagrams.film import Film, Said, frames_of
from diagrams.look import Look, changes, rounded
from diagrams.markup import element, words
from simulator.scaling.alarms import step_of
from simulator.scaling.decide import Decision, decide
from simulator.scaling.policies import Stepping
from simulator.scaling.question import Question, read_question
from simulator.scaling.rules import RULES, ScalingRules
from simulator.scaling.situation import Direction, told
from simulator.scaling.steps import EXACT, PERCENT, Step, change_of

TITLE = "Which step the metric falls into"
VALUES = range(101)  # the metric as the slider goes: a percentage
MOST_TASKS = 30  # drawn one by one
BAR_TOP, BAR = 74, 44


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    width: int
    left: int
    right: int
    a_row: int

    def x(self, value: float) -> float:
        return self.left + (self.right - self.left) * max(0.0, min(100.0, value)) / 100


_WIDE = _Layout(width=780, left=30, right=750, a_row=30)
_NARROW = _Layout(width=400, left=16, right=384, a_row=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """One step where it lies on the axis, in the metric's own values."""

    name: str
    policy: Stepping
    step: Step
    low: float
    high: float


def steps_film(document: Mapping[str, Any], rules: ScalingRules = RULES) -> Film:
    """Step policies as a film over the metric: frame `k` is the decision when the metric is `k` percent.

    Parameters
    ----------
    document : step policies and counts, as for one decision; a `metric` in it is passed over.

    Raises
    ------
    InputError
        With one sentence, for what is no such document, and for steps that AWS refuses.
    """
    question = read_question(_at(document, 0), rules)
    pieces = list(_pieces(question))
    looks: list[Look] = []
    said: list[Said] = []
    for value in VALUES:
        now = read_question(_at(document, value), rules)
        decision = decide(now.policies, now.seen, now.now, rules)
        looks.append(_patch(pieces, now, decision, value))
        said.append(_said(now, decision, value))
    return Film(
        title=TITLE,
        svg=_svg(question, pieces, _WIDE, ""),
        narrow=_svg(question, pieces, _NARROW, "n-"),
        frames=frames_of([looks[0], *(changes(before, after) for before, after in pairwise(looks))], said),
    )


def _at(document: Mapping[str, Any], value: int) -> dict[str, Any]:
    policies = [{**one, "metric": value} for one in document["policies"]]
    return {**{name: held for name, held in document.items() if name != "metric"}, "policies": policies}


def _pieces(question: Question) -> Iterator[_Piece]:
    for policy_at, policy in enumerate(question.policies):
        if not isinstance(policy, Stepping):
            continue
        threshold = policy.threshold
        for at, step in enumerate(policy.steps):
            low = 0.0 if step.lower is None else float(threshold + step.lower)
            high = 100.0 if step.upper is None else float(threshold + step.upper)
            if low < 100 and high > 0:
                yield _Piece(name=f"s{policy_at}-{at}", policy=policy, step=step, low=low, high=high)


def _patch(pieces: Sequence[_Piece], now: Question, decision: Decision, value: int) -> Look:
    chosen = _chosen(now)
    looks = {piece.name: {"class": _look(piece, (piece.policy.name, piece.step) in chosen)} for piece in pieces}
    moves = {
        f"{prefix}metric": {"transform": f"translate({rounded(layout.x(value))} 0)"}
        for prefix, layout in (("", _WIDE), ("n-", _NARROW))
    }
    before = now.now.running
    tasks = {f"t{at}": {"class": _task(at, before, decision.desired)} for at in range(MOST_TASKS)}
    after = f"{before} tasks" if decision.desired == before else f"{before} → {decision.desired} tasks"
    return {**looks, **moves, **tasks, "value": {"text": str(value)}, "count": {"text": after}}


def _chosen(now: Question) -> set[tuple[str, Step]]:
    found: set[tuple[str, Step]] = set()
    for policy, seen in zip(now.policies, now.seen, strict=True):
        if isinstance(policy, Stepping) and seen.alarm.acts and seen.value is not None:
            step = step_of(policy, seen.value)
            if step is not None:
                found.add((policy.name, step))
    return found


def _look(piece: _Piece, chosen: bool) -> str:
    way = _way(piece)
    return f"step {way} {'taken' if chosen else ''}".strip()


def _way(piece: _Piece) -> str:
    if piece.policy.adjustment == EXACT:
        return "starting"
    return "healthy" if piece.step.adjustment > 0 else "draining" if piece.step.adjustment < 0 else "nothing"


def _task(at: int, before: int, after: int) -> str:
    if at < min(before, after):
        return "unit stays"
    if at < after:
        return "unit comes"
    return "unit goes" if at < before else "unit none"


def _said(now: Question, decision: Decision, value: int) -> Said:
    caption = decision.reason if decision.direction is not Direction.NONE else _quiet(now, decision)
    caption += _worked_out(now, decision)
    lines = [f"Metric {value}.", caption, *(f"{one.policy}: {one.reason}." for one in decision.proposals)]
    tone = {Direction.OUT: "done", Direction.IN: "bound"}.get(decision.direction, "")
    # A tick at every value would be a wall of ticks.
    return Said(caption=caption, text="\n".join(lines), mark=f"metric {value}", tone=tone if value % 10 == 0 else "")


def _worked_out(now: Question, decision: Decision) -> str:
    """The percentage in tasks, where it is no whole number of them."""
    ready = {one.policy for one in decision.proposals if one.direction is decision.direction}
    for name, step in _chosen(now):
        policy = next(one for one in now.policies if one.name == name)
        exact = Fraction(now.now.running * step.adjustment, 100)
        if name in ready and isinstance(policy, Stepping) and policy.adjustment == PERCENT and exact.denominator > 1:
            change = change_of(step.adjustment, PERCENT, now.now.running, magnitude=policy.magnitude)
            return f" {step.adjustment} % of {now.now.running} is {told(exact)}, so {change:+d}."
    return ""


def _quiet(now: Question, decision: Decision) -> str:
    acting = [one.reason for one, seen in zip(decision.proposals, now.seen, strict=True) if seen.alarm.acts]
    if decision.code.value.startswith("Already") or not acting:
        return decision.reason
    return f"Nothing is scaled: {acting[0]}."


def _svg(question: Question, pieces: Sequence[_Piece], layout: _Layout, prefix: str) -> str:
    rows = -(-MOST_TASKS // layout.a_row)
    parts = [words("the metric, %", class_="label-small", x=layout.left, y=20)]
    for piece in pieces:
        parts += _drawn(piece, layout)
    for value in range(0, 101, 10 if layout is _WIDE else 20):
        x = rounded(layout.x(value))
        parts.append(element("path", class_="axis", d=f"M{x} {BAR_TOP + BAR}v6"))
        parts.append(words(str(value), class_="label-small", x=x, y=BAR_TOP + BAR + 20, text_anchor="middle"))
    parts += _thresholds(question, layout)
    marker = element("path", class_="now-line", d=f"M0 {BAR_TOP - 10}v{BAR + 20}")
    flag = words("0", class_="label strong bound-label", id="value", x=0, y=BAR_TOP - 16, text_anchor="middle")
    parts.append(element("g", marker + flag, id=f"{prefix}metric", transform=f"translate({rounded(layout.x(0))} 0)"))
    top = BAR_TOP + BAR + 52
    parts.append(words("", class_="label strong", id="count", x=layout.left, y=top))
    side, gap = 18, 6
    for at in range(MOST_TASKS):
        x, y = layout.left + at % layout.a_row * (side + gap), top + 14 + at // layout.a_row * (side + gap)
        parts.append(element("rect", class_="unit none", id=f"t{at}", x=x, y=y, width=side, height=side, rx=3))
    return element(
        "svg",
        "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {layout.width} {top + 20 + rows * (side + gap)}",
        class_="scaling",
        role="img",
        aria_label=TITLE,
    )


def _drawn(piece: _Piece, layout: _Layout) -> Iterator[str]:
    left, right = layout.x(piece.low), layout.x(piece.high)
    yield element(
        "rect",
        class_=_look(piece, False),
        id=piece.name,
        x=rounded(left + 1),
        y=BAR_TOP,
        width=rounded(max(2.0, right - left - 2)),
        height=BAR,
        rx=3,
    )
    middle = rounded((left + right) / 2)
    adjusts = _adjusts(piece).replace(" ", "") if layout is _NARROW else _adjusts(piece)
    yield words(adjusts, class_="label-small strong step-name", x=middle, y=BAR_TOP + 19, text_anchor="middle")
    if right - left >= (54 if layout is _NARROW else 60):
        yield words(
            _interval(piece.step), class_="label-small step-name", x=middle, y=BAR_TOP + 36, text_anchor="middle"
        )


def _adjusts(piece: _Piece) -> str:
    amount = piece.step.adjustment
    if piece.policy.adjustment == EXACT:
        return f"= {amount}"
    sign = f"{amount:+d}".replace("-", "−") if amount else "0"
    return f"{sign} %" if piece.policy.adjustment == PERCENT else sign


def _interval(step: Step) -> str:
    """The bounds as they are written, as offsets; which of the two belongs to the step depends on the side.

    >>> _interval(Step(lower=Fraction(0), upper=Fraction(10), adjustment=0))
    '[0, 10)'
    """
    low = "−∞" if step.lower is None else told(step.lower).replace("-", "−")
    high = "∞" if step.upper is None else told(step.upper).replace("-", "−")
    above = step.lower is not None and step.lower >= 0
    return f"[{low}, {high})" if above else f"({low}, {high}]"


def _thresholds(question: Question, layout: _Layout) -> Iterator[str]:
    drawn: set[Fraction] = set()
    for policy in question.policies:
        if not isinstance(policy, Stepping) or policy.threshold in drawn:
            continue
        drawn.add(policy.threshold)
        x = rounded(layout.x(float(policy.threshold)))
        yield element("path", class_="target", d=f"M{x} {BAR_TOP - 30}V{BAR_TOP + BAR + 6}")
        yield words(
            f"threshold {told(policy.threshold)}",
            class_="label-small strong",
            x=x,
            y=BAR_TOP - 36,
            text_anchor="middle",
        )
