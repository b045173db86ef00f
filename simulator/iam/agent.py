"""What the agent does for a task before its code runs: env files, secrets, the image, the log driver.

AWS does not publish the order of these; it is the simulator's. Source: facts 1.9.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simulator.iam import wording
from simulator.iam.calls import Asker, Call, Step, fetch_role, log_role, pull_role
from simulator.iam.containers import Container, bucket_of
from simulator.iam.cures import Act, Change, allow
from simulator.iam.findings import (
    FAILED_TO_START,
    Checked,
    Finding,
    Outcome,
    elsewhere,
    execution_role,
    reason,
    refused_of,
    until,
)
from simulator.iam.launch import Launch, LaunchType
from simulator.iam.roles import Kind
from simulator.iam.wording import Text
from simulator.secrets.references import Reference


def init(asker: Asker) -> Checked:
    """Env files, then secrets."""
    launch = asker.launch
    who = fetch_role(launch, asker.rules)
    found: list[tuple[Call, Text]] = []
    for container in launch.containers:
        for file in container.files:
            needed = (("s3:GetObject", file), ("s3:GetBucketLocation", bucket_of(file)))
            for action, resource in needed:
                call = asker.ask(Step.INIT, who, action, resource)
                found.append((call, wording.env_file(call, launch) if _fails(call, launch) else _FINE))
    for container in launch.containers:
        for reference in container.fetched:
            for action, resource in _fetch(reference, launch):
                call = asker.ask(Step.INIT, who, action, resource)
                said = wording.secret(call, launch, reference.store) if _fails(call, launch) else _FINE
                found.append((call, said))
    calls = [call for call, _ in found]
    failing = [(call, text) for call, text in found if text is not _FINE]
    if not failing:
        return calls, None
    first, text = failing[0]
    return until(calls, first), _agent_finding(asker, Outcome.INIT_ERROR, first, text, calls)


def pull(asker: Asker) -> Checked:
    """The image: login, then its layers."""
    launch = asker.launch
    who = pull_role(launch, asker.rules)
    calls: list[Call] = []
    if any(container.repository for container in launch.containers):
        token = asker.ask(Step.PULL, who, "ecr:GetAuthorizationToken", "*")
        calls.append(token)
        if _fails(token, launch):
            fargate = launch.launch_type is LaunchType.FARGATE
            outcome = Outcome.INIT_ERROR if fargate else Outcome.CANNOT_PULL
            finding = _agent_finding(asker, outcome, token, wording.registry_token(token, launch), calls)
            if launch.launch_type in (LaunchType.EXTERNAL, LaunchType.MANAGED_INSTANCES):
                finding = replace(finding, open=True, notes=(*finding.notes, wording.AGENT_TOKEN_IS_OPEN))
            return calls, finding
    if not launch.route:
        return calls, _no_route(Outcome.CANNOT_PULL, wording.unreachable_registry(launch.containers[0].image))
    needed = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", *launch.cache_actions)
    for container in launch.containers:
        if container.repository:
            calls += [asker.ask(Step.PULL, who, action, container.repository) for action in needed]
    refused = refused_of(calls)
    if refused:
        text = wording.layers(refused[0], launch)
        finding = _agent_finding(asker, Outcome.CANNOT_PULL, refused[0], text, calls)
        return until(calls, refused[0]), finding
    missing = [one.image for one in launch.containers if one.image in launch.missing_images]
    if not missing:
        return calls, None
    return calls, Finding(
        outcome=Outcome.CANNOT_PULL,
        error=wording.no_image(missing[0]),
        why=f"No permission is missing: there is no image {missing[0]}.",
        changes=tuple(Change(act=Act.PUSH_IMAGE, value=image) for image in dict.fromkeys(missing)),
        stop_code=FAILED_TO_START,
    )


def logs(asker: Asker) -> Checked:
    """The awslogs driver."""
    launch = asker.launch
    who = log_role(launch)
    calls: list[Call] = []
    absent: list[Container] = []
    for container in launch.containers:
        if container.driver != "awslogs":
            continue
        resource = f"arn:aws:logs:{launch.region}:{launch.account}:log-group:{container.log_group}:*"
        if launch.log_groups is not None and container.log_group not in launch.log_groups:
            if container.creates_group:
                calls.append(asker.ask(Step.LOGS, who, "logs:CreateLogGroup", resource))
            else:
                absent.append(container)
        calls += [asker.ask(Step.LOGS, who, f"logs:{name}", resource) for name in ("CreateLogStream", "PutLogEvents")]
    refused = refused_of(calls)
    groups = tuple(dict.fromkeys(one.log_group for one in absent))
    created = tuple(Change(act=Act.CREATE_LOG_GROUP, value=group) for group in groups)
    if refused:
        text = wording.log_driver(launch, wording.refusal(refused[0]))
        finding = _agent_finding(asker, Outcome.LOG_DRIVER_ERROR, refused[0], text, calls)
        return until(calls, refused[0]), replace(finding, changes=(*finding.changes, *created))
    if not groups:
        return calls, None
    return calls, Finding(
        outcome=Outcome.LOG_DRIVER_ERROR,
        kind=who[0],
        name=who[1].name if who[1] else "",
        error=wording.log_driver(launch, "ResourceNotFoundException: The specified log group does not exist."),
        why=f"There is no log group {groups[0]}, and awslogs-create-group is not on.",
        changes=created,
        stop_code=FAILED_TO_START,
        notes=(wording.ORDER_IS_OURS,),
    )


_FINE = Text(text="", source=wording.Source.DERIVED)


def _fails(call: Call, launch: Launch) -> bool:
    return not (call.allowed and launch.route)


def _fetch(reference: Reference, launch: Launch) -> list[tuple[str, str]]:
    key = launch.customer_keys.get(reference.written)
    return [(reference.action, reference.arn), *([("kms:Decrypt", key)] if key else [])]


def _no_route(outcome: Outcome, text: Text) -> Finding:
    return Finding(
        outcome=outcome,
        error=text,
        why="This is the network and not IAM: the end of the text is a timeout, where a missing permission says "
        "AccessDenied.",
        changes=(Change(act=Act.OPEN_ROUTE),),
        stop_code=FAILED_TO_START,
        notes=(wording.ORDER_IS_OURS,),
    )


def _agent_finding(asker: Asker, outcome: Outcome, first: Call, text: Text, calls: Sequence[Call]) -> Finding:
    """What stops the agent's work for the task: no way, no role, or a role that may not."""
    if not asker.launch.route:
        return _no_route(outcome, text)
    assert first.kind is not None, "the agent's calls are some role's"
    refused = refused_of(calls)
    doing = f"{wording.KINDS[first.kind].capitalize()} makes this call"
    if first.role is None:
        return Finding(
            outcome=outcome,
            kind=first.kind,
            error=text,
            why=f"{doing}, and the task has none.",
            changes=(_missing_role(first.kind, refused),),
            stop_code=FAILED_TO_START,
            notes=(wording.ORDER_IS_OURS, wording.NO_ROLE_HERE_IS_OPEN),
            open=True,
        )
    return Finding(
        outcome=outcome,
        kind=first.kind,
        name=first.role.name,
        error=text,
        why=f"{doing}, and {first.role.name} is not allowed {first.action} on {first.resource}{reason(first)}."
        f"{elsewhere(asker, first)}",
        changes=allow(refused),
        stop_code=FAILED_TO_START,
        notes=(wording.ORDER_IS_OURS,),
    )


def _missing_role(kind: Kind, refused: Sequence[Call]) -> Change:
    """A role that holds what was refused."""
    plus = [{"action": call.action, "resource": call.resource} for call in refused]
    if kind is Kind.TASK:
        return Change(act=Act.SET_ROLE, role="taskRole", value={"plus": plus})
    change = execution_role()
    covered = ("ecr:", "logs:CreateLogStream", "logs:PutLogEvents")
    more = [entry for entry in plus if not entry["action"].startswith(covered)]
    return replace(change, value={**change.value, "plus": more}) if more else change
