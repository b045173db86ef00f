"""Home: what this is, a live figure, where you stopped, and the map of lessons."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import streamlit as st

from course import syllabus
from diagrams.board import board_film
from diagrams.film import Film
from learners import progress
from learners.identity import Learner
from learners.store import Event
from screens import shell
from screens.course import standing
from simulator.placement import simulate
from ui.player import player

WHAT = "Learn Docker on AWS by running it: short lessons beside live figures that can always say why."
SCENARIO = {
    "instances": [
        {"ec2InstanceId": "a1", "instanceType": "m5.large", "availabilityZone": "us-east-1a"},
        {"ec2InstanceId": "b1", "instanceType": "m5.large", "availabilityZone": "us-east-1b"},
        {"ec2InstanceId": "c1", "instanceType": "c5.large", "availabilityZone": "us-east-1c"},
    ],
    "requests": [
        {
            "taskDefinition": {
                "family": "web",
                "containerDefinitions": [{"name": "web", "image": "web:1", "cpu": 384, "memory": 1024}],
            },
            "count": 3,
            "group": "service:web",
            "schedulingStrategy": "REPLICA",
            "placementStrategy": [{"type": "spread", "field": "attribute:ecs.availability-zone"}],
        },
        {
            "taskDefinition": {
                "family": "worker",
                "containerDefinitions": [{"name": "worker", "image": "worker:1", "cpu": 512, "memory": 1280}],
            },
            "count": 4,
            "group": "service:worker",
            "schedulingStrategy": "REPLICA",
            "placementStrategy": [{"type": "binpack", "field": "memory"}],
        },
    ],
    "seed": 1,
}


def show(who: Learner) -> None:
    """Draw the home page."""
    with shell.page(who):
        events = shell.events(who)
        told, figure = st.columns([2, 3], gap="large", vertical_alignment="center")
        with told, st.container(key="home-head"):
            st.title("Quayside", anchor=False)
            st.markdown(WHAT)
            _go_on(events)
        with figure, st.container(key="home-figure"):
            _figure()
        with st.container(key="home-map"):
            st.header("Lessons", anchor="lessons")
            _map(events)


@st.fragment
def _figure() -> None:
    """Tasks placed once, by the same simulator that the lessons run on; still under reduced motion."""
    player(_film(), key="home:board", autoplay=True)


@cache
def _film() -> Film:
    return board_film(simulate(SCENARIO))


def _go_on(events: Sequence[Event]) -> None:
    """One thing to do next: the quiz under way, the lesson stopped at, or the first lesson."""
    slug = progress.last_bank(events)
    entry = syllabus.lesson(slug) if slug else None
    path, label = "", ""
    if entry is None:
        entry = syllabus.lessons()[0]
        path, label = entry.slug, f"Begin with {entry.title}"
    elif progress.current(events, entry.slug):
        path, label = f"{entry.slug}-quiz", f"Go on with the quiz on {entry.title}"
    else:
        path, label = entry.slug, f"Go on with {entry.title}"
    shell.link(path, label, icon=":material/arrow_forward:", next_act=True)


def _map(events: Sequence[Event]) -> None:
    columns = st.columns(2, gap="medium")
    for k, entry in enumerate(syllabus.lessons(), start=1):
        with columns[(k - 1) % 2], st.container(key=f"map-{entry.slug}", border=True, height="stretch"):
            shell.link(entry.slug, f"**{k}. {entry.title}**")
            st.markdown(entry.summary)
            st.caption(f"{entry.minutes} minutes · {standing(entry, events)}")
