"""Amazon ECR: who pushes and pulls, what a repository holds and shares, and the services that run it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from diagrams.model import Diagram, Edge, Group, Node
from simulator.registry.effects import ARCHIVED
from simulator.registry.images import Image
from simulator.registry.refusals import Code
from simulator.registry.state import Event, Kind, Repository, Service, State
from simulator.registry.wording import refused

MOST_IMAGES = 6  # of a repository, drawn one by one; more are counted
MOST_LAYERS = 6

_UP = {
    Kind.LOGGED_IN: "login",
    Kind.CHECKED: "check layers",
    Kind.UPLOADED: "upload",
    Kind.PUT: "put image",
    Kind.DELETED: "delete",
    Kind.CREATED: "create",
    Kind.POLICY_SET: "set policy",
    Kind.RESTORED: "restore",
}
_DOWN = {Kind.FETCHED: "manifest", Kind.DOWNLOADED: "layers"}


def registry_diagram(state: State, *, title: str | None = None) -> Diagram:
    """The repositories with their images and layers, the machines at one side, the services at the other.

    What the last event moved is active, what it refused is blocked, and what a lifecycle policy has just expired is
    drawn once more.
    """
    last = state.last
    groups = [Group(id="registry", label="Private registry", kind="vpc", explanation=_REGISTRY)]
    nodes: list[Node] = []
    edges: list[Edge] = []
    for who in _machines(state):
        nodes.append(_machine(state, who))
        edges += _ways(state, who)
    for repository in state.repositories:
        groups.append(
            Group(
                id=repository.uri,
                label=repository.name,
                kind="service",
                parent="registry",
                explanation=f"{repository.uri} holds {_counted_as(len(repository.images), 'image')}. Its tags are "
                f"{repository.mutability}.",
            )
        )
        inside, shared = _inside(state, repository)
        nodes += inside
        edges += shared
    for service in state.services:
        cards, runs = _service(state, service)
        groups.append(
            Group(
                id=f"service {service.name}",
                label=f"service {service.name}",
                kind="service",
                explanation=f"The service deployed {service.image}, which was {short_digest(service.digest)} then.",
            )
        )
        nodes += cards
        edges += runs
    if not state.repositories:
        nodes.append(Node(id="empty", label="No repository", kind="ecr", group="registry", explanation=_REGISTRY))
    said = title or (f"The registry: {_caption(last)}" if last else "The registry before the first command")
    return Diagram(title=said, nodes=tuple(nodes), groups=tuple(groups), edges=tuple(edges))


def short_digest(digest: str) -> str:
    """Seven figures of a digest, without the name of its algorithm."""
    return digest.removeprefix("sha256:")[:7]


def tag_label(tags: Sequence[str]) -> str:
    """What an image's card is called: its first tag, and how many more there are.

    >>> tag_label(["v1", "latest", "stable"]), tag_label([])
    ('v1 +2', 'untagged')
    """
    if not tags:
        return "untagged"
    return cut(tags[0]) if len(tags) == 1 else f"{cut(tags[0], 16)} +{len(tags) - 1}"


def cut(text: str, most: int = 22) -> str:
    """Text that a card has room for."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


_REFUSED: Mapping[Code, str] = {
    Code.HOST_NOT_FOUND: "no such host",
    Code.WRONG_USER: "wrong user",
    Code.NOT_LOGGED_IN: "no login",
    Code.TOKEN_EXPIRED: "token too old",
    Code.NO_ROUTE: "no route",
    Code.ACCESS_DENIED: "access denied",
    Code.REPOSITORY_NOT_FOUND: "no repository",
    Code.REPOSITORY_EXISTS: "there already",
    Code.TAG_EXISTS: "tag exists",
    Code.TOO_MANY_TAGS: "too many tags",
    Code.IMAGE_NOT_FOUND: "not found",
    Code.IN_LIST: "in a list",
    Code.ARCHIVED: "archived",
    Code.INVALID_POLICY: "bad policy",
    Code.NO_LOCAL_IMAGE: "no such image",
    Code.NO_SERVICE: "no service",
    Code.NOTHING_PUSHED: "no digest",
}
_REGISTRY = "The private registry: one for each account and Region. It keeps each layer of a repository once."


