"""Why and why not, as it stands on the page."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def page(count: int, step: int, picked: str | None) -> None:
    from simulator.placement import simulate
    from simulator.trace import explain
    from ui import verdict

    task = {"family": "web", "containerDefinitions": [{"name": "c", "image": "i", "cpu": 512, "memory": 1000}]}
    instances = [
        {"ec2InstanceId": "a_1", "instanceType": "m5.large", "availabilityZone": "us-east-1a"},
        {"ec2InstanceId": "b1", "remaining": {"cpu": 512, "memory": 700}, "availabilityZone": "us-east-1b"},
        {"ec2InstanceId": "c1", "remaining": {"cpu": 600, "memory": 1100}, "availabilityZone": "us-east-1a"},
    ]
    strategy = [{"type": "binpack", "field": "memory"}]
    trace = simulate(
        {
            "instances": instances,
            "taskDefinition": task,
            "count": count,
            "group": "service:web",
            "schedulingStrategy": "REPLICA",
            "placementStrategy": strategy,
        }
    )
    verdict.decision(explain(trace, step), picked)


def said(count: int, step: int, picked: str | None) -> str:
    at = AppTest.from_function(page, args=(count, step, picked)).run()
    assert not at.exception
    return "\n".join([*(one.value for one in at.markdown), *(one.value for one in at.code)])


def test_a_refused_instance_says_the_rule_its_numbers_and_the_least_change() -> None:
    text = said(1, 0, "b1")
    assert "is refused" in text
    assert "1000 MiB, 700 MiB are left" in text
    assert "`RESOURCE:MEMORY`" in text
    assert "free 300 more MiB of memory" in text


def test_the_chosen_one_and_the_runner_up_say_their_place() -> None:
    assert "Place 1 of 2" in said(1, 0, "c1")
    text = said(1, 0, "a_1")
    assert "could take it" in text
    assert "Place 2 of 2" in text


def test_a_task_that_fits_nowhere_gets_the_service_event() -> None:
    text = said(9, 8, None)
    assert "was unable to place a task because no container instance met all of its requirements" in text


def test_a_gone_instance_is_asked_for_in_vain() -> None:
    assert "refused" not in said(1, 0, "gone")
