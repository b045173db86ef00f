"""One decision of Application Auto Scaling: several policies, the scalable target's range, and what holds them back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.scaling.alarms import Seen
from simulator.scaling.policies import Policy
from simulator.scaling.proposals import propose
from simulator.scaling.rules import RULES, ScaleInNeeds, ScalingRules, Several
from simulator.scaling.situation import Code, Direction, Proposal, Situation, tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What happens. `low` to `high` is where the new desired count may be: equal unless AWS leaves it open.

    `desired` of an open decision is the most that is possible: unchanged, where as many tasks run as are wanted.
    `code` is `scaled`, `pulledIntoRange` or `fromZero`, or why not.
    """

    desired: int
    low: int
    high: int
    direction: Direction
    code: Code
    reason: str
    fix: str
    proposals: tuple[Proposal, ...]

    @property
    def open(self) -> bool:
        """Whether AWS leaves the size of the step open."""
        return self.low < self.high


def decide(policies: Sequence[Policy], seen: Sequence[Seen], now: Situation, rules: ScalingRules = RULES) -> Decision:
    """The decision at one moment.

    Any policy that is ready to scale out wins over those that would scale in. A scale-in of target tracking needs all
    target tracking policies with scale-in enabled; a step policy's scale-in waits for nobody. Of several results the
    largest counts (facts 2.1).

    Parameters
    ----------
    seen : what each policy sees, in the order of `policies`.
    """
    proposals = tuple(propose(policy, what, now, rules) for policy, what in zip(policies, seen, strict=True))
    outs = [one for one in proposals if one.direction is Direction.OUT]
    if outs:
        return _out(outs, proposals, now, rules)
    ins = [one for one in proposals if one.direction is Direction.IN]
    waiting = [one for one in proposals if one.tracking and one.scale_in and one.direction is not Direction.IN]
    blocked = waiting if rules.scale_in_needs is ScaleInNeeds.ALL else []
    ready = [one for one in ins if not (one.tracking and blocked)]
    if ready:
        return _in(ready, proposals, now, rules)
    if ins:
        names = _names(blocked)
        return _unchanged(
            now,
            proposals,
            Code.NOT_ALL_READY,
            f"{_names(ins)} would scale in, but {names} {'is' if len(blocked) == 1 else 'are'} not ready to: target "
            "tracking scales in only if all of its policies are ready.",
        )
    first = _telling(proposals)
    return _unchanged(now, proposals, first.code, f"Nothing is scaled: {first.reason}.", first.fix)


def _out(outs: Sequence[Proposal], proposals: tuple[Proposal, ...], now: Situation, rules: ScalingRules) -> Decision:
    if now.out_suspended:
        return _unchanged(
            now,
            proposals,
            Code.SUSPENDED,
            f"{_names(outs)} would scale out, but DynamicScalingOutSuspended is true.",
            "set DynamicScalingOutSuspended to false",
        )
    if now.desired > now.maximum or (now.desired == now.maximum and max(one.low for one in outs) >= now.maximum):
        return _unchanged(
            now,
            proposals,
            Code.AT_MAX,
            f"{_names(outs)} would scale out, but the desired count {now.desired} is not below MaxCapacity "
            f"{now.maximum}.",
            f"raise MaxCapacity above {now.desired}",
        )
    if now.desired < now.minimum:
        return _to_edge(now, proposals, Direction.OUT, now.minimum)
    chosen = _choose(outs, rules)
    new = now.clamped(chosen.low)
    if new == now.desired:
        return _unchanged(
            now, proposals, Code.AT_DESIRED, f"{chosen.policy}: {chosen.reason}; that is the desired count already."
        )
    return Decision(
        desired=new,
        low=new,
        high=new,
        direction=Direction.OUT,
        code=chosen.code,
        reason=_sentence(chosen, outs, new),
        fix="",
        proposals=proposals,
    )


