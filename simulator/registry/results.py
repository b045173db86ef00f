"""The answer about a run: what became of each command, and what the repositories and services hold at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simulator.registry.instants import written
from simulator.registry.refusals import Code, fix
from simulator.registry.state import Event, Kind, Repository, Service, State
from simulator.registry.wording import calls, moved, refused, short

DAILY = "AWS promises that a policy acts within 24 hours, not when; here it acts at full days after the beginning."


def run_answer(
    commands: Sequence[str], events: Sequence[Event], states: Sequence[State], last: State
) -> dict[str, Any]:
    """What became of a run.

    Parameters
    ----------
    commands : what each command does, by its number less one.
    states : the state before each event.

    Returns
    -------
    dict
        `{"results", "expired", "transitioned", "repositories", "services", "notes"}`.
    """
    applied = [event for event in events if event.kind is Kind.APPLIED]
    return {
        "results": _results(commands, events, states),
        "expired": _gone(applied, archived=False),
        "transitioned": _gone(applied, archived=True),
        "repositories": [_repository(one, last) for one in last.repositories],
        "services": [_service(one) for one in last.services],
        "notes": [DAILY] if applied and any(event.at != last.now for event in applied) else [],
    }


def _results(commands: Sequence[str], events: Sequence[Event], states: Sequence[State]) -> list[dict[str, Any]]:
    found: dict[int, list[tuple[State, Event]]] = {}
    for state, event in zip(states, events, strict=True):
        if event.command:
            found.setdefault(event.command, []).append((state, event))
    return [_result(commands[number - 1], number, pairs) for number, pairs in found.items()]


def _result(do: str, number: int, pairs: Sequence[tuple[State, Event]]) -> dict[str, Any]:
    state, last = pairs[-1]
    events = [event for _, event in pairs]
    ok = last.kind is not Kind.REFUSED
    result: dict[str, Any] = {"command": number, "do": do, "as": last.who, "at": written(last.at), "ok": ok}
    result["calls"] = _calls(events)
    result |= _moved(events, state)
    if ok:
        result["message"] = _message(do, events)
    else:
        result["code"] = last.code
        if last.call:
            result["refusedCall"] = last.call
        result["message"] = refused(state, last)
        result["fix"] = fix(Code(last.code), subject=last.image, call=last.call)
    return result


def _calls(events: Sequence[Event]) -> list[dict[str, Any]]:
    """The API actions in their order, which are the permissions too, and how often each was called."""
    times: dict[str, int] = {}
    for event in events:
        for action in () if event.kind is Kind.REFUSED else calls(event):
            times[action] = times.get(action, 0) + 1
    return [{"action": action, "times": count} for action, count in times.items()]


def _moved(events: Sequence[Event], state: State) -> dict[str, Any]:
    """The layers that went up or down, and the digest that is in question."""
    found: dict[str, Any] = {}
    for event in events:
        if event.kind in (Kind.PUT, Kind.FETCHED, Kind.DELETED, Kind.RESTORED):
            found["imageDigest"] = event.digest
        if event.kind is Kind.CHECKED:
            found |= {"uploaded": [], "alreadyThere": list(event.present)}
        if event.kind is Kind.UPLOADED:
            found["uploaded"] += event.layers
        if event.kind is Kind.DOWNLOADED:
            found["downloaded"] = [*found.get("downloaded", []), *event.layers]
            found["alreadyHere"] = [*found.get("alreadyHere", []), *event.present]
    for name in ("uploaded", "downloaded"):
        if name in found:
            found[f"{name}MiB"] = sum(state.sizes[layer] for layer in found[name])
    return found


def _message(do: str, events: Sequence[Event]) -> str:
    last = events[-1]
    if do in ("push", "put-image"):
        return f"The tag {last.tag} is on {short(last.digest)}.{moved(last)}"
    if do == "pull":
        return f"The image is {short(last.digest)}, whatever its tag points at later."
    if do == "login":
        return f"Logged in to {last.image}."
    if do == "delete":
        what = "The image is deleted" if last.detail else "The tag is taken off, and the image stays"
        return f"{what}: {short(last.digest)}."
    if do in ("deploy", "replace-task"):
        running = [event for event in events if event.kind is Kind.TASK_STARTED]
        tasks = f"{len(running)} task{'' if len(running) == 1 else 's'}"
        return f"{last.service} has started {tasks} of {short(running[-1].digest)}."
    return {
        "build": "The image is on this machine alone.",
        "tag": "The name is on this machine alone.",
        "create-repository": "The repository is there, and empty.",
        "put-lifecycle-policy": "The policy is in place.",
        "restore": "The image can be pulled again; lifecycle policies date it from now.",
        "wait": f"{last.detail} hours later it is {written(last.at)}.",
    }[do]


def _gone(applied: Sequence[Event], *, archived: bool) -> list[dict[str, Any]]:
    return [
        {
            "repositoryName": event.repository.partition("/")[2],
            "imageDigest": digest,
            "rulePriority": event.rule,
            "at": written(event.at),
        }
        for event in applied
        if bool(event.detail) is archived
        for digest in event.digests
    ]


def _repository(repository: Repository, state: State) -> dict[str, Any]:
    return {
        "repositoryName": repository.name,
        "repositoryUri": repository.uri,
        "imageTagMutability": repository.mutability,
        "images": [
            {
                "imageDigest": image.digest,
                "imageTags": list(image.tags),
                "imagePushedAt": written(image.pushed),
                "storageClass": "archive" if image.archive else "standard",
                "layers": list(image.layers),
            }
            for image in repository.images
        ],
        "layers": list(repository.layers),
        "storedMiB": sum(state.sizes[layer] for layer in repository.layers),
    }


def _service(service: Service) -> dict[str, Any]:
    return {
        "service": service.name,
        "image": service.image,
        "imageDigest": service.digest,
        "tasks": [{"task": task.number, "imageDigest": task.digest} for task in service.tasks],
    }
