"""The geometry of architecture diagrams: what must hold for any graph, however odd."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagrams.layout import place
from diagrams.model import Diagram, Edge, Group, Node
from diagrams.routes import roads


@st.composite
def diagrams(draw: st.DrawFn) -> Diagram:
    """Groups in groups, nodes anywhere in them, edges between any two."""
    groups: list[Group] = []
    for at in range(draw(st.integers(0, 5))):
        parent = draw(st.sampled_from([None, *(group.id for group in groups)]))
        label = draw(st.sampled_from(["VPC", "us-east-1a", "a very long name of a group indeed"]))
        kind = draw(st.sampled_from(["zone", "instance", "task"]))
        groups.append(Group(id=f"g{at}", label=label, kind=kind, parent=parent))
    homes = [None, *(group.id for group in groups)]
    nodes = tuple(
        Node(
            id=f"n{at}",
            label=f"node {at}",
            kind=draw(st.sampled_from(["task", "alb"])),
            group=draw(st.sampled_from(homes)),
        )
        for at in range(draw(st.integers(1, 9)))
    )
    ends = st.sampled_from([*(node.id for node in nodes), *(group.id for group in groups)])
    edges = tuple(Edge(source=a, target=b) for a, b in draw(st.lists(st.tuples(ends, ends), max_size=7)))
    direction = draw(st.sampled_from(["down", "right", "column"]))
    return Diagram(title="any", nodes=nodes, groups=tuple(groups), edges=edges, direction=direction)


@settings(max_examples=80, deadline=None)
@given(diagrams())
def test_boxes_keep_apart_and_children_stay_inside(diagram: Diagram) -> None:
    placed = place(diagram)
    boxes = {**placed.groups, **placed.nodes}
    parents = {group.id: group.parent for group in diagram.groups} | {node.id: node.group for node in diagram.nodes}
    for key, parent in parents.items():
        if parent is not None:
            assert boxes[parent].holds(boxes[key])
            assert not boxes[key].meets(placed.titles[parent])
    for one, other in combinations(parents, 2):
        if parents[one] == parents[other]:
            assert not boxes[one].meets(boxes[other])
    for box in boxes.values():
        assert box.x >= 0
        assert box.right <= placed.width
        assert box.y >= 0
        assert box.bottom <= placed.height


@settings(max_examples=80, deadline=None)
@given(diagrams())
def test_roads_turn_squarely_end_on_borders_and_enter_no_card(diagram: Diagram) -> None:
    placed = place(diagram)
    boxes = {**placed.groups, **placed.nodes}
    found = roads(diagram, placed)
    assert len(found) == sum(edge.source != edge.target for edge in diagram.edges)
    for road in found:
        for end, point in ((road.edge.source, road.points[0]), (road.edge.target, road.points[-1])):
            box = boxes[end]
            on_side = point.x in (box.x, box.right) and box.y <= point.y <= box.bottom
            on_top = point.y in (box.y, box.bottom) and box.x <= point.x <= box.right
            assert on_side or on_top
        for a, b in pairwise(road.points):
            assert (a.x == b.x) != (a.y == b.y)
            for card in placed.nodes.values():
                crosses_x = min(a.x, b.x) < card.right and max(a.x, b.x) > card.x
                crosses_y = min(a.y, b.y) < card.bottom and max(a.y, b.y) > card.y
                assert not (crosses_x and crosses_y)


def test_an_edge_puts_its_target_in_a_later_layer() -> None:
    nodes = tuple(Node(id=key, label=key, kind="alb") for key in "abc")
    edges = (Edge(source="c", target="a"), Edge(source="a", target="b"))
    for direction, at in (("down", 1), ("right", 0)):
        placed = place(Diagram(title="chain", nodes=nodes, edges=edges, direction=direction))
        assert placed.nodes["c"][at] < placed.nodes["a"][at] < placed.nodes["b"][at]


@pytest.mark.parametrize(
    ("diagram", "words"),
    [
        (Diagram(title="t", nodes=(Node(id="a", label="a", kind="x"), Node(id="a", label="b", kind="x"))), "twice"),
        (Diagram(title="t", nodes=(Node(id="a", label="a", kind="x", group="g"),)), "not in the diagram"),
        (
            Diagram(title="t", nodes=(Node(id="a", label="a", kind="x"),), edges=(Edge(source="a", target="b"),)),
            "not in the diagram",
        ),
        (
            Diagram(
                title="t",
                nodes=(),
                groups=(Group(id="g", label="g", kind="x", parent="h"), Group(id="h", label="h", kind="x", parent="g")),
            ),
            "inside itself",
        ),
    ],
)
def test_a_diagram_that_does_not_hold_together_is_refused(diagram: Diagram, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        place(diagram)


def test_a_column_is_no_wider_than_two_cards_and_their_boxes() -> None:
    nodes = tuple(Node(id=f"n{at}", label=f"node {at}", kind="alb", group=f"g{at // 4}") for at in range(12))
    groups = tuple(Group(id=f"g{at}", label=f"zone {at}", kind="zone") for at in range(3))
    diagram = Diagram(title="column", nodes=nodes, groups=groups, direction="column")
    placed = place(diagram)
    rows = sorted({box.y for box in placed.nodes.values()})
    assert len(rows) == 6
    assert placed.groups["g0"].bottom < placed.groups["g1"].y
    assert placed.width < place(Diagram(title="down", nodes=nodes, groups=groups, direction="down")).width / 2
