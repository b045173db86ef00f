"""A call out of the VPC as a record, and which way it takes."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.network import defaults
from simulator.network.addresses import address_of
from simulator.network.model import IGW, Endpoint, Interface, Ports, World
from simulator.network.rules import NatPlace, NetworkRules
from simulator.network.services import INTERNET


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One connection to be opened: through which interface, to which service, on which port.

    `pulls` says that it fetches an image's layers, which an interface endpoint of S3 does not serve.
    """

    world: World
    rules: NetworkRules
    interface: Interface
    caller: str
    service: str
    ports: Ports
    pulls: bool = False

    @property
    def told(self) -> str:
        """What is called, in the middle of a sentence."""
        return "the internet" if self.service == INTERNET else self.service


def endpoint_for(call: Call) -> Endpoint | None:
    """The endpoint that the call takes, if there is one that serves it. Source: facts 2.7."""
    found = call.world.endpoints.get(call.service)
    if found is None:
        return None
    if found.gateway:
        return found if found.subnets is None or call.interface.subnet in found.subnets else None
    # Without private DNS the service's name stays a public address; layers come from S3's public names.
    return found if found.private_dns and not call.pulls else None


def leads_out(call: Call) -> bool:
    """Whether the caller's route table leads to the internet, by an internet gateway or by a NAT gateway that works."""
    route = call.world.subnets[call.interface.subnet].route
    if route == IGW:
        return call.world.internet_gateway
    nat = call.world.nats.get(route)
    return nat is not None and nat_works(call, nat.subnet)


def nat_works(call: Call, subnet: str) -> bool:
    """Whether a NAT gateway in this subnet reaches the internet: its own subnet must be public."""
    if not call.world.internet_gateway:
        return False
    return call.rules.nat_place is NatPlace.ANY_SUBNET or call.world.subnets[subnet].route == IGW


def outside() -> int:
    """An address of the internet."""
    return address_of(defaults.OUTSIDE, "internet")
