"""The live figure of the home page: a small board on which tasks are placed once."""

from __future__ import annotations

from functools import cache

import streamlit as st

from diagrams.board import board_film
from diagrams.film import Film
from simulator.placement import simulate
from ui.player import player

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


@st.fragment
def show() -> None:
    """Tasks placed once, by the same simulator that the lessons run on; still under reduced motion."""
    player(_film(), key="home:board", autoplay=True)


@cache
def _film() -> Film:
    return board_film(simulate(SCENARIO))
