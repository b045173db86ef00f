"""What the terminal and the quizzes ask of this room: what a container has in its environment, and since when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.iam.launch import LaunchType
from simulator.iam.wording import OBSERVED, Source
from simulator.secrets.envfile import parse
from simulator.secrets.injection import Environment, NotFetchedError, Origin, Variable
from simulator.secrets.refusals import Refusal, fetched_with, not_fetched, refusal
from simulator.secrets.rules import SecretsRules
from simulator.secrets.run import Moment, Task, run, seen, watched
from simulator.secrets.scenario import Happening, Kind, Scenario, read_scenario
from simulator.secrets.store import MissingError, file_of, value_of

MOST_CELLS = 20_000
SECRET_WINS = (
    "What happens where an env file or an override has a secret's name is undocumented; the agent writes secrets last, "
    "so the secret wins here."
)
LAST_LINE = "That the last of two lines with one name counts is the agent's source, not a page of AWS's."
REGION_AGENT = (1, 104, 0)


def secrets_answer(document: Mapping[str, Any], rules: SecretsRules) -> dict[str, Any]:
    """A container's environment with the origin of each value, and over time which task has which.

    Raises
    ------
    InputError
        With one sentence, for anything that is not such a document.
    """
    scenario = read_scenario(document)
    stopped = refusal(scenario, rules)
    if stopped is not None:
        return _refused(stopped, scenario, rules)
    try:
        moments = run(scenario, rules)
    except NotFetchedError as error:
        return _refused(not_fetched(error, scenario), scenario, rules)
    names = watched(scenario, moments)
    if sum(len(moment.running) for moment in moments) * len(names) > MOST_CELLS:
        raise InputError("The timeline has too many tasks and variables to list; use fewer tasks or entries.")
    stale = _stale(scenario, moments[-1])
    first = moments[0].tasks[0]
    answer: dict[str, Any] = {
        "outcome": "RUNNING",
        "error": None,
        "errorSource": None,
        "environment": {
            name: {one.name: _variable(one, scenario, name) for one in environment.variables.values()}
            for name, environment in first.environments.items()
        },
        "shadowed": [one for name, environment in first.environments.items() for one in _shadowed(name, environment)],
        "describeTaskDefinition": _described(scenario, rules),
        "alwaysPresent": _always(scenario),
        "moments": [_moment(moment, scenario, names) for moment in moments],
        "stale": stale,
        "why": _why(moments, stale),
        "fix": _fix(scenario, moments, stale),
        "open": _is_open(scenario),
    }
    if notes := _notes(scenario):
        answer["notes"] = notes
    return answer


ANSWERS: Mapping[str, Callable[[Mapping[str, Any], SecretsRules], dict[str, Any]]] = {"secrets": secrets_answer}


def _refused(found: Refusal, scenario: Scenario, rules: SecretsRules) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "outcome": found.outcome,
        "error": found.error or None,
        "errorSource": found.source or None,
        "environment": {},
        "describeTaskDefinition": {} if found.outcome == "REGISTER_REJECTED" else _described(scenario, rules),
        "why": found.why,
        "fix": found.fix,
        "open": found.open,
    }
    notes = [*found.notes, *([OBSERVED] if found.source == Source.OBSERVED else [])]
    if notes:
        answer["notes"] = notes
    return answer


def _variable(one: Variable, scenario: Scenario, container: str) -> dict[str, Any]:
    found: dict[str, Any] = {"value": one.value, "from": one.origin.value}
    if one.origin is Origin.FILE:
        found |= {"file": one.detail, "fetchedBy": {"role": "EX", "action": "s3:GetObject", "resource": one.detail}}
    elif one.origin is Origin.SECRET:
        source = next(source for source in scenario.sources if source.name == container)
        found |= {"valueFrom": one.detail, "fetchedBy": dict(fetched_with(source.secrets[one.name]))}
    return found


def _shadowed(container: str, environment: Environment) -> list[dict[str, str]]:
    return [
        {
            "container": container,
            "name": hidden.name,
            "value": hidden.value,
            "from": hidden.origin.value,
            "behind": before.origin.value,
        }
        for hidden, before in environment.shadowed
    ]


def _described(scenario: Scenario, rules: SecretsRules) -> dict[str, Any]:
    """What DescribeTaskDefinition shows: plain values to everyone who may call it, and of secrets where they lie."""
    found: dict[str, Any] = {}
    for source in scenario.sources:
        secrets = {name: one.written for name, one in source.secrets.items()}
        if rules.describe_shows_secrets:
            secrets = {name: _in_store(scenario.stores, one) or one.written for name, one in source.secrets.items()}
        found[source.name] = {
            "environment": dict(source.environment),
            "secrets": secrets,
            "environmentFiles": list(source.files),
        }
    return found


def _in_store(stores: Any, reference: Any) -> str | None:
    try:
        return value_of(stores, reference)
    except MissingError:
        return None


def _always(scenario: Scenario) -> dict[str, str | None]:
    """What ECS itself puts into every container; None for a value that differs each time."""
    fargate = scenario.launch_type is LaunchType.FARGATE
    found: dict[str, str | None] = {}
    version, needed = (scenario.platform_version, (1, 4, 0)) if fargate else (scenario.agent_version, (1, 39, 0))
    if version is None or version >= needed:
        found["ECS_CONTAINER_METADATA_URI_V4"] = None
    if fargate:
        found["AWS_EXECUTION_ENV"] = "AWS_ECS_FARGATE"
    elif scenario.launch_type is LaunchType.EC2:
        found["AWS_EXECUTION_ENV"] = "AWS_ECS_EC2"
        if scenario.agent_version is None or scenario.agent_version >= REGION_AGENT:
            found |= {"AWS_REGION": scenario.region, "AWS_DEFAULT_REGION": scenario.region}
    if scenario.task_role:
        found["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = None
    return found


def _moment(moment: Moment, scenario: Scenario, names: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "at": moment.at,
        "event": _event(moment.happening, scenario),
        "started": list(moment.started),
        "stopped": list(moment.stopped),
        "tasks": {str(task.number): _values(task, names) for task in moment.running},
        "stores": _stores(moment, scenario),
    }
    if moment.error is not None:
        found = not_fetched(moment.error, scenario)
        answer |= {"outcome": found.outcome, "error": found.error, "why": found.why}
    return answer


def _values(task: Task, names: tuple[tuple[str, str], ...]) -> dict[str, dict[str, str]]:
    """By container, what a task has of the names that come from elsewhere."""
    found: dict[str, dict[str, str]] = {}
    for container, name in names:
        one = seen(task, container, name)
        if one is not None:
            found.setdefault(container, {})[name] = reading.shorten(one.value, 200)
    return found


def _stores(moment: Moment, scenario: Scenario) -> dict[str, str | None]:
    """What code that asks the store itself would read now (with the task role), by `valueFrom`."""
    references = {one.written: one for source in scenario.sources for one in source.secrets.values()}
    found: dict[str, str | None] = {}
    for written, reference in references.items():
        value = _in_store(moment.stores, reference)
        found[written] = None if value is None else reading.shorten(value, 200)
    return found


def _event(happening: Happening | None, scenario: Scenario) -> str:
    if happening is None:
        count = scenario.desired
        if scenario.standalone:
            return "RunTask starts a task."
        return f"The service starts {count} task{'' if count == 1 else 's'}."
    return {
        Kind.ROTATE: f"{_short(happening.target)} gets a new value.",
        Kind.REWRITE: f"{_short(happening.target)} is written anew.",
        Kind.RESTART: "The containers restart in place, by their restartPolicy.",
        Kind.DEPLOY: "A new deployment is forced.",
        Kind.RUN: "RunTask starts a task.",
    }[happening.kind]


def _short(arn: str) -> str:
    return arn.split(":", 5)[-1]


def _stale(scenario: Scenario, last: Moment) -> list[dict[str, Any]]:
    """Running tasks whose secrets, or env files, are no longer what lies in the store."""
    found: list[dict[str, Any]] = []
    for task in last.running:
        for source in scenario.sources:
            for variable in task.environments[source.name].variables.values():
                now = _now(variable, source, last)
                if variable.detail and now != variable.value:
                    found.append(
                        {
                            "task": task.number,
                            "container": source.name,
                            "name": variable.name,
                            "has": reading.shorten(variable.value, 200),
                            "store": None if now is None else reading.shorten(now, 200),
                        }
                    )
    return found


def _now(variable: Variable, source: Any, last: Moment) -> str | None:
    if variable.origin is Origin.SECRET:
        return _in_store(last.stores, source.secrets[variable.name])
    if variable.origin is not Origin.FILE:
        return variable.value
    try:
        return parse(file_of(last.stores, variable.detail)).get(variable.name)
    except MissingError:
        return None


def _why(moments: tuple[Moment, ...], stale: list[dict[str, Any]]) -> str:
    if stale:
        one = stale[0]
        now = "no value at all" if one["store"] is None else one["store"]
        return (
            f"Task {one['task']} still has {one['name']}={one['has']}, and its source has {now}: values are put in "
            "once, when the container is first created."
        )
    if len(moments) == 1:
        return "The values are put in before the container starts, and stay as they are."
    return "Every running task has what its sources hold now."


def _fix(scenario: Scenario, moments: tuple[Moment, ...], stale: list[dict[str, Any]]) -> str | None:
    if not stale:
        return None
    failed = moments[-1].error
    if failed is not None:
        return not_fetched(failed, scenario).fix
    old = [one["task"] for one in stale]
    if any(task.in_service for task in moments[-1].running if task.number in old):
        return "Start new tasks: aws ecs update-service --force-new-deployment."
    return "Run a new task, and stop this one."


def _is_open(scenario: Scenario) -> bool:
    return SECRET_WINS in _notes(scenario)


def _notes(scenario: Scenario) -> list[str]:
    notes: list[str] = []
    collides = doubled = False
    for source in scenario.sources:
        files = source.files if source.override_files is None else source.override_files
        texts = [_text_of(scenario, file) for file in files]
        keys = [line.partition("=")[0] for text in texts for line in text.split("\n") if "=" in line[1:]]
        collides = collides or any(name in source.override or name in keys for name in source.secrets)
        own = [[line.partition("=")[0] for line in text.split("\n") if "=" in line[1:]] for text in texts]
        doubled = doubled or any(len(set(names)) < len(names) for names in own)
    if collides:
        notes.append(SECRET_WINS)
    if doubled:
        notes.append(LAST_LINE)
    return notes


def _text_of(scenario: Scenario, file: str) -> str:
    try:
        return file_of(scenario.stores, file)
    except MissingError:
        return ""
