"""The terminal's subject `kubernetes`: the kind of the document follows from its keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.kubernetes.comparison import comparison_answer
from simulator.kubernetes.per_node import per_node_answer
from simulator.kubernetes.rolling import rolling_answer
from simulator.kubernetes.rules import RULES, KubernetesRules
from simulator.kubernetes.terms import needs_answer, table_answer, term_answer

# The key that tells what is asked, and who answers; the first that a document has.
_KINDS: tuple[tuple[str, Callable[[Mapping[str, Any], KubernetesRules], dict[str, Any]]], ...] = (
    ("instances", comparison_answer),
    ("replicas", rolling_answer),
    ("term", lambda document, _: term_answer(document)),
    ("table", lambda document, _: table_answer(document)),
    ("needs", lambda document, _: needs_answer(document)),
    ("instanceType", per_node_answer),
    ("maximumNetworkInterfaces", per_node_answer),
    ("compute", per_node_answer),
)


def kubernetes_answer(document: Mapping[str, Any], rules: KubernetesRules = RULES) -> dict[str, Any]:
    """Pods per node, a rolling update, both schedulers on one cluster, a term, a table, or a choice of compute.

    Parameters
    ----------
    document : with one of `instanceType` (or `maximumNetworkInterfaces`, `compute`), `replicas`, `instances`, `term`,
        `table` and `needs`.

    Raises
    ------
    InputError
        With one sentence, for anything that is none of them.

    >>> kubernetes_answer({"replicas": 4})["upper"]
    5
    """
    document = reading.mapping(document, "")
    for key, function in _KINDS:
        if document.get(key) is not None:
            return function(document, rules)
    reading.known_fields(document, "", [key for key, _ in _KINDS])
    raise InputError(
        "The document asks nothing; give instanceType (pods per node), replicas (a rolling update), instances (both "
        "schedulers), term, table or needs."
    )


ANSWERS: Mapping[str, Callable[[Mapping[str, Any], Any], dict[str, Any]]] = {"kubernetes": kubernetes_answer}
