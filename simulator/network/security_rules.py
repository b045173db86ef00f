"""Rules of security groups out of documents: AWS's fields, or the short form "80 from sg-alb"."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.network.addresses import cidr_of
from simulator.network.model import Ports, Rule

MOST_RULES = 60
INGRESS, EGRESS = "ingress", "egress"
WORDS = {INGRESS: "from", EGRESS: "to"}
PREFIX_LISTS = ("pl-s3", "pl-dynamodb")
LAST_PORT = 65535
ALL_PORTS = Ports(0, LAST_PORT)

_SHORT = re.compile(r"(?:(tcp|udp) )?(all|\d{1,5}(?:-\d{1,5})?(?:, ?\d{1,5}(?:-\d{1,5})?){0,19}) (from|to) (\S{1,60})")
_FIELDS = {
    INGRESS: ("cidrIp", "sourceSecurityGroupId", "sourcePrefixListId"),
    EGRESS: ("cidrIp", "destinationSecurityGroupId", "destinationPrefixListId"),
}


def read_rules(value: Any, path: str, *, direction: str, groups: Collection[str]) -> tuple[Rule, ...]:
    """The inbound or outbound rules of a group.

    Parameters
    ----------
    direction : "ingress" or "egress".
    groups : the ids of the security groups that there are.

    Raises
    ------
    InputError
        For a rule of neither form, ports out of range, or a group or prefix list that does not exist.

    >>> [rule.told("from") for rule in read_rules(["80,443 from sg-a"], "in", direction="ingress", groups={"sg-a"})]
    ['80 from sg-a', '443 from sg-a']
    """
    found: list[Rule] = []
    for i, one in enumerate(reading.items(value, path, most=MOST_RULES)):
        where = f"{path}[{i}]"
        found += (
            _short(one, where, direction, groups) if isinstance(one, str) else [_long(one, where, direction, groups)]
        )
    return tuple(found)


def rule_to_dict(rule: Rule, direction: str) -> dict[str, object]:
    """A rule in AWS's fields, as documents and fixes have it."""
    cidr, group, prefix = _FIELDS[direction]
    peer = {cidr: str(rule.cidr)} if rule.cidr else {group: rule.group} if rule.group else {prefix: rule.prefix}
    return {"ipProtocol": rule.protocol, "fromPort": rule.ports.low, "toPort": rule.ports.high, **peer}


def _short(written: str, path: str, direction: str, groups: Collection[str]) -> list[Rule]:
    word = WORDS[direction]
    match = _SHORT.fullmatch(written)
    if match is None:
        raise InputError(
            f"{path} is {reading.shown(written)}; write it as “80 {word} sg-alb”, “32768-61000 {word} sg-alb”, "
            f"“udp 53 {word} 10.0.0.0/16” or “all {word} 0.0.0.0/0”, or with ipProtocol, fromPort, toPort and a peer.",
            path=path,
        )
    protocol, ports, direction_word, peer = match.groups()
    if direction_word != word:
        raise InputError(f"{path} says “{direction_word}”; an {direction} rule says “{word}”.", path=path)
    ends = _peer(peer, path, groups)
    if ports == "all":
        return [Rule(protocol=protocol or "-1", ports=ALL_PORTS, **ends)]
    spans = [span.strip().partition("-") for span in ports.split(",")]
    return [
        Rule(protocol=protocol or "tcp", ports=_ports(int(low), int(high or low), path), **ends)
        for low, _, high in spans
    ]


def _long(value: Any, path: str, direction: str, groups: Collection[str]) -> Rule:
    document = reading.mapping(value, path)
    peers = _FIELDS[direction]
    reading.known_fields(document, path, ("ipProtocol", "fromPort", "toPort", *peers))
    protocol = reading.choice(document.get("ipProtocol", "tcp"), f"{path}.ipProtocol", ("tcp", "udp", "-1"))
    given = [name for name in peers if name in document]
    if len(given) != 1:
        raise InputError(f"{path} must name one peer: {', '.join(peers[:-1])} or {peers[-1]}.", path=path)
    ends = _peer(document[given[0]], f"{path}.{given[0]}", groups, form=given[0])
    if protocol == "-1" and "fromPort" not in document and "toPort" not in document:
        return Rule(protocol=protocol, ports=ALL_PORTS, **ends)
    if "fromPort" not in document:
        raise InputError(f"{path} needs fromPort, the first of the ports that it opens.", path=path)
    low = reading.whole(document["fromPort"], f"{path}.fromPort", low=0, high=LAST_PORT)
    high = reading.whole(document.get("toPort", low), f"{path}.toPort", low=0, high=LAST_PORT)
    return Rule(protocol=protocol, ports=_ports(low, high, path), **ends)


def _ports(low: int, high: int, path: str) -> Ports:
    if not low <= high <= LAST_PORT:
        raise InputError(f"{path} has the ports {low} to {high}; they go upward, to {LAST_PORT} at most.", path=path)
    return Ports(low, high)


def _peer(written: Any, path: str, groups: Collection[str], form: str = "") -> dict[str, Any]:
    """The peer as the field of `Rule` that it is; the short form tells by its looks, AWS's by its field."""
    if form == "cidrIp" or (not form and isinstance(written, str) and "/" in written):
        return {"cidr": cidr_of(written, path)}
    if form.endswith("PrefixListId") or (not form and written in PREFIX_LISTS):
        return {"prefix": reading.choice(written, path, PREFIX_LISTS)}
    return {"group": known(written, path, groups, "security group", "securityGroups")}


def known(written: Any, path: str, among: Collection[str], what: str, section: str) -> str:
    """An id that the document has.

    Raises
    ------
    InputError
        If there is none of that id, with those that there are.
    """
    name = reading.text(written, path)
    if name not in among:
        there = ", ".join(list(among)[:8]) or "none"
        more = ", …" if len(among) > 8 else ""
        raise InputError(
            f"{path} names the {what} {reading.shown(name)}, which is not there; write it in {section} "
            f"(there are {there}{more}).",
            path=path,
        )
    return name


def known_all(value: Any, path: str, among: Collection[str], what: str, section: str, *, most: int) -> tuple[str, ...]:
    """A list of ids that the document has, each once."""
    found = tuple(
        known(one, f"{path}[{i}]", among, what, section) for i, one in enumerate(reading.items(value, path, most=most))
    )
    if len(set(found)) < len(found):
        twice: Sequence[str] = [one for at, one in enumerate(found) if one in found[:at]]
        raise InputError(f"{path} names {reading.shown(twice[0])} twice; once is enough.", path=path)
    return found
