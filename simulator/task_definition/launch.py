"""Rules about what a launch type or an operating system does not have (facts 5.1, 5.2, 5.6; deployment facts 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from simulator.errors import InputError
from simulator.reading import shown
from simulator.task_definition.definition import Definition, called, opening
from simulator.task_definition.finding import Check, Found, removal, setting
from simulator.task_definition.part import NOTHING, Part, inner, length, parts, spot, text, texts

MOST_CONSTRAINTS = 10
LONGEST_EXPRESSION = 2000
FARGATE_WINDOWS = tuple(f"WINDOWS_SERVER_{year}_{kind}" for year in (2019, 2022) for kind in ("FULL", "CORE"))

# What the guide's page on Fargate lists as not valid in a container; each is used when it is not empty, zero or false.
_CONTAINER = ("disableNetworking", "dnsSearchDomains", "dnsServers", "dockerSecurityOptions", "privileged")
_ONLY_BRIDGE = ("links", "extraHosts")  # with networkMode awsvpc a rule of its own speaks
_LINUX = ("devices", "sharedMemorySize", "tmpfs")
_SWAP = ("maxSwap", "swappiness")


def _is_used(part: Part, name: str) -> bool:
    return name in part.given and bool(length(part, name) or part.fields.get(name, True))


def _fargate_fields(definition: Definition) -> Iterator[Found]:
    if not definition.fargate:
        return
    for container in definition.containers:
        names = _CONTAINER if definition.mode == "awsvpc" else (*_CONTAINER, *_ONLY_BRIDGE)
        for name in (name for name in names if _is_used(container, name)):
            yield _not_on_fargate(container, name, f"{name} of {called(container)}")
        linux = inner(container, "linuxParameters")
        for name in (*_LINUX, *_SWAP):
            # A swappiness of 0 says something, and devices of none say nothing.
            if linux and (_is_used(linux, name) or (name in _SWAP and name in linux.given)):
                yield _not_on_fargate(linux, name, f"linuxParameters.{name} of {called(container)}")


def _not_on_fargate(part: Part, name: str, what: str) -> Found:
    at = spot(part, name)
    return Found(at=at, message=f"{what} is not valid on Fargate.", fix=f"Take {name} out.", change=(removal(at),))


def _fargate_capabilities(definition: Definition) -> Iterator[Found]:
    if not definition.fargate:
        return
    for container in definition.containers:
        capabilities = inner(inner(container, "linuxParameters") or NOTHING, "capabilities") or NOTHING
        for i, name in texts(capabilities, "add"):
            if name != "SYS_PTRACE":
                message = f"{opening(container)} adds the capability {shown(name)}, and Fargate adds SYS_PTRACE only."
                yield Found(at=(*spot(capabilities, "add"), i), message=message, fix="Take it out, or run on EC2.")


def _fargate_pid(definition: Definition) -> Iterator[Found]:
    if definition.fargate and text(definition.top, "pidMode") == "host":
        yield Found(
            at=spot(definition.top, "pidMode"),
            message="pidMode is host, and on Fargate containers share processes with their own task only.",
            fix="Write task, or leave pidMode out.",
            change=(setting(spot(definition.top, "pidMode"), "task"),),
        )


def _fargate_ipc(definition: Definition) -> Iterator[Found]:
    if definition.fargate and "ipcMode" in definition.top.given:
        yield _not_on_fargate(definition.top, "ipcMode", "ipcMode")


def _fargate_constraints(definition: Definition) -> Iterator[Found]:
    if definition.fargate and _is_used(definition.top, "placementConstraints"):
        yield Found(
            at=spot(definition.top, "placementConstraints"),
            message="There is nothing to place on Fargate: placementConstraints are for instances.",
            fix="Take them out.",
            change=(removal(spot(definition.top, "placementConstraints")),),
        )


def _fargate_system(definition: Definition) -> Iterator[Found]:
    platform = inner(definition.top, "runtimePlatform") or NOTHING
    family = text(platform, "operatingSystemFamily")
    if definition.fargate and definition.windows and family not in FARGATE_WINDOWS:
        message = f"Fargate runs Windows Server 2019 and 2022, and operatingSystemFamily is {family}."
        yield Found(at=spot(platform, "operatingSystemFamily"), message=message, fix="Write a 2019 or 2022 one.")


def _fargate_system_open(definition: Definition) -> Iterator[Found]:
    platform = inner(definition.top, "runtimePlatform")
    where = spot(definition.top, "runtimePlatform")
    unreadable = "runtimePlatform" in definition.top.given and platform is None
    if not definition.fargate or unreadable or (platform and "operatingSystemFamily" in platform.given):
        return
    at = (*where, "operatingSystemFamily")
    yield Found(
        at=at,
        message="The guide calls operatingSystemFamily required on Fargate; left out it is LINUX.",
        fix="Write LINUX to say so.",
        change=(setting(at, "LINUX") if platform else setting(where, {"operatingSystemFamily": "LINUX"}),),
    )


def _windows(definition: Definition) -> Iterator[Found]:
    if not definition.windows:
        return
    for name in ("pidMode", "ipcMode"):
        if name in definition.top.given and not (name == "ipcMode" and definition.fargate):
            at = spot(definition.top, name)
            message = f"{name} is not supported for Windows containers."
            yield Found(at=at, message=message, fix=f"Take {name} out.", change=(removal(at),))
    if definition.fargate and "ephemeralStorage" in definition.top.given:
        at = spot(definition.top, "ephemeralStorage")
        message = "ephemeralStorage is for Linux tasks on Fargate; Windows tasks have 20 GiB."
        yield Found(at=at, message=message, fix="Take it out.", change=(removal(at),))
    platform = inner(definition.top, "runtimePlatform") or NOTHING
    if text(platform, "cpuArchitecture") == "ARM64":
        at = spot(platform, "cpuArchitecture")
        message = "cpuArchitecture is ARM64, which runs Linux containers only."
        yield Found(at=at, message=message, fix="Write X86_64.", change=(setting(at, "X86_64"),))
    for container in definition.containers:
        if _is_used(container, "environmentFiles"):
            at = spot(container, "environmentFiles")
            message = f"Environment files do not go with Windows, and {called(container)} has some."
            yield Found(at=at, message=message, fix="Write the variables into environment.")


def _windows_fields(definition: Definition) -> Iterator[Found]:
    names = ("linuxParameters", "links", "user", "disableNetworking", "privileged", "readonlyRootFilesystem")
    more = ("dnsServers", "dnsSearchDomains", "extraHosts", "ulimits")
    if definition.windows:
        for container in definition.containers:
            for name in (name for name in (*names, *more) if _is_used(container, name)):
                message = f"{name} of {called(container)} is not supported for Windows containers."
                yield Found(at=spot(container, name), message=message, fix=f"Take {name} out.")


def _managed(definition: Definition) -> Iterator[Found]:
    if "MANAGED_INSTANCES" in definition.launch_types and definition.windows:
        platform = inner(definition.top, "runtimePlatform") or NOTHING
        message = "Managed Instances run Bottlerocket, which is Linux."
        yield Found(at=spot(platform, "operatingSystemFamily"), message=message, fix="Write LINUX, or run on EC2.")


def _trusted(definition: Definition) -> Iterator[Found]:
    if "trustedExecutionConfiguration" in definition.top.given and definition.launch_types - {"MANAGED_INSTANCES"}:
        at = spot(definition.top, "trustedExecutionConfiguration")
        message = "trustedExecutionConfiguration is for Managed Instances only."
        yield Found(at=at, message=message, fix="Take it out, or require MANAGED_INSTANCES alone.")


def _resources(definition: Definition) -> Iterator[tuple[Part, Part, str, str | None]]:
    for container in definition.containers:
        for requirement in parts(container, "resourceRequirements"):
            kind = text(requirement, "type")
            if kind is not None:
                yield container, requirement, kind, text(requirement, "value")


def _gpu_on_fargate(definition: Definition) -> Iterator[Found]:
    if definition.fargate:
        for container, requirement, kind, _ in _resources(definition):
            if kind == "GPU":
                message = f"Fargate has no GPUs, and {called(container)} asks for some."
                yield Found(at=requirement.at, message=message, fix="Run on EC2 or Managed Instances.")


def _neuron(definition: Definition) -> Iterator[Found]:
    for container, requirement, kind, value in _resources(definition):
        if kind != "NeuronDevice":
            continue
        if definition.launch_types - {"MANAGED_INSTANCES"}:
            message = f"Neuron devices are on Managed Instances only, and {called(container)} asks for them."
            yield Found(at=requirement.at, message=message, fix="Require MANAGED_INSTANCES alone.")
        if value is not None and value != "ALL":
            at = spot(requirement, "value")
            message = f"A NeuronDevice requirement is ALL, and here it is {shown(value)}."
            yield Found(at=at, message=message, fix="Write ALL.", change=(setting(at, "ALL"),))


def _gpu_value(definition: Definition) -> Iterator[Found]:
    for container, requirement, kind, value in _resources(definition):
        both = {"value", "sharingStrategy"} & requirement.given
        if kind == "GPU" and len(both) != 1:
            stands = "gives a count and a sharing strategy" if both else "says neither how many nor how they are shared"
            message = f"The GPU requirement of {called(container)} {stands}; it is one of the two."
            yield Found(at=spot(requirement, "value"), message=message, fix="Give value or sharingStrategy, not both.")
        is_count = value is not None and value.isascii() and value.isdecimal() and int(value[:9]) > 0
        if kind == "GPU" and value is not None and value != "ALL" and not is_count:
            message = f"The GPUs of {called(container)} are {shown(value)}, and a count or ALL is taken."
            yield Found(at=spot(requirement, "value"), message=message, fix='Write a count such as "1", or ALL.')


def _constraint_count(definition: Definition) -> Iterator[Found]:
    count = length(definition.top, "placementConstraints")
    if count > MOST_CONSTRAINTS:
        message = (
            f"There are {count} placement constraints, and at most {MOST_CONSTRAINTS} are taken, those of RunTask "
        )
        at = spot(definition.top, "placementConstraints")
        yield Found(at=at, message=message + "counted too.", fix="Join some with “and” in one expression.")


def _constraint_type(definition: Definition) -> Iterator[Found]:
    for constraint in parts(definition.top, "placementConstraints"):
        kind = text(constraint, "type")
        if kind == "distinctInstance":
            yield Found(
                at=spot(constraint, "type"),
                message="distinctInstance is no constraint of a task definition, only of RunTask and CreateService.",
                fix="Give it when the task is run or the service is created.",
                aws="constraint.type 'distinctInstance' is not supported.",
            )
        elif kind is not None and kind != "memberOf":
            message = f"The constraint's type is {shown(kind)}, and a task definition takes memberOf."
            yield Found(at=spot(constraint, "type"), message=message, fix="Write memberOf.")
        elif "type" not in constraint.given:
            message = "The placement constraint has no type, and a task definition takes memberOf."
            at = spot(constraint, "type")
            yield Found(at=at, message=message, fix="Write memberOf.", change=(setting(at, "memberOf"),))


def _constraint_expression(definition: Definition) -> Iterator[Found]:
    for constraint in parts(definition.top, "placementConstraints"):
        if text(constraint, "type") == "distinctInstance":
            continue
        at, written = spot(constraint, "expression"), text(constraint, "expression")
        if "expression" not in constraint.given or written == "":
            yield Found(
                at=at, message="memberOf needs an expression.", fix="Write one such as attribute:stack == prod."
            )
        elif written is not None and len(written) > LONGEST_EXPRESSION:
            message = f"The expression has {len(written)} characters, and at most {LONGEST_EXPRESSION} are taken."
            yield Found(at=at, message=message, fix="Shorten it.")
        elif written is not None and (problem := _unparsed(written)):
            yield Found(at=at, message=problem, fix="Write it in the cluster query language.")


def _unparsed(expression: str) -> str:
    """Why the cluster query language does not read an expression; empty if it does."""
    # Few definitions have one, and the grammar costs more to load than all else here.
    from simulator.placement.query import parse

    try:
        parse(expression)
    except InputError as error:
        return str(error)
    return ""


_NOT_VALID = "NOW:fargate-tasks-services"
_Find = Callable[[Definition], Iterator[Found]]


def _check(rule: str, source: str, find: _Find, **more: Any) -> Check:
    return Check(rule=rule, source=source, find=find, **more)


CHECKS = (
    _check("fargate-field", _NOT_VALID, _fargate_fields),
    _check("fargate-capabilities", "API:KernelCapabilities", _fargate_capabilities),
    _check("fargate-pid-mode", "API:RegisterTaskDefinitionRequest", _fargate_pid),
    _check("fargate-ipc-mode", _NOT_VALID, _fargate_ipc),
    _check("fargate-gpu", _NOT_VALID, _gpu_on_fargate),
    _check(
        "fargate-placement-constraints",
        _NOT_VALID,
        _fargate_constraints,
        aws="Fargate compatible task definitions do not support constraints",
    ),
    _check("fargate-system", _NOT_VALID, _fargate_system),
    _check("fargate-system-left-out", _NOT_VALID, _fargate_system_open, warns=True),
    _check("windows", "API:RegisterTaskDefinitionRequest", _windows),
    _check("windows-field", "API:ContainerDefinition", _windows_fields, warns=True),
    _check("managed-instances-system", "DG:ManagedInstances", _managed, is_open=True),
    _check("trusted-execution", "API:TrustedExecutionConfiguration", _trusted, is_open=True),
    _check("neuron-device", "API:ResourceRequirement", _neuron),
    _check("gpu-value", "API:ResourceRequirement", _gpu_value),
    _check("placement-constraint-count", "API:RunTaskRequest", _constraint_count),
    _check("placement-constraint-type", "API:TaskDefinitionPlacementConstraint", _constraint_type),
    _check("placement-constraint-expression", "API:PlacementConstraint", _constraint_expression),
)
