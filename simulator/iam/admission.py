"""Before a task starts: registration, the caller, the roles' trust, and an instance to run on. Source: facts 1.9."""

from __future__ import annotations

from dataclasses import replace

from simulator.iam import wording
from simulator.iam.calls import Asker, Step
from simulator.iam.containers import Container
from simulator.iam.cures import Act, Change, allow
from simulator.iam.evaluate import Decision
from simulator.iam.findings import (
    FAILED_TO_START,
    Checked,
    Finding,
    Outcome,
    execution_role,
    reason,
    refused_of,
    until,
)
from simulator.iam.launch import Launch, LaunchType
from simulator.iam.managed import INSTANCE_POLICY
from simulator.iam.patterns import matches
from simulator.iam.policy import Effect
from simulator.iam.roles import ASSUME, TASKS, Kind, Role, assumed_by

# What the agent strictly needs to join a cluster (facts 1.2).
JOINING = (
    "ecs:DiscoverPollEndpoint",
    "ecs:RegisterContainerInstance",
    "ecs:Poll",
    "ecs:SubmitTaskStateChange",
    "ecs:SubmitContainerStateChange",
)


def register(asker: Asker) -> Checked:
    """What RegisterTaskDefinition refuses."""
    launch = asker.launch
    for container in launch.containers:
        for name, _ in container.secrets:
            if name in container.environment:
                return [], _same_name(container, name)
    if launch.registered_execution is not None or not asker.rules.checked_at_registration:
        return [], None
    needs = ""
    if any(container.secrets for container in launch.containers):
        needs = "secrets"
    elif launch.launch_type is LaunchType.FARGATE:
        ecr = any(container.repository for container in launch.containers)
        awslogs = any(container.driver == "awslogs" for container in launch.containers)
        needs = "ECR images" if ecr else "log driver awslogs" if awslogs else ""
    if not needs:
        return [], None
    why = {
        "secrets": "Secrets are fetched with the execution role on every launch type, and the definition names none",
        "ECR images": "On Fargate only the execution role can pull from ECR, and the definition names none",
        "log driver awslogs": "On Fargate only the execution role can write the logs, and the definition names none",
    }[needs]
    return [], Finding(
        outcome=Outcome.REGISTER_REJECTED,
        kind=Kind.EXECUTION,
        error=wording.no_execution_role(needs),
        why=f"{why}; the absence is caught when the definition is registered, before there is any task.",
        changes=(execution_role(),),
    )


def caller(asker: Asker) -> Checked:
    """Whether the caller may start the task and pass its roles to ECS."""
    launch, who = asker.launch, asker.launch.caller
    if who.service and asker.rules.trust_checked:
        trusted = assumed_by(who.role, who.service, account=launch.account, region=launch.region, rules=asker.rules)
        if not trusted.allowed:
            return [], Finding(
                outcome=Outcome.CALLER_ACCESS_DENIED,
                kind=Kind.CALLER,
                name=who.role.name,
                error=wording.service_not_trusted(who.role, who.service),
                why=f"{who.service} calls RunTask with {who.role.name}, and that role does not trust it.",
                changes=(_trust(who.role, who.service, trusted),),
            )
    held = Kind.CALLER, who.role
    calls = [asker.ask(Step.CALLER, held, f"ecs:{who.operation}", _started(launch))]
    if asker.rules.pass_role_needed:
        to = {"iam:passedtoservice": TASKS}
        arns = dict.fromkeys(role.arn for role in launch.passed)
        calls += [asker.ask(Step.CALLER, held, "iam:PassRole", arn, to) for arn in arns]
    refused = refused_of(calls)
    if not refused:
        return calls, None
    first = refused[0]
    why = f"{who.role.name} is not allowed {first.action} on {first.resource}{reason(first)}."
    if first.action == "iam:PassRole":
        why += " Whoever hands a role to ECS has to be allowed to pass it; no task is created."
    if who.service:
        why += " A permission error is not retried: the event goes to the dead-letter queue, or is dropped."
    return until(calls, first), Finding(
        outcome=Outcome.CALLER_ACCESS_DENIED,
        kind=Kind.CALLER,
        name=who.role.name,
        error=wording.caller_denied(first),
        why=why,
        changes=allow(refused),
    )


