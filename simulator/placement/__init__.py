"""ECS task placement: filters, constraints, strategies, scale-in, Availability Zone rebalancing.

`decide` is the one definition of the semantics; `simulate` runs a scenario and gives a trace.
"""

from __future__ import annotations

from simulator.placement.decide import decide
from simulator.placement.decision import Decision, Verdict
from simulator.placement.rules import RULES, PlacementRules
from simulator.placement.run import MECHANISM, Event, simulate
from simulator.placement.scale_in import StopDecision, choose_to_stop

__all__ = [
    "MECHANISM",
    "RULES",
    "Decision",
    "Event",
    "PlacementRules",
    "StopDecision",
    "Verdict",
    "choose_to_stop",
    "decide",
    "simulate",
]
