"""The fast path for large clusters: many tasks in one go, each exactly where `decide` would put it.

Nothing is defined here. A run of requests that differ only in what they take keeps its candidates in sorted lists of
whole-number keys, the same (strategy, …, tie rank) keys that `decide` compares, so the first entry that has room is
the answer and one placement moves one entry. Filters that no placement can change are asked once. Whatever has no
such list (random, host ports, GPUs, ENIs, `distinctInstance`, queries about running tasks, most beliefs) is asked of
`decide`, task by task. A property test holds the two equal.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from simulator.container_instance import with_task
from simulator.model import Cluster, Instance
from simulator.placement.decide import decide, needs_of
from simulator.placement.filters import bind_filters
from simulator.placement.query import subjects_of
from simulator.placement.request import Constraint, Request
from simulator.placement.rules import (
    RULES,
    BinpackMeasure,
    Constraints,
    PlacementRules,
    ResourceBase,
    SpreadCounts,
    SpreadScope,
    Strategies,
    TieBreak,
)
from simulator.placement.strategies import buckets, in_force
from simulator.task_needs import TaskNeeds, placed_task

# From this many instances on, building the lists pays for itself within a few tasks.
WORTH_IT = 100

# A task that needs nothing of a resource is not stopped by it, even where the amount left is negative.
_ANY_AMOUNT = -(1 << 60)
_CHANGED_BY_PLACING = frozenset({"task:group", "runningTasksCount"})


def place_many(
    cluster: Cluster, requests: Iterable[Request], rules: PlacementRules = RULES, *, first_task: int = 1
) -> list[str | None]:
    """Where each copy of each request goes, one after another: an instance id, None for a task that is not placed.

    Parameters
    ----------
    cluster : the state before the first task.
    requests : asked in this order, each for its `count` copies.
    rules : AWS's, or those with a belief put in.
    first_task : the number of the first copy; the numbers run on, those of unplaced copies too.

    Raises
    ------
    InputError
        Where `decide` raises it: an instance whose size is needed has none.
    """
    board = _Board(cluster)
    known: dict[int, _Ask] = {}
    plans: list[_Plan | None] = []
    asked: list[_Ask] = []
    kept: list[Request] = []  # keeps the requests alive, so that their ids stay theirs
    for request in requests:
        ask = known.get(id(request))
        if ask is None:
            kept.append(request)
            ask = known[id(request)] = _ask(request, rules, plans)
        asked.extend([ask] * request.count)
    for number, run in groupby(asked, key=lambda ask: ask.plan):
        plan = plans[number]
        _place_run(board, list(run), plan, rules, first_task + len(board.log))
    ids = [instance.id for instance in cluster.instances]
    return [None if i is None else ids[i] for i, _ in board.log]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What runs of requests share: `outer` is the field of a spread over buckets of several instances; inside a bucket
    (or the whole cluster) the instances are ordered by `inner`, one of cpu, memory, count and rank. `group` is whose
    tasks are counted, None if nobody's. The rest decides which instances are let in whatever is placed.
    """

    outer: str | None
    inner: str
    group: str | None
    requires: tuple[str, ...]
    attributes: tuple[tuple[str, str | None], ...]
    zones: frozenset[str] | None
    constraints: tuple[Constraint, ...]
    example: Request = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class _Ask:
    """One request as the lists see it: the number of its plan, and what a copy takes and must find."""

    request: Request
    plan: int
    needs: TaskNeeds
    floor_cpu: int
    floor_memory: int


