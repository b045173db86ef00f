"""Two columns to be joined: what is sent to the browser, and what is believed of what it says."""

from __future__ import annotations

import json
from typing import Any

import pytest
import streamlit as st

from ui import matching as module
from ui.matching import RIGHT, WRONG, Entry, matching

LEFT = [Entry(id="a", title="Pull"), Entry(id="b", title="Log", sub="logs:PutLogEvents")]
SIDE = [Entry(id="x", title="Execution role"), Entry(id="y", title="Task role")]


@pytest.fixture
def drawn(monkeypatch) -> dict[str, Any]:
    given: dict[str, Any] = {}
    monkeypatch.setattr(module, "_MATCHING", lambda **more: given.update(more))
    return given


def show(tried: list[tuple[str, str]]) -> None:
    matching(
        LEFT,
        SIDE,
        key="m",
        labels=("Call", "Role"),
        pairs={"a": ("x", RIGHT), "b": ("x", WRONG)},
        told=("Task role?", "It goes to the containers."),
        on_try=lambda left, right: tried.append((left, right)),
    )


def test_the_browser_gets_the_columns_the_pairs_and_what_is_said_of_the_last(drawn) -> None:
    show([])
    data = json.loads(drawn["data"])
    assert [one["id"] for one in data["left"]] == ["a", "b"]
    assert data["left"][1]["sub"] == "logs:PutLogEvents"
    assert data["pairs"] == {"a": {"to": "x", "state": "right"}, "b": {"to": "x", "state": "wrong"}}
    assert data["told"] == ["Task role?", "It goes to the containers."]
    assert data["labels"] == ["Call", "Role"]


@pytest.mark.parametrize(
    ("said", "believed"),
    [
        (["a", "y", "1"], [("a", "y")]),
        (["b", "x", "2"], [("b", "x")]),
        (["x", "a", "1"], []),
        (["a", "y"], []),
        (["a", "nobody", "1"], []),
        ([["a"], "y", "1"], []),
        ("a,y,1", []),
        (None, []),
    ],
)
def test_only_a_pair_of_known_ids_is_a_try(drawn, monkeypatch, said, believed) -> None:
    tried: list[tuple[str, str]] = []
    show(tried)
    monkeypatch.setattr(st, "session_state", {"m": {"tried": said}})
    drawn["on_tried_change"]()
    assert tried == believed
