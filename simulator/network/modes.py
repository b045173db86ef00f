"""Network modes and launch types: what goes together, and which host ports a mapping may name.

Source: platform facts 2.1 and 2.2, placement facts 5.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.network.model import (
    AWSVPC,
    BRIDGE,
    EC2,
    EXTERNAL,
    FARGATE,
    HOST,
    MANAGED_INSTANCES,
    NONE,
    WINDOWS_NAT,
)
from simulator.network.rules import AgentPorts, NetworkRules

RESERVED_PORTS = (22, 2375, 2376, 51678, 51679, 51680)
MOST_RESERVED = 100  # host ports of one instance, those of the agent included; dynamic ones do not count


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """A row of the table: with which launch types a mode goes, and what a task in it has."""

    launch_types: tuple[str, ...]
    identity: str
    ports: str
    target_types: tuple[str, ...]


MODES: Mapping[str, Mode] = {
    AWSVPC: Mode(
        launch_types=(FARGATE, EC2, MANAGED_INSTANCES),
        identity="One elastic network interface with a private IPv4 address and security groups of its own for each "
        "task; its containers share it and talk over localhost.",
        ports="hostPort is left out or equal to containerPort.",
        target_types=("ip",),
    ),
    BRIDGE: Mode(
        launch_types=(EC2, EXTERNAL),
        identity="The instance's interface, behind Docker's own network (NAT).",
        ports="hostPort is fixed, or 0 or left out for a dynamic port.",
        target_types=("instance",),
    ),
    HOST: Mode(
        launch_types=(EC2, EXTERNAL, MANAGED_INSTANCES),
        identity="The instance's interface, directly.",
        ports="hostPort is left out or equal to containerPort; a port serves one task an instance.",
        target_types=("instance",),
    ),
    NONE: Mode(
        launch_types=(EC2, EXTERNAL),
        identity="None: the containers have no connection to the outside.",
        ports="No portMappings are allowed.",
        target_types=(),
    ),
    WINDOWS_NAT: Mode(
        launch_types=(EC2,),
        identity="The instance's interface, behind Docker's NAT on Windows.",
        ports="hostPort is fixed, or 0 or left out for a dynamic port.",
        target_types=("instance",),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that AWS refuses: a code of ours, the field, one sentence, the cure."""

    code: str
    path: str
    message: str
    fix: str

    def to_dict(self) -> dict[str, str]:
        """As it stands in an answer."""
        return {"code": self.code, "path": self.path, "message": self.message, "fix": self.fix}


def mode_problem(launch: str, mode: str, *, windows: bool = False) -> Problem | None:
    """Whether a launch type has a network mode.

    >>> mode_problem("FARGATE", "bridge").fix
    'Set networkMode to awsvpc.'
    """
    fits = modes_of(launch, windows=windows)
    if mode in fits:
        return None
    system = " under Windows" if windows else ""
    return Problem(
        code="NETWORK_MODE_UNSUPPORTED",
        path="networkMode",
        message=f"{launch}{system} does not have the network mode {mode}; it has {_either(fits)}.",
        fix=f"Set networkMode to {_either(fits, 'or')}.",
    )


def modes_of(launch: str, *, windows: bool = False) -> tuple[str, ...]:
    """The network modes of a launch type, in the table's order."""
    if windows:
        return (AWSVPC, WINDOWS_NAT) if launch == EC2 else (AWSVPC,) if launch == FARGATE else ()
    return tuple(name for name, row in MODES.items() if launch in row.launch_types and name != WINDOWS_NAT)


def port_problem(mode: str, container: int, host: int | None, path: str, rules: NetworkRules) -> Problem | None:
    """Whether one mapping may name this host port in this mode.

    >>> from simulator.network.rules import RULES
    >>> port_problem("awsvpc", 80, 8080, "portMappings[0]", RULES).code
    'HOST_PORT_MISMATCH'
    """
    if mode == NONE:
        return Problem(
            code="PORT_MAPPINGS_NOT_ALLOWED",
            path=path,
            message="A task in mode none has no way in, so it takes no portMappings.",
            fix="Leave portMappings out, or choose another networkMode.",
        )
    if mode in (AWSVPC, HOST) and host not in (None, container):
        return Problem(
            code="HOST_PORT_MISMATCH",
            path=f"{path}.hostPort",
            message=f"In mode {mode} the hostPort is left out or equal to the containerPort, {container}, "
            f"and it is {host}.",
            fix=f"Leave hostPort out, or set it to {container}.",
        )
    taken = container if mode == HOST else host
    if mode != AWSVPC and taken in RESERVED_PORTS and rules.agent_ports is AgentPorts.RESERVED:
        return Problem(
            code="HOST_PORT_RESERVED",
            path=f"{path}.hostPort",
            message=f"Host port {taken} is reserved on every instance, as are all of "
            f"{', '.join(map(str, RESERVED_PORTS))}: SSH, Docker and the ECS agent use them.",
            fix="Choose another hostPort, or 0 for a dynamic one." if mode != HOST else "Choose another containerPort.",
        )
    return None


def _either(words: tuple[str, ...], last: str = "and") -> str:
    if not words:
        return "none here"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
