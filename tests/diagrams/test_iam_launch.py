"""A launch as a film: what is shown at which check, where it stops, and what a film that is cut holds."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import Any

import pytest

from diagrams.film import Film, encode
from diagrams.iam_launch import launch_diagrams, launch_film, steps_of
from diagrams.model import Diagram
from simulator.iam.mended import mended_answer
from simulator.iam.presets import PRESETS
from simulator.iam.rules import RULES
from simulator.iam.subjects import launch_answer
from tests.simulator.iam.documents import EXECUTION, LAUNCHES


@dataclass(frozen=True, kw_only=True)
class Run:
    answer: dict[str, Any]
    film: Film
    pictures: tuple[Diagram, ...]

    @property
    def last(self) -> int:
        return len(self.pictures) - 1


def run_of(document: dict[str, Any]) -> Run:
    answer, planned = launch_answer(document, RULES), mended_answer(document)
    return Run(answer=answer, film=launch_film(answer, planned), pictures=launch_diagrams(answer, planned))


def edges(run, step: int) -> dict[tuple[str, str], str]:
    return {(edge.source, edge.target): edge.state for edge in run.pictures[step].edges}


def states(run, step: int) -> dict[str, str]:
    return {node.id: node.state for node in run.pictures[step].nodes}


@pytest.mark.parametrize("name", LAUNCHES)
def test_every_launch_has_a_film_that_ends_where_it_ends(name: str) -> None:
    run = run_of(LAUNCHES[name])
    answer = run.answer
    ET.fromstring(run.film.svg)
    assert not run.film.narrow, "three columns are narrow enough for a phone"
    assert len(run.film.frames) == len(run.pictures) == run.last + 1
    tones = [frame.tone for frame in run.film.frames]
    assert "refused" not in tones[:-1]
    stops = answer["outcome"] != "RUNNING"
    assert (tones[-1] == "refused") == stops
    assert not any(edge.state == "blocked" for picture in run.pictures[:-1] for edge in picture.edges)
    assert any(edge.state == "blocked" for edge in run.pictures[-1].edges) == stops or answer["step"] in _NOT_ROLES
    assert all(part.explanation for picture in run.pictures for part in (*picture.nodes, *picture.groups))
    if stops and answer["role"]:
        assert states(run, run.last)[f"role {answer['role']}"] in ("refused", "failed")


WHOLE = next(preset.scenario for preset in PRESETS if preset.id == "three-roles")
# Where an image or a log group is not there, no role is at fault and every way is open.
_NOT_ROLES = ("pull", "logs", "register")


def test_boxes_are_there_from_the_beginning_and_keep_their_places() -> None:
    stopped, whole = run_of(LAUNCHES["secret"]), run_of(WHOLE)
    for run in (stopped, whole):
        assert len({frozenset(node.id for node in picture.nodes) for picture in run.pictures}) == 1
    assert not any(states(stopped, 0).values())
    assert not run_of(LAUNCHES["secret"]).pictures[0].edges


def test_the_roles_are_taken_before_anything_is_called_with_them() -> None:
    run = run_of(WHOLE)
    steps = steps_of(run.answer, run.answer)
    at = steps.index("trust") + 1
    assert edges(run, at)["agent", "role EX"] == edges(run, at)["code", "role TASK"] == "active"
    assert not [target for _, target in edges(run, at) if target == "service ECR"]
    pull = steps.index("pull") + 1
    assert edges(run, pull)["role EX", "service ECR"] == "active"
    assert edges(run, pull)["code", "role TASK"] == ""


def test_a_missing_role_is_told_and_not_blamed_before_it_is_missed() -> None:
    run = run_of(LAUNCHES["no-execution-role"])
    first, last = (next(node for node in run.pictures[k].nodes if node.id == "role EX") for k in (0, 1))
    assert (first.detail, first.state) == ("missing", "")
    assert (last.detail, last.state) == ("missing", "failed")
    assert edges(run, 1)["role CALLER", "service ECS"] == "blocked"


def test_code_without_credentials_stands_before_a_missing_task_role() -> None:
    run = run_of(LAUNCHES["app-no-role"])
    last = edges(run, run.last)
    assert last["code", "role TASK"] == last["role TASK", "service S3"] == "blocked"
    assert states(run, run.last)["role TASK"] == "failed"


def test_an_agent_with_a_role_and_nothing_to_ask_for_is_there() -> None:
    run = run_of(LAUNCHES["public-image"] | {"executionRole": EXECUTION})
    assert run.answer["outcome"] == "RUNNING"
    assert "agent" in states(run, run.last)
    assert ("agent", "role EX") in edges(run, run.last)


def test_a_film_that_is_cut_holds_nothing_of_what_comes() -> None:
    answer = launch_answer(LAUNCHES["secret"], RULES)
    cut = launch_film(answer, answer, upto=0)
    assert len(cut.frames) == 1
    sent = encode(cut)
    for word in ("refused", "blocked", "GetSecretValue", "stops"):
        assert word not in sent
    assert len(launch_diagrams(answer, answer)) == len(launch_film(answer, answer).frames)