class _Board:
    """The cluster while tasks are put on it: what is left, by position, and who was put where."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.instances = cluster.instances
        left = [instance.remaining for instance in cluster.instances]
        self.sized = not [None for one in left if one is None]
        self.cpu = [one.cpu if one else 0 for one in left]
        self.memory = [one.memory if one else 0 for one in left]
        self.log: list[tuple[int | None, _Ask]] = []
        self.positions = list(range(len(left)))
        self._written = 0
        self._position: dict[str, int] = {}

    def take(self, chosen: str | None, ask: _Ask) -> None:
        """Write down a decision made elsewhere."""
        if chosen is None:
            self.log.append((None, ask))
            return
        if not self._position:
            self._position = {instance.id: i for i, instance in enumerate(self.instances)}
        i = self._position[chosen]
        self.cpu[i] -= ask.needs.cpu
        self.memory[i] -= ask.needs.memory
        self.log.append((i, ask))

    def now(self) -> Cluster:
        """The cluster with all that was placed so far: what `decide` wants."""
        changed: dict[int, Instance] = {}
        for i, ask in self.log[self._written :]:
            if i is not None:
                task = placed_task(ask.needs, number=0, group=ask.request.group, instance=self.instances[i].id)
                changed[i] = with_task(changed.get(i, self.cluster.instances[i]), task)
        if changed:
            instances = tuple([changed.get(i, one) for i, one in enumerate(self.cluster.instances)])
            self.cluster = replace(self.cluster, instances=instances)
        self._written = len(self.log)
        return self.cluster

    def counts(self, group: str) -> list[int]:
        """How many tasks of the group each instance runs now."""
        counts = [instance.tasks.get(group, 0) if instance.tasks else 0 for instance in self.instances]
        for i, ask in self.log:
            if i is not None and ask.request.group == group:
                counts[i] += 1
        return counts


def _ask(request: Request, rules: PlacementRules, plans: list[_Plan | None]) -> _Ask:
    plan = _plan(request, rules)
    if plan not in plans:
        plans.append(plan)
    needs = needs_of(request, rules)
    return _Ask(request, plans.index(plan), needs, needs.cpu or _ANY_AMOUNT, needs.memory or _ANY_AMOUNT)


def _plan(request: Request, rules: PlacementRules) -> _Plan | None:
    """The plan of a request that the lists can serve, None for one that is left to `decide`."""
    needs = needs_of(request, rules)
    if not _plain_rules(rules) or request.scheduling == "DAEMON":
        return None
    if needs.tcp or needs.udp or needs.clash or needs.gpu or needs.eni:
        return None
    for constraint in request.constraints:
        if constraint.query is None or subjects_of(constraint.query) & _CHANGED_BY_PLACING:
            return None
    order = _order(request, rules)
    if order is None:
        return None
    outer, inner = order
    return _Plan(
        outer=outer,
        inner=inner,
        group=request.group if outer or inner == "count" else None,
        requires=request.task.requires,
        attributes=request.task.attributes,
        zones=request.zones,
        constraints=request.constraints,
        example=request,
    )


def _plain_rules(rules: PlacementRules) -> bool:
    """Whether the rules are AWS's in all that the lists rest on; the filters and `in_force` read the others."""
    return (
        rules.spread_counts is SpreadCounts.SAME_GROUP
        and rules.spread_scope is SpreadScope.ALL_INSTANCES
        and rules.binpack_measure is BinpackMeasure.REMAINING
        and rules.resources is ResourceBase.REMAINING
        and rules.constraints is Constraints.BINDING
        and rules.strategies is Strategies.BEST_EFFORT
        and rules.tie is not TieBreak.SEEDED
    )


def _order(request: Request, rules: PlacementRules) -> tuple[str | None, str] | None:
    """(outer, inner) of the chains that have lists: at most one spread over buckets, then at most one order."""
    chain = list(in_force(request, rules))
    outer = None
    if chain and chain[0].type == "spread" and chain[0].field != "instanceId":
        outer = chain.pop(0).field
    if not chain:
        return outer, "rank"
    if len(chain) == 1 and chain[0].type == "binpack" and chain[0].field in ("cpu", "memory"):
        return outer, chain[0].field
    if len(chain) == 1 and chain[0].type == "spread" and chain[0].field == "instanceId":
        return outer, "count"
    return None


def _place_run(board: _Board, asks: list[_Ask], plan: _Plan | None, rules: PlacementRules, task: int) -> None:
    """Place copies that share a plan, and write them into the board's log."""
    if plan is None or not board.sized:
        _place_by_decide(board, asks, rules, task)
        return
    # Where a plan counts tasks, all its requests are of one group, and one list of counts serves the whole run.
    counts = board.counts(plan.group) if plan.group is not None else []
    values = {"cpu": board.cpu, "memory": board.memory, "count": counts}.get(plan.inner)
    entries = _Entries(board, plan.inner, values, _by_rank(board, rules), asks)
    eligible = _eligible(board, plan, rules)
    if plan.outer is None:
        _place_in_one_list(board, entries, eligible, asks)
    else:
        _place_in_buckets(board, entries, plan.outer, eligible, counts, asks)


def _place_by_decide(board: _Board, asks: list[_Ask], rules: PlacementRules, task: int) -> None:
    refused: _Ask | None = None
    for number, ask in enumerate(asks, start=task):
        if ask is refused:
            board.log.append((None, ask))
            continue
        chosen = decide(board.now(), ask.request, rules, task=number).chosen
        board.take(chosen, ask)
        # A refusal changes nothing, so the next copy is refused too; unless the belief in binding strategies looks at
        # a random choice.
        refused = ask if chosen is None and rules.strategies is Strategies.BEST_EFFORT else None


def _place_in_one_list(board: _Board, entries: _Entries, eligible: list[int], asks: Sequence[_Ask]) -> None:
    order = entries.sorted(eligible)
    for ask in asks:
        at = entries.first_fit(order, ask)
        board.log.append((None if at < 0 else entries.move(order, at, ask), ask))


