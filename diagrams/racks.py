"""Where the racks of a board stand, and where blocks lie in them. Pure geometry, in SVG units.

Resources add up like vectors: blocks lie corner to corner up the diagonal, so that the free rectangle at a rack's top
right is what is left, and a task fits on CPU and memory exactly when its block fits there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diagrams.layout import Box
from simulator.model import Cluster, Instance, PlacedTask, Resources

WIDTH = 720
MOST = 100  # instances; more are not drawn
ROOMY = 12  # up to this many racks carry what is left in words, more carry their name only
CROWD = 30
WIDEST, TALLEST = 196, 132
LOWEST = 30
TALL_FIGURE = 540
ZONE_GAP = 12
ZONE_PAD = 12
ZONE_TITLE = 32
RACK_GAP = 16
LINE_GAP = 8
PIPS = 14  # beside a rack that has pips
STRIP = 62  # above the racks: the next task and the key
LEAST = 3  # a block of no CPU or no memory still shows
UNKNOWN = Resources(cpu=1024, memory=2048)  # the frame of an instance whose size nobody knows


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Units of the figure per CPU unit and per MiB, the same for every rack of a board."""

    cpu: float
    memory: float

    def width(self, cpu: int) -> float:
        """CPU units across, in units of the figure."""
        return cpu * self.cpu

    def height(self, memory: int) -> float:
        """MiB up, in units of the figure."""
        return memory * self.memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Racks:
    """The places of a board: `cells` are the racks with their lines of text, `frames` the racks alone, by instance id.

    `text_lines` is how many lines of text a rack has below it; `ghost` is where the next task waits.
    """

    height: float
    scale: Scale
    capacities: Mapping[str, Resources]
    cells: Mapping[str, Box]
    frames: Mapping[str, Box]
    zones: Mapping[str | None, Box]
    ghost: Box
    text_lines: int
    has_pips: bool


