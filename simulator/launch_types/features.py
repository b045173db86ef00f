"""What each place to run tasks can do: a code and a sentence for each. Source: facts 4 of the deployments sheet.

UNDOCUMENTED stands where no source was found, or where the sources disagree; a choice never rests on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from simulator.launch_types.options import NAMES, Option
from simulator.launch_types.rules import RULES, LaunchTypesRules, SpotCapacity, SpotSelectedBy


class Support(StrEnum):
    """Whether a place to run tasks can do something."""

    SUPPORTED = "SUPPORTED"
    NOT_SUPPORTED = "NOT_SUPPORTED"
    UNDOCUMENTED = "UNDOCUMENTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One row: `support` is a letter for each of EC2, Fargate, Fargate Spot, Managed Instances and External.

    `says` has the sentences that tell more than the code. `yes` and `no` are said after the place's name.
    """

    code: str
    what: str
    support: str
    says: dict[Option, str]
    yes: str
    no: str


_LETTERS = {"y": Support.SUPPORTED, "n": Support.NOT_SUPPORTED, "?": Support.UNDOCUMENTED}
_EC2, _FARGATE, _SPOT, _MANAGED, _EXTERNAL = Option
_BOTH = (_FARGATE, _SPOT)


def _row(
    code: str,
    what: str,
    support: str,
    says: dict[Option | tuple[Option, ...], str] | None = None,
    yes: str | None = None,
    no: str | None = None,
) -> Feature:
    found: dict[Option, str] = {}
    for options, sentence in (says or {}).items():
        for option in (options,) if isinstance(options, Option) else options:
            found[option] = sentence
    return Feature(
        code=code,
        what=what,
        support=support,
        says=found,
        yes=yes or f"supports {what}",
        no=no or f"does not support {what}",
    )


FEATURES: dict[str, Feature] = {
    row.code: row
    for row in (
        _row("LAUNCH_TYPE", "a launchType of its own", "yynny", {
            _SPOT: "Fargate Spot is a capacity provider only: there is no launchType FARGATE_SPOT.",
            _MANAGED: "A capacity provider only: leave launchType out, although the enum has MANAGED_INSTANCES.",
        }),
        _row("CAPACITY_PROVIDER", "a capacity provider", "yyyyn", {
            _EC2: "Through a capacity provider of an Auto Scaling group.",
            _EXTERNAL: "By launchType EXTERNAL only.",
        }),
        _row("NO_SERVER_MANAGEMENT", "no servers to provision and patch", "nyyyn", {
            _EC2: "Instances, AMI, agent and scaling are yours.",
            _MANAGED: "AWS picks and patches the instances.",
            _EXTERNAL: "Everything below the tasks is yours.",
        }, "leaves you no servers to provision and patch", "leaves servers to you"),
        _row("ON_PREMISES", "servers of your own", "nnnny", {
            _EXTERNAL: "ECS Anywhere: your servers register as external instances.",
        }, "runs tasks on servers of your own", "does not run tasks on servers of your own"),
        _row("UNINTERRUPTED", "tasks that are not taken back with two minutes' notice", "yynyy", {
            _EC2: "On On-Demand instances; EC2 Spot Instances give a notice of two minutes.",
            _FARGATE: "Only retirement and maintenance end a task.",
            _SPOT: "A warning of two minutes (SIGTERM and an event, stopCode SpotInterruption), and no on-demand task "
            "in its place.",
            _MANAGED: "ON_DEMAND is the default, RESERVED is possible; with Spot the notice is two minutes.",
        }, "can keep tasks from being taken back", "takes tasks back when it needs the capacity"),
        _row("OWN_KERNEL", "a kernel for each task", "nyyyn", {
            _EC2: "Tasks of one instance share its kernel.",
            _MANAGED: "Several tasks share an instance by default; one task for each VM is possible.",
            _EXTERNAL: "Tasks share the host.",
        }, "can give each task a kernel of its own", "lets tasks share a kernel"),
        _row("NETWORK_AWSVPC", "networkMode awsvpc", "yyyyn"),
        _row("NETWORK_BRIDGE", "networkMode bridge", "ynnny", {_BOTH: "awsvpc is the only mode.",
            _MANAGED: "awsvpc and host are the modes."}),
        _row("NETWORK_HOST", "networkMode host", "ynnyy", {_BOTH: "awsvpc is the only mode."}),
        _row("NETWORK_NONE", "networkMode none", "ynn?y", {
            _BOTH: "awsvpc is the only mode.",
            _MANAGED: "The sources disagree about none.",
        }),
        _row("APPLICATION_LOAD_BALANCER", "an Application Load Balancer", "yyyyn", {
            _BOTH: "With target type ip.", _MANAGED: "A secondary source says so; awsvpc means target type ip.",
        }),
        _row("NETWORK_LOAD_BALANCER", "a Network Load Balancer", "yyyyn", {
            _BOTH: "With target type ip.", _MANAGED: "A secondary source says so; awsvpc means target type ip.",
        }),
        _row("GATEWAY_LOAD_BALANCER", "a Gateway Load Balancer", "????n", {
            (_EC2, _FARGATE, _SPOT, _MANAGED): "The sources disagree.",
        }),
        _row("CLASSIC_LOAD_BALANCER", "a Classic Load Balancer", "ynn?n", {
            _EC2: "Legacy, and not with awsvpc.",
            _BOTH: "It cannot serve tasks with networkMode awsvpc.",
        }),
        _row("SERVICE_DISCOVERY", "service discovery", "yyy?n"),
        _row("EFS", "EFS volumes", "yyyyn"),
        _row("EBS_TASK_VOLUME", "an EBS volume for each task", "yyyyn"),
        _row("DOCKER_VOLUME", "Docker volumes", "ynnny"),
        _row("HOST_PATH", "bind mounts with a sourcePath of the host", "ynnyy", {
            _MANAGED: "Which paths of the host are writable is undocumented.",
        }),
        _row("EPHEMERAL_STORAGE_SIZE", "an ephemeral storage size of your choice", "nyynn", {
            _EC2: "A bind mount is bounded by the instance's disk.",
            _BOTH: "20 GiB by default, or 21 to 200 GiB.",
            _MANAGED: "A shared EBS data volume of 30 to 16384 GiB (80 by default), or the instance store.",
            _EXTERNAL: "What the server has.",
        }),
        _row("PLACEMENT_STRATEGIES", "placement strategies", "ynnn?", {
            _BOTH: "Tasks are spread over zones, best effort.",
            _MANAGED: "Constraints are supported, strategies are not.",
        }),
        _row("PLACEMENT_CONSTRAINTS", "placement constraints", "ynnyy", {_EXTERNAL: "By attributes."}),
        _row("DAEMON", "the DAEMON scheduling strategy", "ynn??", {
            _MANAGED: "There are managed daemons (CreateDaemon) instead; whether DAEMON is supported is undocumented.",
        }),
        _row("GPU", "GPUs", "ynny?", {_BOTH: "gpu is invalid in the task definition."}),
        _row("PRIVILEGED", "privileged containers", "ynny?", {_BOTH: "Only CAP_SYS_PTRACE can be added."}),
        _row("WINDOWS", "Windows containers", "yynny", {
            _FARGATE: "Windows Server 2019 and 2022 on x86, with 1, 2 or 4 vCPUs.",
            _SPOT: "Linux only.",
            _MANAGED: "The instances run Bottlerocket.",
        }),
        _row("ARM", "ARM64", "yyyyy", {
            _FARGATE: "Linux only.", _SPOT: "From platform version 1.4.0 on.", _EXTERNAL: "Linux only.",
        }),
        _row("ECS_EXEC", "ECS Exec", "yyy?y", {
            _EC2: "A source of 2023 says not for tasks of an Auto Scaling group provider; not verified since.",
        }),
        _row("START_TASK", "StartTask, with a scheduler of your own", "ynn?y"),
    )
}  # fmt: skip


