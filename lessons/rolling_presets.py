"""The situations of the lesson on rolling updates: each breaks one belief. Plain documents, in AWS's names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from simulator.deployment import RULES, DeploymentRules
from simulator.deployment.rules import HealthyWhen, PercentOf, Replacement, Rounding
from ui.sandbox import Preset, Scenario

Beside = tuple[str, Mapping[str, Any], DeploymentRules]

QUICK: dict[str, Any] = {
    "healthCheckIntervalSeconds": 10,
    "healthyThresholdCount": 2,
    "deregistrationDelaySeconds": 30,
}
BREAKER: dict[str, Any] = {"enable": True, "rollback": True}
FAILURES: dict[str, Any] = {
    "nothing": None,
    "version 2 never becomes healthy": [{"kind": "never-healthy", "revision": "new"}],
    "version 2 fails to start": [{"kind": "fails-to-start", "revision": "new"}],
    "the 3rd new task crashes": [{"kind": "task-crashes", "nth": 3, "afterSeconds": 20}],
    "an instance dies": [{"kind": "instance-dies", "atSeconds": 30, "tasks": 1}],
}
NEVER_HEALTHY = FAILURES["version 2 never becomes healthy"]


def service(desired: int, minimum: int | None = None, maximum: int | None = None, **more: Any) -> Scenario:
    """A service of which version 2 is deployed; bounds that are left out are AWS's defaults."""
    percent = {"minimumHealthyPercent": minimum, "maximumPercent": maximum}
    configuration = {name: value for name, value in percent.items() if value is not None}
    configuration |= more.pop("configuration", {})
    return {"desiredCount": desired} | ({"deploymentConfiguration": configuration} if configuration else {}) | more


FIRST: tuple[Preset, ...] = (
    Preset(
        id="125",
        title="100 and 125",
        about="Three tasks with a minimum of 100 and a maximum of 125.",
        scenario=service(3, 100, 125),
    ),
    Preset(
        id="134",
        title="100 and 134",
        about="Nine points more, and the upper bound is four: now there is room for one new task at a time.",
        scenario=service(3, 100, 134),
    ),
)

NOTES_50_100 = Preset(
    id="50-100",
    title="4 tasks, 50/100",
    about="Two to four tasks. Two old ones stop, two new ones start, and the same again.",
    scenario=service(4, 50, 100),
)
NOTES_100_150 = Preset(
    id="100-150",
    title="4 tasks, 100/150",
    about="Four to six tasks. Two new ones start, two old ones stop, and the same again.",
    scenario=service(4, 100, 150),
)
DEFAULTS = Preset(
    id="defaults",
    title="AWS’s defaults",
    about="100 and 200: all new tasks start before any old one stops. For a moment there are eight.",
    scenario=service(4),
)

WAVES: tuple[Preset, ...] = (
    NOTES_50_100,
    NOTES_100_150,
    DEFAULTS,
    Preset(
        id="one",
        title="One task",
        about="One task with the defaults: the new one comes first, so there is no gap.",
        scenario=service(1),
    ),
    Preset(
        id="95-105",
        title="10 tasks, 95/105",
        about="Nine and a half is rounded up, ten and a half is rounded down: ten at least, ten at most.",
        scenario=service(10, 95, 105),
    ),
    Preset(
        id="open",
        title="6 tasks, room for 8",
        about="AWS’s own example: a minimum of 50, a maximum of 200, and a cluster that holds eight.",
        scenario=service(6, 50, 200, slots=8),
    ),
)

