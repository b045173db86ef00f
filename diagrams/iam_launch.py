"""A launch as a film: check after check, whose credentials are handed out, who calls whom, and where it stops.

Two answers of the subject `iam` make it: what happens, and what happens once everything is mended. The second one says
which boxes there are, so that a reader sees from the beginning what the launch is about, and nothing moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from diagrams.describe import to_text
from diagrams.film import Film, Said
from diagrams.iam import ACTORS, ROLES, asked_words, refused_words, service_of, shorter
from diagrams.model import Diagram, Edge, Group, Node
from diagrams.reel import diagram_film

Answer = Mapping[str, Any]
Call = Mapping[str, Any]

TITLE = "A launch, check by check"
NAMES = {
    "register": "Register",
    "caller": "Start",
    "trust": "Trust",
    "capacity": "Join",
    "init": "Secrets",
    "pull": "Image",
    "logs": "Logs",
    "app": "Code",
}
START = "Nothing has been asked yet. On the left who calls, in the middle the roles, on the right what is called."
_AGENTS = ("capacity", "init", "pull", "logs")
_FIRST = ("register", "caller")  # checks that every launch goes through


def launch_film(answer: Answer, planned: Answer, *, upto: int | None = None) -> Film:
    """The launch up to where it stops.

    Parameters
    ----------
    answer : of the subject `iam`, to a launch.
    planned : the same for the launch as it would be with its cures made.
    upto : the last frame that the film holds; what comes after it is nowhere in the film.
    """
    steps = steps_of(answer, planned)[:upto]
    diagrams = launch_diagrams(answer, planned)[: len(steps) + 1]
    said = [_said(answer, diagram, steps[:k]) for k, diagram in enumerate(diagrams)]
    whole = _diagram(answer, planned, ())
    plan = replace(whole, edges=_edges(planned, steps_of(planned, planned), stopped=False))
    return diagram_film(TITLE, diagrams, said, plan=plan, narrow_direction="right")


def launch_diagrams(answer: Answer, planned: Answer) -> tuple[Diagram, ...]:
    """The pictures of the film, with what each box says: one before the first check, one after each."""
    steps = steps_of(answer, planned)
    return tuple(_diagram(answer, planned, steps[:k]) for k in range(len(steps) + 1))


def steps_of(answer: Answer, planned: Answer) -> tuple[str, ...]:
    """The checks that there is something to see of, up to the one that stops the launch."""
    asked = {call["step"] for call in (*answer["calls"], *planned["calls"])}
    roles = any(answer["roles"][kind] for kind in ("EX", "TASK"))
    return tuple(
        step
        for step, result in answer["steps"].items()
        if result != "not reached"
        and (result == "failed" or step in _FIRST or step in asked or (step == "trust" and roles))
    )


def _diagram(answer: Answer, planned: Answer, done: Sequence[str]) -> Diagram:
    now = done[-1] if done else ""
    stopped = bool(now) and now == answer["step"]
    edges = _edges(answer, done, stopped)
    return Diagram(
        title=TITLE,
        nodes=(*_actors(answer, planned), *_roles(answer, planned, stopped), *_services(answer, planned, done)),
        groups=(Group(id="roles", label="Roles", kind="group", explanation="Every role of this launch."),),
        edges=edges,
    )


def _actors(answer: Answer, planned: Answer) -> Iterator[Node]:
    steps = {call["step"] for call in (*answer["calls"], *planned["calls"])} | {answer["step"]}
    # Whoever trusts the agent with a role has it in the picture, though it may have nothing to ask for.
    trusted = any(one["roles"]["EX"] for one in (answer, planned))
    there = {"caller": True, "agent": trusted or bool(steps & {*_AGENTS, "trust"}), "code": True}
    for key, (label, kind, said) in ACTORS.items():
        if there[key]:
            yield Node(id=key, label=label, kind=kind, explanation=said)


def _roles(answer: Answer, planned: Answer, stopped: bool) -> Iterator[Node]:
    fault = (answer["role"] or ("TASK" if answer["step"] == "app" else None)) if stopped else None
    names = {"CALLER": _caller(answer), **answer["roles"]}
    for kind in ("CALLER", "EX", "TASK", "INST"):
        asked = any((call["role"] or "TASK") == kind for call in (*answer["calls"], *planned["calls"]))
        wanted = kind == "CALLER" or asked or names[kind] or planned["roles"][kind]
        if not wanted:
            continue
        label, said = ROLES[kind]
        name = names[kind]
        state = ("refused" if name else "failed") if kind == fault else ""
        parts = [f"{name}:" if name else "", said, "" if name else "This launch has none."]
        parts.append(answer["why"] if kind == fault else "")
        yield Node(
            id=f"role {kind}",
            label=label,
            kind="role",
            group="roles",
            state=state,
            detail=shorter(name) if name else "missing",
            explanation=" ".join(part for part in parts if part),
        )


def _caller(answer: Answer) -> str:
    """Who starts the task; a launch that stops before anybody was asked has not said it."""
    calls = [call["roleName"] for call in answer["calls"] if call["role"] == "CALLER"]
    return str((calls or [answer["roleName"] if answer["role"] == "CALLER" else None])[0] or "deployer")


def _services(answer: Answer, planned: Answer, done: Sequence[str]) -> Iterator[Node]:
    calls = [*answer["calls"], *planned["calls"]]
    for service in dict.fromkeys(["ECS", *(service_of(call["action"])[0] for call in calls)]):
        own = [call for call in answer["calls"] if service_of(call["action"])[0] == service and call["step"] in done]
        will = list(dict.fromkeys(call["action"] for call in calls if service_of(call["action"])[0] == service))
        kind = service_of(will[0])[1] if will else "scheduler"
        here = [call for call in own if call["step"] == done[-1]] if done else []
        refused = [call for call in own if call["decision"] != "Allow"]
        state = "refused" if refused else "healthy" if own else ""
        detail = asked_words(refused[:1] or here)
        said = f"Asked for {', '.join(dict.fromkeys(call['action'] for call in own))}. " if own else ""
        said += refused_words(refused[0]) if refused else "Every call is let through." if own else ""
        if service == "ECS" and "register" in done:
            no = answer["step"] == "register"
            state = "refused" if no else state or "healthy"
            detail = detail or ("definition" if done[-1] == "register" else "")
            said = said or ("It refuses the task definition." if no else "It takes the task definition.")
        if not own and answer["step"] in done and not said and _unreached(answer, service, planned):
            state = "refused"  # the network, a missing image or log group: no permission is at fault
            said = answer["why"]
        yield Node(
            id=f"service {service}",
            label=service,
            kind=kind,
            state=state,
            detail=detail,
            explanation=said or f"Will be asked for {', '.join(will) or 'nothing'}.",
        )


def _unreached(answer: Answer, service: str, planned: Answer) -> bool:
    there = [call for call in planned["calls"] if call["step"] == answer["step"]]
    return any(service_of(call["action"])[0] == service for call in there)


def _edges(answer: Answer, done: Sequence[str], stopped: bool) -> tuple[Edge, ...]:
    """The ways that are taken; those of the check at hand are in use, or blocked where it stops the launch."""
    found: dict[tuple[str, str], str] = {}
    for step in done:
        at_hand = step == done[-1]
        fails = at_hand and stopped
        for (source, target), good in _ways(answer, step):
            state = "" if not at_hand else "active" if good else "blocked"
            if fails and state == "active" and _is_fault(answer, step, target):
                state = "blocked"
            found[source, target] = "blocked" if found.get((source, target)) == "blocked" else state
    return tuple(Edge(source=source, target=target, state=state) for (source, target), state in found.items())


def _is_fault(answer: Answer, step: str, target: str) -> bool:
    """Whether the way to `target` is the one on which the launch stops, though every call on it was let through."""
    last = [call for call in answer["calls"] if call["step"] == step]
    return bool(last) and last[-1]["decision"] == "Allow" and target == f"service {service_of(last[-1]['action'])[0]}"


def _ways(answer: Answer, step: str) -> Iterator[tuple[tuple[str, str], bool]]:
    """Who goes where at a check, and whether they get through."""
    refuses = answer["step"] == step
    if step in _FIRST:
        calls = [call for call in answer["calls"] if call["step"] == step]
        bad = refuses and (step == "register" or not calls or any(call["decision"] != "Allow" for call in calls))
        yield ("caller", "role CALLER"), not (refuses and not calls and step == "caller")
        if calls or step == "register":
            yield ("role CALLER", "service ECS"), not bad
        return
    if step == "trust":
        for kind, actor in (("EX", "agent"), ("TASK", "code")):
            if answer["roles"][kind]:
                yield (actor, f"role {kind}"), not (refuses and answer["role"] == kind)
        return
    actor = "code" if step == "app" else "agent"
    calls = [call for call in answer["calls"] if call["step"] == step]
    if not calls and refuses and answer["role"]:
        yield (actor, f"role {answer['role']}"), False
    for call in calls:
        role = call["role"] or "TASK"
        there = role == "CALLER" or answer["roles"][role] is not None
        yield (actor, f"role {role}"), there
        yield (f"role {role}", f"service {service_of(call['action'])[0]}"), call["decision"] == "Allow"


def _said(answer: Answer, diagram: Diagram, done: Sequence[str]) -> Said:
    now = done[-1] if done else ""
    fails = bool(now) and now == answer["step"]
    over = bool(now) and answer["step"] is None and now == list(answer["steps"])[-1]
    calls = [call for call in answer["calls"] if call["step"] == now]
    caption = START if not now else f"{NAMES[now]}. {_refused(answer) if fails else _passed(answer, now, calls)}"
    rows = [f"{call['action']} by {call['roleName'] or 'nobody'}: {call['decision']}" for call in calls]
    return Said(
        caption=caption,
        text="\n".join([caption, *rows, to_text(replace(diagram, title=TITLE))]),
        mark=NAMES[now].lower() if now else "",
        tone="refused" if fails else "done" if over else "",
    )


def _refused(answer: Answer) -> str:
    """What has come of the launch, in one sentence; why is said below the figure."""
    if answer["lastStatus"] == "RUNNING":
        return "The task runs, and its code is refused."
    return "The task stops here." if answer["stopCode"] else "It is refused here, and there is no task at all."


def _passed(answer: Answer, step: str, calls: Sequence[Call]) -> str:
    names = list(dict.fromkeys(call["roleName"] for call in calls))
    who = " and ".join(names)
    roles = answer["roles"]
    match step:
        case "register":
            return "The task definition is taken."
        case "caller":
            passes = any(call["action"] == "iam:PassRole" for call in calls)
            return f"{who} may start the task{' and may pass it its roles' if passes else ''}."
        case "trust":
            to = {
                "EX": f"the agent gets the credentials of {roles['EX']}",
                "TASK": f"the containers get {roles['TASK']}",
            }
            got = ", ".join(words for kind, words in to.items() if roles[kind])
            return f"ecs-tasks.amazonaws.com may assume each role of the task: {got}."
        case "capacity":
            return f"With {who} the agent joins its instance to the cluster."
        case "init":
            return f"With {who} the agent fetches what the containers need before they start."
        case "pull":
            return f"With {who} the agent logs in to ECR and reads the image."
        case "logs":
            return f"With {who} the log driver opens its stream."
        case _:
            return f"The task is RUNNING, and its code calls with {who}."
