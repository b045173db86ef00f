"""Who makes which call of a launch, and whether it is let through. Source: facts 1.3 and 1.5."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from simulator.iam.evaluate import Decision, Request, Verdict
from simulator.iam.launch import LOGS_FLAG, Launch, LaunchType
from simulator.iam.roles import Kind, Role, may
from simulator.iam.rules import AppUses, IamRules, PullBy, SecretsBy


class Step(StrEnum):
    """The checks of a launch, in their order (facts 1.9)."""

    REGISTER = "register"
    CALLER = "caller"
    TRUST = "trust"
    CAPACITY = "capacity"
    INIT = "init"
    PULL = "pull"
    LOGS = "logs"
    APP = "app"


STEPS = tuple(Step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: `kind` says which role makes it; `role` is None where the launch has no such role.

    `decision` is what the role's policies say to it, None without a role.
    """

    step: Step
    action: str
    resource: str
    kind: Kind | None
    role: Role | None
    decision: Decision | None

    @property
    def allowed(self) -> bool:
        """Whether a role makes it and may."""
        return self.decision is not None and self.decision.allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """The launch and the rules that every call of it goes by."""

    launch: Launch
    rules: IamRules

    def ask(
        self,
        step: Step,
        who: tuple[Kind | None, Role | None],
        action: str,
        resource: str,
        context: Mapping[str, str] | None = None,
    ) -> Call:
        """The call, made by that role."""
        kind, role = who
        request = Request(action=action, resource=resource, context=context or {})
        decision = None if role is None else may(role, request, self.rules)
        return Call(step=step, action=action, resource=resource, kind=kind, role=role, decision=decision)

    def app(self, action: str, resource: str) -> Call:
        """A call of the code in the containers.

        The SDK uses the task role alone where there is one. The belief that the instance role adds to it is asked
        here, and on EC2 only.
        """
        call = self.ask(Step.APP, app_role(self.launch, self.rules), action, resource)
        shared = self.rules.instance_role_adds and self.launch.launch_type is LaunchType.EC2
        if not shared or (call.decision is not None and call.decision.verdict is not Verdict.IMPLICIT_DENY):
            return call
        more = self.ask(Step.APP, (Kind.INSTANCE, self.launch.instance), action, resource)
        return more if more.allowed else call


def pull_role(launch: Launch, rules: IamRules) -> tuple[Kind, Role | None]:
    """Whose credentials pull from a private ECR repository."""
    if rules.pull_by is PullBy.TASK:
        return Kind.TASK, launch.task
    if launch.launch_type is LaunchType.EC2:
        return Kind.INSTANCE, launch.instance
    return Kind.EXECUTION, launch.execution


def fetch_role(launch: Launch, rules: IamRules) -> tuple[Kind, Role | None]:
    """Whose credentials fetch secrets: the execution role's on every launch type, never the instance's."""
    if rules.secrets_by is SecretsBy.TASK:
        return Kind.TASK, launch.task
    if rules.secrets_by is SecretsBy.INSTANCE and launch.launch_type is LaunchType.EC2:
        return Kind.INSTANCE, launch.instance
    return Kind.EXECUTION, launch.execution


def log_role(launch: Launch) -> tuple[Kind, Role | None]:
    """Whose credentials the awslogs driver writes with."""
    overrides = launch.agent[LOGS_FLAG]
    if launch.launch_type is LaunchType.EC2 and not (overrides and launch.execution):
        return Kind.INSTANCE, launch.instance
    return Kind.EXECUTION, launch.execution


def app_role(launch: Launch, rules: IamRules) -> tuple[Kind | None, Role | None]:
    """Whose credentials the code gets; nobody's where there is no task role and nothing to fall back to."""
    if rules.app_uses is AppUses.EXECUTION:
        return Kind.EXECUTION, launch.execution
    if launch.task is not None and launch.task_role_reaches_app:
        return Kind.TASK, launch.task
    if launch.launch_type is LaunchType.EC2 and rules.imds_fallback and not launch.imds_blocked:
        return Kind.INSTANCE, launch.instance
    return None, None