TIMED: tuple[Preset, ...] = (
    Preset(
        id="all-defaults",
        title="Defaults everywhere",
        about="A load balancer with nothing tuned. Five checks, 30 s apart; then 300 s of draining.",
        scenario=service(4, loadBalancer={}),
    ),
    Preset(
        id="tuned",
        title="Tuned",
        about="A check every 5 s, two of them enough, 5 s of draining: the same update in less than a minute.",
        scenario=service(
            4,
            loadBalancer={
                "healthCheckIntervalSeconds": 5,
                "healthyThresholdCount": 2,
                "deregistrationDelaySeconds": 5,
            },
        ),
    ),
    Preset(
        id="forty-seconds",
        title="No check at all",
        about="Nothing checks the tasks, so each counts as healthy 40 s after it is RUNNING.",
        scenario=service(4, 50, 100),
    ),
    Preset(
        id="container-check",
        title="Container check",
        about="Without a load balancer the essential container’s own health check decides.",
        scenario=service(4, 50, 100, containerHealthCheck={"interval": 10, "healthyAfterSeconds": 10}),
    ),
    Preset(
        id="slow-start",
        title="A slow application",
        about="It answers two minutes after RUNNING. Two failed checks come sooner, so ECS replaces it, forever.",
        scenario=service(2, loadBalancer={"answersAfterSeconds": 120, "deregistrationDelaySeconds": 30}),
    ),
    Preset(
        id="grace",
        title="With a grace period",
        about="The same slow application; for five minutes failed checks do not count, and it gets through.",
        scenario=service(
            2,
            loadBalancer={"answersAfterSeconds": 120, "deregistrationDelaySeconds": 30},
            healthCheckGracePeriodSeconds=300,
        ),
    ),
)

STUCK: tuple[Preset, ...] = (
    Preset(
        id="fixed-port",
        title="One fixed port",
        about="Four tasks on host port 8080, four instances, the default bounds.",
        scenario=service(4, hostPort=8080, instances=4),
    ),
    Preset(
        id="full-cluster",
        title="Full cluster",
        about="The bounds allow eight tasks; the instances have room for four.",
        scenario=service(4, slots=4),
    ),
    Preset(
        id="config",
        title="Bounds that meet",
        about="Ten tasks with 95 and 105.",
        scenario=service(10, 95, 105),
    ),
    Preset(
        id="one-task",
        title="One task, 50/100",
        about="Half of one task, rounded up.",
        scenario=service(1, 50, 100),
    ),
    Preset(
        id="never-healthy",
        title="Never healthy",
        about="Version 2 runs, and fails its check every time. No circuit breaker.",
        scenario=service(4, loadBalancer=QUICK, failures=NEVER_HEALTHY),
    ),
    Preset(
        id="protected",
        title="Protected task",
        about="One old task is under scale-in protection, for two hours.",
        scenario=service(4, protectedTasks=1),
    ),
)

FAILING: tuple[Preset, ...] = (
    Preset(
        id="breaker",
        title="Never healthy, with breaker",
        about="Version 2 never becomes healthy. The circuit breaker is on, with rollback.",
        scenario=service(
            4, 100, 150, configuration={"deploymentCircuitBreaker": BREAKER}, loadBalancer=QUICK, failures=NEVER_HEALTHY
        ),
    ),
    Preset(
        id="no-breaker",
        title="No breaker",
        about="The same version without circuit breaker: ECS tries forever, and version 1 serves on.",
        scenario=service(4, 100, 150, loadBalancer=QUICK, failures=NEVER_HEALTHY),
    ),
    Preset(
        id="no-rollback",
        title="No rollback",
        about="With 50 and 100, two old tasks are gone when the breaker trips. Without rollback they stay gone.",
        scenario=service(
            4,
            50,
            100,
            configuration={"deploymentCircuitBreaker": {"enable": True, "rollback": False}},
            loadBalancer=QUICK,
            failures=NEVER_HEALTHY,
        ),
    ),
    Preset(
        id="crash",
        title="One crash",
        about="The third new task crashes once. ECS starts another of the same version and goes on.",
        scenario=service(
            4,
            100,
            150,
            configuration={"deploymentCircuitBreaker": BREAKER},
            loadBalancer=QUICK,
            failures=FAILURES["the 3rd new task crashes"],
        ),
    ),
    Preset(
        id="instance",
        title="An instance dies",
        about="An old task is lost with its instance. It comes back as an old task, not as a new one.",
        scenario=service(4, 50, 100, loadBalancer=QUICK, failures=FAILURES["an instance dies"]),
    ),
    Preset(
        id="fails-to-start",
        title="Fails to start",
        about="Version 2 never reaches RUNNING. ECS waits longer and longer between its attempts.",
        scenario=service(4, failures=FAILURES["version 2 fails to start"]),
    ),
    Preset(
        id="alarm",
        title="Alarm while it bakes",
        about="All new tasks are healthy and the old ones gone. Then, in the bake time, an alarm goes off.",
        scenario=service(
            4,
            configuration={
                "alarms": {"alarmNames": ["errors"], "enable": True, "rollback": True, "alarmAtSeconds": 150},
                "bakeTimeInMinutes": 5,
            },
            loadBalancer=QUICK,
        ),
    ),
    Preset(
        id="already",
        title="Already in ALARM",
        about="The alarm was on before the deployment began, so alarms are ignored for the whole of it.",
        scenario=service(
            4,
            configuration={
                "alarms": {"alarmNames": ["errors"], "enable": True, "rollback": True, "alreadyInAlarm": True},
                "bakeTimeInMinutes": 5,
            },
            loadBalancer=QUICK,
        ),
    ),
)

