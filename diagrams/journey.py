"""The way of an image as a film: laptop, registry, orchestrator, machines, and what is in each at every step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from diagrams.describe import to_text
from diagrams.film import Film, Said
from diagrams.journey_words import caption, mark
from diagrams.model import Diagram, Edge, Group, Node
from diagrams.reel import diagram_film, ordered
from simulator.launch_types.journey import Moment, Revision
from simulator.registry.images import Image
from simulator.registry.state import Repository, State, manifest_digest

TITLE = "The way of an image to its tasks"
LAPTOP, REGISTRY, ORCHESTRATOR, CAPACITY = "laptop", "registry", "ecs", "capacity"

# Which of the four roads a step uses.
_ROADS: Mapping[tuple[str, str], str] = {
    (LAPTOP, REGISTRY): "push",
    (LAPTOP, ORCHESTRATOR): "ask",
    (ORCHESTRATOR, CAPACITY): "start",
    (REGISTRY, CAPACITY): "pull",
}
_USED: Mapping[str, tuple[str, str]] = {
    "login": (LAPTOP, REGISTRY),
    "create": (LAPTOP, REGISTRY),
    "upload": (LAPTOP, REGISTRY),
    "put": (LAPTOP, REGISTRY),
    "register": (LAPTOP, ORCHESTRATOR),
    "service": (LAPTOP, ORCHESTRATOR),
    "deploy": (LAPTOP, ORCHESTRATOR),
    "place": (ORCHESTRATOR, CAPACITY),
    "stop": (ORCHESTRATOR, CAPACITY),
    "pull": (REGISTRY, CAPACITY),
}


# On a phone the cards of ECR and of ECS stand below each other, in this order.
_COLUMN: tuple[Edge, ...] = (
    Edge(source="registry build 1", target="registry build 2"),
    Edge(source="scheduler", target="service"),
    *(Edge(source="service", target=f"definition web:{number}") for number in (1, 2)),
)


def journey_film(steps: Sequence[Moment], *, ask: str = "", title: str = TITLE) -> Film:
    """The steps as a film, one frame each; while a bet is owed, `ask` is the caption of the only frame.

    Parameters
    ----------
    steps : what `simulator.launch_types.journey.moments` gives.
    """
    shown = steps[:1] if ask else steps
    builds, slots = builds_of(steps), slots_of(steps)
    drawn = [journey_diagram(one, builds, slots, title=title) for one in shown]
    said = [
        Said(
            caption=ask or caption(one, builds),
            text=to_text(diagram),
            mark="" if ask else mark(one),
            tone="refused" if one.error else "done" if one.kind == "run" else "",
        )
        for one, diagram in zip(shown, drawn, strict=True)
    ]
    return diagram_film(title, drawn, said, narrow_order=_COLUMN)


def journey_diagram(now: Moment, builds: Mapping[str, str], slots: Mapping[int, int], *, title: str = TITLE) -> Diagram:
    """One moment: the four places, what is in each, and the road that this step takes."""
    nodes = (*_laptop(now, builds), *_registry(now, builds), *_orchestrator(now), *_machines(now, builds, slots))
    return Diagram(title=title, nodes=nodes, groups=_places(now), edges=tuple(_roads(now)), direction="down")


def narrow_journey(diagram: Diagram) -> Diagram:
    """The same moment for a phone: what stands in a row is a column there."""
    return ordered(diagram, _COLUMN)


def builds_of(steps: Sequence[Moment]) -> dict[str, str]:
    """What each image is called by its digest: build 1, build 2, in the order in which they came."""
    found: dict[str, str] = {}
    for one in steps:
        for digest in (*_built(one.state), *(image.digest for image in _images(one.state))):
            found.setdefault(digest, f"build {len(found) + 1}")
    return found


def slots_of(steps: Sequence[Moment]) -> dict[int, int]:
    """Where each task stands: a new one takes the first place that no task has."""
    found: dict[int, int] = {}
    for one in steps:
        here = {task.number for service in one.state.services for task in service.tasks} | set(one.coming)
        for number in sorted(here - found.keys()):
            taken = {found[other] for other in here if other in found}
            found[number] = next(slot for slot in range(1, len(taken) + 2) if slot not in taken)
    return found


def _built(state: State) -> dict[str, str]:
    """The images of the laptop: the names that each digest has there."""
    found: dict[str, str] = {}
    for machine in state.machines:
        if machine.who != "dev":
            continue
        for name, layers in machine.images:
            digest = manifest_digest(layers, state.sizes)
            found[digest] = _short(name)
    return found


def _images(state: State) -> tuple[Image, ...]:
    return tuple(image for repository in state.repositories for image in repository.images)


def _places(now: Moment) -> tuple[Group, ...]:
    machines = "Fargate runs" if now.fargate else "Your EC2 runs"
    return (
        Group(
            id=LAPTOP,
            label="Laptop builds",
            kind="vpc",
            explanation="Where the image is made. Docker builds it here and pushes it.",
        ),
        Group(
            id=REGISTRY,
            label="ECR keeps",
            kind="vpc",
            explanation="The registry. It keeps images and hands them out; it runs nothing.",
        ),
        Group(
            id=ORCHESTRATOR,
            label="ECS decides",
            kind="vpc",
            explanation="The orchestrator, a control plane. It decides what runs where and has no image.",
        ),
        Group(
            id=CAPACITY,
            label=machines,
            kind="vpc",
            explanation="The capacity. Here containers run, on Fargate without a machine to see, on EC2 on your own.",
        ),
    )


def _laptop(now: Moment, builds: Mapping[str, str]) -> tuple[Node, ...]:
    """The recipe, and the image that was built last."""
    recipe = Node(
        id="dockerfile",
        label="Dockerfile",
        kind="document",
        group=LAPTOP,
        explanation="The recipe from which Docker builds an image.",
    )
    made = _built(now.state)
    if not made:
        return (recipe,)
    digest = list(made)[-1]
    image = Node(
        id="laptop image",
        label="image",
        kind="volume",
        group=LAPTOP,
        state="chosen" if now.kind in ("build", "tag") else "",
        detail=builds[digest],
        explanation=f"The image {made[digest]}, {builds[digest]}, as it lies on your laptop.",
    )
    return recipe, image


def _registry(now: Moment, builds: Mapping[str, str]) -> tuple[Node, ...]:
    """The images in the order in which they came; the first place says what there is before them."""
    places = [
        Node(
            id=f"registry {builds[image.digest]}",
            label=_tags(image),
            kind="ecr",
            group=REGISTRY,
            state="chosen" if now.kind == "put" and now.digest == image.digest else "",
            detail=builds[image.digest],
            explanation=f"{builds[image.digest].capitalize()} in the repository {repository.name}, found as "
            f"{_tags(image)}. Its digest begins with {image.digest[7:13]}.",
        )
        for repository in now.state.repositories
        for image in _by_build(repository, builds)
    ]
    if places:
        return tuple(places)
    named = [repository.name for repository in now.state.repositories]
    said = f"The repository {named[0]} is there and has no image yet." if named else "There is no repository yet."
    empty = Node(
        id="registry build 1",
        label=named[0] if named else "nothing",
        kind="bucket",
        group=REGISTRY,
        detail="empty" if named else "no repository",
        explanation=said,
    )
    return (empty,)


def _by_build(repository: Repository, builds: Mapping[str, str]) -> list[Image]:
    order = list(builds)
    return sorted(repository.images, key=lambda image: order.index(image.digest))


def _tags(image: Image) -> str:
    return ", ".join(image.tags) or "no tag"


def _orchestrator(now: Moment) -> tuple[Node, ...]:
    return (
        Node(
            id="scheduler",
            label="Scheduler",
            kind="scheduler",
            group=ORCHESTRATOR,
            state="chosen" if now.kind == "place" else "",
            explanation="It compares what runs with what you asked for, and finds a place for each task.",
        ),
        *(_definition(now, one) for one in now.revisions),
        *([_service(now)] if now.service else []),
    )


def _definition(now: Moment, one: Revision) -> Node:
    return Node(
        id=f"definition {one.name}",
        label=one.name,
        kind="document",
        group=ORCHESTRATOR,
        state="chosen" if now.kind == "register" and one is now.revisions[-1] else "",
        detail="definition",
        explanation=f"The task definition {one.name} holds the name {_short(one.image)}, not the image.",
    )


def _short(image: str) -> str:
    """An image's name without the registry's address."""
    return image.rpartition("/")[2]


def _service(now: Moment) -> Node:
    running = _running(now)
    return Node(
        id="service",
        label="Service",
        kind="service",
        group=ORCHESTRATOR,
        state="chosen" if now.kind in ("service", "deploy") else "starting" if running < now.desired else "healthy",
        detail=f"{running} of {now.desired}",
        explanation=f"The service is to keep {now.desired} tasks running, and {running} run.",
    )


def _machines(now: Moment, builds: Mapping[str, str], slots: Mapping[int, int]) -> tuple[Node, ...]:
    tasks = {task.number: task.digest for service in now.state.services for task in service.tasks}
    shown = [*tasks, *(number for number in now.coming if number not in tasks)]
    failed = now.kind == "refused"
    coming = builds.get(now.digest, "") if now.kind == "pull" else ""
    return tuple(
        Node(
            id=f"task in place {slots[number]}",
            label=f"task {number}",
            kind="task",
            group=CAPACITY,
            state="healthy" if number in tasks else "failed" if failed else "starting",
            detail=builds[tasks[number]] if number in tasks else "no image" if failed else coming or "…",
            explanation=f"Task {number} runs {builds[tasks[number]]}, whatever its tag names by now."
            if number in tasks
            else f"Task {number} has a place and {'found no image' if failed else 'waits for its image'}.",
        )
        for number in sorted(shown, key=slots.__getitem__)
    )


def _running(now: Moment) -> int:
    return sum(len(service.tasks) for service in now.state.services)


def _roads(now: Moment) -> list[Edge]:
    used = _USED.get(now.kind)
    state = "active"
    if now.kind == "refused":
        used, state = ((REGISTRY, CAPACITY) if now.who == "AGENT" else (LAPTOP, REGISTRY)), "blocked"
    return [
        Edge(source=source, target=target, label=label, state=state if (source, target) == used else "")
        for (source, target), label in _ROADS.items()
    ]
