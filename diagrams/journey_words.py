"""What the film of an image's way says at each step: who does what, in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from simulator.launch_types.journey import AGENT, ECR, ECS, YOU, Moment

NAMES: Mapping[str, str] = {YOU: "you", ECR: "ECR", ECS: "ECS", AGENT: "the agent"}


def caption(now: Moment, builds: Mapping[str, str]) -> str:
    """The step in one sentence or two."""
    return _PLAIN[now.kind] if now.kind in _PLAIN else _CAPTIONS[now.kind](now, builds)


def mark(now: Moment) -> str:
    """What is said beside the slider: the step's name, and who takes it."""
    named = _MARKS.get(now.kind, now.kind)
    if now.kind == "refused" and now.who == AGENT:
        return "the pull fails"
    return "" if now.kind in ("start", "ready") else named if now.kind == "lost" else f"{named}, by {_who(now)}"


def _who(now: Moment) -> str:
    return "Fargate" if now.who == AGENT and now.fargate else NAMES[now.who]


def _counted(count: int, what: str = "task") -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _upload(now: Moment, _builds: Mapping[str, str]) -> str:
    kept = (
        f" {_listed(now.kept).capitalize()} {'is' if len(now.kept) == 1 else 'are'} there already." if now.kept else ""
    )
    if not now.layers:
        return f"Docker asks which layers ECR lacks. It lacks none, so nothing is sent.{kept}"
    size = sum(now.state.sizes[layer] for layer in now.layers)
    return f"Docker asks which layers ECR lacks, and sends them: {_listed(now.layers)}, {size} MiB.{kept}"


def _put(now: Moment, builds: Mapping[str, str]) -> str:
    name = builds.get(now.digest, "the image")
    moved = [
        image for repository in now.state.repositories for image in repository.images if image.digest != now.digest
    ]
    untagged = any(not image.tags for image in moved)
    if untagged:
        tasks = " The tasks that run go on as they are." if any(one.tasks for one in now.state.services) else ""
        return f"ECR moves the tag {now.tag} to {name}. The image before it stays, without a tag.{tasks}"
    closed = "" if moved else " Now your laptop may be closed."
    return f"ECR keeps {name} and lets the tag {now.tag} name it.{closed}"


def _pull(now: Moment, builds: Mapping[str, str]) -> str:
    puller = "Fargate" if now.fargate else "The agent on your instance"
    name = builds.get(now.digest, "the image")
    newer = _tag_has_moved(now, builds)
    kept = f" {_listed(now.kept).capitalize()} it has already." if now.kept else ""
    return f"{puller} pulls {name} from ECR.{newer}{kept}"


def _tag_has_moved(now: Moment, builds: Mapping[str, str]) -> str:
    """What is worth saying when the image that is pulled is not the one that the tag names."""
    name, _, tag = now.image.rpartition(":")
    if "/" not in name:
        return ""
    named = next(
        (image.digest for one in now.state.repositories for image in one.images if tag in image.tags), now.digest
    )
    if named == now.digest:
        return ""
    return f" That is what the deployment fixed, though {tag} names {builds.get(named, 'another image')} by now."


def _deploy(now: Moment, _builds: Mapping[str, str]) -> str:
    before = next((one.image for one in now.state.services if one.name == now.service), "")
    if before != now.image and now.revisions:
        return f"You point the service at {now.revisions[-1].name}. That starts a new deployment."
    return "You start a new deployment. Only now does ECS look up again what the tag names."


def _run(now: Moment, builds: Mapping[str, str]) -> str:
    return f"The containers start. {_tasks(now, builds)}."


def _tasks(now: Moment, builds: Mapping[str, str]) -> str:
    """How many tasks run each image."""
    running = [builds.get(task.digest, "an image") for service in now.state.services for task in service.tasks]
    parts = tuple(
        f"{_counted(running.count(name))} {'runs' if running.count(name) == 1 else 'run'} {name}"
        for name in dict.fromkeys(running)
    )
    return _listed(parts) if parts else "No task runs"


def _latest(now: Moment, builds: Mapping[str, str]) -> str:
    """What each tag of the registry names."""
    images = [image for repository in now.state.repositories for image in repository.images]
    named = tuple(f"{tag} names {builds[image.digest]}" for image in images for tag in image.tags)
    return _listed(named) if named else "no tag names an image"


def _ready(now: Moment, builds: Mapping[str, str]) -> str:
    return f"{_tasks(now, builds)}, and {_latest(now, builds)}."


def _service(now: Moment, _builds: Mapping[str, str]) -> str:
    return f"You ask for a service that keeps {_counted(now.desired)} running. ECS notes the number."


def _place(now: Moment, _builds: Mapping[str, str]) -> str:
    return f"ECS decides where {_counted(len(now.coming))} will run. It runs nothing itself."


def _lost(now: Moment, _builds: Mapping[str, str]) -> str:
    left = sum(len(service.tasks) for service in now.state.services)
    return f"A task is lost. {left} of {_counted(now.desired)} {'is' if left == 1 else 'are'} left, and you do nothing."


def _refused(now: Moment, _builds: Mapping[str, str]) -> str:
    return f"{'The task cannot start' if now.who == AGENT else 'ECR refuses'}. {now.error}"


# The same at every such step.
_PLAIN: Mapping[str, str] = {
    "start": "A Dockerfile on your laptop. Nothing is in the registry, and nothing runs.",
    "build": "The image is built. So far it is on your laptop and nowhere else.",
    "tag": "The image gets a second name: the address of its place in ECR. Nothing has moved yet.",
    "login": "Docker on your laptop gets a token for ECR, good for 12 hours.",
    "create": "A repository for the image is made in ECR. It is empty.",
    "delete": "A tag, or an image with it, is deleted from the repository.",
    "wait": "Time passes.",
    "register": "ECS stores the recipe, with the image’s name in it. No image moves, nothing starts.",
    "stop": "The old tasks stop, for the new ones run.",
}
_CAPTIONS: Mapping[str, Callable[[Moment, Mapping[str, str]], str]] = {
    "ready": _ready,
    "upload": _upload,
    "put": _put,
    "service": _service,
    "deploy": _deploy,
    "place": _place,
    "pull": _pull,
    "run": _run,
    "lost": _lost,
    "refused": _refused,
}
_MARKS: Mapping[str, str] = {
    "upload": "push, the layers",
    "put": "push, the tag",
    "login": "log in",
    "create": "create a repository",
    "service": "create the service",
    "deploy": "deploy again",
    "place": "find a place",
    "pull": "pull",
    "run": "start",
    "lost": "a task is lost",
}
