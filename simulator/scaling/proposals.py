"""What one policy alone wants: target tracking in proportion, a step policy by its step, each held by its cooldown."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from simulator.scaling.alarms import Alarm, Seen, low_threshold, step_of
from simulator.scaling.policies import Policy, Stepping, Tracking
from simulator.scaling.rules import RULES, CooldownBlocks, CountsFrom, Rounding, ScaleInSize, ScalingRules
from simulator.scaling.situation import Code, Direction, Proposal, Situation, tasks, told
from simulator.scaling.steps import EXACT, PERCENT, change_of


def propose(policy: Policy, seen: Seen, now: Situation, rules: ScalingRules = RULES) -> Proposal:
    """What a policy wants, whatever the other policies and the service say.

    Returns
    -------
    Proposal
        For a scale-in by target tracking `low` to `high`: AWS does not say how much goes at once, only that it is
        gradual and never below the formula (facts 2.2). Not yet held within the scalable target's range.
    """
    if seen.value is None or seen.alarm is Alarm.NO_DATA:
        return _stays(
            policy,
            now,
            Code.NO_DATA,
            "the metric has no data, so its alarms are INSUFFICIENT_DATA and nothing is scaled",
            "publish a data point each minute; a metric that is 0 has to report 0",
        )
    if isinstance(policy, Tracking):
        wanted = _track(policy, seen.value, seen.alarm, now, rules)
    else:
        wanted = _step(policy, seen.value, seen.alarm, now, rules)
    return _held_by_cooldown(policy, wanted, now, rules)


def formula(capacity: int, metric: Fraction, target: Fraction, rounding: Rounding = Rounding.UP) -> int:
    """The capacity at which the metric would be at its target, as whole tasks (facts 2.2: derived, rounded up).

    >>> formula(10, Fraction(150), Fraction(100)), formula(3, Fraction(90), Fraction(60))
    (15, 5)
    """
    exact = max(Fraction(0), capacity * metric / target)
    if rounding is Rounding.UP:
        return ceil(exact)
    return floor(exact) if rounding is Rounding.DOWN else floor(exact + Fraction(1, 2))


def _track(policy: Tracking, value: Fraction, alarm: Alarm, now: Situation, rules: ScalingRules) -> Proposal:
    base = _base(now, rules)
    if base == 0:
        return _from_zero(policy, value, now)
    new = formula(base, value, policy.target, rules.rounding)
    sum_ = f"{base} × {told(value)} / {told(policy.target)} = {told(base * value / policy.target)}"
    if alarm is Alarm.HIGH:
        if new <= base:
            return _stays(policy, now, Code.AT_DESIRED, f"{sum_} makes {tasks(new)}, and {base} run already")
        return _wants(policy, Direction.OUT, new, new, f"the high alarm fires: {sum_}, so {tasks(new)}")
    if alarm is Alarm.OK:
        low = told(low_threshold(policy.target, rules))
        return _stays(
            policy,
            now,
            Code.NO_ALARM,
            f"the metric is {told(value)}, neither above the target {told(policy.target)} nor below {low} for long "
            "enough, so no alarm acts",
        )
    if not policy.scale_in:
        return _stays(
            policy,
            now,
            Code.IN_DISABLED,
            "the low alarm fires, but the policy has DisableScaleIn",
            "set DisableScaleIn to false",
        )
    if new >= base and now.desired > now.minimum:
        said = "with one task less the metric would be above its target again"
        if base == 1:
            said = "there is still demand for the last task"
        return _stays(policy, now, Code.FLAPPING, f"the low alarm fires, but {said}: {sum_}")
    if rules.scale_in_size is ScaleInSize.AT_ONCE:
        return _wants(policy, Direction.IN, new, new, f"the low alarm fires: {sum_}, so {tasks(new)}")
    return _wants(
        policy,
        Direction.IN,
        new,
        max(new, base),
        f"the low alarm fires: {sum_}, so not below {tasks(new)}; how many go at once is open, AWS says “gradually”",
    )


def _from_zero(policy: Tracking, value: Fraction, now: Situation) -> Proposal:
    if now.desired > 0:
        return _stays(
            policy, now, Code.STARTING, f"no task runs yet, and {tasks(now.desired)} are wanted already: nothing to add"
        )
    if value <= 0:
        return _stays(policy, now, Code.NO_ALARM, "no task runs and the metric is 0, so there is no demand")
    return _wants(
        policy,
        Direction.OUT,
        1,
        1,
        "no task runs and one data point shows demand: out by the smallest possible amount",
        code=Code.FROM_ZERO,
    )


def _step(policy: Stepping, value: Fraction, alarm: Alarm, now: Situation, rules: ScalingRules) -> Proposal:
    step = step_of(policy, value, rules)
    where = f"the metric {told(value)} is {told(value - policy.threshold)} from the threshold {told(policy.threshold)}"
    if alarm is not Alarm.ALARM:
        return _stays(policy, now, Code.NO_ALARM, f"{where}: the alarm does not act")
    if step is None:
        return _stays(policy, now, Code.NO_STEP, f"{where}, and no step adjustment holds it", "add a step for it")
    base = _base(now, rules)
    if step.adjustment > 0 and policy.adjustment != EXACT and _cools(now.since_out, policy.cooldown):
        # What the last scale-out added counts towards this one (facts 2.2: added 2, now wants 3: one more).
        base = now.desired - now.added
    change = change_of(
        step.adjustment, policy.adjustment, base, magnitude=policy.magnitude, rounding=rules.percent_rounding
    )
    if change == 0 and base == 0 and policy.adjustment == PERCENT and step.adjustment > 0:
        return _wants(
            policy,
            Direction.OUT,
            1,
            1,
            f"{where}; a percentage of 0 tasks is 0, so out by the smallest possible amount",
            code=Code.FROM_ZERO,
        )
    if change == 0:
        code = Code.AT_DESIRED if policy.adjustment == EXACT else Code.NO_CHANGE
        return _stays(policy, now, code, f"{where}: {_adjustment(policy, step.adjustment)} changes nothing at {base}")
    new = max(0, base + change)
    said = f"{where}: {_adjustment(policy, step.adjustment)} makes {base} into {new}"
    return _wants(policy, Direction.OUT if change > 0 else Direction.IN, new, new, said)


def _adjustment(policy: Stepping, adjustment: int) -> str:
    if policy.adjustment == EXACT:
        return f"{EXACT} {adjustment}"
    return f"{policy.adjustment} {adjustment:+d}"


def _base(now: Situation, rules: ScalingRules) -> int:
    return now.running if rules.counts_from is CountsFrom.RUNNING else now.desired


def _held_by_cooldown(policy: Policy, wanted: Proposal, now: Situation, rules: ScalingRules) -> Proposal:
    """During the scale-out cooldown only a larger scale-out gets through; a scale-in waits for both cooldowns."""
    if wanted.direction is Direction.NONE:
        return wanted
    out = policy.out_cooldown if isinstance(policy, Tracking) else policy.cooldown
    inward = policy.in_cooldown if isinstance(policy, Tracking) else policy.cooldown
    out_left = out - (now.since_out or 0) if _cools(now.since_out, out) else 0
    in_left = inward - (now.since_in or 0) if _cools(now.since_in, inward) else 0
    if wanted.direction is Direction.OUT and rules.cooldown_blocks is CooldownBlocks.SAME_OR_LESS:
        if not out_left or now.clamped(wanted.low) > now.desired:
            return wanted
        said = f"{wanted.reason}; the scale-out cooldown runs, and that is not more than the {now.desired} set already"
        return _stays(policy, now, Code.COOLDOWN, said, f"wait {out_left} s, or ask for more than {now.desired}")
    left = max(out_left, in_left)
    if not left:
        return wanted
    return _stays(
        policy, now, Code.COOLDOWN, f"{wanted.reason}; a cooldown still runs and holds it back", f"wait {left} s"
    )


def _cools(since: int | None, cooldown: int) -> bool:
    return since is not None and since < cooldown


def _wants(
    policy: Policy, direction: Direction, low: int, high: int, reason: str, *, code: Code = Code.SCALED
) -> Proposal:
    return Proposal(
        policy=policy.name,
        tracking=isinstance(policy, Tracking),
        direction=direction,
        low=low,
        high=high,
        code=code,
        reason=reason,
        scale_in=not isinstance(policy, Tracking) or policy.scale_in,
    )


def _stays(policy: Policy, now: Situation, code: Code, reason: str, fix: str = "") -> Proposal:
    return Proposal(
        policy=policy.name,
        tracking=isinstance(policy, Tracking),
        direction=Direction.NONE,
        low=now.desired,
        high=now.desired,
        code=code,
        reason=reason,
        fix=fix,
        scale_in=not isinstance(policy, Tracking) or policy.scale_in,
    )
