"""Who holds which role, and which call is refused where: from the answers of the subjects `iam` and `policy`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from diagrams.model import Diagram, Edge, Group, Node

_SERVICES = {  # by the beginning of the action: name, kind
    "ecs": ("ECS", "scheduler"),
    "iam": ("ECS", "scheduler"),
    "ecr": ("ECR", "ecr"),
    "logs": ("Logs", "metric"),
    "secretsmanager": ("Secrets", "secret"),
    "ssm": ("Parameters", "secret"),
    "kms": ("KMS", "secret"),
    "s3": ("S3", "bucket"),
    "dynamodb": ("DynamoDB", "database"),
    "sqs": ("SQS", "queue"),
}
ROLES = {
    "CALLER": ("Caller", "Whoever starts the task needs the call itself, and iam:PassRole on each of its roles."),
    "EX": (
        "Execution",
        "The agent gets the task ready with it: image, secrets, logs. The containers never see its credentials.",
    ),
    "TASK": ("Task", "The code in the containers uses it, and nothing else does."),
    "INST": (
        "Instance",
        "The agent joins the cluster with it. A task without a task role of its own can reach it, too.",
    ),
}
ACTORS = {
    "caller": ("Caller", "user", "Who starts the task: a person, a pipeline, EventBridge, or Scheduler."),
    "agent": ("Agent", "service", "The ECS agent, or Fargate's: it gets a task ready before the code runs."),
    "code": ("Code", "code", "What runs in the containers."),
}
MOST_LETTERS = 14  # of the second line of a card
_SAID = {"Allow": "", "ImplicitDeny": "No statement allows it.", "ExplicitDeny": "A statement denies it."}


def iam_diagram(answer: Mapping[str, Any], *, title: str | None = None) -> Diagram:
    """A launch (its actors, their roles, the services they call), or one call of the truth table.

    Parameters
    ----------
    answer : what the subject `iam` answers to either.
    """
    return _one_call(answer, title) if "operation" in answer else _launch(answer, title)


def policy_diagram(answer: Mapping[str, Any], *, title: str | None = None) -> Diagram:
    """A request beside each statement, and the decision: an answer of the subject `policy`."""
    nodes = [Node(id="request", label="Request", kind="user", explanation=answer["why"])]
    edges: list[Edge] = []
    denied = answer["decision"] != "Allow"
    for k, one in enumerate(answer["considered"]):
        key = f"statement {k}"
        state = "" if not one["applies"] else "healthy" if one["effect"] == "Allow" else "refused"
        name = f"statement {k + 1}"
        nodes.append(
            Node(
                id=key,
                label=one["effect"],
                kind="role",
                state=state,
                detail=name if one["applies"] else "does not apply",
                explanation=f"{one['statement']}: {one['because']}",
            )
        )
        edges.append(Edge(source="request", target=key))
        if one["applies"]:
            blocked = one["effect"] == "Deny" or denied
            edges.append(Edge(source=key, target="decision", state="blocked" if blocked else "active"))
    nodes.append(
        Node(
            id="decision",
            label="Refused" if denied else "Allowed",
            kind="target-group",
            state="refused" if denied else "healthy",
            detail=answer["decision"],
            explanation=answer["why"] + (f" {answer['fix']}" if answer["fix"] else ""),
        )
    )
    if not any(one["applies"] for one in answer["considered"]):
        # Nobody speaks of it, and the request comes to its end past all of them.
        passed = [edge.target for edge in edges] or ["request"]
        state = "blocked" if denied else "active"
        edges += [Edge(source=start, target="decision", state=state) for start in passed]
    said = title or f"A request beside {len(answer['considered'])} statements: {answer['decision']}"
    return Diagram(title=said, nodes=tuple(nodes), edges=tuple(edges))


def _launch(answer: Mapping[str, Any], title: str | None) -> Diagram:
    calls: Sequence[Mapping[str, Any]] = answer["calls"]
    roles = _role_cards(answer)
    # A role that is missing, or that nobody may assume: it is stopped before any call of it is made.
    at_once = answer["role"] in ROLES and answer["role"] not in [call["role"] for call in calls]
    waiting = "caller" if answer["role"] == "CALLER" else "agent"
    made = [(_actor(call), call) for call in calls]
    actors = list(dict.fromkeys([*(actor for actor, _ in made), *([waiting] if at_once else [])]))
    nodes = [
        Node(id=key, label=ACTORS[key][0], kind=ACTORS[key][1], explanation=ACTORS[key][2])
        for key in ACTORS
        if key in actors
    ]
    edges: list[Edge] = []
    for actor, role in dict.fromkeys((actor, _role_of(call)) for actor, call in made):
        edges.append(Edge(source=actor, target=f"role {role}", state=_held(role, answer)))
    services: dict[str, Node] = {}
    for role, service in dict.fromkeys((_role_of(call), service_of(call["action"])[0]) for call in calls):
        own = [call for call in calls if _role_of(call) == role and service_of(call["action"])[0] == service]
        services.setdefault(service, _service_card(service, calls))
        edges.append(_call_edge(role, service, own, answer))
    if at_once:
        edges.append(Edge(source=waiting, target=f"role {answer['role']}", state="blocked"))
    said = title or f"A launch: {answer['outcome']}"
    return Diagram(
        title=said,
        nodes=(*nodes, *roles, *services.values()),
        groups=(Group(id="roles", label="Roles", kind="group", explanation="Each role of this launch."),),
        edges=tuple(edges),
    )


def _role_cards(answer: Mapping[str, Any]) -> list[Node]:
    """The roles of the launch, used or not; the one at fault is marked."""
    names: dict[str, str | None] = {"CALLER": _caller_name(answer)}
    names |= {kind: name for kind, name in answer["roles"].items() if name or kind == answer["role"]}
    if any(call["role"] is None for call in answer["calls"]):
        names["NONE"] = None
    cards: list[Node] = []
    for kind, name in names.items():
        fault = kind == answer["role"] or (kind == "NONE" and answer["role"] is None)
        label, said = ROLES.get(kind, ("None", "The code has no credentials to call with."))
        cards.append(
            Node(
                id=f"role {kind}",
                label=label,
                kind="role",
                group="roles",
                state=("refused" if name else "failed") if fault and answer["outcome"] != "RUNNING" else "",
                detail=shorter(name) if name else "missing",
                explanation=f"{said} {answer['why']}" if fault else said,
            )
        )
    return cards


def _caller_name(answer: Mapping[str, Any]) -> str:
    if answer["role"] == "CALLER":
        return str(answer["roleName"])
    return next((str(call["roleName"]) for call in answer["calls"] if call["role"] == "CALLER"), "user")


def _held(role: str, answer: Mapping[str, Any]) -> str:
    """Whether an actor gets the role's credentials at all."""
    nobody = role == "NONE" or (role in answer["roles"] and answer["roles"][role] is None)
    return "blocked" if nobody else ""


