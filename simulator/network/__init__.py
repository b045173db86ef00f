"""Networks of tasks: which packet reaches which task, what stops it, and the least change that lets it through.

`examine(document)` answers a question about a VPC; `simulator.network.subjects` has it as a document, and
`simulator.network.fixing.apply_fix` puts a fix into one. There is no run over time here, only verdicts.
"""

from __future__ import annotations

from simulator.network.finding import Reach, examine
from simulator.network.fits import Fit
from simulator.network.fixing import apply_fix
from simulator.network.rules import RULES, NetworkRules, rules_from_dict, rules_to_dict

__all__ = ("RULES", "Fit", "NetworkRules", "Reach", "apply_fix", "examine", "rules_from_dict", "rules_to_dict")