SANDBOX: tuple[Preset, ...] = (
    replace(NOTES_50_100, scenario={**NOTES_50_100.scenario, "loadBalancer": QUICK}),
    replace(NOTES_100_150, scenario={**NOTES_100_150.scenario, "loadBalancer": QUICK}),
    Preset(
        id="balanced",
        title="Behind a load balancer",
        about="Six tasks, 100 and 150, with checks and draining that fit a web application.",
        scenario=service(6, 100, 150, configuration={"deploymentCircuitBreaker": BREAKER}, loadBalancer=QUICK),
    ),
    Preset(
        id="defaults",
        title="AWS’s defaults",
        about="100 and 200, and a load balancer with nothing tuned.",
        scenario=service(4, loadBalancer={}),
    ),
    Preset(
        id="open",
        title="Order left open",
        about="50 and 200: ECS may stop first or start first, and AWS does not promise one. Here it stops first.",
        scenario=service(4, 50, 200, order="stop-first"),
    ),
    Preset(
        id="port",
        title="One fixed port",
        about="Three instances, host port 8080, and a minimum of 66: one leaves, one comes, three times.",
        scenario=service(3, 66, 200, hostPort=8080, instances=3),
    ),
    Preset(
        id="broken",
        title="Version 2 is broken",
        about="It never becomes healthy; the circuit breaker gives up and rolls back.",
        scenario=service(
            6, 50, 150, configuration={"deploymentCircuitBreaker": BREAKER}, loadBalancer=QUICK, failures=NEVER_HEALTHY
        ),
    ),
    Preset(
        id="many",
        title="40 tasks, 90/110",
        about="At most four out, at most four more: too many to draw one by one, so they are counted.",
        scenario=service(40, 90, 110),
    ),
)

# What can be set beside the sandbox's run: a title, fields that differ, and the rules.
BESIDE: dict[str, Beside] = {
    "start-first": ("starting first", {"order": "start-first"}, RULES),
    "round-up": ("if the maximum were rounded up", {}, DeploymentRules(round_maximum=Rounding.CEIL)),
    "round-down": ("if the minimum were rounded down", {}, DeploymentRules(round_minimum=Rounding.FLOOR)),
    "of-running": ("if the percentages were of what runs", {}, DeploymentRules(percent_of=PercentOf.RUNNING)),
    "at-once": ("if RUNNING meant healthy", {}, DeploymentRules(healthy_when=HealthyWhen.RUNNING)),
    "no-drain": ("if nothing drained", {}, DeploymentRules(drain_before_stop=False)),
    "no-minimum": ("if the minimum held nothing back", {}, DeploymentRules(minimum_ignored=True)),
    "own": (
        "if a lost old task came back as a new one",
        {},
        DeploymentRules(unhealthy_replacement=Replacement.NEW_REVISION),
    ),
    "stopping": ("if stopping tasks did not count", {}, DeploymentRules(stopping_counts=False)),
}
