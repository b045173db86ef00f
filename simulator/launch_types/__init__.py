"""Where ECS tasks run: who holds which layer, what each place can do, and what the same workload costs there.

Everything is a verdict: `simulator.launch_types.subjects` takes a document and answers it.
"""

from __future__ import annotations

from simulator.launch_types.rules import RULES, LaunchTypesRules

__all__ = ["RULES", "LaunchTypesRules"]