def trust(asker: Asker) -> Checked:
    """Whether ecs-tasks may assume the execution role and the task role."""
    launch = asker.launch
    if not asker.rules.trust_checked:
        return [], None
    roles = [role for role in (launch.execution, launch.task) if role is not None]
    bad = [
        (role, decision)
        for role in roles
        if not (
            decision := assumed_by(role, TASKS, account=launch.account, region=launch.region, rules=asker.rules)
        ).allowed
    ]
    if not bad:
        return [], None
    role, decision = bad[0]
    said = decision.considered[0].because if decision.considered else "Its trust policy names nobody."
    return [], Finding(
        outcome=Outcome.CANNOT_ASSUME_ROLE,
        kind=role.kind,
        name=role.name,
        error=wording.not_assumable(role),
        why=f"Whatever {role.name} allows, {TASKS} may not assume it. {said}",
        changes=tuple(_trust(one, TASKS, by) for one, by in bad),
        stop_code=FAILED_TO_START,
    )


def capacity(asker: Asker) -> Checked:
    """Whether an instance of yours can join the cluster."""
    launch, role = asker.launch, asker.launch.instance
    if launch.launch_type is LaunchType.FARGATE:
        return [], None
    if launch.launch_type is LaunchType.MANAGED_INSTANCES:
        return [], _managed_instance(role)
    if role is None:
        value = {"managedPolicies": [INSTANCE_POLICY]}
        return [], replace(
            _no_instances(launch, "The instance has no instance profile, so its agent has no credentials to register."),
            changes=(Change(act=Act.SET_ROLE, role="instanceRole", value=value),),
        )
    trusted = assumed_by(role, launch.instance_service, account=launch.account, region=launch.region, rules=asker.rules)
    if asker.rules.trust_checked and not trusted.allowed:
        why = f"{role.name} does not trust {launch.instance_service}, so the instance gets no credentials."
        return [], replace(_no_instances(launch, why), changes=(_trust(role, launch.instance_service, trusted),))
    calls = [asker.ask(Step.CAPACITY, (Kind.INSTANCE, role), action, "*") for action in JOINING]
    refused = refused_of(calls)
    if not refused:
        return calls, None
    first = refused[0]
    why = f"{role.name} is not allowed {first.action}{reason(first)}, so the instance never appears in the cluster."
    return until(calls, first), replace(_no_instances(launch, why), changes=allow(refused))


def _started(launch: Launch) -> str:
    """The ARN that a call to start the task is about."""
    start = f"arn:aws:ecs:{launch.region}:{launch.account}"
    service = launch.caller.operation in ("CreateService", "UpdateService")
    return f"{start}:service/default/{launch.family}" if service else f"{start}:task-definition/{launch.family}:1"


def _trust(role: Role, service: str, decision: Decision) -> Change:
    """What is wrong with the trust policy: it does not name the service, or it does and a condition fails."""
    named = any(
        one.statement.effect is Effect.ALLOW
        and one.statement.conditions
        and {service, "*"} & {*one.statement.principals}
        and any(matches(action, ASSUME, any_case=True) for action in one.statement.actions)
        for one in decision.considered
    )
    act = Act.TRUST_CONDITION if named and not decision.denies else Act.TRUST
    return Change(act=act, role=role.field, name=role.name, value=service)


def _same_name(container: Container, name: str) -> Finding:
    return Finding(
        outcome=Outcome.REGISTER_REJECTED,
        error=wording.same_name(name),
        why=f"The container “{container.name}” has {name} in environment and in secrets; a name stands in one of them.",
        changes=(Change(act=Act.DROP_ENVIRONMENT, name=container.name, value=name),),
    )


def _no_instances(launch: Launch, why: str) -> Finding:
    return Finding(
        outcome=Outcome.NO_CONTAINER_INSTANCES,
        kind=Kind.INSTANCE,
        name=launch.instance.name if launch.instance else "",
        error=wording.no_instances(launch.caller.operation, launch.family),
        why=why,
        changes=(),
    )


def _managed_instance(role: Role | None) -> Finding | None:
    """The managed infrastructure policy lets ECS pass only roles of one name (facts 1.1)."""
    if role is None or role.name.startswith("ecsInstanceRole"):
        return None
    return Finding(
        outcome=Outcome.INIT_ERROR,
        kind=Kind.INSTANCE,
        name=role.name,
        error=wording.not_passable(role),
        why="The managed infrastructure policy lets ECS pass only roles whose name begins with ecsInstanceRole, and "
        f"this one is called {role.name}.",
        changes=(Change(act=Act.RENAME_ROLE, role=role.field, name=role.name, value="ecsInstanceRole"),),
        stop_code=FAILED_TO_START,
    )
