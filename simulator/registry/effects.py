"""How an event changes the state: `apply(state, event)` is the next state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from simulator.registry.access import read_statements
from simulator.registry.images import Image
from simulator.registry.lifecycle_policy import read_policy
from simulator.registry.rules import RULES
from simulator.registry.state import (
    Event,
    Kind,
    Repository,
    Service,
    State,
    Task,
    with_machine,
    with_repository,
    with_service,
)

ARCHIVED = "archived"  # the detail of an event that archives images instead of deleting them
MOVED_AWAY = "moved-away"  # the detail of a push under which the old image is deleted: nobody's rule but a belief's
WHOLE_IMAGE = "image"  # the detail of a deletion that takes the image, not a tag alone


def apply(state: State, event: Event) -> State:
    """The state after the event."""
    effect = _EFFECTS.get(event.kind)
    after = effect(state, event) if effect else state
    return replace(after, now=event.at, last=event)


def repository_after_put(repository: Repository, event: Event) -> Repository:
    """A pushed image takes its tag from whoever had it; the same manifest is the same image, so tags add up."""
    images: list[Image] = []
    known = repository.by_digest(event.digest)
    for image in repository.images:
        if image.digest == event.digest:
            continue
        if event.tag in image.tags:
            if event.detail == MOVED_AWAY:
                continue
            image = image._replace(tags=tuple(tag for tag in image.tags if tag != event.tag))
        images.append(image)
    tags = (*(known.tags if known else ()), *([event.tag] if event.tag else []))
    # A re-push brings an archived image back: it is a new push of the same manifest.
    pushed = event.at if known is None or known.archive else known.pushed
    new = Image(digest=event.digest, tags=tuple(dict.fromkeys(tags)), pushed=pushed, layers=event.layers)
    if known is not None and not known.archive:
        new = known._replace(tags=new.tags)
    return _with_images(repository, [*images, new])


def _with_images(repository: Repository, images: Iterable[Image]) -> Repository:
    """The repository with these images and the layers that they have."""
    kept = tuple(images)
    layers = dict.fromkeys(layer for image in kept for layer in image.layers)
    return replace(repository, images=kept, layers=tuple(layers))


def _logged_in(state: State, event: Event) -> State:
    machine = state.machine(event.who)
    others = tuple(one for one in machine.logins if one[0] != event.image)
    return with_machine(state, replace(machine, logins=(*others, (event.image, event.at))))


def _local(state: State, event: Event) -> State:
    """An image gets a name on its machine."""
    machine = state.machine(event.who)
    others = tuple(one for one in machine.images if one[0] != event.image)
    layers = tuple(dict.fromkeys((*machine.layers, *event.layers)))
    return with_machine(state, replace(machine, images=(*others, (event.image, event.layers)), layers=layers))


def _uploaded(state: State, event: Event) -> State:
    repository = _repository(state, event)
    layers = tuple(dict.fromkeys((*repository.layers, *event.layers)))
    return with_repository(state, replace(repository, layers=layers))


def _put(state: State, event: Event) -> State:
    return with_repository(state, repository_after_put(_repository(state, event), event))


def _fetched(state: State, event: Event) -> State:
    repository = _repository(state, event)
    return with_repository(
        state,
        replace(
            repository,
            images=tuple(
                image._replace(pulled=event.at) if image.digest == event.digest else image
                for image in repository.images
            ),
        ),
    )


def _downloaded(state: State, event: Event) -> State:
    if not event.image:
        return state  # a Fargate task keeps nothing
    return _local(state, replace(event, layers=(*event.present, *event.layers)))


def _deleted(state: State, event: Event) -> State:
    repository = _repository(state, event)
    images: list[Image] = []
    for image in repository.images:
        if image.digest == event.digest:
            if event.detail == WHOLE_IMAGE:
                continue
            image = image._replace(tags=tuple(tag for tag in image.tags if tag != event.tag))
        images.append(image)
    return with_repository(state, _with_images(repository, images))


def _created(state: State, event: Event) -> State:
    data = event.data or {}
    return with_repository(
        state,
        Repository(
            uri=event.repository,
            account=data["account"],
            region=data["region"],
            name=data["name"],
            mutability=data["mutability"],
            exclusions=tuple(data["exclusions"]),
        ),
    )


def _policy_set(state: State, event: Event) -> State:
    # It was checked when the scenario was read, by whatever rules the run has.
    policy = read_policy(event.data, rules=replace(RULES, any_comes_last=False))
    return with_repository(state, replace(_repository(state, event), lifecycle=policy))


def _restored(state: State, event: Event) -> State:
    repository = _repository(state, event)
    images = tuple(
        image._replace(archive=False, activated=event.at) if image.digest == event.digest else image
        for image in repository.images
    )
    return with_repository(state, replace(repository, images=images))


def _applied(state: State, event: Event) -> State:
    repository, gone = _repository(state, event), set(event.digests)
    if event.detail == ARCHIVED:
        archived = tuple(
            image._replace(archive=True, archived=event.at, activated=None) if image.digest in gone else image
            for image in repository.images
        )
        return with_repository(state, replace(repository, images=archived))
    return with_repository(
        state, _with_images(repository, (image for image in repository.images if image.digest not in gone))
    )


def _deployed(state: State, event: Event) -> State:
    data = event.data or {}
    return with_service(
        state,
        Service(
            name=event.service,
            image=event.image,
            digest=event.digest,
            who=event.who,
            fargate=data["launchType"] == "FARGATE",
            consistent=data["versionConsistency"] == "enabled",
            tasks=_tasks(state, event),
        ),
    )


def _tasks(state: State, event: Event) -> tuple[Task, ...]:
    service = state.service(event.service)
    return service.tasks if service else ()


def _task_started(state: State, event: Event) -> State:
    service = state.service(event.service)
    assert service is not None, "a task starts in a service"
    task = Task(number=event.task, digest=event.digest)
    return replace(
        with_service(state, replace(service, tasks=(*service.tasks, task))),
        next_task=max(state.next_task, event.task + 1),
    )


def _task_stopped(state: State, event: Event) -> State:
    service = state.service(event.service)
    assert service is not None, "a task stops in a service"
    return with_service(state, replace(service, tasks=tuple(one for one in service.tasks if one.number != event.task)))


def _changed(state: State, event: Event) -> State:
    data = event.data or {}
    if "policy" not in data:
        return state
    statements = read_statements(data["policy"], "policy", of_repository=False)
    return replace(
        state,
        identities=tuple(
            replace(one, statements=statements) if one.name == event.who else one for one in state.identities
        ),
    )


def _repository(state: State, event: Event) -> Repository:
    found = state.repository(event.repository)
    assert found is not None, "an event names a repository that is there"
    return found


_EFFECTS: Mapping[Kind, Callable[[State, Event], State]] = {
    Kind.LOGGED_IN: _logged_in,
    Kind.BUILT: _local,
    Kind.NAMED: _local,
    Kind.UPLOADED: _uploaded,
    Kind.PUT: _put,
    Kind.FETCHED: _fetched,
    Kind.DOWNLOADED: _downloaded,
    Kind.DELETED: _deleted,
    Kind.CREATED: _created,
    Kind.POLICY_SET: _policy_set,
    Kind.RESTORED: _restored,
    Kind.APPLIED: _applied,
    Kind.DEPLOYED: _deployed,
    Kind.TASK_STARTED: _task_started,
    Kind.TASK_STOPPED: _task_stopped,
    Kind.CHANGED: _changed,
}