def _machines(state: State) -> list[str]:
    """Who has done something; a role that only services use has no machine of its own."""
    used = [one.who for one in state.machines]
    last = state.last
    if last and last.who and not last.service and last.who not in used and last.kind is not Kind.CHANGED:
        used.append(last.who)
    return used


def _machine(state: State, who: str) -> Node:
    machine, last = state.machine(who), state.last
    failed = last is not None and last.kind is Kind.REFUSED and last.who == who and not last.service
    said = (
        f"{who} works here: {_counted_as(len(machine.logins), 'login')}, {_counted_as(len(machine.images), 'image')}."
    )
    if failed and last is not None:
        said = f"{said} {refused(state, last)}"
    return Node(
        id=f"machine {who}",
        label=who,
        kind="user",
        state="failed" if failed else "",
        detail=_REFUSED[Code(last.code)] if failed and last else "logged in" if machine.logins else "no login",
        explanation=said,
    )


def _ways(state: State, who: str) -> Iterator[Edge]:
    """The way from a machine to the repository of the last event, or to the registry."""
    last = state.last
    target = last.repository if last and state.repository(last.repository) else "registry"
    if last is None or last.who != who or last.service or last.kind is Kind.TOKEN:
        yield Edge(source=f"machine {who}", target="registry")
    elif last.kind is Kind.REFUSED:
        yield Edge(source=f"machine {who}", target=target, label="refused", state="blocked")
    elif last.kind in _DOWN:
        yield Edge(source=target, target=f"machine {who}", label=_DOWN[last.kind], state="active")
    elif last.kind in _UP:
        yield Edge(source=f"machine {who}", target=target, label=_UP[last.kind], state="active")
    else:
        yield Edge(source=f"machine {who}", target="registry")


def _inside(state: State, repository: Repository) -> tuple[list[Node], list[Edge]]:
    """The images and the layers of a repository; few enough, they are joined one by one."""
    key, last = repository.uri, state.last
    nodes: list[Node] = []
    edges: list[Edge] = []
    drawn = len(repository.images) <= MOST_IMAGES
    if drawn:
        nodes += [_image(state, repository, image) for image in repository.images]
    else:
        nodes += _counted(repository)
    if last and last.kind is Kind.APPLIED and last.repository == key and last.detail != ARCHIVED:
        nodes += _gone(repository, last)
    if drawn and 0 < len(repository.layers) <= MOST_LAYERS:
        fresh = last.layers if last and last.kind is Kind.UPLOADED and last.repository == key else ()
        for layer in repository.layers:
            owners = [image for image in repository.images if layer in image.layers]
            nodes.append(_layer(state, repository, layer, len(owners), fresh=layer in fresh))
            edges += [Edge(source=_id(repository, image), target=f"{key} {layer}") for image in owners]
    elif repository.layers:
        stored = sum(state.sizes[layer] for layer in repository.layers)
        said = f"The layers of all the images, each kept once: {stored} MiB."
        nodes.append(
            Node(
                id=f"{key} layers",
                label=f"{len(repository.layers)} layers",
                kind="database",
                group=key,
                detail=f"{stored} MiB",
                explanation=said,
            )
        )
    if not nodes:
        nodes.append(Node(id=f"{key} empty", label="No image", kind="ecr", group=key, explanation="Nothing is here."))
    return nodes, edges


def _image(state: State, repository: Repository, image: Image) -> Node:
    last = state.last
    put = last is not None and last.kind is Kind.PUT and last.repository == repository.uri
    condition = "draining" if image.archive else ""
    if put and last is not None and image.digest == last.digest:
        condition = "chosen"
    elif put and last is not None and image.digest == last.previous:
        condition = "draining"
    said = f"The image {image.digest} " + (f"has the tags {', '.join(image.tags)}." if image.tags else "has no tag.")
    if image.archive:
        said += " It is in the archive and cannot be pulled."
    return Node(
        id=_id(repository, image),
        label=tag_label(image.tags),
        kind="ecr",
        group=repository.uri,
        state=condition,
        detail=short_digest(image.digest),
        explanation=said,
    )


