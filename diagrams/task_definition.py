"""A task definition as a picture: containers as they start, ports, volumes, logs and roles, errors where they are."""

from __future__ import annotations

from collections.abc import Sequence

from diagrams.model import Diagram, Edge, Group, Node
from simulator.task_definition.checks import Verdict
from simulator.task_definition.finding import At, Finding
from simulator.task_definition.part import NOTHING, Part, inner, mapping, number, parts, text
from simulator.task_definition.roles import has_task_role
from simulator.task_definition.volumes import volume_words

MOST_CONTAINERS = 10  # what AWS takes; more are counted
MOST_VOLUMES = 8
LONGEST = 22  # characters of a name in a box
_WHERE = {"EC2": "EC2", "FARGATE": "Fargate", "EXTERNAL": "external", "MANAGED_INSTANCES": "Managed Instances"}
_NETWORK = {
    "awsvpc": "The task has a network interface of its own: its ports are the containers' ports.",
    "bridge": "The containers are behind the instance's bridge: host ports are mapped, fixed or dynamic.",
    "host": "The containers use the instance's own network: their ports are the host's.",
    "none": "The containers have no network.",
    "default": "The containers are behind Windows' NAT: host ports are mapped, fixed or dynamic.",
}


def task_definition_diagram(verdict: Verdict, *, title: str = "The task definition") -> Diagram:
    """The definition that was validated; whatever is wrong is marked where it is.

    Parameters
    ----------
    verdict : of `simulator.task_definition.validate`; its definition may be wrong in any way.
    """
    definition = verdict.definition
    shown = definition.containers[:MOST_CONTAINERS]
    names = {name: _id(one) for one in reversed(shown) if (name := text(one, "name"))}
    nodes = [_head(verdict), *(_container(one, verdict) for one in shown)]
    edges = [*_starts(shown, names, verdict)]
    nodes += _missing_containers(shown, names)
    if len(definition.containers) > len(shown):
        rest = len(definition.containers) - len(shown)
        words = f"{rest} more containers than a task takes."
        nodes.append(Node(id="more containers", label=f"+{rest}", kind="task", group="task", explanation=words))
    for more_nodes, more_edges in (
        _network(shown, verdict),
        _volumes(shown, verdict),
        _logs(shown, verdict),
        _roles(verdict),
    ):
        nodes += more_nodes
        edges += more_edges
    where = [words for name, words in _WHERE.items() if name in definition.launch_types]
    box = Group(
        id="task",
        label=_short(" · ".join([text(definition.top, "family") or "no family", *where]), 40),
        kind="task",
        explanation="All containers of a task run together, on one instance or on one piece of Fargate.",
    )
    return Diagram(title=title, nodes=tuple(nodes), groups=(box,), edges=tuple(edges), direction="down")


def _id(container: Part) -> str:
    return f"container {container.at[-1]}"


def _short(words: str, most: int = LONGEST) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _under(verdict: Verdict, *starts: At) -> list[Finding]:
    """The errors at or below a place."""
    return [one for one in verdict.errors if any(one.found.at[: len(start)] == start for start in starts)]


def _state(wrong: Sequence[Finding]) -> str:
    return "refused" if wrong else "healthy"


def _detail(wrong: Sequence[Finding], otherwise: str) -> str:
    if wrong:
        return f"{len(wrong)} error{'s' * (len(wrong) > 1)}"
    return _short(otherwise)


def _said(first: str, wrong: Sequence[Finding]) -> str:
    """What a node says of itself: what it is, then at most two of its errors."""
    told = " ".join(one.found.message for one in wrong[:2])
    more = f" And {len(wrong) - 2} more." if len(wrong) > 2 else ""
    return f"{first} {told}{more}".strip()


