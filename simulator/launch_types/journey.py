"""The way of an image from a laptop to running tasks, step by step, and who takes each step.

A scenario is one of the registry's (`simulator.registry.scenario`), whose `commands` may also `register` a task
definition: `{"do": "register", "family", "image"}`, and `build` and `tag` an image by a name of the laptop's, without a
host. The registry plays all that is its own; here its calls are gathered
to the steps that a person would count, and those of ECS stand between them (facts 1.7, 6.2 and 6.3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from simulator import reading
from simulator.registry import RULES, Event, Kind, RegistryRules, State, simulate
from simulator.registry.reference import host_of, read_reference
from simulator.registry.scenario import ACCOUNT, REGION
from simulator.registry.wording import refused
from simulator.trace import state_at

YOU, ECR, ECS, AGENT = "YOU", "ECR", "ECS", "AGENT"
MOST_COMMANDS = 30
REGISTER = "register"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One registered revision of a task definition: the name of an image, not the image."""

    family: str
    number: int
    image: str

    @property
    def name(self) -> str:
        return f"{self.family}:{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The world after one step. `who` took it, `command` is the number of the command (from 1) that it belongs to.

    `coming` are tasks that have a place and do not run yet, `desired` what the service is asked to keep. `layers` were
    moved in the step and `kept` were there already; `image`, `tag` and `digest` are what it is about, `error` what was
    said where it failed.
    """

    kind: str
    who: str
    state: State
    command: int = 0
    revisions: tuple[Revision, ...] = ()
    coming: tuple[int, ...] = ()
    service: str = ""
    desired: int = 0
    layers: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    tag: str = ""
    digest: str = ""
    image: str = ""
    error: str = ""
    fargate: bool = True


def moments(scenario: Mapping[str, Any], rules: RegistryRules = RULES) -> tuple[Moment, ...]:
    """Every step of a scenario, the beginning first.

    Raises
    ------
    InputError
        For what the registry cannot read, and for a task definition without a family or an image.
    """
    listed = reading.items(reading.mapping(scenario, "").get("commands"), "commands", most=MOST_COMMANDS)
    registered = {at: _register(one, f"commands[{at}]") for at, one in enumerate(listed) if _registers(one)}
    played = [_hosted(one) for at, one in enumerate(listed) if at not in registered]
    trace = simulate({**scenario, "commands": played}, rules)
    now = Moment(kind="start", who=YOU, state=state_at(trace, 0))
    found = [now]
    number = position = 0
    for at in range(len(listed)):
        if at in registered:
            family, image = registered[at]
            count = sum(one.family == family for one in now.revisions)
            new = Revision(family=family, number=count + 1, image=image)
            steps = [_step(now, "register", YOU, at + 1, revisions=(*now.revisions, new), image=image)]
        else:
            number += 1
            first = position
            while position < len(trace) and trace.events[position].command == number:
                position += 1
            pairs = [(trace.events[k], state_at(trace, k + 1)) for k in range(first, position)]
            steps = list(_steps(now, pairs, played[number - 1], at + 1))
        found += steps
        now = found[-1]
    return tuple(found)


def journey_answer(document: Mapping[str, Any]) -> dict[str, Any]:
    """`{"commands": […], …}`: the steps, each with who takes it, and what runs at the end."""
    steps = moments(document)
    last = steps[-1]
    tasks = [task for service in last.state.services for task in service.tasks]
    return {
        "kind": "journey",
        "steps": [
            {
                "step": number,
                "kind": one.kind,
                "who": one.who,
                "command": one.command,
                "layers": list(one.layers),
                "ok": not one.error,
                **({"error": one.error} if one.error else {}),
            }
            for number, one in enumerate(steps[1:], start=1)
        ],
        "pulledBy": next((one.who for one in steps if one.kind == "pull"), None),
        "taskDefinitions": [one.name for one in last.revisions],
        "running": len(tasks),
        "builds": [sum(task.digest == digest for task in tasks) for digest in _pushed(steps)],
    }


def _hosted(command: Any) -> Any:
    """A name of the laptop's alone as the registry room reads it; what Docker would show of it does not differ."""
    image = command.get("image") if isinstance(command, Mapping) else None
    if isinstance(image, str) and "/" not in image and command.get("do") in ("build", "tag"):
        named = image if ":" in image else f"{image}:latest"
        return {**command, "image": f"{host_of(ACCOUNT, REGION)}/{named}"}
    return command


def _pushed(steps: Sequence[Moment]) -> list[str]:
    """The digests of the images in the order in which they were pushed first."""
    return list(dict.fromkeys(one.digest for one in steps if one.kind == "put"))


