"""Rules about the order of containers, health checks, timeouts and restarts (facts 5.2, 5.4; platform facts 3.8)."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.reading import shown
from simulator.task_definition.definition import Definition, called, is_essential, opening
from simulator.task_definition.finding import Check, Found, removal, setting
from simulator.task_definition.part import Part, inner, length, number, parts, spot, text, texts
from simulator.task_definition.rules import Completes, HealthySource

HEALTH_BOUNDS = {"interval": (5, 300), "timeout": (2, 60), "retries": (1, 10), "startPeriod": (0, 300)}
FARGATE_TIMEOUT = (2, 120)
RESTART_PERIOD = (60, 1800)
MOST_EXIT_CODES = 50


def _dependencies(definition: Definition) -> Iterator[tuple[Part, Part, str]]:
    """Each container, its dependency, and the name of the container that it waits for."""
    for container in definition.containers:
        for dependency in parts(container, "dependsOn"):
            target = text(dependency, "containerName")
            if target is not None:
                yield container, dependency, target


def _by_name(definition: Definition) -> dict[str | None, Part]:
    found: dict[str | None, Part] = {}
    for container in definition.containers:
        found.setdefault(text(container, "name"), container)
    return found


def _unknown(definition: Definition) -> Iterator[Found]:
    there = _by_name(definition)
    for container, dependency, target in _dependencies(definition):
        if target not in there:
            yield Found(
                at=spot(dependency, "containerName"),
                message=f"{opening(container)} waits for {shown(target)}, and the task has no such container.",
                fix="Name a container of the same task, or take the dependency out.",
                change=_without(container, dependency),
            )


def _cycle(definition: Definition) -> Iterator[Found]:
    """Every dependency that closes a circle, found by one walk in depth."""
    waits: dict[str, list[tuple[Part, str]]] = {}
    owner: dict[str, Part] = {}
    for container, dependency, target in _dependencies(definition):
        name = text(container, "name")
        if name is not None:
            waits.setdefault(name, []).append((dependency, target))
            owner.setdefault(name, container)
    state: dict[str, int] = {}
    for start in waits:
        way: list[str] = []
        stack = [(start, iter(waits[start]))] if start not in state else []
        if stack:
            state[start] = 1
            way.append(start)
        while stack:
            name, rest = stack[-1]
            step = next(rest, None)
            if step is None:
                state[name] = 2
                way.pop()
                stack.pop()
                continue
            dependency, target = step
            if state.get(target) == 1:
                yield _circle([*way[way.index(target) :], target], dependency, owner[name])
            elif target in waits and target not in state:
                state[target] = 1
                way.append(target)
                stack.append((target, iter(waits[target])))


def _circle(names: list[str], dependency: Part, container: Part) -> Found:
    if len(names) == 2:
        message = f"Container “{names[0]}” waits for itself, and so never starts."
    else:
        shown_names = names if len(names) <= 6 else [*names[:5], "…", names[-1]]
        message = f"{' waits for '.join(f'“{name}”' for name in shown_names)}: none of them ever starts."
    return Found(
        at=spot(dependency, "containerName"),
        message=message,
        fix="Take this dependency out.",
        change=_without(container, dependency),
    )


def _without(container: Part, dependency: Part) -> tuple[dict[str, str], ...]:
    return (removal(spot(container, "dependsOn") if length(container, "dependsOn") == 1 else dependency.at),)


def _on_essential(definition: Definition) -> Iterator[Found]:
    if definition.rules.completes is Completes.ANY_CONTAINER:
        return
    there = _by_name(definition)
    essential = [one for one in definition.containers if is_essential(one, definition.rules)]
    for _, dependency, name in _dependencies(definition):
        condition, target = text(dependency, "condition"), there.get(name)
        if condition not in ("COMPLETE", "SUCCESS") or target is None or not is_essential(target, definition.rules):
            continue
        at = spot(dependency, "condition")
        yield Found(
            at=at,
            message=f"{condition} waits until {called(target)} has exited, and that container is essential: when it "
            "exits, the whole task stops.",
            fix=f"Give {called(target)} “essential”: false, or wait for START or HEALTHY.",
            change=(setting(spot(target, "essential"), False),) if len(essential) > 1 else (),
        )


def _healthy(definition: Definition) -> Iterator[Found]:
    if definition.rules.healthy_source is HealthySource.IMAGE_TOO:
        return
    there = _by_name(definition)
    for container, dependency, name in _dependencies(definition):
        target = there.get(name)
        if text(dependency, "condition") == "HEALTHY" and target is not None and "healthCheck" not in target.given:
            yield Found(
                at=spot(dependency, "condition"),
                message=f"{opening(container)} waits until {called(target)} is healthy, and that one has no "
                "healthCheck in the task definition; ECS ignores a HEALTHCHECK of the image.",
                fix=f"Give {called(target)} a healthCheck, or wait for START.",
            )


def _command(definition: Definition) -> Iterator[Found]:
    for container, check in _health_checks(definition):
        if "command" not in check.fields:
            continue
        words = texts(check, "command")
        if words and words[0][1] in ("CMD", "CMD-SHELL") and words[0][0] == 0:
            continue
        everything_read = len(words) == length(check, "command")
        plain = [word for _, word in words]
        kind = "CMD" if len(plain) > 1 else "CMD-SHELL"
        at = spot(check, "command")
        yield Found(
            at=at,
            message=f"The health check of {called(container)} begins with "
            f"{shown(plain[0]) if plain else 'nothing'}, and the first word is CMD or CMD-SHELL.",
            fix=f"Put {kind} first."
            if plain
            else "Write a command such as CMD-SHELL, curl -f http://localhost/ || exit 1.",
            change=(setting(at, [kind, *plain]),) if plain and everything_read else (),
        )


def _health_range(definition: Definition) -> Iterator[Found]:
    for container, check in _health_checks(definition):
        for name, (low, high) in HEALTH_BOUNDS.items():
            yield from _outside(check, name, low, high, f"{name} of the health check of {called(container)}")


def _health_checks(definition: Definition) -> Iterator[tuple[Part, Part]]:
    for container in definition.containers:
        check = inner(container, "healthCheck")
        if check:
            yield container, check


def _timeouts(definition: Definition) -> Iterator[Found]:
    if definition.fargate:
        for container in definition.containers:
            for name in ("startTimeout", "stopTimeout"):
                yield from _outside(container, name, *FARGATE_TIMEOUT, f"{name} of {called(container)} on Fargate")


def _restart(definition: Definition) -> Iterator[Found]:
    for container in definition.containers:
        policy = inner(container, "restartPolicy")
        if policy:
            what = f"restartAttemptPeriod of {called(container)}"
            yield from _outside(policy, "restartAttemptPeriod", *RESTART_PERIOD, what)


def _exit_codes(definition: Definition) -> Iterator[Found]:
    for container in definition.containers:
        policy = inner(container, "restartPolicy")
        count = length(policy, "ignoredExitCodes") if policy else 0
        if policy and count > MOST_EXIT_CODES:
            message = f"{opening(container)} ignores {count} exit codes, and at most {MOST_EXIT_CODES} are taken."
            at = spot(policy, "ignoredExitCodes")
            yield Found(at=at, message=message, fix=f"Take {count - MOST_EXIT_CODES} of them out.")


def _outside(part: Part, name: str, low: int, high: int, what: str) -> Iterator[Found]:
    value = number(part, name)
    if value is not None and not low <= value <= high:
        at, near = spot(part, name), low if value < low else high
        unit = "" if name == "retries" else " seconds"
        yield Found(
            at=at,
            message=f"{what} is {value}, and {low} to {high}{unit} are taken.",
            fix=f"Write {near}, the nearest.",
            change=(setting(at, near),),
        )


_API = "API:ContainerDependency"
CHECKS = (
    Check(rule="depends-on-unknown", source=_API, find=_unknown, is_open=True),
    Check(rule="depends-on-cycle", source=_API, find=_cycle, is_open=True),
    Check(
        rule="depends-on-essential",
        source=_API,
        find=_on_essential,
        aws="A dependency container with SUCCESS or COMPLETE condition cannot be an essential container",
    ),
    Check(
        rule="depends-on-healthy",
        source=_API,
        find=_healthy,
        aws="A dependency container with HEALTHY condition must have health check configured",
    ),
    Check(rule="health-check-command", source="API:HealthCheck", find=_command),
    Check(rule="health-check-bounds", source="API:HealthCheck", find=_health_range),
    Check(rule="fargate-timeout", source="API:ContainerDefinition", find=_timeouts),
    Check(rule="restart-period", source="API:ContainerRestartPolicy", find=_restart),
    Check(rule="restart-exit-codes", source="API:ContainerRestartPolicy", find=_exit_codes),
)