def _head(verdict: Verdict) -> Node:
    """The task itself: its size, and every error that no other box shows."""
    definition = verdict.definition
    elsewhere = ("networkMode", "executionRoleArn", "taskRoleArn")
    wrong = [
        one
        for one in verdict.errors
        if not one.found.at
        or one.found.at[0] not in (*elsewhere, "containerDefinitions", "volumes")
        or (one.found.at[0] in ("containerDefinitions", "volumes") and not _has_box(one.found.at, verdict))
    ]
    size = f"{definition.cpu} · {definition.memory}" if definition.cpu and definition.memory else ""
    words = f"The task has {definition.cpu} CPU units and {definition.memory} MiB." if size else ""
    return Node(
        id="definition",
        label=_short(text(definition.top, "family") or "no family"),
        kind="scheduler",
        group="task",
        state=_state(wrong),
        detail=_detail(wrong, size or "no size of its own"),
        explanation=_said(words or "The task has no size of its own: its containers have theirs.", wrong),
    )


def _has_box(at: At, verdict: Verdict) -> bool:
    boxes = verdict.definition.containers[:MOST_CONTAINERS] if at[0] == "containerDefinitions" else ()
    boxes = verdict.definition.volumes[:MOST_VOLUMES] if at[0] == "volumes" else boxes
    return any(at[: len(one.at)] == one.at for one in boxes)


def _container(container: Part, verdict: Verdict) -> Node:
    wrong = _under(verdict, container.at)
    amounts = [
        f"{value} {unit}" for name, unit in (("cpu", "cpu"), ("memory", "MiB")) if (value := number(container, name))
    ]
    essential = container.fields.get("essential", verdict.definition.rules.essential_default)
    ends = "When it stops, the task stops." if essential else "The task runs on without it."
    image = text(container, "image")
    return Node(
        id=_id(container),
        label=_short(text(container, "name") or f"container {container.at[-1]}"),
        kind="service",
        group="task",
        state=_state(wrong),
        detail=_detail(wrong, " · ".join(amounts)),
        explanation=_said(f"{f'A container of {_short(image, 80)}.' if image else 'A container.'} {ends}", wrong),
    )


def _starts(shown: Sequence[Part], names: dict[str, str], verdict: Verdict) -> list[Edge]:
    """What starts first points at what waits for it."""
    edges: list[Edge] = []
    for container in shown:
        for dependency in parts(container, "dependsOn"):
            target = text(dependency, "containerName")
            if target is None:
                continue
            source = names.get(target, f"no container {target}")
            if source == _id(container):
                continue  # its card says so; an edge to itself has nowhere to go
            state = "blocked" if _under(verdict, dependency.at) else ""
            edges.append(
                Edge(source=source, target=_id(container), label=text(dependency, "condition") or "", state=state)
            )
    return edges


def _missing_containers(shown: Sequence[Part], names: dict[str, str]) -> list[Node]:
    wanted = [text(dependency, "containerName") for one in shown for dependency in parts(one, "dependsOn")]
    return [
        Node(
            id=f"no container {target}",
            label=_short(target or "no name"),
            kind="service",
            group="task",
            state="failed",
            detail="not there",
            explanation=f"A container waits for {_short(target or 'no name', 60)}, and the task has none of that name.",
        )
        for target in dict.fromkeys(wanted)
        if target is not None and target not in names
    ]


def _network(shown: Sequence[Part], verdict: Verdict) -> tuple[list[Node], list[Edge]]:
    definition = verdict.definition
    wrong = _under(verdict, ("networkMode",))
    mode = definition.mode
    edges: list[Edge] = []
    for container in shown:
        mapped = parts(container, "portMappings")
        broken = _under(verdict, (*container.at, "portMappings"))
        labels = [_port(one, mode) for one in mapped]
        if labels:
            label = labels[0] if len(labels) == 1 else f"{labels[0]} +{len(labels) - 1}"
            edges.append(
                Edge(source="network", target=_id(container), label=label, state="blocked" if broken else "active")
            )
    node = Node(
        id="network",
        label=mode or "no such mode",
        kind="igw",
        state=_state(wrong),
        detail=_detail(wrong, "network mode"),
        explanation=_said(_NETWORK.get(mode or "", "The network mode can not be read."), wrong),
    )
    return [node], edges or [Edge(source="network", target="task", state="blocked" if wrong else "")]


