"""The tables hold the rows of the facts, and every word can be asked by each of its names."""

from __future__ import annotations

import pytest

from simulator.kubernetes.rules import RULES, KubernetesRules, Rounding, rules_from_dict, rules_to_dict
from simulator.kubernetes.subjects import kubernetes_answer
from simulator.kubernetes.tables import COMPUTE, LOAD_BALANCERS, POD_IDENTITY, STORAGE, TABLES, VOCABULARY


def test_the_vocabulary_is_complete() -> None:
    assert len(VOCABULARY) == 21
    assert [word.ecs for word in VOCABULARY if word.one_to_one] == [
        "Container instance",
        "ECS agent",
        "Task",
        "DAEMON service",
        "EventBridge schedule",
        "Service Auto Scaling",
        "Availability Zone",
    ]
    assert all(word.one_to_one or word.caveat for word in VOCABULARY)


@pytest.mark.parametrize("word", VOCABULARY, ids=[word.ecs for word in VOCABULARY])
def test_every_name_finds_its_word_in_both_directions(word) -> None:
    for side, names, other in (
        ("ecs", (word.ecs, *word.also_ecs), word.kubernetes),
        ("kubernetes", (word.kubernetes, *word.also_kubernetes), word.ecs),
    ):
        for name in names:
            if name == "none":
                continue
            for written in (name, name.upper(), f"  {name} ".replace(" ", "  ")):
                found = kubernetes_answer({"term": written, "from": side})
                assert other in [match["to"] for match in found["matches"]]
                assert {match["from"] for match in found["matches"]} == {side}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_row_of_a_table_can_be_asked(name: str) -> None:
    rows = kubernetes_answer({"table": name})["rows"]
    assert [row["name"] for row in rows] == [row.name for row in TABLES[name]]
    for row in TABLES[name]:
        for written in (row.name, *row.also):
            found = kubernetes_answer({"term": written})
            assert (name, row.name) in [(one["table"], one["name"]) for one in found["tables"]]


def test_what_eks_compute_offers() -> None:
    said = {row.name: "".join(row.facts[code][0] for code in ("DAEMONSET", "GPU", "ARM", "WINDOWS")) for row in COMPUTE}
    assert said == {
        "EKS Auto Mode": "YYYN",
        "Managed node group": "YYYY",
        "Self-managed nodes": "YYYY",
        "Fargate": "NNNN",
        "Hybrid nodes": "YYYN",
    }
    assert [row.name for row in LOAD_BALANCERS][:2] == ["Ingress", "Service of type LoadBalancer"]
    assert {row.name: row.facts["FARGATE"] for row in POD_IDENTITY} == {"IRSA": "YES", "Pod Identity": "NO"}
    assert [row.name for row in STORAGE if row.facts.get("FARGATE") == "NO"] == ["EBS CSI", "Mountpoint for S3 CSI"]


def test_the_table_of_words_has_both_sides() -> None:
    first = kubernetes_answer({"table": "vocabulary"})["rows"][1]
    assert first == {"ecs": "Container instance", "kubernetes": "Node", "oneToOne": True, "caveat": ""}


def test_rules_as_documents() -> None:
    assert rules_to_dict(RULES) == {}
    changed = KubernetesRules(round_surge=Rounding.FLOOR, node_group_cap=False)
    assert rules_to_dict(changed) == {"round_surge": "floor", "node_group_cap": False}
    assert rules_from_dict(rules_to_dict(changed)) == changed
