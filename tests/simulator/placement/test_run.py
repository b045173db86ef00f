"""Runs as traces: invariants over random scenarios, forks, changes, scale-in and rebalancing, JSON both ways."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import trace as traces
from simulator.model import Cluster
from simulator.placement import MECHANISM, Decision, simulate
from simulator.placement.rebalance import zone_counts
from simulator.placement.rules import RULES, rules_from_dict
from simulator.placement.scenario import read_scenario
from simulator.subjects import answer
from tests.simulator.placement.test_rules import CASES as BELIEFS

STRATEGIES: list[list[dict[str, str]]] = [
    [],
    [{"type": "random"}],
    [{"type": "spread", "field": "attribute:ecs.availability-zone"}],
    [{"type": "spread", "field": "instanceId"}],
    [{"type": "binpack", "field": "cpu"}],
    [{"type": "binpack", "field": "memory"}],
    [{"type": "spread", "field": "attribute:ecs.availability-zone"}, {"type": "binpack", "field": "memory"}],
    [{"type": "spread", "field": "attribute:rack"}, {"type": "spread", "field": "instanceId"}],
]
TASK: dict[str, Any] = {
    "family": "web",
    "containerDefinitions": [{"name": "w", "image": "w", "cpu": 200, "memory": 600}],
}
CONSTRAINTS: list[list[dict[str, str]]] = [
    [],
    [{"type": "distinctInstance"}],
    [{"type": "memberOf", "expression": "attribute:rack == r1 or attribute:ecs.availability-zone == a"}],
]


@st.composite
def instances(draw: st.DrawFn) -> list[dict[str, Any]]:
    size = draw(st.integers(1, 6))
    return [
        {
            "ec2InstanceId": f"i{n}",
            "instanceType": draw(st.sampled_from(["m5.large", "c5.large", "t3.small"])),
            "availabilityZone": draw(st.sampled_from("abc")),
            "remaining": {"cpu": draw(st.integers(0, 2048)), "memory": draw(st.integers(0, 4096))},
            "status": draw(st.sampled_from(["ACTIVE", "ACTIVE", "ACTIVE", "DRAINING"])),
            "agentConnected": draw(st.sampled_from([True, True, True, False])),
            "attributes": draw(st.sampled_from([{}, {"rack": "r1"}, {"rack": "r2"}])),
            "tasks": draw(st.sampled_from([{}, {"service:web": 1}, {"service:other": 2}])),
        }
        for n in range(size)
    ]


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    ports = draw(st.sampled_from([[], [{"containerPort": 80, "hostPort": 8080}], [{"containerPort": 80}]]))
    return {
        "taskDefinition": {
            "family": "web",
            "networkMode": draw(st.sampled_from(["bridge", "bridge", "awsvpc"])) if not ports else "bridge",
            "containerDefinitions": [
                {
                    "name": "web",
                    "image": "web",
                    "cpu": draw(st.integers(0, 700)),
                    "memory": draw(st.integers(1, 900)),
                    "portMappings": ports,
                }
            ],
        },
        "count": draw(st.integers(1, 8)),
        "group": "service:web",
        "schedulingStrategy": "REPLICA",
        "placementStrategy": draw(st.sampled_from(STRATEGIES)),
        "placementConstraints": draw(st.sampled_from(CONSTRAINTS)),
    }


@st.composite
def scenarios(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "instances": draw(instances()),
        "requests": [draw(requests()) for _ in range(draw(st.integers(1, 2)))],
        "seed": draw(st.integers(0, 9)),
    }


@settings(max_examples=60, deadline=None)
@given(scenarios())
def test_invariants_of_a_run(scenario: dict[str, Any]) -> None:
    trace = simulate(scenario)
    for k, event in enumerate(trace.events):
        decision = traces.explain(trace, k)
        assert isinstance(decision, Decision)
        # Strategies never block: a task is placed as soon as one instance passes every filter.
        assert (event.kind == "placed") is any(verdict.fits for verdict in decision.verdicts)
        if event.kind == "placed":
            assert decision.chosen == event.instance
            assert decision.verdict(event.instance or "").fits
    for instance in traces.state_at(trace, len(trace)).instances:
        assert instance.remaining is not None
        assert min(instance.remaining.cpu, instance.remaining.memory) >= 0
        assert instance.enis is None or instance.enis >= 0


@settings(max_examples=40, deadline=None)
@given(scenarios())
def test_equal_scenarios_give_equal_bytes_and_json_goes_both_ways(scenario: dict[str, Any]) -> None:
    trace = simulate(scenario)
    text = traces.to_json(trace)
    assert text == traces.to_json(simulate(json.loads(json.dumps(scenario))))
    again = traces.from_json(text, MECHANISM)
    assert again.events == trace.events
    assert traces.to_json(again) == text


CHANGES = st.sampled_from(
    [
        {"instance": "i0", "status": "DRAINING"},
        {"instance": "i0", "agentConnected": False},
        {"terminate": "i0"},
        {"placementStrategy": [{"type": "binpack", "field": "cpu"}]},
        {"placementConstraints": [{"type": "distinctInstance"}]},
    ]
)


@settings(max_examples=60, deadline=None)
@given(scenarios(), CHANGES, st.data())
def test_a_fork_keeps_everything_before_it(
    scenario: dict[str, Any], change: dict[str, Any], data: st.DataObject
) -> None:
    trace = simulate(scenario)
    k = data.draw(st.integers(0, len(trace)))
    forked = traces.fork(trace, k, change)
    assert forked.events[:k] == trace.events[:k]
    assert forked.events[k].kind == "changed"
    assert traces.first_difference(trace, forked) == k
    assert traces.from_json(traces.to_json(forked), MECHANISM).events == forked.events
    assert [traces.explain(forked, j) is None for j in range(k, len(forked))].count(True) == 1


@settings(max_examples=40, deadline=None)
@given(instances(), requests())
def test_identical_fleets_take_as_many_tasks_under_every_strategy(
    hosts: list[dict[str, Any]], asked: dict[str, Any]
) -> None:
    same = [{**hosts[0], "ec2InstanceId": f"i{n}", "availabilityZone": "abc"[n % 3]} for n in range(len(hosts))]
    document = {"instances": same, **asked, "placementConstraints": []}
    placed = {len(answer("placement", {**document, "placementStrategy": chain})["placements"]) for chain in STRATEGIES}
    assert len(placed) == 1


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 5), st.integers(0, 20), st.sampled_from(["instanceId", "host", "attribute:ecs.availability-zone"])
)
def test_spread_over_roomy_buckets_stays_even(size: int, count: int, field: str) -> None:
    hosts = [
        {"ec2InstanceId": f"i{n}", "availabilityZone": f"z{n}", "remaining": {"cpu": 99999, "memory": 99999}}
        for n in range(size)
    ]
    document = {
        "instances": hosts,
        "taskDefinition": {"memory": 64},
        "count": count,
        "schedulingStrategy": "REPLICA",
        "placementStrategy": [{"type": "spread", "field": field}],
    }
    counts = Counter(placement["ec2InstanceId"] for placement in answer("placement", document)["placements"])
    numbers = [counts[f"i{n}"] for n in range(size)]
    assert sum(numbers) == count
    assert max(numbers) - min(numbers) <= 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(64, 3000), min_size=1, max_size=8))
def test_binpack_opens_no_empty_instance_while_another_fits(memories: list[int]) -> None:
    requests_ = [
        {"taskDefinition": {"memory": memory}, "placementStrategy": [{"type": "binpack", "field": "memory"}]}
        for memory in memories
    ]
    hosts = [{"ec2InstanceId": f"i{n}", "instanceType": "m4.large"} for n in range(8)]
    trace = simulate({"instances": hosts, "requests": requests_})
    for k, event in enumerate(trace.events):
        before = traces.state_at(trace, k)
        used = [i for i in before.instances if i.tasks and i.remaining and i.remaining.memory >= memories[k]]
        target = next(i for i in before.instances if i.id == event.instance)
        assert bool(target.tasks) is bool(used)


def test_another_task_does_not_reshuffle_the_earlier_ones() -> None:
    hosts = [{"ec2InstanceId": f"i{n}", "instanceType": "m5.2xlarge"} for n in range(9)]
    document = {"instances": hosts, "taskDefinition": {"memory": 64}, "count": 12, "seed": 5}
    few = answer("placement", document)["placements"]
    many = answer("placement", {**document, "count": 30})["placements"]
    assert many[:12] == few
    assert answer("placement", {**document, "seed": 6})["placements"] != few


def _service(*more: dict[str, Any], count: int = 6) -> dict[str, Any]:
    hosts = [
        {"ec2InstanceId": f"{zone}1", "availabilityZone": zone, "instanceType": "m5.xlarge"} for zone in ("a", "b", "c")
    ]
    first = {
        "taskDefinition": {"family": "web", "memory": 512},
        "count": count,
        "group": "service:web",
        "schedulingStrategy": "REPLICA",
    }
    return {"instances": hosts, "requests": [first, *more]}


def test_scale_in_frees_what_the_task_took() -> None:
    trace = simulate(_service({"scaleIn": {"group": "service:web", "count": 6}}))
    assert [event.kind for event in trace.events] == ["placed"] * 6 + ["stopped"] * 6
    assert traces.state_at(trace, 12) == traces.state_at(trace, 0)
    stop = traces.explain(trace, 6)
    assert stop.chosen == trace.events[6].stopped
    assert len(stop.tied) == 6


def test_a_terminated_instance_takes_its_tasks_along() -> None:
    trace = simulate({**_service(), "changes": [{"at": 3, "terminate": "a1"}]})
    last = traces.state_at(trace, len(trace))
    assert [instance.id for instance in last.instances] == ["b1", "c1"]
    assert Counter(task.instance for task in last.tasks) == {"b1": 3, "c1": 2}
    assert trace.events[3].kind == "changed"


def test_a_change_past_the_end_never_acts() -> None:
    assert simulate({**_service(), "changes": [{"at": 99, "terminate": "a1"}]}).events == simulate(_service()).events


def test_changed_strategies_count_from_there_on() -> None:
    packed = [{"type": "binpack", "field": "memory"}]
    trace = simulate({**_service(), "changes": [{"at": 3, "placementStrategy": packed}]})
    assert [event.instance for event in trace.events] == ["a1", "b1", "c1", None, "a1", "a1", "a1"]
    assert traces.explain(trace, 4).strategies[0].type == "binpack"
    assert traces.explain(trace, 2).strategies[0].type == "spread"


def test_changed_constraints_stay_when_something_else_changes() -> None:
    trace = simulate(
        {
            **_service(count=5),
            "changes": [
                {"at": 1, "placementConstraints": [{"type": "distinctInstance"}]},
                {"at": 3, "instance": "c1", "status": "DRAINING"},
            ],
        }
    )
    assert [event.instance for event in trace.events if event.kind == "placed"] == ["a1", "b1"]
    assert [event.kind for event in trace.events] == ["placed", "changed", "placed", "changed", *["refused"] * 3]
    refused = traces.explain(trace, 4)
    assert refused.reasons["a1"] == ["DistinctInstance placement constraint unsatisfied."]
    assert traces.explain(trace, 0).verdict("a1").fits


def test_a_group_shrinks_by_its_own_strategies() -> None:
    packed = {
        "taskDefinition": {"family": "api", "memory": 512},
        "count": 3,
        "group": "service:api",
        "schedulingStrategy": "REPLICA",
        "placementStrategy": [{"type": "binpack", "field": "memory"}],
    }
    spread = {**packed, "group": "service:web", "placementStrategy": [{"type": "spread", "field": "instanceId"}]}
    shrinks = [{"scaleIn": {"group": "service:api", "count": 1}}, {"scaleIn": {"group": "service:web", "count": 1}}]
    trace = simulate({"instances": _service()["instances"], "requests": [packed, spread, *shrinks]})
    chains = [[strategy.type for strategy in traces.explain(trace, k).strategies] for k in (6, 7)]
    assert chains == [["binpack"], ["spread"]]


def test_rebalancing_moves_start_before_they_stop() -> None:
    scenario = _service({"rebalance": {"group": "service:web", "desiredCount": 6}})
    scenario["changes"] = [
        {"at": 0, "instance": "a1", "status": "DRAINING"},
        {"at": 7, "instance": "a1", "status": "ACTIVE"},
    ]
    trace = simulate(scenario)
    assert zone_counts(traces.state_at(trace, 7), "service:web") == {"b": 3, "c": 3}
    assert [event.kind for event in trace.events[8:]] == ["moved-start", "moved-stop"] * 2
    running = [len(traces.state_at(trace, k).tasks) for k in range(7, len(trace) + 1)]
    assert min(running) == 6
    assert zone_counts(traces.state_at(trace, len(trace)), "service:web") == {"a": 2, "b": 2, "c": 2}


def test_an_ineligible_service_is_not_rebalanced() -> None:
    scenario = _service({"rebalance": {"group": "service:web", "desiredCount": 6}})
    scenario["requests"][0]["placementStrategy"] = [{"type": "binpack", "field": "memory"}]
    last = simulate(scenario).events[-1]
    assert last.kind == "refused"
    assert last.note is not None
    assert "The first strategy is not spread" in last.note


def test_a_daemon_that_does_not_fit_is_told_for_its_instance_only() -> None:
    document = {
        "instances": [
            {"ec2InstanceId": "a1", "instanceType": "m5.large"},
            {"ec2InstanceId": "b1", "instanceType": "t3.nano", "remaining": {"memory": 10}},
            {"ec2InstanceId": "c1", "instanceType": "m5.large", "status": "DRAINING"},
        ],
        "taskDefinition": {"memory": 512},
        "schedulingStrategy": "DAEMON",
    }
    assert answer("placement", document) == {
        "placements": [{"task": 1, "ec2InstanceId": "a1"}],
        "failures": [{"task": 2, "reasons": {"b1": ["RESOURCE:MEMORY"]}}],
    }


def test_running_tasks_of_the_group_hold_their_interfaces() -> None:
    document = {
        "instances": [{"ec2InstanceId": "a1", "instanceType": "c5.large", "tasks": {"service:web": 1, "other": 5}}],
        "taskDefinition": {"networkMode": "awsvpc", "memory": 64},
        "group": "service:web",
        "count": 3,
        "schedulingStrategy": "REPLICA",
    }
    given_ = answer("placement", document)
    assert len(given_["placements"]) == 1
    assert given_["failures"][0]["reasons"] == {"a1": ["RESOURCE:ENI"]}


def test_the_first_state_has_the_running_tasks() -> None:
    document = {
        "instances": [{"ec2InstanceId": "a1", "instanceType": "m5.large", "tasks": {"service:web": 1, "x": 1}}],
        "taskDefinition": {"memory": 64},
        "group": "service:web",
        "schedulingStrategy": "REPLICA",
    }
    cluster: Cluster = read_scenario(document, RULES).cluster
    assert [(task.group, task.memory, task.sized, task.number) for task in cluster.tasks] == [
        ("service:web", 64, True, 0),
        ("x", 0, False, 0),
    ]


def test_an_edited_run_is_refused() -> None:
    text = traces.to_json(simulate(_service())).replace('"instance":"a1"', '"instance":"b1"', 1)
    with pytest.raises(ValueError, match="do not follow from the scenario"):
        traces.from_json(text, MECHANISM)


LARGE: list[dict[str, Any]] = [
    {
        "ec2InstanceId": f"i{n * 61 % 110:03}",
        "instanceType": "m5.large",
        "availabilityZone": "abc"[n % 3],
        "remaining": {"cpu": n * 37 % 2048, "memory": n * 91 % 1500},
        "attributes": {"rack": f"r{n % 7}"},
        "tasks": {"service:web": n % 4} if n % 4 else {},
        "status": "DRAINING" if n % 11 == 0 else "ACTIVE",
    }
    for n in range(110)
]


@pytest.mark.parametrize("chain", STRATEGIES)
def test_a_large_cluster_goes_the_fast_way_to_the_same_places(chain: list[dict[str, str]]) -> None:
    document = {"instances": LARGE, "taskDefinition": TASK, "count": 60, "placementStrategy": chain}
    trace = simulate({**document, "group": "service:web", "schedulingStrategy": "REPLICA"})
    assert [event.instance for event in trace.events] == [traces.explain(trace, k).chosen for k in range(len(trace))]


@pytest.mark.parametrize(("rule", "value"), sorted({(rule, value) for rule, value, *_ in BELIEFS}))
@pytest.mark.parametrize(
    ("chain", "constraints"), [([], [{"type": "distinctInstance"}]), ([{"type": "binpack", "field": "memory"}], [])]
)
def test_so_it_does_under_every_belief(
    rule: str, value: str, chain: list[dict[str, str]], constraints: list[dict[str, str]]
) -> None:
    document = {
        "instances": LARGE,
        "taskDefinition": TASK,
        "count": 12,
        "group": "service:web",
        "schedulingStrategy": "REPLICA",
        "placementStrategy": chain,
        "placementConstraints": constraints,
    }
    trace = simulate(document, rules_from_dict({rule: value}))
    assert [event.instance for event in trace.events] == [traces.explain(trace, k).chosen for k in range(len(trace))]


@pytest.mark.parametrize(
    ("desired", "request_more", "first_host", "note"),
    [
        (
            6,
            {"placementStrategy": [{"type": "binpack", "field": "memory"}]},
            {},
            (
                "Not eligible for Availability Zone rebalancing: The first strategy is not spread on "
                "attribute:ecs.availability-zone."
            ),
        ),
        (7, {}, {}, "6 of 7 tasks run: rebalancing waits for a steady state."),
        (
            6,
            {},
            {"remaining": {"cpu": 4096, "memory": 600}},
            "No move makes the zones more even: the zones with fewer tasks have no instance that fits.",
        ),
    ],
)
def test_a_rebalancing_that_comes_to_nothing_says_why(
    desired: int, request_more: dict[str, Any], first_host: dict[str, Any], note: str
) -> None:
    scenario = _service({"rebalance": {"group": "service:web", "desiredCount": desired}})
    scenario["requests"][0] |= request_more
    scenario["instances"][0] |= first_host
    last = simulate(scenario).events[-1]
    assert (last.kind, last.job, last.group, last.note) == ("refused", 1, "service:web", note)
    assert answer("placement", scenario)["notes"] == [note]


def test_the_steps_tell_the_learner_s_own_changes() -> None:
    scenario = {**_service(count=2), "changes": [{"at": 1, "terminate": "a1"}], "explain": True}
    steps = answer("placement", scenario)["steps"]
    assert [step["kind"] for step in steps] == ["placed", "changed", "placed"]
    assert steps[1] == {"kind": "changed", "sentence": None, "change": {"terminate": "a1"}}


def test_what_could_not_be_checked_is_noted() -> None:
    requirement = {"type": "GPU", "value": "1"}
    container = {"name": "g", "image": "g", "memory": 64, "resourceRequirements": [requirement]}
    task = {"networkMode": "awsvpc", "containerDefinitions": [container]}
    host = {"ec2InstanceId": "a1", "instanceType": "x9.huge", "remaining": {"cpu": 99, "memory": 99}}
    assert answer("placement", {"instances": [host], "taskDefinition": task})["notes"] == [
        "How many network interfaces a1 can attach was not checked: its type “x9.huge” is not known.",
        (
            "Whether a1 has GPUs is not known, its type “x9.huge” being unknown; none was counted, and remaining.gpu "
            "can give them."
        ),
    ]


def test_each_request_is_refused_for_its_own_reasons() -> None:
    requests_ = [
        {"taskDefinition": {"memory": 64, "networkMode": "awsvpc"}, "count": 2, "group": "g"},
        {"taskDefinition": {"memory": 900}, "count": 1, "group": "g"},
    ]
    host = {"ec2InstanceId": "a1", "remaining": {"cpu": 99, "memory": 99}, "missingCapabilities": ["task-eni"]}
    failures = answer("placement", {"instances": [host], "requests": requests_})["failures"]
    assert [failure["reasons"]["a1"] for failure in failures] == [["ATTRIBUTE"]] * 2 + [["RESOURCE:MEMORY"]]


@pytest.mark.parametrize(("count", "scheduling"), [(100, None), (101, "REPLICA"), (0, "REPLICA")])
def test_only_run_task_is_held_to_a_hundred(count: int, scheduling: str | None) -> None:
    document = {
        "instances": LARGE[:1],
        "taskDefinition": {"memory": 1},
        "count": count,
        "schedulingStrategy": scheduling,
    }
    given_ = answer("placement", document)
    assert len(given_["placements"]) + len(given_["failures"]) == count


def test_ten_constraints_are_taken() -> None:
    ten = [{"type": "memberOf", "expression": "agentConnected == true"}] * 10
    document = {"instances": LARGE[1:2], "taskDefinition": {"memory": 64}, "placementConstraints": ten}
    assert answer("placement", document)["placements"] == [{"task": 1, "ec2InstanceId": LARGE[1]["ec2InstanceId"]}]