def _port(mapped: Part, mode: str | None) -> str:
    port, host = number(mapped, "containerPort"), number(mapped, "hostPort")
    if port is None:
        return _short(text(mapped, "containerPortRange") or "no port")
    if host and host != port:
        return f"{host} → {port}"
    return f"any → {port}" if not host and mode in ("bridge", "default") else str(port)


def _volumes(shown: Sequence[Part], verdict: Verdict) -> tuple[list[Node], list[Edge]]:
    nodes: dict[str, Node] = {}
    for volume in verdict.definition.volumes[:MOST_VOLUMES]:
        wrong = _under(verdict, volume.at)
        name = text(volume, "name") or f"volumes[{volume.at[-1]}]"
        words = volume_words(volume)
        # A name that is there twice is an error, and both are drawn.
        key = name if name not in nodes else f"{name} {volume.at[-1]}"
        nodes[key] = Node(
            id=f"volume {key}",
            label=_short(name),
            kind="efs",
            state=_state(wrong),
            detail=_detail(wrong, words),
            explanation=_said(f"The volume {_short(name, 60)} is {words}.", wrong),
        )
    edges: list[Edge] = []
    for container in shown:
        for mount in parts(container, "mountPoints"):
            name = text(mount, "sourceVolume")
            if name is None:
                continue
            if name not in nodes:
                words = f"A container mounts {_short(name, 60)}, which is not drawn here or not there."
                target = f"volume {name}"
                nodes[name] = Node(
                    id=target, label=_short(name), kind="efs", state="failed", detail="not there", explanation=words
                )
            state = "blocked" if _under(verdict, mount.at) or nodes[name].state != "healthy" else ""
            edges.append(Edge(source=_id(container), target=f"volume {name}", state=state))
    return list(nodes.values()), edges


def _logs(shown: Sequence[Part], verdict: Verdict) -> tuple[list[Node], list[Edge]]:
    """One box for each place that logs go to."""
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []
    for container in shown:
        logs = inner(container, "logConfiguration") or NOTHING
        driver = text(logs, "logDriver")
        if driver is None:
            continue
        wrong = _under(verdict, (*container.at, "logConfiguration"))
        place = mapping(logs, "options").get("awslogs-group") if driver == "awslogs" else None
        name = place or driver
        nodes.setdefault(
            name,
            Node(
                id=f"log {name}",
                label=_short(name),
                kind="metric",
                detail="log group" if place else "log driver",
                explanation=f"What the containers print goes to {_short(name, 60)}.",
            ),
        )
        state = "blocked" if wrong else ""
        edges.append(Edge(source=_id(container), target=f"log {name}", state=state))
    return list(nodes.values()), edges


def _roles(verdict: Verdict) -> tuple[list[Node], list[Edge]]:
    top = verdict.definition.top
    wanted = (
        (
            "executionRoleArn",
            "execution role",
            bool(text(top, "executionRoleArn")),
            "With the execution role ECS itself pulls images, writes logs, and fetches secrets.",
        ),
        (
            "taskRoleArn",
            "task role",
            has_task_role(verdict.definition),
            "The task role is for the code in the containers.",
        ),
    )
    nodes: list[Node] = []
    edges: list[Edge] = []
    for field, label, there, words in wanted:
        wrong = _under(verdict, (field,))
        if not there and not wrong:
            continue
        arn = (text(top, field) or "").rpartition("/")[2]
        nodes.append(
            Node(
                id=label,
                label=label.replace("execution role", "execution"),
                kind="secret",
                state="failed" if not there else _state(wrong),
                detail="role missing" if not there else "role" if field == "executionRoleArn" else _short(arn),
                explanation=_said(f"{words} It is {_short(arn, 60)}." if there else words, wrong),
            )
        )
        edges.append(Edge(source=label, target="task", state="blocked" if wrong else ""))
    return nodes, edges
