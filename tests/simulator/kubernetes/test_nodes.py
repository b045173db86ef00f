"""Pods by addresses: the printed table, and what no document can break."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.kubernetes.nodes import INTERFACES, Compute, Node, max_pods, system_pods, vcpus_of
from simulator.kubernetes.rules import RULES, PodTakes, PrimaryAddress

SETTINGS = settings(max_examples=60, deadline=None)
kinds = st.builds(
    Node,
    enis=st.integers(1, 15),
    addresses=st.integers(1, 50),
    vcpus=st.sampled_from([None, 1, 29, 30, 96]),
    compute=st.sampled_from([Compute.AUTO_MODE, Compute.MANAGED_NODE_GROUP, Compute.SELF_MANAGED]),
    custom_ami=st.booleans(),
    prefix_delegation=st.booleans(),
    custom_networking=st.booleans(),
)


def test_the_table_has_the_types_of_the_facts() -> None:
    assert len(INTERFACES) == 31
    assert INTERFACES["m5.large"] == (3, 10)
    assert INTERFACES["m5.24xlarge"] == (15, 50)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("m5.large", (2, False)),
        ("m5.xlarge", (4, False)),
        ("g5.xlarge", (4, True)),
        ("c5.9xlarge", (36, True)),
        ("m5.100xlarge", (400, True)),
        ("m5.1000xlarge", (None, False)),
        ("m7i.large", (None, False)),
        ("m5.axlarge", (None, False)),
        ("m5.²xlarge", (None, False)),
        ("xlarge", (None, False)),
        ("", (None, False)),
    ],
)
def test_vcpus(name: str, found: tuple[int | None, bool]) -> None:
    assert vcpus_of(name) == found


@pytest.mark.parametrize(("vcpus", "pods"), [(1, 110), (29, 110), (30, 250), (31, 250)])
def test_the_cap_of_a_node_group_changes_at_30_vcpus(vcpus: int, pods: int) -> None:
    assert max_pods(Node(enis=15, addresses=50, vcpus=vcpus)).pods == pods
    assert max_pods(Node(enis=15, addresses=50, vcpus=vcpus, custom_ami=True)).pods == 737


@SETTINGS
@given(kinds)
def test_neither_formula_nor_cap_is_exceeded(node: Node) -> None:
    found = max_pods(node)
    assert 0 <= found.pods <= found.formula
    assert found.cap is None or found.pods <= found.cap
    assert found.formula == eval(found.written.replace("x", "*"))
    assert found.recommended is (found.cap == 110 and "recommendation" in found.why)


@SETTINGS
@given(kinds)
def test_beliefs_move_the_formula_the_way_they_must(node: Node) -> None:
    true = max_pods(node).formula
    assert max_pods(node, replace(RULES, primary_address=PrimaryAddress.GIVEN_TO_PODS)).formula >= true
    assert max_pods(node, replace(RULES, host_network_pods=False)).formula == true - system_pods(node)
    assert max_pods(node, replace(RULES, pod_takes=PodTakes.INTERFACE)).formula <= node.enis
    assert max_pods(replace(node, custom_networking=False)).formula >= true
