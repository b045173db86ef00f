"""Who is rebalanced: every reason why not is told."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.errors import InputError
from simulator.placement.rebalance import rebalance_eligibility


@pytest.mark.parametrize(
    ("service", "part"),
    [
        ({"deploymentController": {"type": "EXTERNAL"}}, "EXTERNAL"),
        ({"loadBalancers": [{"loadBalancerName": "classic"}]}, "Classic Load Balancer"),
        ({"schedulingStrategy": "DAEMON"}, "Only REPLICA"),
        (
            {
                "taskDefinition": {
                    "placementConstraints": [{"type": "memberOf", "expression": "attribute:ecs.availability-zone == a"}]
                }
            },
            "attribute:ecs.availability-zone",
        ),
    ],
)
def test_one_reason(service: dict[str, Any], part: str) -> None:
    eligible, reasons = rebalance_eligibility(service)
    assert not eligible
    assert len(reasons) == 1
    assert part in reasons[0]


def test_an_attribute_whose_name_only_begins_so_does_not_matter() -> None:
    rule = {"type": "memberOf", "expression": "attribute:ecs.availability-zone-id == a"}
    assert rebalance_eligibility({"placementConstraints": [rule]}) == (True, ())


def test_all_reasons_are_told() -> None:
    service = {"schedulingStrategy": "DAEMON", "deploymentConfiguration": {"maximumPercent": 100}}
    assert len(rebalance_eligibility(service)[1]) == 2


def test_a_service_that_can_not_be_read() -> None:
    with pytest.raises(InputError, match="must be an object"):
        rebalance_eligibility([])  # pyright: ignore[reportArgumentType]
