"""One diagram, three faces: the same boxes in SVG, DOT and text, whatever the names are."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagrams.describe import to_text
from diagrams.dot import to_dot
from diagrams.glyphs import glyph, kinds
from diagrams.model import Diagram, Edge, Group, Node
from diagrams.svg import to_svg

SVG = "{http://www.w3.org/2000/svg}"

SERVICE = Diagram(
    title="The service in its VPC",
    nodes=(
        Node(id="users", label="Users", kind="user"),
        Node(id="alb", label="Load balancer", kind="alb", group="vpc"),
        Node(id="t1", label="web 1", kind="task", group="zone-a", state="healthy", detail="rev 1"),
        Node(id="t2", label="web 2", kind="task", group="zone-a", state="draining"),
    ),
    groups=(
        Group(id="vpc", label="VPC", kind="vpc"),
        Group(id="zone-a", label="us-east-1a", kind="zone", parent="vpc"),
        Group(id="zone-b", label="us-east-1b", kind="zone", parent="vpc"),
    ),
    edges=(
        Edge(source="users", target="alb", label="HTTPS", state="active"),
        Edge(source="alb", target="zone-a", state="active"),
        Edge(source="alb", target="zone-b", state="blocked"),
    ),
    direction="down",
)

GOLDEN_DOT = """digraph {
	graph [compound=true fontname=Helvetica label="The service in its VPC" rankdir=TB]
	node [fontname=Helvetica shape=box style=rounded]
	edge [fontname=Helvetica]
	users [label=Users]
	subgraph cluster_vpc {
		graph [label=VPC style=rounded]
		alb [label="Load balancer"]
		subgraph "cluster_zone-a" {
			graph [label="us-east-1a" style=rounded]
			t1 [label="web 1
rev 1
healthy" style="rounded,bold"]
			t2 [label="web 2
draining" style="rounded,dotted"]
		}
		subgraph "cluster_zone-b" {
			graph [label="us-east-1b" style=rounded]
			"zone-b is empty" [label="" style=invis]
		}
	}
	users -> alb [label=HTTPS style=bold]
	alb -> t1 [lhead="cluster_zone-a" style=bold]
	alb -> "zone-b is empty" [arrowhead=tee lhead="cluster_zone-b" style=dashed]
}
"""

GOLDEN_TEXT = """The service in its VPC.
- Users [users]: user.
- VPC [vpc]: vpc, holds 3.
  - Load balancer [alb]: alb.
  - us-east-1a [zone-a]: zone, holds 2.
    - web 1 [t1]: task, rev 1, healthy.
    - web 2 [t2]: task, draining.
  - us-east-1b [zone-b]: zone, empty.
Users → Load balancer (HTTPS), in use.
Load balancer → us-east-1a, in use.
Load balancer → us-east-1b, blocked."""


def test_dot_is_as_written_down() -> None:
    assert to_dot(SERVICE) == GOLDEN_DOT


def test_text_is_as_written_down() -> None:
    assert to_text(SERVICE) == GOLDEN_TEXT


def test_all_faces_show_the_same_boxes() -> None:
    picks = {one.get("data-pick") for one in ET.fromstring(to_svg(SERVICE)).iter() if one.get("data-pick")}
    ids = {part.id for part in (*SERVICE.groups, *SERVICE.nodes)}
    assert picks == ids
    assert set(re.findall(r"\[([^]]+)\]:", to_text(SERVICE))) == ids
    dot = to_dot(SERVICE)
    for group in SERVICE.groups:
        assert f"cluster_{group.id}" in dot
    for node in SERVICE.nodes:
        assert f"\t{node.id} [" in dot


def test_the_svg_has_a_name_states_packets_and_no_color() -> None:
    text = to_svg(SERVICE)
    root = ET.fromstring(text)
    assert root.get("role") == "img"
    assert root.get("aria-label") == "The service in its VPC"
    assert not re.search(r"#[0-9a-fA-F]{3,6}\b|rgb|fill=|stroke=", text)
    classes = [one.get("class", "") for one in root.iter()]
    assert sum(name == "packet" for name in classes) == 2
    assert any("node-task draining" in name for name in classes)
    assert [title.text for title in root.iter(f"{SVG}title")][-1] == "web 2, draining"


HOSTILE = [
    '<script>alert("1")</script>',
    "a\nb",
    "“quoted” 'and' \"more\"",
    "]]>",
    "&amp;",
    "x" * 500,
    "\x00\x1b[0m",
    "a:b\\n<b>",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_names(name: str) -> None:
    nodes = (Node(id=name, label=name, kind=name, group="g", detail=name), Node(id="b", label="b", kind="task"))
    groups = (Group(id="g", label=name, kind=name),)
    diagram = Diagram(title=name, nodes=nodes, groups=groups, edges=(Edge(source=name, target="b", label=name),))
    root = ET.fromstring(to_svg(diagram))
    assert not list(root.iter(f"{SVG}script"))
    assert all(len(text.text or "") <= 48 for text in root.iter(f"{SVG}text"))
    dot = to_dot(diagram)
    assert dot.count("{") == dot.count("}") == 2
    assert "=<" not in dot
    assert len(to_text(diagram).splitlines()) == 5


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_any_name_gives_well_formed_svg_with_its_pick(name: str) -> None:
    diagram = Diagram(title=name, nodes=(Node(id=name, label=name, kind="task"),))
    root = ET.fromstring(to_svg(diagram))
    assert sum(one.get("data-pick") is not None for one in root.iter()) == 1


def test_every_kind_has_a_picture_and_an_unknown_one_gets_a_frame() -> None:
    assert {"user", "alb", "task", "instance", "igw", "nat", "ecr", "service", "alarm", "database", "queue"} <= set(
        kinds()
    )
    assert glyph("never heard of", 0, 0) == glyph("group", 0, 0)
