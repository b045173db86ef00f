"""The architecture's three faces, as far as they are drawn on the server."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from diagrams.model import Diagram, Node
from ui import figures


def page() -> None:
    from diagrams.model import Diagram, Edge, Node
    from ui.figures import architecture

    architecture(
        Diagram(
            title="Two boxes",
            nodes=(Node(id="a", label="A", kind="user"), Node(id="b", label="B", kind="alb")),
            edges=(Edge(source="a", target="b"),),
        ),
        key="d",
    )


def test_the_figure_comes_first_and_the_text_is_one_choice_away() -> None:
    at = AppTest.from_function(page).run()
    assert not at.exception
    assert "Choose a box" in at.markdown[0].value
    at.segmented_control[0].set_value("Text").run()
    assert "Two boxes." in at.code[0].value
    assert "A → B" in at.code[0].value
    at.segmented_control[0].set_value("Graphviz").run()
    assert not at.exception
    assert not at.code


def test_a_box_is_explained_in_plain_words() -> None:
    diagram = Diagram(
        title="t",
        nodes=(
            Node(id="a", label="web *1*", kind="task", explanation="It *serves*."),
            Node(id="b", label="B", kind="alb"),
        ),
    )
    assert figures._explanation(diagram, "a") == "**web \\*1\\*.** It \\*serves\\*."
    assert "Choose a box" in figures._explanation(diagram, None)
    assert "Choose a box" in figures._explanation(diagram, "gone")
