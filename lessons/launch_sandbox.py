"""The sandbox of the lesson on launch types: a workload and its bills, or its needs and the places that remain."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from lessons import playground
from lessons.launch_figures import answered, assumed, bills, choice, film_of, picture_of, reckoned, start_of
from lessons.launch_presets import BESIDE, PRICE, SANDBOX
from lessons.launch_real import snippets
from lessons.playground import Playground
from lessons.stage import Stage
from simulator.errors import InputError
from simulator.launch_types.features import FEATURES
from simulator.launch_types.fleet import MOST_PRICE
from ui import sandbox, theme
from ui.beside import ALONE
from ui.figures import architecture
from ui.player import PlayerState, player
from ui.sandbox import Path, Sandbox, Scenario
from ui.words import plain

_CPU = {"0.25 vCPU": 256, "0.5 vCPU": 512, "1 vCPU": 1024, "2 vCPU": 2048, "4 vCPU": 4096}
_TYPES = {name: name for name in ("t3.medium", "c5.large", "m5.large", "m5.xlarge", "m5.4xlarge", "m7g.large")}
_MODES = {"bridge": None, "host": "host", "awsvpc": "awsvpc"}
_ARCHITECTURES = {"both": None, "x86": "X86_64", "Arm": "ARM64"}
_STORAGE: dict[str, Any] = {"20 GiB, included": None, "50 GiB": {"sizeInGiB": 50}, "200 GiB": {"sizeInGiB": 200}}
_OTHER = "This situation asks for a bill; choose one with needs, such as *GPUs, no servers to patch*."
_NO_BILL = "This situation asks what remains; choose one with a bill, such as *Office hours*."


def show(stage: Stage) -> None:
    """The situations, the chart or the choice, then the controls, one panel at a time."""
    playground.show(stage, GROUND)


def check(scenario: Scenario) -> None:
    """Refuse what is neither a bill nor a workload's needs.

    Raises
    ------
    InputError
        With one sentence.
    """
    if answered(scenario)["kind"] not in ("cost", "choice"):
        raise InputError("The sandbox takes a bill (task or tasks) or needs; the terminal answers the rest.")


def _figure(stage: Stage, scenario: Scenario, aside: str) -> PlayerState:
    answer = answered(scenario)
    believed = None if aside == ALONE else BESIDE[aside]
    film = film_of(scenario) if answer["kind"] == "cost" else None
    if film is None:
        architecture(picture_of(scenario), key=stage.key("diagram"))
    else:
        other = film_of(scenario, believed[1]) if believed else None
        labels = ("as it is", believed[0]) if believed else None
        player(film, key=stage.key("chart"), step=start_of(scenario), beside=other, labels=labels)
    tell = bills if answer["kind"] == "cost" else choice
    told = [tell(scenario), assumed(scenario)]
    if film is not None:
        told.append(reckoned(scenario))
    if believed:
        told.append(f"**{plain(believed[0])}**, it would be:\n\n{tell(scenario, believed[1])}")
    st.markdown("\n\n".join(told), width=theme.MEASURE)
    return PlayerState(step=0, picked=None)


def _workload(_stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    """What runs: its size, how many of it, and how much of the time."""
    scenario = sandbox.current(box)
    if "needs" in scenario:
        st.caption(_NO_BILL)
        return
    task: Path = ("tasks", 0) if scenario.get("tasks") else ("task",)
    count: Path = (*task, "count") if scenario.get("tasks") else ("count",)
    left, right = st.columns(2)
    with left:
        sandbox.choice(box, "CPU of a task", "cpu", (*task, "cpu"), _CPU)
        sandbox.number(box, "MiB of a task", "memory", (*task, "memory"), low=128, high=30_720, step=128, default=512)
        sandbox.choice(box, "Ephemeral storage", "ephemeralStorage", (*task, "ephemeralStorage"), _STORAGE)
    with right:
        sandbox.number(box, "How many tasks", "count", count, low=1, high=100, default=1)
        if scenario.get("secondsPerRun") is None:
            always = {"low": 0, "high": 100, "step": 5, "default": 100}
            sandbox.number(box, "Percent of the time that each runs", "utilization", ("utilization",), **always)
        else:
            sandbox.number(box, "Runs", "runs", ("runs",), low=1, high=5000, default=1)
            sandbox.number(box, "Seconds a run", "secondsPerRun", ("secondsPerRun",), low=0, high=500, default=60)
        sandbox.choice(box, "Built for", "cpuArchitecture", ("cpuArchitecture",), _ARCHITECTURES)


def _instance(stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    """The EC2 side with the reader's own price, and what Spot is taken to cost."""
    scenario = sandbox.current(box)
    if "needs" in scenario:
        st.caption(_NO_BILL)
        return
    if scenario.get("ec2") is None:
        server = {"instanceType": "m5.large", "instanceHourlyPrice": PRICE}
        st.button(
            "Set an instance beside it", key=stage.key("add"), on_click=sandbox.change, args=(box, ("ec2",), server)
        )
        return
    left, right = st.columns(2)
    with left:
        sandbox.choice(box, "Type", "instanceType", ("ec2", "instanceType"), _TYPES)
        _price(box)
        st.caption("No price of EC2 is kept here. The round number is ours; put in what AWS asks you.")
    with right:
        sandbox.choice(box, "Network", "networkMode", ("ec2", "networkMode"), _MODES)
        sandbox.switch(box, "More interfaces", "eniTrunking", ("ec2", "eniTrunking"))
        sandbox.number(
            box,
            "Percent that Spot costs less",
            "spotDiscountPercent",
            ("spotDiscountPercent",),
            low=0,
            high=70,
            default=70,
        )


def _price(box: Sandbox) -> None:
    key = f"{box.key}:price"
    now = sandbox.value_at(box, ("ec2", "instanceHourlyPrice"), 0)
    st.session_state[key] = float(now)
    st.number_input(
        "Its price, dollars an hour  \n`instanceHourlyPrice`",
        min_value=0.0,
        max_value=float(MOST_PRICE),
        step=0.005,
        format="%.4f",
        key=key,
        on_change=_take_price,
        args=(box, key),
    )


def _take_price(box: Sandbox, key: str) -> None:
    sandbox.change(box, ("ec2", "instanceHourlyPrice"), st.session_state[key])


def _needs(_stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    """What a workload cannot do without."""
    scenario = sandbox.current(box)
    if "needs" not in scenario:
        st.caption(_OTHER)
        return
    key = f"{box.key}:needs"
    st.session_state[key] = list(dict.fromkeys(scenario["needs"]))
    st.multiselect(
        "What it needs  \n`needs`",
        list(FEATURES),
        format_func=lambda code: FEATURES[code].what,
        key=key,
        on_change=_take_needs,
        args=(box, key),
    )
    sandbox.switch(box, "It may be interrupted", "interruptionTolerant", ("interruptionTolerant",))


def _take_needs(box: Sandbox, key: str) -> None:
    sandbox.change(box, ("needs",), list(st.session_state[key]))


GROUND = Playground(
    presets=SANDBOX,
    check=check,
    figure=_figure,
    panels={"Workload": _workload, "Instance and Spot": _instance, "Needs": _needs},
    run=lambda scenario: json.dumps(answered(scenario), indent=2),
    real=snippets,
    beside={name: title for name, (title, _) in BESIDE.items()},
    aside="The same once more, as it would be if a belief were true.",
)
