"""Every component of our own on one page: what the browser tests of the player and the figures look at."""

from __future__ import annotations

import streamlit as st

from diagrams.board import board_film
from diagrams.film import Film, Frame
from diagrams.model import Diagram, Edge, Group, Node
from simulator.placement import simulate
from simulator.trace import explain, first_difference
from ui import theme, verdict
from ui.figures import architecture
from ui.player import player
from ui.query_editor import query_editor, typed

TASK = {
    "family": "web",
    "containerDefinitions": [{"name": "web", "image": "web:1", "cpu": 384, "memory": 1024}],
}
SCENARIO = {
    "instances": [
        {"ec2InstanceId": "a1", "instanceType": "m5.large", "availabilityZone": "us-east-1a"},
        {
            "ec2InstanceId": "a<b>2",
            "instanceType": "m5.large",
            "availabilityZone": "us-east-1a",
            "remaining": {"cpu": 512, "memory": 900},
        },
        {"ec2InstanceId": "b1", "instanceType": "c5.large", "availabilityZone": "us-east-1b"},
    ],
    "taskDefinition": TASK,
    "count": 8,
    "group": "service:web",
    "schedulingStrategy": "REPLICA",
}
SUBNET = "public-a"
DIAGRAM = Diagram(
    title="A service behind a load balancer",
    groups=(
        Group(id="vpc", label="VPC 10.0.0.0/16", kind="vpc", explanation="The network that holds it all."),
        Group(id=SUBNET, label="public subnet", kind="subnet", parent="vpc"),
    ),
    nodes=(
        Node(id="user", label="a reader", kind="user", explanation="Asks for a page."),
        Node(id="alb", label="load balancer", kind="alb", group=SUBNET, explanation="Sends each request to a task."),
        Node(id="t1", label="web:1", kind="task", group=SUBNET, state="healthy", explanation="Answers requests."),
        Node(id="t2", label="web:2", kind="task", group=SUBNET, state="starting", explanation="Is not healthy yet."),
    ),
    edges=(
        Edge(source="user", target="alb", label="HTTPS", state="active"),
        Edge(source="alb", target="t1", state="active"),
        Edge(source="alb", target="t2", state="blocked"),
    ),
)


def main() -> None:
    st.set_page_config(page_title="Figures", layout="wide")
    theme.apply()
    st.title("Figures")
    with st.container(width=theme.WIDE):
        if "big" in st.query_params:
            _big()
            return
        _one()
        _two()
        st.header("A diagram")
        picked = architecture(DIAGRAM, key="diagram")
        st.markdown(f"diagram: {picked}")
        _query()
    with st.container(key="next-act-go"):
        st.button("Go on")


@st.fragment
def _one() -> None:
    st.header("One run")
    trace = simulate(SCENARIO)
    st.button("Go to step 3", on_click=lambda: st.session_state.update(asked=3))
    cut = st.toggle("Stop at step 2")
    if st.toggle("Put it away"):
        return
    film = board_film(trace, upto=2 if cut else None)
    state = player(film, key="one", step=st.session_state.get("asked", 0))
    st.markdown(f"one: step {state.step}, picked {state.picked}")
    if state.step:
        verdict.decision(explain(trace, state.step - 1), state.picked)


def _two() -> None:
    st.header("Two runs")
    trace = simulate(SCENARIO)
    other = simulate({**SCENARIO, "placementStrategy": [{"type": "binpack", "field": "memory"}]})
    state = player(
        board_film(trace),
        key="two",
        beside=board_film(other),
        labels=("The default", "binpack on memory"),
        parted_at=first_difference(trace, other),
    )
    st.markdown(f"two: step {state.step}")


def _big() -> None:
    """A film of 100 racks and 300 tasks, and what a hostile one would try."""
    st.header("A big run")
    hostile = '<g onclick="window.bad=1"><script>window.bad=1</script><image href="x" onerror="window.bad=1"/></g>'
    racks = "".join(
        f'<g id="r{i}" class="rack" data-pick="i-{i}"><title>i-{i}</title>'
        f'<rect class="rack-frame" x="{i % 20 * 36}" y="{i // 20 * 60}" width="30" height="50"/></g>'
        for i in range(100)
    )
    tasks = "".join(
        f'<g id="t{i}" class="task svc-{i % 7}" hidden=""><rect width="10" height="12"/></g>' for i in range(300)
    )
    frames = [Frame(patch={}, caption="A hundred instances.", text="Nothing is placed.")]
    for i in range(300):
        rack, place = i * 37 % 100, i * 37 // 100 % 3
        patch = {
            f"t{i}": {"hidden": False, "transform": f"translate({rack % 20 * 36 + 10 * place} {rack // 20 * 60 + 38})"},
            f"r{rack}": {"class": "rack chosen", "onclick": "window.bad=1"},
        }
        if i:
            patch[f"r{(i - 1) * 37 % 100}"] = {"class": "rack"}
        frames.append(
            Frame(patch=patch, caption=f"Task {i + 1} goes to i-{rack}.", text="x" * 900, mark=f"task {i + 1}")
        )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 300" class="board crowd" aria-label="big">'
        f"{racks}{tasks}{hostile}</svg>"
    )
    film = Film(title="A big run", svg=svg, frames=tuple(frames))
    state = player(film, key="big")
    st.markdown(f"big: step {state.step}, picked {state.picked}")


@st.fragment
def _query() -> None:
    st.header("A query")
    value = st.session_state.get("example", "attribute:stack == prod")
    st.button("Take an example", on_click=lambda: st.session_state.update(example="agentVersion > 1.0"))
    text = typed("query", value)
    wrong = "&&&" in text
    query_editor(
        value,
        key="query",
        label="memberOf expression",
        message="At column 3 an attribute was expected." if wrong else f"Matches {len(text)} instances.",
        wrong=wrong,
        column=3 if wrong else None,
    )
    st.markdown(f"typed: {text}")


main()
