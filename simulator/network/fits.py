"""How many copies of a task fit on one instance by ports and network interfaces, and whether they are allowed at all.

Source: platform facts 2.1, 2.2 and 2.6, placement facts 5.3 and 6.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator import reading
from simulator.network import defaults
from simulator.network.computing import LAUNCH_TYPES
from simulator.network.interfaces import Limit, eni_limit, read_setting
from simulator.network.mappings import Mapped, check_mappings
from simulator.network.model import AWSVPC, BRIDGE, EC2, EXTERNAL, FARGATE, HOST, MANAGED_INSTANCES, NONE, WINDOWS_NAT
from simulator.network.modes import MODES, MOST_RESERVED, RESERVED_PORTS, Problem, mode_problem
from simulator.network.rules import AgentPorts, AwsvpcPorts, NetworkRules
from simulator.network.settings import FIELDS as SETTING_FIELDS
from simulator.network.settings import check_settings

MOST_COPIES = 500
FIELDS = ("launchType", "networkMode", "operatingSystem", "portMappings", "count", *SETTING_FIELDS)
ENI_FIELDS = ("instanceType", "awsvpcTrunking", "launchedAfterOptIn", "agentVersion", "sameVpc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One copy of the task: its host ports, or why it is not placed."""

    number: int
    code: str
    message: str
    host_ports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What a launch type, a mode, mappings and an instance type come to."""

    launch: str
    mode: str
    windows: bool
    problems: tuple[Problem, ...]
    mapped: tuple[Mapped, ...]
    limit: Limit | None
    copies: tuple[Copy, ...]
    notes: tuple[str, ...]

    @property
    def code(self) -> str:
        """OK, the first thing that AWS refuses, or the first reason for which a copy is not placed."""
        if self.problems:
            return self.problems[0].code
        return next((copy.code for copy in self.copies if copy.code != "OK"), "OK")


def read_fit(document: Mapping[str, Any], rules: NetworkRules) -> Fit:
    """Check the combination, then put `count` copies on one empty instance.

    Raises
    ------
    InputError
        For anything that is no such question; what AWS refuses is a problem of the answer, no error.
    """
    reading.known_fields(document, "", (*FIELDS, *ENI_FIELDS))
    launch = reading.choice(document.get("launchType", EC2), "launchType", LAUNCH_TYPES)
    system = reading.choice(document.get("operatingSystem", "LINUX"), "operatingSystem", ("LINUX", "WINDOWS"))
    windows = system == "WINDOWS"
    mode = _mode(document, launch, windows)
    count = reading.whole(document.get("count", 1), "count", low=1, high=MOST_COPIES)
    mapped, faults = check_mappings(document.get("portMappings", []), mode, rules)
    fault = mode_problem(launch, mode, windows=windows)
    missing = _missing_mode(document, launch)
    problems = (
        *missing,
        *([fault] if fault and not missing else []),
        *faults,
        *check_settings(document, launch, mode, mapped),
    )
    setting = read_setting(document, windows=windows, managed=launch == MANAGED_INSTANCES)
    limit = eni_limit(setting, rules) if setting else None
    copies = () if problems or launch == FARGATE else _copies(count, mode, mapped, limit, rules)
    return Fit(
        launch=launch,
        mode=mode,
        windows=windows,
        problems=problems,
        mapped=mapped,
        limit=limit,
        copies=copies,
        notes=_notes(launch, mode, mapped),
    )


def fit_to_dict(fit: Fit) -> dict[str, Any]:
    """The answer to a question without `from` and `to`."""
    row, allowed = MODES[fit.mode], not fit.problems
    placed = sum(copy.code == "OK" for copy in fit.copies)
    first = next((copy for copy in fit.copies if copy.code != "OK"), None)
    message = fit.problems[0].message if fit.problems else first.message if first else _all_well(fit, placed)
    return {
        "allowed": allowed,
        "code": fit.code,
        "message": message,
        "launchType": fit.launch,
        "networkMode": fit.mode,
        "identity": row.identity if allowed else None,
        "targetTypes": list(row.target_types) if fit.launch != EXTERNAL else [],
        "portMappings": [one.to_dict() for one in fit.mapped],
        "problems": [one.to_dict() for one in fit.problems],
        "eni": fit.limit.to_dict() if fit.limit else None,
        "placed": placed if fit.copies else None,
        "tasks": [_copy_to_dict(one) for one in fit.copies],
        "notes": list(fit.notes),
    }


def _mode(document: Mapping[str, Any], launch: str, windows: bool) -> str:
    usual = WINDOWS_NAT if windows and launch == EC2 else BRIDGE
    return reading.choice(document.get("networkMode", usual), "networkMode", (AWSVPC, BRIDGE, HOST, NONE, WINDOWS_NAT))


def _missing_mode(document: Mapping[str, Any], launch: str) -> list[Problem]:
    if launch != MANAGED_INSTANCES or "networkMode" in document:
        return []
    message = "Managed Instances refuse a task definition without a networkMode."
    return [Problem(code="NETWORK_MODE_REQUIRED", path="networkMode", message=message, fix="Write awsvpc or host.")]


def _copies(
    count: int, mode: str, mapped: Sequence[Mapped], limit: Limit | None, rules: NetworkRules
) -> tuple[Copy, ...]:
    """One copy after another; a port stays taken until its task stops, and none stops here."""
    taken: set[tuple[str, int]] = set()
    if rules.agent_ports is AgentPorts.RESERVED:
        taken = {("tcp", port) for port in RESERVED_PORTS}
    found: list[Copy] = []
    placed = 0
    for number in range(1, count + 1):
        if mode == AWSVPC and limit and placed >= limit.tasks:
            message = f"Task {number} finds no network interface left: {limit.told}."
            found.append(Copy(number=number, code="RESOURCE:ENI", message=message))
            continue
        wanted = _host_ports(mode, mapped, rules)
        twice = next((one for at, one in enumerate(wanted) if one in wanted[:at]), None)
        clash = next((one for one in wanted if one in taken), None)
        if twice or clash or len(taken) + len(wanted) > MOST_RESERVED:
            found.append(_without_port(number, mode, twice, clash))
            continue
        taken.update(wanted)
        placed += 1
        told = tuple(one.host for one in mapped if one.host)
        found.append(Copy(number=number, code="OK", message=f"Task {number} is placed.", host_ports=told))
    return tuple(found)


def _host_ports(mode: str, mapped: Sequence[Mapped], rules: NetworkRules) -> list[tuple[str, int]]:
    """The ports of the instance that one copy takes; dynamic ones do not count."""
    if mode == AWSVPC and rules.awsvpc_ports is AwsvpcPorts.INSTANCE:
        return [(one.protocol, one.container) for one in mapped if one.container]
    return [(one.protocol, one.fixed) for one in mapped if one.fixed is not None]


def _without_port(number: int, mode: str, twice: tuple[str, int] | None, clash: tuple[str, int] | None) -> Copy:
    message = f"Task {number} finds all {MOST_RESERVED} host ports that an instance may reserve taken."
    if twice:
        message = (
            f"Task {number} wants {twice[0].upper()} host port {twice[1]} for two of its mappings, and an instance "
            "gives a port once."
        )
    elif clash:
        way_out = "hostPort 0 deals every task a port of its own"
        if mode == HOST:
            way_out = "in mode host only another instance helps, or another containerPort"
        message = (
            f"Task {number} needs {clash[0].upper()} host port {clash[1]}, and the instance is already using a port "
            f"required by your task; {way_out}."
        )
    return Copy(number=number, code="RESOURCE:PORTS", message=message)


def _copy_to_dict(copy: Copy) -> dict[str, Any]:
    shared = {"task": copy.number, "placed": copy.code == "OK", "code": copy.code, "message": copy.message}
    return {**shared, "hostPorts": list(copy.host_ports)}


def _all_well(fit: Fit, placed: int) -> str:
    if fit.copies:
        what = "the task is" if placed == 1 else f"all {placed} tasks are"
        return f"{fit.launch} has the network mode {fit.mode}, and {what} placed."
    return f"{fit.launch} has the network mode {fit.mode}."


def _notes(launch: str, mode: str, mapped: Sequence[Mapped]) -> tuple[str, ...]:
    notes: list[str] = []
    if launch == MANAGED_INSTANCES and mode == NONE:
        notes.append("Open: the guide names awsvpc and host for Managed Instances, the API text excludes nothing.")
    if launch == MANAGED_INSTANCES:
        notes.append("Managed Instances come from a capacity provider strategy; a service leaves launchType out.")
    low, high = defaults.KERNEL_RANGE
    for one in mapped:
        if one.fixed is not None and low <= one.fixed <= high and mode == BRIDGE:
            notes.append(f"Host port {one.fixed} is in the range {low}-{high} of the dynamic ports: choose one below.")
        if one.fixed == 51680:
            notes.append("The API names 51680 as reserved; the agent itself takes it only with Prometheus metrics.")
    return tuple(notes)