def racks(
    instances: Sequence[Instance],
    capacities: Mapping[str, Resources],
    *,
    biggest: Resources,
    has_pips: bool = False,
) -> Racks:
    """Arrange up to `MOST` instances in their zones.

    Parameters
    ----------
    instances : every instance that the run ever has, in registration order.
    capacities : by instance id, what its rack shows as its whole (see `capacity`).
    biggest : the largest task to come, in CPU and in memory; it waits above the racks, drawn to the same scale.
    """
    zones = _zones(instances)
    side_by_side = max(1, len(zones)) if len(zones) <= 4 else 3
    most = max((len(members) for members in zones.values()), default=1)
    zone_width = (WIDTH - ZONE_GAP * (side_by_side - 1)) / side_by_side
    text = 2 if len(instances) <= ROOMY else 1
    whole = Resources(
        cpu=max((c.cpu for c in capacities.values()), default=1) or 1,
        memory=max((c.memory for c in capacities.values()), default=1) or 1,
    )
    columns, rack_width, rack_height = _columns(zone_width, most, -(-len(zones) // side_by_side), text, has_pips)
    scale = Scale(cpu=rack_width / whole.cpu, memory=rack_height / whole.memory)
    strip = max(STRIP, min(scale.height(biggest.memory), rack_height) + 14)
    cell_width = (zone_width - 2 * ZONE_PAD) / columns
    heights = {key: min(max(scale.height(size.memory), LEAST * 2), rack_height) for key, size in capacities.items()}
    places = _Places(columns, cell_width, _text_height(text), heights, zone_width, strip, side_by_side)
    cells, boxes, bottom = places.put(zones)
    frames = {one.id: _frame(cells[one.id], heights[one.id], capacities[one.id], places, scale) for one in instances}
    if has_pips:
        frames = {key: frame.moved(-PIPS / 2, 0) for key, frame in frames.items()}
    ghost_width = min(scale.width(biggest.cpu), rack_width)
    return Racks(
        height=bottom,
        scale=scale,
        capacities=capacities,
        cells=cells,
        frames=frames,
        zones=boxes,
        ghost=Box(ZONE_PAD, 4, max(ghost_width, LEAST), strip - 14),
        text_lines=text,
        has_pips=has_pips,
    )


def capacity(instance: Instance, sized: Sequence[PlacedTask] = ()) -> Resources | None:
    """What a rack shows as its whole: what is registered, or more where more is known to be there; None if unknown.

    `remaining` is believed as given, even above the type's own size, so a rack is never smaller than what is left
    in it and the tasks on it.
    """
    known = [size for size in (instance.registered, instance.remaining) if size is not None]
    if not known:
        return None
    cpu, memory, gpu = (sum(getattr(task, name) for task in sized) for name in ("cpu", "memory", "gpu"))
    left = instance.remaining or instance.registered or known[0]
    return Resources(
        cpu=max(*(size.cpu for size in known), left.cpu + cpu if instance.remaining else 0),
        memory=max(*(size.memory for size in known), left.memory + memory if instance.remaining else 0),
        gpu=max(*(size.gpu for size in known), left.gpu + gpu if instance.remaining else 0),
    )


def taken_before(instance: Instance, whole: Resources | None, sized: Sequence[PlacedTask]) -> Resources:
    """What was in use at the start by what is not drawn as a task of its own."""
    if whole is None or instance.remaining is None:
        return Resources(cpu=0, memory=0)
    left = instance.remaining
    return Resources(
        cpu=max(0, whole.cpu - left.cpu - sum(task.cpu for task in sized)),
        memory=max(0, whole.memory - left.memory - sum(task.memory for task in sized)),
    )


def stacked(frame: Box, scale: Scale, sizes: Sequence[Resources]) -> tuple[tuple[Box, ...], Box]:
    """Blocks corner to corner from the rack's bottom left, and the free rectangle that is left at its top right."""
    boxes: list[Box] = []
    cpu = memory = 0
    for size in sizes:
        width, height = max(scale.width(size.cpu), LEAST), max(scale.height(size.memory), LEAST)
        left, base = frame.x + scale.width(cpu), frame.bottom - scale.height(memory)
        # A sliver, or a block that a belief let in although it does not fit, is kept within the rack.
        boxes.append(Box(max(frame.x, min(left, frame.right - width)), max(frame.y, base - height), width, height))
        cpu, memory = cpu + size.cpu, memory + size.memory
    left = min(frame.x + scale.width(cpu), frame.right)
    top = max(frame.bottom - scale.height(memory), frame.y)
    return tuple(boxes), Box(left, frame.y, frame.right - left, top - frame.y)


def tasks_by_instance(cluster: Cluster) -> dict[str, tuple[PlacedTask, ...]]:
    """The tasks that have a size, by the instance they are on, in the order in which they came."""
    found: dict[str, list[PlacedTask]] = {instance.id: [] for instance in cluster.instances}
    for task in cluster.tasks:
        if task.sized and task.instance in found:
            found[task.instance].append(task)
    return {key: tuple(tasks) for key, tasks in found.items()}


@dataclass(frozen=True, slots=True)
class _Places:
    columns: int
    cell_width: float
    text: float
    heights: Mapping[str, float]
    zone_width: float
    strip: float
    side_by_side: int

    def put(
        self, zones: Mapping[str | None, Sequence[Instance]]
    ) -> tuple[dict[str, Box], dict[str | None, Box], float]:
        """Cells and zones, row after row of zones; the last number is the figure's height."""
        cells: dict[str, Box] = {}
        boxes: dict[str | None, Box] = {}
        names = list(zones)
        top = self.strip
        for start in range(0, len(names), self.side_by_side):
            row = names[start : start + self.side_by_side]
            lines = self._lines([zones[name] for name in row])
            height = ZONE_TITLE + sum(lines) + 4
            for at, name in enumerate(row):
                left = at * (self.zone_width + ZONE_GAP)
                boxes[name] = Box(left, top, self.zone_width, height)
                for i, instance in enumerate(zones[name]):
                    x = left + ZONE_PAD + (i % self.columns) * self.cell_width
                    line = i // self.columns
                    y = top + ZONE_TITLE + sum(lines[:line])
                    cells[instance.id] = Box(x, y, self.cell_width, lines[line] - LINE_GAP)
            top += height + ZONE_GAP
        return cells, boxes, top - ZONE_GAP + 2

    def _lines(self, zones: Sequence[Sequence[Instance]]) -> list[float]:
        """The heights of the lines of racks, the same in zones side by side: what the tallest rack of each needs."""
        count = max(-(-len(zone) // self.columns) for zone in zones)
        tallest = [0.0] * count
        for zone in zones:
            for i, instance in enumerate(zone):
                tallest[i // self.columns] = max(tallest[i // self.columns], self.heights[instance.id])
        return [max(height, LOWEST) + self.text + LINE_GAP for height in tallest]


def _zones(instances: Sequence[Instance]) -> dict[str | None, list[Instance]]:
    """Instances by zone, zones in the order of their names, those without one last."""
    found: dict[str | None, list[Instance]] = {}
    for name in sorted({instance.zone for instance in instances}, key=lambda zone: (zone is None, zone or "")):
        found[name] = [instance for instance in instances if instance.zone == name]
    return found


def _text_height(lines: int) -> float:
    return 48 if lines == 2 else 24


def _columns(zone_width: float, most: int, zone_rows: int, text: int, pips: bool) -> tuple[int, float, float]:
    """How many racks stand side by side in a zone, and the size of the largest: as large as the figure's height allows.

    Returns
    -------
    columns, rack width, rack height
    """
    best: tuple[float, int, float, float] | None = None
    for columns in range(1, most + 1):
        cell = (zone_width - 2 * ZONE_PAD) / columns
        width = min(cell - RACK_GAP - (PIPS if pips else 0), WIDEST)
        if best and width < 14:
            break
        width = max(width, 8)
        height = max(min(width * 0.85, TALLEST), LOWEST)
        rows = -(-most // columns)
        total = STRIP + zone_rows * (ZONE_TITLE + rows * (height + _text_height(text) + LINE_GAP) + ZONE_GAP)
        # A figure that is low enough is judged by the size of its racks, a tall one by its height.
        badness = total if total > TALL_FIGURE else TALL_FIGURE - width
        if best is None or badness < best[0]:
            best = (badness, columns, width, height)
    assert best is not None
    return best[1:]


def _frame(cell: Box, height: float, whole: Resources, places: _Places, scale: Scale) -> Box:
    """An instance's rack in its cell: to scale, in the middle, standing on the line's base."""
    width = min(max(scale.width(whole.cpu), LEAST * 2), cell.width)
    return Box(cell.x + (cell.width - width) / 2, cell.bottom - places.text - height, width, height)
