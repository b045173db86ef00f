"""The live figures of the lesson on IAM roles."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import streamlit as st

from diagrams.iam import iam_diagram, policy_diagram
from diagrams.model import Diagram
from lessons import for_real, iam_sandbox
from lessons.for_real import Writer
from lessons.iam_assign import assign
from lessons.iam_figures import launch, named
from lessons.iam_parts import LAUNCHES, PARTS, without
from lessons.iam_policies import POLICIES
from lessons.iam_presets import CREDENTIALS, FIRST, SANDBOX
from lessons.iam_real import policy_snippets, snippets
from lessons.situations import chosen
from lessons.stage import Stage
from simulator.iam.rules import RULES
from simulator.iam.subjects import launch_answer, policy_answer
from simulator.preset import Preset
from ui import theme
from ui.figures import architecture
from ui.words import code

TAKE = "What this launch has: choose a part to take it away, and again to put it back"


def _first_launch(stage: Stage) -> None:
    """The opening bet, and how it comes out; then the same with an execution role, and with a public image."""
    with st.container(width=theme.WIDE):
        preset = chosen(stage, FIRST)
        launch(stage, preset.scenario, key=f"run-{preset.id}")


def _take_away(stage: Stage) -> None:
    """A launch that has all it needs, and what becomes of it without one part or several."""
    with st.container(width=theme.WIDE):
        whole = chosen(stage, LAUNCHES, label="Launch")
        kept = st.pills(
            TAKE,
            whole.parts,
            selection_mode="multi",
            default=whole.parts,
            format_func=lambda name: PARTS[name].title,
            key=stage.key(f"has-{whole.id}"),
        )
        gone = tuple(name for name in whole.parts if name not in kept)
        # A figure of its own for each launch, so that it is at rest where that one ends.
        launch(stage, without(whole, gone), key="-".join(("run", whole.id, *gone)))


def _credentials(stage: Stage) -> None:
    """Code that calls S3: with a task role, without one, and where there is nothing to fall back to."""
    with st.container(width=theme.WIDE):
        preset = chosen(stage, CREDENTIALS)
        launch(stage, preset.scenario, key=f"run-{preset.id}")


def _policy(stage: Stage) -> None:
    """A policy, and requests to ask it: which statement decides."""
    with st.container(width=theme.WIDE):
        policy = chosen(stage, POLICIES)
        name = st.pills(
            "The request",
            list(policy.requests),
            default=next(iter(policy.requests)),
            required=True,
            key=stage.key(f"request-{policy.id}"),
        )
        request = policy.requests.get(name or "", next(iter(policy.requests.values())))
        scenario = {"policies": policy.scenario["policies"], "request": request}
        left, right = st.columns([1, 1], gap="large")
        with left:
            st.markdown(_written(scenario))
        with right:
            picture = _evaluated(json.dumps(scenario))
            architecture(picture, narrow=picture, key=stage.key(f"picture-{policy.id}"))
        if st.toggle("For real", key=stage.key("real")):
            for_real.show(policy_snippets(scenario))


def _roles(stage: Stage) -> None:
    """The launch on EC2 with all of its roles, as one picture."""
    with st.container(width=theme.WIDE):
        architecture(_architecture(), narrow=_architecture(), key=stage.key("diagram"))


WIDGETS: dict[str, Callable[[Stage], None]] = {
    "first-launch": _first_launch,
    "take-away": _take_away,
    "credentials": _credentials,
    "assign": assign,
    "policy": _policy,
    "sandbox": iam_sandbox.show,
}
DIAGRAMS: dict[str, Callable[[Stage], None]] = {"roles": _roles}
REAL: dict[str, tuple[Writer, tuple[Preset, ...]]] = {
    "sandbox": (snippets, SANDBOX),
    "policy": (policy_snippets, POLICIES),
}


@lru_cache(maxsize=1)
def _architecture() -> Diagram:
    answer = launch_answer(next(one for one in LAUNCHES if one.id == "ec2").scenario, RULES)
    return iam_diagram(answer, title="A launch on EC2: who holds which role, and calls what with it")


@lru_cache(maxsize=64)
def _evaluated(text: str) -> Diagram:
    return policy_diagram(_asked(json.loads(text)))


def _asked(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """The evaluator's answer; the statements of the one policy that is there are counted as the picture counts them."""
    answer = policy_answer(scenario, RULES)
    said = re.sub(r"policies\[0\]\.Statement\[(\d+)\]", _counted, json.dumps(answer))
    # In a trust policy nothing stands for what is asked about but the role itself.
    return json.loads(said.replace(" on * to ", " to "))


def _counted(found: re.Match[str]) -> str:
    return f"Statement {int(found[1]) + 1}"


def _written(scenario: Mapping[str, Any]) -> str:
    """The policy, the request, and the decision, as Markdown."""
    answer = _asked(scenario)
    request = scenario["request"]
    icon = "check_circle" if answer["decision"] == "Allow" else "cancel"
    verdict = {"Allow": "Allowed.", "ExplicitDeny": "Denied by a statement.", "ImplicitDeny": "Denied by silence."}
    on = f" on {code(request['resource'])}" if request.get("resource") else ""
    by = f" by {code(request['principal'])}" if request.get("principal") else ""
    keys = "".join(f", with {code(key)} {code(value)}" for key, value in (request.get("context") or {}).items())
    rows = [
        f"```json\n{json.dumps(scenario['policies'][0], indent=2)}\n```",
        f"**The request.** {code(request['action'])}{on}{by}{keys}.",
        f":material/{icon}: **{verdict[answer['decision']]}** {named(answer['why'])}",
    ]
    if answer["fix"]:
        rows.append(f"**The least change.** {named(answer['fix'])}")
    return "\n\n".join(rows)