def support(code: str, option: Option, rules: LaunchTypesRules = RULES) -> Support:
    """Whether it is supported there, under these rules.

    >>> support("GPU", Option.FARGATE), support("GPU", Option.EXTERNAL)
    (<Support.NOT_SUPPORTED: 'NOT_SUPPORTED'>, <Support.UNDOCUMENTED: 'UNDOCUMENTED'>)
    """
    if code == "DAEMON" and option in _BOTH and rules.fargate_runs_daemons:
        return Support.SUPPORTED
    if code == "GPU" and option in _BOTH and rules.fargate_has_gpus:
        return Support.SUPPORTED
    if option is Option.FARGATE_SPOT:
        if code == "LAUNCH_TYPE" and rules.spot_selected_by is SpotSelectedBy.LAUNCH_TYPE:
            return Support.SUPPORTED
        if code == "CAPACITY_PROVIDER" and rules.spot_selected_by is SpotSelectedBy.LAUNCH_TYPE:
            return Support.NOT_SUPPORTED
        if code == "UNINTERRUPTED" and rules.spot_capacity is SpotCapacity.FALLS_BACK:
            return Support.SUPPORTED
    return _LETTERS[FEATURES[code].support[list(Option).index(option)]]


def sentence(code: str, option: Option, rules: LaunchTypesRules = RULES) -> str:
    """The code in words, with what is worth knowing.

    >>> sentence("GPU", Option.FARGATE)
    'Fargate does not support GPUs. gpu is invalid in the task definition.'
    """
    row, found = FEATURES[code], support(code, option, rules)
    changed = found is not support(code, option)
    name = NAMES[option]
    say = {
        Support.SUPPORTED: f"{name} {row.yes}.",
        Support.NOT_SUPPORTED: f"{name} {row.no}.",
        Support.UNDOCUMENTED: f"Whether {name} supports {row.what} is not documented.",
    }[found]
    more = "" if changed else row.says.get(option, "")
    return f"{say} {more}".strip()
