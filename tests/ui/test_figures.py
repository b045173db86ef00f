"""The architecture's three faces, as far as they are drawn on the server."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from diagrams.model import Diagram, Edge, Group, Node
from ui import figures

DIAGRAM = Diagram(
    title="Two boxes",
    groups=(Group(id="vpc", label="The VPC", kind="vpc"),),
    nodes=(
        Node(id="a", label="web *1*", kind="task", group="vpc", explanation="It *serves*."),
        Node(id="b", label="B", kind="alb"),
    ),
    edges=(Edge(source="a", target="b"),),
)


def page() -> None:
    from tests.ui.test_figures import DIAGRAM
    from ui.figures import architecture

    architecture(DIAGRAM, key="d")


def test_the_figure_comes_first_and_graphviz_when_it_is_asked_for() -> None:
    at = AppTest.from_function(page).run()
    assert not at.exception
    assert not at.get("graphviz_chart")


def test_the_browser_gets_every_face_and_the_words_of_every_box() -> None:
    sent = figures.sent(DIAGRAM)
    assert sent["wide"] != sent["narrow"]
    assert "Two boxes." in sent["text"]
    assert sent["dot"].startswith("digraph")
    assert sent["told"] == {
        "a": ["web *1*", "It *serves*."],
        "b": ["B", figures.OF_A_GROUP],
        "vpc": ["The VPC", figures.OF_A_GROUP],
    }
