"""The Auto Scaling group, the calls about a cluster's providers, and the rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from simulator.capacity.group import read_group, read_types
from simulator.capacity.rules import (
    RULES,
    CapacityRules,
    SpotMissing,
    rules_from_dict,
    rules_to_dict,
)
from simulator.capacity.subjects import capacity_answer
from simulator.errors import InputError

A1 = {"capacityProvider": "A", "weight": 1}
FARGATE = {"capacityProvider": "FARGATE", "base": 1, "weight": 1}
SPOT = {"capacityProvider": "FARGATE_SPOT", "weight": 3}
TYPE = {"cpu": 2048, "memory": 3768}


def ask(document: Any, **rules: Any) -> dict[str, Any]:
    return capacity_answer(document, replace(RULES, **rules))


def refusal(document: Any) -> tuple[str, str]:
    with pytest.raises(InputError) as error:
        capacity_answer(document)
    return str(error.value), error.value.path


def group(**more: Any) -> Any:
    return read_group({"maxSize": 5, **more}, "g", protection=False)


def test_a_group_is_read() -> None:
    read, least, most = group(minSize=2, instanceTypes=["m5.large", TYPE], availabilityZones=["a", "b", "c"], spot=True)
    assert (least, most, read.size, read.spot, read.launch) == (2, 5, 2, True, 120)
    made = [read.instance(number) for number in range(1, 5)]
    assert [one.id for one in made] == ["i-1", "i-2", "i-3", "i-4"]
    assert [one.zone for one in made] == ["a", "b", "c", "a"]
    assert [one.attributes["ecs.availability-zone"] for one in made] == ["a", "b", "c", "a"]
    assert [one.type for one in made] == ["m5.large", None, "m5.large", None]
    assert made[1].registered == made[1].remaining
    plain, _, _ = group()
    assert (plain.types[0].type, plain.zones, plain.size, plain.spot) == ("m5.large", (None,), 0, False)
    assert "ecs.availability-zone" not in plain.instance(1).attributes
    assert group(desiredCapacity=5)[0].size == 5
    assert read_types(["t3.medium"], "t")[0].id == "i-0"
    assert read_types([{"instanceType": "x9.big", "cpu": 1, "memory": 2, "gpu": 3}], "t")[0].remaining.gpu == 3
    trunked = read_types([{"instanceType": "c5.large", "eniTrunking": True}], "t")[0]
    assert trunked.enis == 10


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"maxSize": None}, "g.maxSize must be a whole number from 0 to 1000, not null."),
        ({"maxSize": 1001}, "g.maxSize must be a whole number from 0 to 1000, not 1001."),
        ({"minSize": 6}, "g.minSize is 6, above maxSize 5; swap them."),
        ({"desiredCapacity": 6}, "g.desiredCapacity must be a whole number from 0 to 5, not 6."),
        ({"minSize": 2, "desiredCapacity": 1}, "g.desiredCapacity must be a whole number from 2 to 5, not 1."),
        ({"launchSeconds": 0}, "g.launchSeconds must be a whole number from 1 to 3600, not 0."),
        ({"launchSeconds": 3601}, "g.launchSeconds must be a whole number from 1 to 3600, not 3601."),
        ({"instanceTypes": []}, "g.instanceTypes is an empty list; name at least one instance type."),
        (
            {"instanceTypes": ["x9.big"]},
            'g.instanceTypes[0] is "x9.big", a type whose size is not known; give its cpu and memory.',
        ),
        ({"availabilityZones": ["a", "a"]}, "g.availabilityZones must name each zone once, and at least one."),
        ({"availabilityZones": []}, "g.availabilityZones must name each zone once, and at least one."),
        ({"availabilityZones": list("abcdefg")}, "g.availabilityZones has 7 entries, and at most 6 are taken."),
        ({"spot": 1}, "g.spot must be true or false, not 1."),
        ({"size": 1}, "There is no field “g.size”;"),
    ],
)
def test_bad_groups(more: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError) as error:
        group(**more)
    assert str(error.value).startswith(sentence)


def test_protection_needs_the_group_s_own() -> None:
    document = {"maxSize": 5, "newInstancesProtectedFromScaleIn": False}
    with pytest.raises(InputError) as error:
        read_group(document, "g", protection=True)
    assert str(error.value) == (
        "managedTerminationProtection is ENABLED, and g.newInstancesProtectedFromScaleIn is false: it needs scale-in "
        "protection on the group and its instances; set it to true."
    )
    assert read_group(document, "g", protection=False)[2] == 5
    assert read_group({"maxSize": 5}, "g", protection=True)[2] == 5


# The cluster's providers, and where a service may move


def put(providers: Any, strategy: Any = (), **more: Any) -> dict[str, Any]:
    call = {"capacityProviders": providers, "defaultCapacityProviderStrategy": strategy}
    return {"putClusterCapacityProviders": call, "clusterCapacityProviders": ["FARGATE", "A"], **more}


def test_the_call_replaces_the_whole_list() -> None:
    assert ask(put(["A", "B"], [A1], inUse=["A"])) == {
        "capacityProviders": ["A", "B"],
        "added": ["B"],
        "removed": ["FARGATE"],
        "reason": "The call replaces the whole list: what it does not repeat is disassociated.",
    }
    assert ask(put([]))["removed"] == ["FARGATE", "A"]
    said, where = refusal(put(["B"], inUse=["A"]))
    assert said == (
        "putClusterCapacityProviders.capacityProviders leaves out A, which is in use: the call replaces the whole "
        "list, "
        "so repeat A."
    )
    assert where == "putClusterCapacityProviders.capacityProviders"
    assert refusal(put(["B"], [A1]))[0].startswith("The capacity provider A is not associated with the cluster")
    for name in ("capacityProviders", "defaultCapacityProviderStrategy"):
        document = put(["A"])
        document["putClusterCapacityProviders"][name] = None
        path = f"putClusterCapacityProviders.{name}"
        assert refusal(document) == (f"{path} is missing, and it must be given; an empty list will do.", path)


ON_A = {"capacityProviderStrategy": [A1]}


def move(current: Any, call: Any, **more: Any) -> dict[str, Any]:
    return {"updateService": call, "current": current, **more}


def test_where_a_service_may_move() -> None:
    to_b = {"capacityProviderStrategy": [{**A1, "capacityProvider": "B"}, SPOT | {"capacityProvider": "C"}]}
    answer = ask(move(ON_A, to_b))
    assert answer == {
        "allowed": True,
        "from": "capacity provider",
        "to": "B, C",
        "tasksMove": False,
        "reason": "Any move to a capacity provider is allowed; existing tasks move only with a new deployment.",
        "fix": "Set forceNewDeployment to true, and the running tasks move too.",
    }
    moved = ask(move({"launchType": "EC2"}, {**to_b, "forceNewDeployment": True}))
    assert (moved["from"], moved["tasksMove"], "fix" in moved) == ("launch type", True, False)
    back = ask(move(ON_A, {"capacityProviderStrategy": []}, originalLaunchType="EC2"))
    assert back["to"] == "launch type EC2"


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (
            move(ON_A, {"launchType": "EC2"}),
            (
                "UpdateService changes no launch type: go to a capacity provider, or, back from one to the "
                "service's original "
                "launch type, pass an empty capacityProviderStrategy."
            ),
        ),
        (
            move(ON_A, {"capacityProviderStrategy": []}),
            (
                "updateService.capacityProviderStrategy is an empty list, which takes a service back to its "
                "original launch "
                "type, and it was made with providers; name a provider."
            ),
        ),
        (
            move({"launchType": "EC2"}, {"capacityProviderStrategy": []}, originalLaunchType="EC2"),
            (
                "updateService.capacityProviderStrategy is an empty list, which takes a service back to its "
                "original launch "
                "type, and it has no provider; name a provider."
            ),
        ),
        (move(ON_A, {}), "updateService has no capacityProviderStrategy; give one, or [] to go back."),
        (move({}, ON_A), "current must have one of launchType and capacityProviderStrategy."),
        (
            move({**ON_A, "launchType": "EC2"}, ON_A),
            "current must have one of launchType and capacityProviderStrategy.",
        ),
        (move({"launchType": "X"}, ON_A), 'current.launchType must be EC2, FARGATE or EXTERNAL, not "X".'),
        (move(None, ON_A), "current must be an object with named fields, not null."),
        (move(ON_A, ON_A, originalLaunchType="X"), 'originalLaunchType must be EC2, FARGATE or EXTERNAL, not "X".'),
        (
            move(ON_A, {**ON_A, "forceNewDeployment": 1}),
            "updateService.forceNewDeployment must be true or false, not 1.",
        ),
        (move(ON_A, ON_A, clusterCapacityProviders=["B"]), "The capacity provider A is not associated"),
    ],
)
def test_where_it_may_not(document: Any, sentence: str) -> None:
    assert refusal(document)[0].startswith(sentence)


def test_rules_are_read_and_written() -> None:
    assert rules_to_dict(RULES) == {}
    changed = CapacityRules(first_instances=1, spot_missing=SpotMissing.FALLBACK, warm_up_blocks=False)
    written = rules_to_dict(changed)
    assert written == {"first_instances": 1, "spot_missing": "fallback", "warm_up_blocks": False}
    assert rules_from_dict(written) == changed
    for bad in ({"first_instances": -1}, {"first_instances": 10_001}, {"groups": "most"}, {"nothing": 1}):
        with pytest.raises(InputError):
            rules_from_dict(bad)
    assert rules_from_dict({"first_instances": 10_000, "spot_notice": 0}).first_instances == 10_000