def _registers(command: Any) -> bool:
    return isinstance(command, Mapping) and command.get("do") == REGISTER


def _register(command: Mapping[str, Any], path: str) -> tuple[str, str]:
    reading.known_fields(command, path, ("do", "family", "image"))
    family = reading.name(command.get("family"), f"{path}.family")
    return family, read_reference(reading.text(command.get("image"), f"{path}.image"), f"{path}.image").full


def _step(before: Moment, kind: str, who: str, command: int, **changes: Any) -> Moment:
    """The next moment; what belongs to one step alone does not last."""
    clean = {"layers": (), "kept": (), "tag": "", "digest": "", "image": "", "error": ""}
    return replace(before, kind=kind, who=who, command=command, **{**clean, **changes})


Pair = tuple[Event, State]


def _steps(now: Moment, pairs: Sequence[Pair], command: Mapping[str, Any], number: int) -> Iterator[Moment]:
    """The steps of one of the registry's commands."""
    do = command["do"]
    if do in ("deploy", "replace-task"):
        yield from _service_steps(now, pairs, command, number)
        return
    uploaded = tuple(layer for event, _ in pairs if event.kind is Kind.UPLOADED for layer in event.layers)
    present: tuple[str, ...] = ()
    for event, state in pairs:
        if event.kind is Kind.REFUSED:
            now = _step(now, "refused", ECR, number, state=state, image=event.image, error=refused(state, event))
        elif event.kind is Kind.CHECKED:
            present = event.present
            if uploaded or event.layers:
                continue
            now = _step(now, "upload", YOU, number, state=state, kept=present)
        elif event.kind is Kind.UPLOADED:
            if event.layers[0] != uploaded[-1]:
                continue
            now = _step(now, "upload", YOU, number, state=state, layers=uploaded, kept=present)
        elif event.kind in _KINDS:
            kind, who = _KINDS[event.kind]
            facts = {"tag": event.tag, "digest": event.digest, "image": event.image, "layers": event.layers}
            now = _step(now, kind, who, number, state=state, **facts)
        else:
            continue
        yield now


_KINDS: Mapping[Kind, tuple[str, str]] = {
    Kind.BUILT: ("build", YOU),
    Kind.NAMED: ("tag", YOU),
    Kind.LOGGED_IN: ("login", YOU),
    Kind.CREATED: ("create", YOU),
    Kind.PUT: ("put", ECR),
    Kind.DELETED: ("delete", YOU),
    Kind.WAITED: ("wait", YOU),
}


def _service_steps(now: Moment, pairs: Sequence[Pair], command: Mapping[str, Any], number: int) -> Iterator[Moment]:
    """A deployment, or a task that is lost: what is asked for, what ECS decides, what the agents do."""
    service = command["service"]
    fargate = command.get("launchType", "FARGATE") == "FARGATE" if command["do"] == "deploy" else now.fargate
    lost = [pair for pair in pairs if pair[0].kind is Kind.TASK_STOPPED and pair[0].detail == "lost"]
    started = [pair for pair in pairs if pair[0].kind is Kind.TASK_STARTED]
    stopped = [pair for pair in pairs if pair[0].kind is Kind.TASK_STOPPED and pair[0].detail != "lost"]
    failed = [pair for pair in pairs if pair[0].kind is Kind.REFUSED]
    if command["do"] == "deploy":
        kind = "deploy" if now.state.service(service) else "service"
        desired = command.get("tasks", 1)
        now = _step(now, kind, YOU, number, service=service, desired=desired, image=command["image"], fargate=fargate)
        coming = tuple(now.state.next_task + k for k in range(desired))
    else:
        state = lost[0][1] if lost else now.state
        now = _step(now, "lost", AGENT, number, state=state)
        coming = (now.state.next_task,)
    yield now
    if failed and not now.state.service(service) and command["do"] == "replace-task":
        return
    now = _step(now, "place", ECS, number, coming=coming)
    yield now
    if failed:
        event, state = failed[0]
        yield _step(now, "refused", AGENT, number, state=state, error=refused(state, event))
        return
    pulls = [event for event, _ in pairs if event.kind is Kind.DOWNLOADED]
    layers, kept = (pulls[0].layers, pulls[0].present) if pulls else ((), ())
    digest = started[0][0].digest
    deployed = now.state.service(service)
    image = command.get("image") or (deployed.image if deployed else "")
    now = _step(now, "pull", AGENT, number, layers=layers, kept=kept, digest=digest, image=image)
    yield now
    now = _step(now, "run", AGENT, number, state=started[-1][1], coming=(), digest=digest)
    yield now
    if stopped:
        yield _step(now, "stop", AGENT, number, state=stopped[-1][1])
