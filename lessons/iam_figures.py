"""What the figures of the lesson on IAM roles share: a launch computed once, its film, and the words below it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import streamlit as st

from diagrams.film import Film
from diagrams.iam_launch import launch_diagrams, launch_film
from diagrams.model import Diagram
from lessons.situations import owed, text_of
from lessons.stage import Stage
from simulator.iam.mended import mended_answer
from simulator.iam.rules import RULES, IamRules
from simulator.iam.subjects import launch_answer
from simulator.iam.wording import OBSERVED, Source
from ui import theme
from ui.player import PlayerState, player
from ui.words import code, plain

STOPS = {
    "register": "The task definition is refused. There is no task.",
    "caller": "The call that starts it is refused. There is no task.",
    "trust": "The task stops, because ECS cannot take its role.",
    "capacity": "There is no instance to run it on, and no task.",
    "init": "The task stops before its containers start.",
    "pull": "The task stops, because its image cannot be pulled.",
    "logs": "The task stops, because its log driver cannot start.",
    "app": "The task runs on, and its code is refused.",
}
KNOWN_FROM: Mapping[str, str] = {
    Source.DOCUMENTED: "AWS documents this wording.",
    Source.AGENT: "This wording is in the agent’s source code.",
    Source.OBSERVED: "Others have seen this wording; AWS prints it in no document, and it may change.",
    Source.DERIVED: "This is what it amounts to; AWS prints no such text, and the wording depends on the SDK.",
}
# ARNs, services, actions, settings, and the names of fields, as far as they can be told from words.
_NAMES = re.compile(
    r"(arn:[^\s,;]*[^\s,;.:]|[a-z0-9-]+\.amazonaws\.com|[a-z0-9-]+:[A-Z]\w+|[A-Z]+(?:_[A-Z]+)+(?:=true)?"
    r"|\b(?:[a-z]+Role|execution|task)(?:Arn|Role)\b|\bAmazon[A-Z]\w+|\becs[A-Z]\w+|\b(?:taskRole|awslogs-create-group)\b)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A launch: the answer to it, its film, and the picture of every step."""

    answer: Mapping[str, Any]
    film: Film
    pictures: tuple[Diagram, ...]

    @property
    def last(self) -> int:
        """The step at which it is over."""
        return len(self.pictures) - 1


def run_of(scenario: Mapping[str, Any], rules: IamRules = RULES) -> Run:
    """The launch, computed once for all readers.

    Raises
    ------
    InputError
        With one sentence, for a document that is no launch.
    """
    return _run(text_of(scenario), rules)


def beginning_of(scenario: Mapping[str, Any]) -> Film:
    """The first frame of the launch's film and nothing of the others, for who still owes a bet."""
    return _beginning(text_of(scenario))


def launch(stage: Stage, scenario: Mapping[str, Any], *, key: str) -> PlayerState:
    """A launch, at rest where it is over, and below it how it comes out; while a bet is owed, its beginning."""
    if stage.locked:
        rest = player(beginning_of(scenario), key=stage.key(key))
        owed(stage)
        return rest
    run = run_of(scenario)
    rest = player(run.film, key=stage.key(key), step=run.last)
    st.markdown(told(run, rest), width=theme.MEASURE)
    return rest


def told(run: Run, rest: PlayerState) -> str:
    """What is said below a film: the box that was chosen, then how the launch comes out."""
    parts = [ending(run.answer)]
    box = _picked(run, rest)
    return "\n\n".join([box, *parts] if box else [*parts, "*Choose a box to hear what it does.*"])


def ending(answer: Mapping[str, Any]) -> str:
    """How a launch comes out, in Markdown: where it stops, the very text of the error, why, and the least cure."""
    # What is said beside the error about its wording is not said again.
    notes = [f"*{named(note)}*" for note in answer.get("notes", ()) if note != OBSERVED]
    if answer["outcome"] == "RUNNING":
        return "\n\n".join([f":material/check_circle: **The task runs.** {named(answer['why'])}", *notes])
    stop = f" `stopCode` is `{answer['stopCode']}`." if answer["stopCode"] else ""
    # An error's text is nobody's markup: a fence takes it as it is, whatever a role is called.
    fence = f"```text\n{answer['error'].replace('```', '´´´')}\n```"
    return "\n\n".join(
        [
            f":material/cancel: **{STOPS[answer['step']]}**{stop}",
            fence,
            f":small[{KNOWN_FROM[answer['errorSource']]}]",
            f"**Why.** {named(answer['why'])}",
            f"**The least change.** {named(answer['fix'] or 'None is known.')}",
            *notes,
        ]
    )


def named(sentence: str) -> str:
    """A sentence of the simulator as Markdown, with what is a name of AWS's as code."""
    parts = _NAMES.split(sentence)
    return "".join(code(part) if at % 2 else plain(part) for at, part in enumerate(parts))


def _picked(run: Run, rest: PlayerState) -> str:
    parts = {part.id: part for part in (*run.pictures[min(rest.step, run.last)].nodes, *run.pictures[0].groups)}
    part = parts.get(rest.picked or "")
    return f"**{plain(part.label)}.** {plain(part.explanation)}" if part else ""


@lru_cache(maxsize=128)
def _run(text: str, rules: IamRules) -> Run:
    # Read back from the text: the answer is nobody else's to change.
    answer = launch_answer(json.loads(text), rules)
    planned = mended_answer(json.loads(text), rules)
    return Run(
        answer=answer,
        film=launch_film(answer, planned),
        pictures=launch_diagrams(answer, planned),
    )


@lru_cache(maxsize=8)
def _beginning(text: str) -> Film:
    document = json.loads(text)
    return launch_film(launch_answer(document, RULES), mended_answer(document), upto=0)
