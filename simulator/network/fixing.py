"""How fixes are written, and how one is put into a document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from simulator.network import defaults
from simulator.network.addresses import EVERYWHERE, Cidr, one_address
from simulator.network.groups import wearers
from simulator.network.model import Change, Client, Fix, Ports, Rule, World
from simulator.network.security_rules import EGRESS, INGRESS, rule_to_dict

# Lists that a fix adds to, as they are where a document leaves them out.
_USUAL: Mapping[str, Sequence[str]] = {INGRESS: (), EGRESS: (defaults.EGRESS,)}


def apply_fix(document: Mapping[str, Any], fix: Mapping[str, Any]) -> dict[str, Any]:
    """The document with a fix put in; neither argument is changed.

    Parameters
    ----------
    fix : as it stands in an answer: `{"action", "changes": [{"op", "path", "value"}], "sentence"}`.

    >>> rule = {"ipProtocol": "tcp", "fromPort": 80, "toPort": 80, "sourceSecurityGroupId": "sg-alb"}
    >>> change = {"op": "add", "path": "/securityGroups/sg-new/ingress/-", "value": rule}
    >>> apply_fix({"securityGroups": {"sg-new": {}}}, {"changes": [change]})["securityGroups"]["sg-new"]["ingress"]
    [{'ipProtocol': 'tcp', 'fromPort': 80, 'toPort': 80, 'sourceSecurityGroupId': 'sg-alb'}]
    """
    changed: dict[str, Any] = deepcopy(dict(document))
    for change in fix["changes"]:
        section, *rest = change["path"][1:].split("/")
        value = deepcopy(change["value"])
        if not rest:
            changed[section] = value
            continue
        entries = changed.setdefault(section, deepcopy(dict(defaults.SECTIONS.get(section, {}))))
        key, *field = rest
        if not field:
            entries[key] = value
            continue
        entry = entries[key] = dict(entries.get(key, {}))
        if field[1:] == ["-"]:
            usual = defaults.GROUPS.get(key, {}).get(field[0], _USUAL[field[0]])
            entry[field[0]] = [*entry.get(field[0], usual), value]
        else:
            entry[field[0]] = value
    return changed


def allow(world: World, groups: Sequence[str], direction: str, rules: Sequence[Rule], why: str = "") -> Fix:
    """Rules for the group of an interface that the fewest others carry, so that they open little else."""
    group = narrowest(world, groups)
    word = "from" if direction == INGRESS else "to"
    told = " and ".join(f"“{rule.told(word)}”" for rule in rules)
    side = "inbound" if direction == INGRESS else "outbound"
    return Fix(
        action=f"AuthorizeSecurityGroup{direction.capitalize()}",
        changes=tuple(added_rule(group, direction, rule) for rule in rules),
        sentence=f"Add to {group} the {side} rule {told}{why}.",
    )


def added_rule(group: str, direction: str, rule: Rule) -> Change:
    """A rule more in a group."""
    return Change(op="add", path=("securityGroups", group, direction, "-"), value=rule_to_dict(rule, direction))


def replaced(action: str, sentence: str, *changes: tuple[Sequence[str], object]) -> Fix:
    """Fields with other values."""
    return Fix(
        action=action,
        changes=tuple(Change(op="replace", path=tuple(path), value=value) for path, value in changes),
        sentence=sentence,
    )


def narrowest(world: World, groups: Iterable[str]) -> str:
    """The group that the fewest interfaces carry, the first of several."""
    return min(groups, key=lambda group: wearers(world, group))


def source_of(world: World, client: Client) -> dict[str, Any]:
    """The narrowest peer that names a client: its group, its address, or everyone where everyone is meant."""
    if client.groups:
        return {"group": narrowest(world, client.groups)}
    return {"cidr": range_of(client)}


def range_of(client: Client) -> Cidr:
    """A client's addresses as a range: "from: internet" means everyone."""
    return EVERYWHERE if client.anyone else one_address(client.address)


def rule(protocol: str, ports: Ports, **peer: Any) -> Rule:
    """A rule to add; `peer` is cidr, group or prefix."""
    return Rule(protocol=protocol, ports=ports, **peer)


def new_name(taken: Iterable[str], wanted: str) -> str:
    """A name that is not taken: the wanted one, or with a number.

    >>> new_name({"sg-endpoints"}, "sg-endpoints")
    'sg-endpoints-2'
    """
    there, number, name = set(taken), 1, wanted
    while name in there:
        number += 1
        name = f"{wanted}-{number}"
    return name
