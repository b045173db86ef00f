"""What the code in the containers calls while the task runs. Source: facts 1.5 and 1.9."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.iam import wording
from simulator.iam.calls import Asker, Call, app_role
from simulator.iam.cures import Act, Change, allow
from simulator.iam.findings import Checked, Finding, Outcome, elsewhere, reason, refused_of, until
from simulator.iam.launch import HOST_FLAG, Launch
from simulator.iam.roles import Kind, Role


def app(asker: Asker) -> Checked:
    """What the code calls while the task runs."""
    launch = asker.launch
    calls = [asker.app(one.action, one.resource) for one in launch.app_calls]
    refused = refused_of(calls)
    if not refused:
        return calls, None
    first = refused[0]
    kind, role = app_role(launch, asker.rules)
    if role is None:
        nothing = "there is nothing to fall back to" if kind is None else f"there is no {wording.KINDS[kind][4:]}"
        outcome, error = Outcome.APP_NO_CREDENTIALS, wording.NO_CREDENTIALS
        why = f"The task has no task role that reaches the code, and {nothing}."
    else:
        outcome, error = Outcome.APP_ACCESS_DENIED, wording.app_denied(first)
        who = f"The code calls with {wording.KINDS[role.kind]}"
        why = f"{who}, and {role.name} is not allowed {first.action}{reason(first)}."
    return until(calls, first), Finding(
        outcome=outcome,
        kind=kind,
        name=role.name if role else "",
        error=error,
        why=f"{why}{elsewhere(asker, first)} The task stays RUNNING unless the code exits.",
        changes=_app_changes(launch, role, calls, refused),
    )


def _app_changes(
    launch: Launch, role: Role | None, calls: Sequence[Call], refused: Sequence[Call]
) -> tuple[Change, ...]:
    """A permission for the task role; where there is none, a task role with all that the code calls."""
    if role is not None and role.kind is not Kind.INSTANCE:
        return allow(refused)
    if launch.task is not None:  # host mode, and the agent does not hand it out there
        return (Change(act=Act.SET_FLAG, value=HOST_FLAG),)
    plus = [{"action": call.action, "resource": call.resource} for call in calls]
    return (Change(act=Act.SET_ROLE, role="taskRole", value={"plus": plus}),)