def _in(ready: Sequence[Proposal], proposals: tuple[Proposal, ...], now: Situation, rules: ScalingRules) -> Decision:
    if now.in_suspended:
        return _unchanged(
            now,
            proposals,
            Code.SUSPENDED,
            f"{_names(ready)} would scale in, but DynamicScalingInSuspended is true.",
            "set DynamicScalingInSuspended to false",
        )
    if now.deploying and not rules.scale_in_while_deploying:
        return _unchanged(
            now,
            proposals,
            Code.DEPLOYING,
            f"{_names(ready)} would scale in, but a deployment is in progress: scale-in is off until it ends, "
            "scale-out goes on.",
            "wait until the deployment has ended",
        )
    if now.desired > now.maximum:
        return _to_edge(now, proposals, Direction.IN, now.maximum)
    if now.desired <= now.minimum:
        return _unchanged(
            now,
            proposals,
            Code.AT_MIN,
            f"{_names(ready)} would scale in, but the desired count {now.desired} is not above MinCapacity "
            f"{now.minimum}.",
            f"lower MinCapacity below {now.desired}" if now.desired else "",
        )
    chosen = _choose(ready, rules)
    low = min(now.clamped(chosen.low), now.desired)  # a scale-in never adds, though it computes from what runs
    high = max(low, min(now.clamped(_upper(ready, chosen, rules)), now.desired))
    if low == now.desired:
        return _unchanged(
            now, proposals, Code.AT_DESIRED, f"{chosen.policy}: {chosen.reason}; that is the desired count already."
        )
    return Decision(
        desired=high,
        low=low,
        high=high,
        direction=Direction.IN,
        code=chosen.code,
        reason=_sentence(chosen, ready, low),
        fix="",
        proposals=proposals,
    )


def _choose(ready: Sequence[Proposal], rules: ScalingRules) -> Proposal:
    if rules.several is Several.LAST:
        return ready[-1]
    pick = max if rules.several is Several.LARGEST else min
    return pick(ready, key=lambda one: one.low)


def _upper(ready: Sequence[Proposal], chosen: Proposal, rules: ScalingRules) -> int:
    """The upper end of a scale-in: where one policy's size is open, the largest result may be as large."""
    return max(one.high for one in ready) if rules.several is Several.LARGEST else chosen.high


def _to_edge(now: Situation, proposals: tuple[Proposal, ...], direction: Direction, edge: int) -> Decision:
    below = direction is Direction.OUT
    return Decision(
        desired=edge,
        low=edge,
        high=edge,
        direction=direction,
        code=Code.LIFTED,
        reason=f"The desired count {now.desired} was set {'below MinCapacity' if below else 'above MaxCapacity'} by "
        f"hand, so a scale-{'out' if below else 'in'} first brings it to {edge}; the policies go on from there.",
        fix="",
        proposals=proposals,
    )


def _unchanged(now: Situation, proposals: tuple[Proposal, ...], code: Code, reason: str, fix: str = "") -> Decision:
    return Decision(
        desired=now.desired,
        low=now.desired,
        high=now.desired,
        direction=Direction.NONE,
        code=code,
        reason=reason,
        fix=fix,
        proposals=proposals,
    )


def _telling(proposals: Sequence[Proposal]) -> Proposal:
    """The proposal that says most about why nothing happens: one that something held back, else the first."""
    quiet = (Code.NO_ALARM, Code.NO_DATA)
    return next((one for one in proposals if one.code not in quiet), proposals[0])


def _names(proposals: Sequence[Proposal]) -> str:
    return " and ".join(one.policy for one in proposals)


def _sentence(chosen: Proposal, ready: Sequence[Proposal], new: int) -> str:
    wins = " The largest result of those that are ready counts." if len(ready) > 1 else ""
    held = "" if new == chosen.low else f"; the range holds it at {tasks(new)}"
    return f"{chosen.policy}: {chosen.reason}{held}.{wins}"
