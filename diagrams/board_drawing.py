"""The board as SVG: zones, racks, blocks, and the strip above them."""

from __future__ import annotations

from diagrams.board_scene import Scene
from diagrams.layout import Box
from diagrams.look import Look, color, drawn, hatch, letter, shifted, sides
from diagrams.markup import element, number, plain, shorten, words
from diagrams.racks import CROWD, LEAST, MOST, ROOMY, WIDTH, ZONE_PAD, stacked
from simulator.model import Cluster, Instance, PlacedTask


def draw(scene: Scene, look: Look, title: str) -> str:
    """The whole figure as it looks in `look`; `title` is its accessible name."""
    ids = {instance.id: at for at, instance in enumerate(scene.instances)}
    body = [
        *(_zone(name, box) for name, box in scene.places.zones.items()),
        *(_rack(scene, at, one, look) for at, one in enumerate(scene.instances)),
        *_strip(scene, look),
        *(_block(scene, at, task, look) for at, task in scene.tasks.values()),
        *(_note(scene, ids[one.id], one, look) for one in scene.instances),
    ]
    crowd = "" if len(scene.instances) <= ROOMY else " crowded" if len(scene.instances) <= CROWD else " crowd"
    return element(
        "svg",
        "".join(body),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {number(scene.places.height)}",
        class_=f"board{crowd}",
        role="img",
        aria_label=title,
    )


def _zone(name: str | None, box: Box) -> str:
    frame = element("rect", class_="zone-frame", x=box.x, y=box.y, width=box.width, height=box.height, rx=8)
    label = shorten(name or "no zone", int(box.width / 12.5))
    return element("g", frame + words(label, class_="label zone-label", x=box.x + 12, y=box.y + 23), class_="zone")


def _rack(scene: Scene, at: int, instance: Instance, look: Look) -> str:
    frame, cell = scene.places.frames[instance.id], scene.places.cells[instance.id]
    taken = scene.taken[instance.id]
    content = [element("title", plain(instance.id))]
    content.append(element("rect", class_="rack-hit", rx=6, **sides(cell.grown(3))))
    content.append(element("rect", class_="rack-ground", rx=2, **sides(frame)))
    content.append(drawn(f"e{at}", "rect", look, class_="free"))
    if taken.cpu or taken.memory:
        (box,), _ = stacked(frame, scene.places.scale, [taken])
        content.append(element("rect", class_="taken", **sides(box)))
        lines = hatch(1, box.width, box.height, 9)
        content.append(element("path", class_="taken-lines", d=lines, transform=shifted(box)) if lines else "")
    content.append(element("rect", class_="rack-frame", rx=2, **sides(frame)))
    if instance.id in scene.unsized and scene.places.text_lines > 1:
        x, y = frame.center
        content.append(words("size unknown", class_="label-small wide-only", x=x, y=y + 4, text_anchor="middle"))
    x = cell.x + cell.width / 2
    base = cell.bottom - (30 if scene.places.text_lines == 2 else 8)
    name = shorten(instance.id, max(3, int(cell.width / (12.8 if scene.places.text_lines == 2 else 8))))
    content.append(words(name, class_="label mono rack-name", x=x, y=base, text_anchor="middle"))
    side = "label-small" if cell.width >= 118 else "label-small wide-only"
    content.append(drawn(f"s{at}", "text", look, class_=f"{side} left", x=x, y=base + 21, text_anchor="middle"))
    content.extend(_pips(scene, at, instance, look))
    return drawn(f"r{at}", "g", look, "".join(content), data_pick=instance.id)


def _pips(scene: Scene, at: int, instance: Instance, look: Look) -> list[str]:
    frame = scene.places.frames[instance.id]
    drawn_pips: list[str] = []
    for i, pip in enumerate(scene.pips[instance.id]):
        x, y = frame.right + 6, frame.bottom - 10 - 11 * i
        drawn_pips.append(drawn(f"p{at}-{i}", "path", look, d=pip.shape(x, y)))
    return drawn_pips


def _note(scene: Scene, at: int, instance: Instance, look: Look) -> str:
    cell = scene.places.cells[instance.id]
    small = "reason" if cell.width >= 118 else "reason wide-only" if cell.width >= 62 else "reason never"
    return "".join(drawn(f"{line}{at}", "text", look, class_=small, text_anchor="middle") for line in "nm")


def _block(scene: Scene, at: int, task: PlacedTask, look: Look) -> str:
    scale = scene.places.scale
    width, height = max(scale.width(task.cpu), LEAST), max(scale.height(task.memory), LEAST)
    group = scene.groups.index(task.group)
    content = [element("rect", width=width, height=height, rx=1.5)]
    lines = hatch(group, width, height)
    if lines and min(width, height) > 5:
        content.append(element("path", class_="task-lines", d=lines))
    name = f"{letter(group)}{task.number or ''}"
    if height >= 15 and width >= 8 * len(name) + 5:
        roomy = " roomy" if height >= 24 and width >= 13 * len(name) + 4 else ""
        content.append(words(name, class_=f"task-name{roomy}", x=width / 2, y=height / 2 + 4.5, text_anchor="middle"))
    return drawn(f"t{at}", "g", look, "".join(content))


def _strip(scene: Scene, look: Look) -> list[str]:
    """Above the racks: the next task at the left, the key at the right."""
    ghost = scene.places.ghost
    x = ghost.right + 12
    parts = [
        drawn("g", "rect", look, class_="ghost"),
        drawn("ga", "text", look, class_="label strong", x=x, y=ghost.bottom - 24),
        drawn("gb", "text", look, class_="label-small", x=x, y=ghost.bottom - 3),
    ]
    entries: list[tuple[str, str]] = []
    for at, group in enumerate(scene.groups[:4]):
        swatch = element("rect", width=18, height=14, rx=1.5) + element(
            "path", class_="task-lines", d=hatch(at, 18, 14)
        )
        entries.append((element("g", swatch, class_=f"task {color(at)}"), f"{letter(at)} {group.split(':', 1)[-1]}"))
    if any(size.cpu or size.memory for size in scene.taken.values()):
        swatch = element("rect", class_="taken", width=18, height=14) + element(
            "path", class_="taken-lines", d=hatch(1, 18, 14, 9)
        )
        entries.append((swatch, "other tasks"))
    if entries:
        entries.append((element("rect", class_="free", width=18, height=14), "free"))
    kinds = {pip.kind: pip for pips in scene.pips.values() for pip in pips}
    entries += [(element("path", class_="pip", d=pip.shape(4, 2)), pip.legend) for pip in kinds.values()]
    columns = 2 if len(entries) > 2 else 1
    for i, (swatch, text) in enumerate(entries[:6]):
        left = WIDTH - ZONE_PAD - 158 * columns + 158 * (i % columns)
        y = 4 + 22 * (i // columns)
        label = words(shorten(text, 11), class_="label-small", x=24, y=12)
        parts.append(element("g", swatch + label, class_="key", transform=f"translate({left} {y})"))
    return parts


def too_many(cluster: Cluster) -> str:
    """What stands in the figure's place for a cluster of more than `MOST` instances."""
    text = f"{len(cluster.instances)} instances are too many to draw; up to {MOST} are. The text tells the run."
    return element(
        "svg",
        words(text, class_="label", x=WIDTH / 2, y=34, text_anchor="middle"),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} 56",
        class_="board",
        role="img",
        aria_label=text,
    )