def _place_in_buckets(
    board: _Board, entries: _Entries, outer: str, eligible: list[int], counts: list[int], asks: Sequence[_Ask]
) -> None:
    """Spread first: `ladder` holds count * buckets + bucket, so the emptiest buckets that tie stand at its foot."""
    names = buckets(board.instances, outer)
    totals: Counter[str] = Counter()
    for name, count in zip(names, counts, strict=True):
        if count:
            totals[name] += count
    members: defaultdict[str, list[int]] = defaultdict(list)
    for i in eligible:
        members[names[i]].append(i)
    orders = [entries.sorted(positions) for positions in members.values()]
    size = max(1, len(orders))
    ladder = sorted(totals[name] * size + b for b, name in enumerate(members) if orders[b])
    for ask in asks:
        rung, at = _lowest(ladder, orders, size, entries, ask)
        if rung < 0:
            board.log.append((None, ask))
            continue
        step = ladder.pop(rung)
        order = orders[step % size]
        board.log.append((entries.move(order, at, ask), ask))
        if order:
            insort(ladder, step + size)


def _lowest(ladder: list[int], orders: list[list[int]], size: int, entries: _Entries, ask: _Ask) -> tuple[int, int]:
    """The rung and the position in its list of the best entry with room; (-1, -1) if there is none."""
    best, place, limit = None, (-1, -1), None
    for rung, step in enumerate(ladder):
        if limit is not None and step >= limit:
            break
        order = orders[step % size]
        at = entries.first_fit(order, ask)
        if at >= 0 and (best is None or order[at] > best):
            best, place = order[at], (rung, at)
            limit = (step // size + 1) * size
    return place


class _Entries:
    """Sorted lists of -(value * instances + tie rank), where the value is what `inner` orders by.

    Negative, so that the best entries stand at the end of the list, where taking one out moves the fewest others. An
    instance on which not even the least of the run's requests has room is left out: nothing is freed in a run.
    """

    def __init__(
        self, board: _Board, inner: str, values: list[int] | None, by_rank: list[int], asks: Sequence[_Ask]
    ) -> None:
        self.cpu, self.memory = board.cpu, board.memory
        self.values = values
        self.by_rank = by_rank
        # The same numbers turned round: the rank of each position.
        self.rank = by_rank if by_rank is board.positions else sorted(by_rank, key=by_rank.__getitem__)
        self.size = max(1, len(by_rank))
        self.inner = inner
        self.least_cpu = min(ask.floor_cpu for ask in asks)
        self.least_memory = min(ask.floor_memory for ask in asks)

    def sorted(self, positions: list[int]) -> list[int]:
        """The list of these instances."""
        cpu, memory, size, values, rank = self.cpu, self.memory, self.size, self.values, self.rank
        least_cpu, least_memory = self.least_cpu, self.least_memory
        if values is None:
            return sorted([-rank[i] for i in positions if cpu[i] >= least_cpu and memory[i] >= least_memory])
        return sorted(
            [-values[i] * size - rank[i] for i in positions if cpu[i] >= least_cpu and memory[i] >= least_memory]
        )

    def first_fit(self, order: list[int], ask: _Ask) -> int:
        """The position of the best entry that has room, -1 if none has."""
        cpu, memory, size, by_rank = self.cpu, self.memory, self.size, self.by_rank
        need_cpu, need_memory = ask.floor_cpu, ask.floor_memory
        last = len(order)
        if self.inner == "memory":
            last = bisect_right(order, -need_memory * size)
        elif self.inner == "cpu":
            last = bisect_right(order, -need_cpu * size)
        for at in range(last - 1, -1, -1):
            i = by_rank[-order[at] % size]
            if cpu[i] >= need_cpu and memory[i] >= need_memory:
                return at
        return -1

    def move(self, order: list[int], at: int, ask: _Ask) -> int:
        """Take the task's amounts from the instance at `at`, put its entry where it now belongs; its position."""
        key = order.pop(at)
        rank = -key % self.size
        i = self.by_rank[rank]
        self.cpu[i] -= ask.needs.cpu
        self.memory[i] -= ask.needs.memory
        values = self.values
        if values is not None:
            if self.inner == "count":
                values[i] += 1
            key = -values[i] * self.size - rank
        if self.cpu[i] >= self.least_cpu and self.memory[i] >= self.least_memory:
            insort(order, key)
        return i


def _eligible(board: _Board, plan: _Plan, rules: PlacementRules) -> list[int]:
    """The positions that every filter lets through, CPU and memory apart."""
    checks = bind_filters(plan.example, replace(needs_of(plan.example, rules), cpu=0, memory=0), rules)
    passing = board.positions
    for check in checks:
        shortfalls = list(map(check, board.instances))
        if any(shortfalls):
            passing = [i for i in passing if shortfalls[i] is None]
    return passing


def _by_rank(board: _Board, rules: PlacementRules) -> list[int]:
    """The positions in the order that decides between equals."""
    if rules.tie is TieBreak.INSTANCE_ID:
        return sorted(board.positions, key=lambda i: board.instances[i].id)
    return board.positions
