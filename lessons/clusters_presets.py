"""The situations of the lesson on clusters: strategies to deal by, runs in which Spot takes tasks back, the sandbox."""

from __future__ import annotations

from typing import Any

from simulator.preset import Preset


def _deal(id_: str, title: str, about: str, scenario: dict[str, Any]) -> Preset:
    return Preset(id=id_, title=title, about=about, scenario=scenario, subject="capacity")


def _strategy(*entries: tuple[str, int | None, int | None]) -> list[dict[str, Any]]:
    """Entries of provider, base, and weight, as a request writes them; None is left out."""
    return [
        {"capacityProvider": name}
        | ({} if base is None else {"base": base})
        | ({} if weight is None else {"weight": weight})
        for name, base, weight in entries
    ]


def _run(strategy: list[dict[str, Any]], desired: int, **more: Any) -> dict[str, Any]:
    service = {
        "serviceName": "web",
        "desiredCount": desired,
        "capacityProviderStrategy": strategy,
        "startSeconds": 30,
        "stopSeconds": 90,
        "taskDefinition": {
            "family": "web",
            "cpu": "256",
            "memory": "512",
            "containerDefinitions": [{"name": "web", "stopTimeout": 120}],
        },
    }
    return {"services": [service], "minutes": 10} | more


_ONE_TO_FOUR = _strategy(("FARGATE", 1, 1), ("FARGATE_SPOT", None, 4))
_ONE_TO_THREE = _strategy(("FARGATE", 2, 1), ("FARGATE_SPOT", None, 3))
_ONLY_SPOT = _strategy(("FARGATE_SPOT", None, 1))

DEALS: tuple[Preset, ...] = (
    _deal(
        "six",
        "Base 1, weights 1 and 4",
        "Six tasks: one is the base, and the other five are divided.",
        {"count": 6, "capacityProviderStrategy": _ONE_TO_FOUR},
    ),
    _deal(
        "below-base",
        "Fewer tasks than the base",
        "Three tasks and a base of five: no weight is ever asked.",
        {"count": 3, "capacityProviderStrategy": _strategy(("FARGATE", 5, 1), ("FARGATE_SPOT", None, 1))},
    ),
    _deal(
        "groups",
        "Two Auto Scaling groups",
        "Weights 30 and 60 are the ratio 1 to 2; nothing about them is a percentage.",
        {"count": 12, "capacityProviderStrategy": _strategy(("on-demand", 3, 30), ("spot-group", None, 60))},
    ),
    _deal(
        "remainder",
        "Seven tasks, half and half",
        "Three and a half tasks each: who gets the odd one, AWS does not publish.",
        {"count": 7, "capacityProviderStrategy": _strategy(("FARGATE", None, 1), ("FARGATE_SPOT", None, 1))},
    ),
    _deal(
        "no-weight",
        "No weight given",
        "The API takes a weight that is left out for 0, so here nothing can be placed.",
        {"count": 4, "capacityProviderStrategy": _strategy(("FARGATE", None, None), ("FARGATE_SPOT", None, None))},
    ),
    _deal(
        "mixed",
        "Fargate and a group together",
        "Two families in one strategy: the call is refused. Two services could do it.",
        {"count": 6, "capacityProviderStrategy": _strategy(("FARGATE", 1, 1), ("on-demand", None, 1))},
    ),
)

TAKEN_BACK = "taken-back"
SPOT: tuple[Preset, ...] = (
    _deal(
        TAKEN_BACK,
        "Spot runs short",
        "Ten tasks, six of them on Spot. At minute 2 Spot has room for fewer, at minute 6 for all again.",
        _run(_ONE_TO_THREE, 10, spotCapacity=[[0, 20], [2, 2], [6, 20]]),
    ),
    _deal(
        "room-left",
        "Two are taken, Spot has room",
        "Spot takes two back and has room elsewhere: the service starts two others before the old ones are gone.",
        _run(_ONE_TO_THREE, 10, interruptions=[{"minute": 2, "count": 2}]),
    ),
    _deal(
        "only-spot",
        "Nothing but Spot",
        "Five tasks on Spot alone, and its room goes away for four minutes: the service is down.",
        _run(_ONLY_SPOT, 5, spotCapacity=[[0, 20], [2, 0], [6, 20]]),
    ),
)

SANDBOX: tuple[Preset, ...] = (
    _deal(
        "two-and-the-rest",
        "Two that stay, the rest on Spot",
        "Base 2, then one to three: of ten tasks four are on Fargate, and six may be taken back.",
        {"count": 10, "capacityProviderStrategy": _ONE_TO_THREE},
    ),
    _deal(
        "spot-short",
        "Spot has room for one",
        "Eight tasks belong on Spot. Seven of them wait for Spot, and none goes to Fargate instead.",
        {"count": 11, "capacityProviderStrategy": _ONE_TO_FOUR, "spotCapacity": 1},
    ),
    _deal(
        "console",
        "The same in the console",
        "No weight is given: the console writes 1 for each provider, and the call succeeds.",
        {
            "count": 8,
            "capacityProviderStrategy": _strategy(("FARGATE", 2, None), ("FARGATE_SPOT", None, None)),
            "createdWith": "CONSOLE",
        },
    ),
    _deal(
        "three-groups",
        "Three Auto Scaling groups",
        "Weights 1, 2, and 3 over twelve tasks: two, four, and six.",
        {"count": 12, "capacityProviderStrategy": _strategy(("small", None, 1), ("large", None, 2), ("arm", None, 3))},
    ),
    _deal(
        "default",
        "The cluster’s default strategy",
        "The request names nothing, so the cluster’s own strategy deals.",
        {"count": 6, "defaultCapacityProviderStrategy": _ONE_TO_FOUR},
    ),
)

BESIDE: dict[str, tuple[str, dict[str, Any]]] = {
    "floor": ("If the base were only a floor", {"base_means": "floor"}),
    "each": ("If the base counted for each provider", {"base_means": "every_provider"}),
    "percent": ("If a weight were a percentage", {"weight_means": "percent"}),
    "falls-back": ("If Spot fell back to Fargate", {"spot_missing": "fallback"}),
}
"""Beliefs to set beside the sandbox: a name, its title, and the rules as they would be."""
