"""Rules about log drivers and FireLens (facts 5.2, 5.6, API:LogConfiguration)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simulator.reading import shown
from simulator.task_definition.definition import Definition, called, opening
from simulator.task_definition.finding import Check, Found, setting
from simulator.task_definition.names import is_name
from simulator.task_definition.part import Part, inner, mapping, parts, spot, text

DRIVERS: Mapping[str, tuple[str, ...]] = {
    "FARGATE": ("awslogs", "splunk", "awsfirelens"),
    "EC2": ("awslogs", "fluentd", "gelf", "json-file", "journald", "syslog", "splunk", "awsfirelens"),
    "MANAGED_INSTANCES": ("awslogs", "splunk", "awsfirelens", "json-file"),
}
_WHERE = {"FARGATE": "Fargate", "EC2": "EC2", "MANAGED_INSTANCES": "Managed Instances"}
_SPLUNK = ("splunk-token", "splunk-url")


def _logging(definition: Definition) -> Iterator[tuple[Part, Part, str]]:
    for container in definition.containers:
        logs = inner(container, "logConfiguration")
        driver = text(logs, "logDriver") if logs else None
        if logs and driver:
            yield container, logs, driver


def _driver(definition: Definition) -> Iterator[Found]:
    for container, logs, driver in _logging(definition):
        for launch_type, drivers in DRIVERS.items():
            if launch_type in definition.launch_types and driver not in drivers:
                yield Found(
                    at=spot(logs, "logDriver"),
                    message=f"{_WHERE[launch_type]} has no log driver {driver} for {called(container)}: it has "
                    f"{', '.join(drivers[:-1])} and {drivers[-1]}.",
                    fix="Use awslogs, or awsfirelens to send logs elsewhere.",
                )


def _group(definition: Definition) -> Iterator[Found]:
    family = text(definition.top, "family") or ""
    group = f"/ecs/{family}" if is_name(family) else "/ecs/task"
    yield from _missing(definition, "awslogs-group", "which log group to write to", group)


def _region(definition: Definition) -> Iterator[Found]:
    yield from _missing(definition, "awslogs-region", "in which Region the log group is", "")


def _prefix(definition: Definition) -> Iterator[Found]:
    if definition.fargate:
        what = "how the log stream's name begins, which Fargate wants to know"
        yield from _missing(definition, "awslogs-stream-prefix", what, "ecs")


def _missing(definition: Definition, option: str, what: str, value: str) -> Iterator[Found]:
    for container, logs, driver in _logging(definition):
        if driver != "awslogs" or mapping(logs, "options").get(option) or _is_unreadable(logs, option):
            continue
        at = spot(logs, "options")
        whole = "options" not in logs.given
        change = setting(at, {option: value}) if whole else setting((*at, option), value)
        yield Found(
            at=(*at, option),
            message=f"awslogs of {called(container)} does not say {what}.",
            fix=f'Give the option {option}, such as "{value}".' if value else f"Give the option {option}.",
            change=(change,) if value else (),
            aws=f"Log driver awslogs requires options: {option}" if option == "awslogs-group" else "",
        )


def _is_unreadable(logs: Part, option: str) -> bool:
    """Options of a wrong shape: whether this one is missing can not be said."""
    return "options" in logs.given and ("options" not in logs.fields or option in mapping(logs, "options#unread"))


def _multiline(definition: Definition) -> Iterator[Found]:
    for container, logs, driver in _logging(definition):
        options = mapping(logs, "options")
        if driver == "awslogs" and {"awslogs-datetime-format", "awslogs-multiline-pattern"} <= options.keys():
            yield Found(
                at=(*spot(logs, "options"), "awslogs-multiline-pattern"),
                message=f"awslogs of {called(container)} has awslogs-datetime-format and awslogs-multiline-pattern: "
                "only one of them can be configured.",
                fix="Keep one of the two.",
            )


def _mode(definition: Definition) -> Iterator[Found]:
    for container, logs, _ in _logging(definition):
        mode = mapping(logs, "options").get("mode")
        if mode is not None and mode not in ("blocking", "non-blocking"):
            yield Found(
                at=(*spot(logs, "options"), "mode"),
                message=f"The delivery mode of {called(container)}'s log is {shown(mode)}: there are blocking and "
                "non-blocking.",
                fix="Write non-blocking, which is also the default since 25 June 2025.",
                change=(setting((*spot(logs, "options"), "mode"), "non-blocking"),),
            )


def _splunk(definition: Definition) -> Iterator[Found]:
    for container, logs, driver in _logging(definition):
        if driver != "splunk":
            continue
        there = {*mapping(logs, "options"), *(text(one, "name") for one in parts(logs, "secretOptions"))}
        for option in _SPLUNK:
            if option not in there and not _is_unreadable(logs, option):
                yield Found(
                    at=(*spot(logs, "options"), option),
                    message=f"splunk of {called(container)} needs {option}.",
                    fix=f"Give {option} in options, or in secretOptions to keep it secret.",
                )


def _no_router(definition: Definition) -> Iterator[Found]:
    if any("firelensConfiguration" in container.given for container in definition.containers):
        return
    for container, logs, driver in _logging(definition):
        if driver == "awsfirelens":
            yield Found(
                at=spot(logs, "logDriver"),
                message=f"{opening(container)} logs through awsfirelens, and no container of the task has a "
                "firelensConfiguration to route them.",
                fix="Add the log router as a container of its own.",
            )


def _config_file(definition: Definition) -> Iterator[Found]:
    for container in definition.containers:
        router = inner(container, "firelensConfiguration")
        kind = mapping(router, "options").get("config-file-type") if router else None
        if router and kind == "s3" and definition.fargate:
            yield Found(
                at=(*spot(router, "options"), "config-file-type"),
                message=f"On Fargate the log router {called(container)} reads its configuration from a file only, not "
                "from S3.",
                fix="Put the file into the router's image, and write file.",
            )


_API = "API:LogConfiguration"
CHECKS = (
    Check(rule="log-driver", source=_API, find=_driver),
    Check(rule="awslogs-group", source=_API, find=_group),
    Check(rule="awslogs-region", source=_API, find=_region),
    Check(rule="awslogs-stream-prefix", source=_API, find=_prefix),
    Check(rule="awslogs-multiline", source=_API, find=_multiline, is_open=True),
    Check(rule="log-mode", source=_API, find=_mode, is_open=True),
    Check(rule="splunk-options", source=_API, find=_splunk, is_open=True),
    Check(rule="firelens-router-missing", source=_API, find=_no_router, warns=True, is_open=True),
    Check(rule="firelens-config-file", source="API:FirelensConfiguration", find=_config_file, is_open=True),
)
