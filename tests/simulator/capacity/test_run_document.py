"""The document of a run: what is read, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.capacity import MECHANISM, RULES, simulate
from simulator.capacity.plan import Act, Home
from simulator.capacity.run_document import read_plan
from simulator.capacity.scheduler import bounds
from simulator.capacity.state import Box, Kind, Status
from simulator.capacity.subjects import capacity_answer
from simulator.capacity.timed import first_state
from simulator.errors import InputError
from simulator.trace import first_difference, fork, from_json, state_at, to_json
from tests.simulator.capacity.story import SMALL, TYPES, document, fargate


def refusal(scenario: Any) -> tuple[str, str]:
    with pytest.raises(InputError) as error:
        simulate(scenario)
    return str(error.value), error.value.path


def test_what_is_left_out() -> None:
    plan = read_plan({"services": [{"taskDefinition": SMALL}], "autoScalingGroup": {"maxSize": 3}}, RULES)
    (work,) = plan.works
    assert (work.name, work.group, work.home, work.standalone, work.daemon) == (
        "web", "service:web", Home.GROUP, False, False,
    )  # fmt: skip
    assert (work.minimum, work.maximum, work.start, work.stop, work.items) == (100, 200, 30, 5, ())
    assert plan.acts == (Act(at=0, kind="desired", work=0, count=1),)
    assert (plan.seconds, plan.provider, plan.draining) == (3600, "asg", True)
    assert (plan.settings.least, plan.settings.most, plan.settings.target, plan.settings.warm_up) == (0, 3, 100, 300)
    assert (plan.settings.enabled, plan.settings.protection) == (True, False)


def test_acts_are_in_the_order_of_time() -> None:
    scenario = document([[0, 1], [9, 2]], minutes=10)
    scenario |= {
        "runTasks": [{"minute": 4, "taskDefinition": SMALL, "count": 3, "runSeconds": 7}],
        "spotCapacity": [[0, 5], [6, 1]],
        "interruptions": [{"minute": 2, "count": 3}],
    }
    plan = read_plan(scenario, RULES)
    assert [(act.at, act.kind, act.work, act.count, act.provider) for act in plan.acts] == [
        (0, "desired", 0, 1, ""),
        (0, "spot", 0, 5, ""),
        (120, "interrupt", 0, 3, "FARGATE_SPOT"),
        (240, "run", 1, 3, ""),
        (360, "spot", 0, 1, ""),
        (540, "desired", 0, 2, ""),
    ]
    assert plan.works[1].runs == 7
    assert plan.works[1].standalone
    assert (plan.works[1].name, plan.works[1].group) == ("web", "family:web")


def test_the_stop_timeout_bounds_the_stop() -> None:
    def stop(home: Any, seconds: int, *timeouts: int) -> int:
        containers = [{"name": f"c{i}", "memory": 9, "stopTimeout": one} for i, one in enumerate(timeouts)]
        task = {"family": "web", "cpu": "256", "memory": "512", "containerDefinitions": containers}
        service = {"stopSeconds": seconds, "taskDefinition": task}
        return read_plan(document(1, service={**service, **home}), RULES).works[0].stop

    assert [stop({}, 100), stop({}, 20), stop({}, 100, 50, 70), stop({}, 5, 0)] == [30, 20, 70, 0]
    on_fargate = {"launchType": "FARGATE", "placementStrategy": None}
    assert [stop(on_fargate, 300, 120), stop(on_fargate, 300, 2)] == [120, 2]
    for bad in (1, 121):
        with pytest.raises(InputError, match="stopTimeout must be a whole number from 2 to 120"):
            stop(on_fargate, 10, bad)


def test_the_bounds_of_a_service() -> None:
    percents = {"deploymentConfiguration": {"minimumHealthyPercent": 50, "maximumPercent": 150}}
    trace = simulate(document(5, least=2, minutes=2, service=percents))
    assert bounds(state_at(trace, 1), 0) == (3, 7)
    assert bounds(state_at(trace, 0), 0) == (0, 0)


@pytest.mark.parametrize(
    ("scenario", "sentence"),
    [
        ({"autoScalingGroup": {"maxSize": 1}}, "The run has no task; give services or runTasks."),
        (
            {"services": [{}]},
            "services[0] runs on instances, and there is no autoScalingGroup; give one, or a strategy",
        ),
        ({"services": [{"launchType": "EC2"}]}, "services[0] runs on instances, and there is no autoScalingGroup;"),
        (
            {"services": [{"launchType": "FARGATE"}], "minutes": 0},
            "minutes must be a whole number from 1 to 4320, not 0.",
        ),
        (fargate(1, minutes=4321), "minutes must be a whole number from 1 to 4320, not 4321."),
        (fargate(-1), "services[0].desiredCount must be a whole number from 0 to 5000, not -1."),
        (fargate([[1, 2]]), "services[0].desiredCount must begin at minute 0 and go forward in time."),
        (fargate([]), "services[0].desiredCount must begin at minute 0 and go forward in time."),
        (fargate([[0, 1], [5, 2], [5, 3]]), "services[0].desiredCount must begin at minute 0 and go forward in time."),
        (fargate([[0]]), "services[0].desiredCount[0] must be a pair of a minute and a number, such as [10, 4]."),
        (fargate([[0, 5001]]), "services[0].desiredCount[0][1] must be a whole number from 0 to 5000, not 5001."),
        (
            fargate([[0, 1], [4321, 1]]),
            "services[0].desiredCount[1][0] must be a whole number from 0 to 4320, not 4321.",
        ),
        (fargate(1, spotCapacity=True), "spotCapacity must be a whole number from 0 to 5000, not true."),
        (
            fargate(1, service={"schedulingStrategy": "DAEMON", "desiredCount": None}),
            "services[0] is a DAEMON service, which Fargate does not support; use instances.",
        ),
        (
            fargate(1, service={"placementStrategy": []}),
            "services[0].placementStrategy is given, and Fargate takes none; leave it out.",
        ),
        (
            fargate(1, service={"placementConstraints": []}),
            "services[0].placementConstraints is given, and Fargate takes none; leave it out.",
        ),
        (
            fargate(1, service={"launchType": "FARGATE"}),
            "services[0] has launchType and capacityProviderStrategy, and they exclude each other; keep one.",
        ),
        (
            fargate(1, service={"capacityProviderStrategy": None, "launchType": "EXTERNAL"}),
            'services[0].launchType must be EC2 or FARGATE, not "EXTERNAL".',
        ),
        (
            fargate(1, service={"capacityProviderStrategy": [{"capacityProvider": "asg", "weight": 1}]}),
            "The capacity provider asg is not associated with the cluster, which has FARGATE, FARGATE_SPOT;",
        ),
        (
            document(1, service={"schedulingStrategy": "DAEMON", "placementStrategy": None}),
            "services[0] is a DAEMON service, which has no desiredCount; leave it out.",
        ),
        (
            document(1, service={"startSeconds": 3601}),
            "services[0].startSeconds must be a whole number from 0 to 3600, not 3601.",
        ),
        (
            document(1, service={"stopSeconds": -1}),
            "services[0].stopSeconds must be a whole number from 0 to 3600, not -1.",
        ),
        (document(1, service={"taskDefinition": None}), "There is no services[0].taskDefinition;"),
        (
            document(1, service={"deploymentConfiguration": {"minimumHealthyPercent": 101}}),
            "services[0].deploymentConfiguration.minimumHealthyPercent must be a whole number from 0 to 100, not 101.",
        ),
        (
            document(1, service={"deploymentConfiguration": {"maximumPercent": 99}}),
            "services[0].deploymentConfiguration.maximumPercent must be a whole number from 100 to 1000, not 99.",
        ),
        (document(1, service={"name": "web"}), "There is no field “services[0].name”;"),
        (
            document(1, capacityProvider={"name": "FARGATE"}),
            "capacityProvider.name is FARGATE, which AWS made already; name the group's own.",
        ),
        (document(1, capacityProvider={"name": "aws-1"}), "capacityProvider.name is “aws-1”, and the name"),
        (
            document(1, capacityProvider={"managedDraining": "ON"}),
            'capacityProvider.managedDraining must be ENABLED or DISABLED, not "ON".',
        ),
        (
            document(
                1,
                capacityProvider={"managedScaling": {"status": "DISABLED"}, "managedTerminationProtection": "ENABLED"},
            ),
            "capacityProvider.managedTerminationProtection is ENABLED, and it needs managed scaling;",
        ),
        (
            document(1, capacityProvider={"managedScaling": {"minSize": 1}}),
            "There is no field “capacityProvider.managedScaling.minSize”;",
        ),
        (
            document(1, interruptions=[{"capacityProvider": "asg"}]),
            (
                'interruptions[0].capacityProvider is "asg", and only Spot capacity is interrupted: FARGATE_SPOT, or a '
                "group with spot: true."
            ),
        ),
        (
            document(1, interruptions=[{"capacityProvider": "FARGATE"}]),
            'interruptions[0].capacityProvider is "FARGATE", and only Spot',
        ),
        (
            document(1, interruptions=[{"count": 0}]),
            "interruptions[0].count must be a whole number from 1 to 5000, not 0.",
        ),
        (document(1, interruptions=[{"at": 0}]), "There is no field “interruptions[0].at”;"),
        (
            document(401, most=1000),
            "401 tasks on up to 1000 instances are more than a run takes: their product may be 400000.",
        ),
        (
            {**document(1), "runTasks": [{"taskDefinition": SMALL, "runSeconds": 0}]},
            "runTasks[0].runSeconds must be a whole number from 1 to 259200, not 0.",
        ),
        (
            {**document(1), "runTasks": [{"taskDefinition": SMALL, "count": 0}]},
            "runTasks[0].count must be a whole number from 1 to 5000, not 0.",
        ),
        (
            {**document(1), "runTasks": [{"taskDefinition": SMALL, "minute": 4321}]},
            "runTasks[0].minute must be a whole number from 0 to 4320, not 4321.",
        ),
        (
            {**document(1), "runTasks": [{"taskDefinition": SMALL, "desiredCount": 1}]},
            "There is no field “runTasks[0].desiredCount”;",
        ),
        (
            {**document(1), "services": document(1)["services"] * 2},
            "services[1].serviceName is “web” again; give each its own.",
        ),
        (
            {**document(1), "services": document(1)["services"] * 11},
            "services has 11 entries, and at most 10 are taken.",
        ),
        ({**document(1), "service": 1}, "There is no field “service”; did you mean “services”?"),
        (
            document(1, changes=[{"at": 1}]),
            (
                "changes[0] must have exactly one of desiredCount, minSize, maxSize, targetCapacity, spotCapacity, "
                "interrupt."
            ),
        ),
        (document(1, changes=[{"at": 1, "minSize": 1, "maxSize": 1}]), "changes[0] must have exactly one of"),
        (document(1, changes=[{"minSize": 1}]), "changes[0].at must be a whole number from 0 to 1000000, not null."),
        (
            document(1, changes=[{"at": 1, "minSize": 21}]),
            "changes[0].minSize must be a whole number from 0 to 20, not 21.",
        ),
        (
            document(1, changes=[{"at": 1, "minSize": 5}, {"at": 2, "maxSize": 4}]),
            "changes[1].maxSize must be a whole number from 5 to 1000, not 4.",
        ),
        (
            document(1, changes=[{"at": 1, "maxSize": 1001}]),
            "changes[0].maxSize must be a whole number from 0 to 1000, not 1001.",
        ),
        (
            document(500, changes=[{"at": 1, "maxSize": 801}]),
            "500 tasks on up to 801 instances are more than a run takes",
        ),
        (
            document(1, changes=[{"at": 1, "desiredCount": 5001}]),
            "changes[0].desiredCount must be a whole number from 0 to 5000, not 5001.",
        ),
        (
            document(1, most=100, changes=[{"at": 1, "desiredCount": 4001}]),
            "4001 tasks on up to 100 instances are more",
        ),
        (
            document(1, changes=[{"at": 1, "desiredCount": 2, "serviceName": "api"}]),
            "changes[0].serviceName must name one service with a desired count; there is web.",
        ),
        (
            document(1, changes=[{"at": 1, "minSize": 2, "serviceName": "web"}]),
            "changes[0] has a serviceName, and minSize concerns no service.",
        ),
        (
            document(1, changes=[{"at": 1, "targetCapacity": 0}]),
            "changes[0].targetCapacity must be a whole number from 1 to 100, not 0.",
        ),
        (
            document(1, changes=[{"at": 1, "spotCapacity": -1}]),
            "changes[0].spotCapacity must be a whole number from 0 to 5000, not -1.",
        ),
        (
            document(1, changes=[{"at": 1, "interrupt": {"minute": 1}}]),
            "There is no field “changes[0].interrupt.minute”;",
        ),
        (
            document(1, changes=[{"at": 1, "interrupt": {"capacityProvider": "asg"}}]),
            'changes[0].interrupt.capacityProvider is "asg", and only Spot',
        ),
        (
            fargate(1, changes=[{"at": 1, "minSize": 0}]),
            "changes[0].minSize is of an Auto Scaling group, and the run has none.",
        ),
    ],
)
def test_what_is_refused(scenario: Any, sentence: str) -> None:
    assert refusal(scenario)[0].startswith(sentence)


def test_sizes_at_their_bounds_are_taken() -> None:
    assert len(simulate(document(400, most=1000, minutes=1)))
    changes = [{"at": 1, "minSize": 0}, {"at": 2, "maxSize": 0}, {"at": 3, "maxSize": 9}, {"at": 4, "minSize": 9}]
    trace = simulate(document(1, least=1, minutes=2, changes=changes))
    assert state_at(trace, len(trace)).size == 9


def test_a_change_names_its_service_where_there_are_two() -> None:
    scenario = document(1, least=1, minutes=2)
    scenario["services"].append({**scenario["services"][0], "serviceName": "api"})
    changed = {**scenario, "changes": [{"at": 4, "desiredCount": 2, "serviceName": "api"}]}
    trace = simulate(changed)
    assert dict(state_at(trace, len(trace)).desired) == {0: 1, 1: 2}
    said, where = refusal({**scenario, "changes": [{"at": 4, "desiredCount": 2}]})
    assert said == "changes[0].serviceName must name one service with a desired count; there is web, api."
    assert where == "changes[0].serviceName"


CURVE = st.lists(st.integers(0, 40), min_size=1, max_size=4).map(
    lambda counts: [[9 * i, count] for i, count in enumerate(counts)]
)
CHANGE = st.one_of(
    st.fixed_dictionaries({"desiredCount": st.integers(0, 30)}),
    st.fixed_dictionaries({"maxSize": st.integers(4, 12)}),
    st.fixed_dictionaries({"targetCapacity": st.integers(30, 100)}),
    st.fixed_dictionaries({"interrupt": st.fixed_dictionaries({"capacityProvider": st.just("asg")})}),
)
SCENARIO = st.builds(
    lambda curve, size, target, protection, draining, least, runs, minimum: {
        **document(
            curve,
            least=0,
            most=12,
            size=size,
            minutes=50,
            group={"spot": True, "availabilityZones": ["a", "b"]},
            service={"deploymentConfiguration": {"minimumHealthyPercent": minimum, "maximumPercent": 100 + minimum}},
            capacityProvider={
                "managedScaling": {"targetCapacity": target, "minimumScalingStepSize": least},
                "managedTerminationProtection": protection,
                "managedDraining": draining,
            },
        ),
        "runTasks": [{"minute": 3, "count": runs, "taskDefinition": SMALL, "runSeconds": 900}],
    },
    CURVE,
    st.integers(0, 6),
    st.integers(40, 100),
    st.sampled_from(["ENABLED", "DISABLED"]),
    st.sampled_from(["ENABLED", "DISABLED"]),
    st.integers(1, 4),
    st.integers(1, 6),
    st.sampled_from([0, 50, 100]),
)


@settings(max_examples=25, deadline=None)
@given(scenario=SCENARIO, change=CHANGE, at=st.integers(0, 30))
def test_no_task_is_lost_and_no_bound_broken(scenario: Any, change: Any, at: int) -> None:
    whole = simulate(scenario)
    assert to_json(whole) == to_json(simulate(json.loads(json.dumps(scenario))))
    trace = fork(whole, min(at, len(whole)), change)
    parted = first_difference(whole, trace)
    assert parted is None or parted >= min(at, len(whole))
    for k in range(len(trace) + 1):
        state = state_at(trace, k)
        assert state.created == len(state.tasks) + sum(state.stopped.values())
        assert 0 <= state.size <= max(12, state.settings.most or 0)
        assert sum(task.status is Status.PROVISIONING for task in state.tasks.values()) <= 500
        for instance in state.cluster.instances:
            assert instance.remaining is not None
            assert instance.remaining.cpu >= 0
            assert instance.remaining.memory >= 0
            there = [task for task in state.tasks.values() if task.instance == instance.id]
            live = [task for task in there if task.status is not Status.STOPPING]
            assert instance.remaining.memory == 3768 - 1024 * len(live)
        for task in state.tasks.values():
            placed = task.instance in {one.id for one in state.cluster.instances}
            assert placed == (task.status is not Status.PROVISIONING)
        assert {name for name, one in state.machines.items() if one.status is not Box.LAUNCHING} == {
            one.id for one in state.cluster.instances
        }
    assert from_json(to_json(trace), MECHANISM) == trace
    json.dumps(capacity_answer(trace.scenario), allow_nan=False)


def test_the_first_state_and_the_kinds() -> None:
    plan = read_plan(document(1, size=2, group={"instanceTypes": TYPES, "availabilityZones": ["a", "b"]}), RULES)
    state = first_state(plan, RULES)
    assert [machine.zone for machine in state.machines.values()] == ["a", "b"]
    assert {machine.launched for machine in state.machines.values()} == {-86_400}
    assert (state.size, state.launched, state.tasks, state.in_service) == (2, 2, {}, 2)
    assert len(set(Kind)) == 20