def _counted(repository: Repository) -> list[Node]:
    """For many images: a card for those with a tag, and one for those without."""
    tagged = sum(bool(image.tags) for image in repository.images)
    counts = (("tagged", tagged), ("untagged", len(repository.images) - tagged))
    return [
        Node(
            id=f"{repository.uri} {name}",
            label=_counted_as(count, "image"),
            kind="ecr",
            group=repository.uri,
            detail=name,
            explanation=f"{_counted_as(count, f'{name} image')} of {repository.name}.",
        )
        for name, count in counts
        if count
    ]


def _gone(repository: Repository, last: Event) -> list[Node]:
    """The images that a rule has just expired."""
    shown = last.digests if len(last.digests) <= MOST_IMAGES else ()
    said = f"Expired by rule {last.rule} of the lifecycle policy; this cannot be taken back."
    cards = [
        Node(
            id=f"{repository.uri} gone {digest}",
            label="expired",
            kind="ecr",
            group=repository.uri,
            state="failed",
            detail=short_digest(digest),
            explanation=said,
        )
        for digest in shown
    ]
    if last.digests and not shown:
        cards.append(
            Node(
                id=f"{repository.uri} gone",
                label=f"{len(last.digests)} expired",
                kind="ecr",
                group=repository.uri,
                state="failed",
                detail=f"rule {last.rule}",
                explanation=said,
            )
        )
    return cards


def _layer(state: State, repository: Repository, layer: str, owners: int, *, fresh: bool) -> Node:
    used = _counted_as(owners, "image") if owners else "no image yet"
    return Node(
        id=f"{repository.uri} {layer}",
        label=cut(layer, 8),
        kind="task",
        group=repository.uri,
        state="chosen" if fresh else "",
        detail=f"{state.sizes[layer]} MiB",
        explanation=f"The layer {layer}, {state.sizes[layer]} MiB, kept once and used by {used}.",
    )


def _service(state: State, service: Service) -> tuple[list[Node], list[Edge]]:
    """A service's tasks, each joined to the image that it runs, if that is still there."""
    last = state.last
    here = last if last and last.service == service.name else None
    group = f"service {service.name}"
    nodes = [
        Node(
            id=f"{group} task {task.number}",
            label=f"task {task.number}",
            kind="task",
            group=group,
            state="starting" if here and here.kind is Kind.TASK_STARTED and here.task == task.number else "healthy",
            detail=task.digest[7:13],
            explanation=f"Task {task.number} runs {short_digest(task.digest)}, whatever its tag points at now.",
        )
        for task in service.tasks
    ]
    edges = [
        Edge(source=source, target=node.id, state="active" if node.state == "starting" else "")
        for task, node in zip(service.tasks, nodes, strict=True)
        for source in _holders(state, task.digest)
    ]
    if here and here.kind is Kind.REFUSED:
        said = refused(state, here)
        nodes.append(
            Node(
                id=f"{group} refused",
                label="new one",
                kind="task",
                group=group,
                state="failed",
                detail="no image",
                explanation=said,
            )
        )
        source = here.repository if state.repository(here.repository) else "registry"
        edges.append(Edge(source=source, target=f"{group} refused", label="cannot pull", state="blocked"))
    elif not nodes:
        nodes.append(Node(id=f"{group} empty", label="no task", kind="task", group=group, explanation="None runs."))
    return nodes, edges


def _holders(state: State, digest: str) -> list[str]:
    """The drawn cards of an image."""
    return [
        _id(repository, image)
        for repository in state.repositories
        if len(repository.images) <= MOST_IMAGES
        for image in repository.images
        if image.digest == digest
    ]


def _caption(last: Event) -> str:
    words = {Kind.REFUSED: f"refused, {last.code}", Kind.APPLIED: f"rule {last.rule} has been applied"}
    return words.get(last.kind, last.kind.value.replace("-", " "))


def _id(repository: Repository, image: Image) -> str:
    return f"{repository.uri} {image.digest}"


def _counted_as(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
