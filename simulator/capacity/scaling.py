"""What the Auto Scaling group does in a run: data points, alarms, sizes, and which instances go."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.capacity.effects import apply
from simulator.capacity.reservation import aim, next_smaller, within
from simulator.capacity.state import Box, Event, Kind, Machine, State, measured

HOUR = 3600

# Why a data point led to nothing.
ON_TARGET = "on-target"
WARM_UP = "warm-up"
AT_LIMIT = "at-limit"
POINTS = "points"
PROTECTED = "protected"
ENOUGH = "enough"
DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What follows from the last data point: an event, or why there is none."""

    event: Event | None = None
    why: str = ""
    wanted: int = 0


def minute(state: State) -> Event | None:
    """This minute's data point; None where it would say once more what the last one said."""
    if state.plan.group is None or not state.settings.enabled:
        return None
    point, found, empty = measured(state)
    needed = -1 if point.needed is None else point.needed
    event = Event(
        at=state.now,
        kind=Kind.MEASURED,
        numbers=(
            point.running, needed, point.reservation.numerator, point.reservation.denominator, found.extra, empty,
        ),
        detail="excluded" if point.excluded else "",
    )  # fmt: skip
    counting = point.reservation < state.settings.target and state.below < state.rules.scale_in_points
    rising = point.reservation > state.settings.target and state.above < state.rules.scale_out_points
    if point != state.point or counting or rising or verdict(apply(state, event)).event is not None:
        return event
    return None


def verdict(state: State) -> Verdict:
    """What the last data point leads to, at this moment."""
    point, settings, rules = state.point, state.settings, state.rules
    if point is None or not settings.enabled:
        return Verdict(why=DISABLED)
    unlimited = aim(point, settings, rules)
    wanted = within(unlimited, settings)
    if point.reservation == settings.target:
        return Verdict(why=ON_TARGET, wanted=wanted)
    if point.reservation > settings.target:
        if wanted <= state.size:
            return Verdict(why=AT_LIMIT if unlimited > wanted else ENOUGH, wanted=wanted)
        if state.above < rules.scale_out_points:
            return Verdict(why=POINTS, wanted=wanted)
        if rules.warm_up_blocks and youngest(state) < settings.warm_up:
            return Verdict(why=WARM_UP, wanted=wanted)
        numbers = (state.size, wanted)
        return Verdict(event=Event(at=state.now, kind=Kind.SCALED_OUT, numbers=numbers), wanted=wanted)
    if wanted >= point.running:
        return Verdict(why=AT_LIMIT if unlimited < wanted else ENOUGH, wanted=wanted)
    if state.below < rules.scale_in_points:
        return Verdict(why=POINTS, wanted=wanted)
    gone = victims(state, point.running - next_smaller(point.running, wanted, rules))
    if not gone:
        return Verdict(why=PROTECTED, wanted=wanted)
    return Verdict(event=_shrink(state, gone), wanted=wanted)


def limits(state: State) -> Event | None:
    """The group's size brought inside MinSize and MaxSize, after somebody changed one of them.

    An instance that was still launching then goes when it has registered; a protected one when it is empty.
    """
    size = within(state.size, state.settings)
    if size > state.size:
        return Event(at=state.now, kind=Kind.SCALED_OUT, numbers=(state.size, size), detail="limits")
    surplus = max(0, state.in_service - size)
    gone = victims(state, surplus) if surplus else []
    if size < state.size or gone:
        return Event(
            at=state.now,
            kind=Kind.SCALED_IN,
            numbers=(state.size, size),
            instances=tuple(machine.id for machine in gone),
            detail="limits",
        )
    return None


def victims(state: State, count: int) -> list[Machine]:
    """The instances that the group takes out of service.

    With managed termination protection only those without a task other than daemon tasks. The group's own termination
    policy chooses: the zone with the most instances first, then the instance that is nearest to its next full hour.
    """
    occupied = state.occupied if state.settings.protection else set[str]()
    left = [machine for machine in state.active if machine.id not in occupied and not machine.why]
    zones: dict[str | None, int] = {}
    for machine in state.active:
        zones[machine.zone] = zones.get(machine.zone, 0) + 1
    gone: list[Machine] = []
    while left and len(gone) < count:
        chosen = min(left, key=lambda one: (-zones[one.zone], -((state.now - one.launched) % HOUR), _number(one.id)))
        left.remove(chosen)
        zones[chosen.zone] -= 1
        gone.append(chosen)
    return gone


def youngest(state: State) -> int:
    """The age in seconds of the youngest instance that stays; a day where there is none."""
    ages = [state.now - machine.launched for machine in state.machines.values() if machine.status is not Box.DRAINING]
    return min(ages, default=24 * HOUR)


def _shrink(state: State, gone: list[Machine]) -> Event:
    return Event(
        at=state.now,
        kind=Kind.SCALED_IN,
        numbers=(state.size, state.size - len(gone)),
        instances=tuple(machine.id for machine in gone),
    )


def _number(name: str) -> int:
    return int(name.removeprefix("i-"))
