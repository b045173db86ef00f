"""Kubernetes on AWS beside ECS: pods per node, rolling updates, scheduling, and what things are called.

Everything is a verdict: `simulator.kubernetes.subjects` takes a document and answers it.
"""

from __future__ import annotations

from simulator.kubernetes.rules import RULES, KubernetesRules

__all__ = ["RULES", "KubernetesRules"]