def _actor(call: Mapping[str, Any]) -> str:
    return {"caller": "caller", "app": "code"}.get(call["step"], "agent")


def _role_of(call: Mapping[str, Any]) -> str:
    return str(call["role"] or "NONE")


def service_of(action: str) -> tuple[str, str]:
    start = action.partition(":")[0]
    return _SERVICES.get(start, (start, "group"))


def _service_card(service: str, calls: Sequence[Mapping[str, Any]]) -> Node:
    own = [call for call in calls if service_of(call["action"])[0] == service]
    refused = [call for call in own if call["decision"] != "Allow"]
    kind = service_of(own[0]["action"])[1]
    asked = ", ".join(dict.fromkeys(call["action"] for call in own))
    return Node(
        id=f"service {service}",
        label=service,
        kind=kind,
        state="refused" if refused else "healthy",
        detail=asked_words(refused[:1] or own),
        explanation=f"Asked for {asked}. " + (refused_words(refused[0]) if refused else "Every call is let through."),
    )


def asked_words(calls: Sequence[Mapping[str, Any]]) -> str:
    """What a service is asked for, as far as a card has room: the one action, or how many there are."""
    actions = list(dict.fromkeys(call["action"].partition(":")[2] for call in calls))
    return shorter(actions[0]) if len(actions) == 1 else f"{len(actions)} calls" if actions else ""


def shorter(name: str) -> str:
    """A name that a card has room for: its beginning, for roles and actions begin with what tells them apart."""
    return name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1]}…"


def refused_words(call: Mapping[str, Any]) -> str:
    why = _SAID.get(call["decision"], "There are no credentials to ask with.")
    return f"{call['action']} on {call['resource']} is refused. {why}"


def _call_edge(role: str, service: str, own: Sequence[Mapping[str, Any]], answer: Mapping[str, Any]) -> Edge:
    """One edge for all calls of a role to a service; it is blocked where one of them is what stopped the launch."""
    refused = any(call["decision"] != "Allow" for call in own)
    stopped = own[-1] is answer["calls"][-1] and answer["step"] == own[-1]["step"]
    state = "blocked" if refused or stopped else "active"
    return Edge(source=f"role {role}", target=f"service {service}", state=state)


def _one_call(answer: Mapping[str, Any], title: str | None) -> Diagram:
    who = answer["role"]
    nobody = who in ("NOT_APPLICABLE", "UNDOCUMENTED") or answer["missing"]
    state = "failed" if answer["missing"] else "" if nobody or who == "NONE" else "chosen"
    nodes = (
        Node(id="call", label=answer["operation"], kind="service", explanation=answer["why"]),
        Node(
            id="role",
            label=ROLES.get(who, (who.replace("_", " ").capitalize(), ""))[0],
            kind="role",
            state=state,
            detail="missing" if answer["missing"] else who if who in ROLES else "",
            explanation=f"{answer['roleName'][0].upper()}{answer['roleName'][1:]}. {answer['why']}",
        ),
    )
    edge = Edge(
        source="call", target="role", label=answer["launchType"], state="blocked" if answer["missing"] else "active"
    )
    edges = (
        Edge(source="call", target="role", label=answer["launchType"]) if nobody and not answer["missing"] else edge,
    )
    said = title or f"{answer['operation']} on {answer['launchType']}: {answer['roleName']}"
    return Diagram(title=said, nodes=nodes, edges=edges)
