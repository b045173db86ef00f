"""A run as a trace: its steps, their reasons, forks, and what always holds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import trace as traces
from simulator.registry import MECHANISM, simulate
from simulator.registry.instants import DAY
from simulator.registry.presets import PRESETS
from simulator.registry.state import Event, Kind
from simulator.registry.subjects import registry_answer
from tests.simulator.registry.asking import (
    HOST,
    LOGIN,
    MOVED,
    NEW,
    OLD,
    PUT_POLICY,
    REPLACE,
    SIZES,
    WEB,
    denying,
    deploy,
    pull,
    push,
)


def test_the_steps_and_their_reasons() -> None:
    trace = simulate({"layers": SIZES, "repositories": WEB, "commands": MOVED})
    said = [(event.kind.value, traces.explain(trace, k)) for k, event in enumerate(trace.events)]
    assert [(kind, why.sentence) for kind, why in said] == [
        ("logged-in", f"Docker on the machine of dev has a token for {HOST}."),
        ("built", f"{HOST}/web:latest is built on the machine of dev: base, app."),
        ("checked", "web has none of the layers; to be uploaded: base, app."),
        ("uploaded", "The layer base is uploaded to web."),
        ("uploaded", "The layer app is uploaded to web."),
        ("put", f"web:latest is {OLD[:19]}."),
        ("token", "The agent gets a token with the permissions of dev, for this pull."),
        ("fetched", f"The manifest of {HOST}/web:latest is that of {OLD[:19]}."),
        ("downloaded", "From S3, by pre-signed URLs: base, app."),
        ("deployed", f"shop resolves {HOST}/web:latest to {OLD[:19]} when it is deployed."),
        ("task-started", f"Task 1 of shop runs {OLD[:19]}."),
        ("token", "The agent gets a token with the permissions of dev, for this pull."),
        ("fetched", f"The manifest of {HOST}/web@{OLD} is that of {OLD[:19]}."),
        ("downloaded", "From S3, by pre-signed URLs: base, app."),
        ("task-started", f"Task 2 of shop runs {OLD[:19]}."),
        ("built", f"{HOST}/web:latest is built on the machine of dev: base, app2."),
        ("checked", "web has base already; to be uploaded: app2."),
        ("uploaded", "The layer app2 is uploaded to web."),
        ("put", f"web:latest is {NEW[:19]}. The tag was on {OLD[:19]}, which is untagged now."),
        ("task-stopped", f"Task 1 of shop is lost; it ran {OLD[:19]}."),
        ("token", "The agent gets a token with the permissions of dev, for this pull."),
        ("fetched", f"The manifest of {HOST}/web@{OLD} is that of {OLD[:19]}."),
        ("downloaded", "From S3, by pre-signed URLs: base, app."),
        ("task-started", f"Task 3 of shop runs {OLD[:19]}."),
    ]
    again = simulate({"layers": SIZES, "repositories": WEB, "commands": [*MOVED, deploy()]})
    assert [traces.explain(again, k).sentence for k in (-2 + len(again), -1 + len(again))] == [
        f"Task 2 of shop is stopped, for the new tasks run; it ran {OLD[:19]}.",
        f"Task 3 of shop is stopped, for the new tasks run; it ran {OLD[:19]}.",
    ]
    assert said[3][1].calls == ("ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload")
    assert said[8][1].calls == ("ecr:GetDownloadUrlForLayer",) * 2
    assert said[5][1].access == "dev may: the identity policy allows it."
    assert (said[1][1].calls, said[1][1].access) == ((), "")


def test_more_steps_and_their_reasons() -> None:
    commands = [
        {"do": "create-repository", "repositoryName": "shop"},
        LOGIN,
        push(),
        push("v2"),
        pull(),
        {"do": "tag", "image": f"{HOST}/web:v1", "target": f"{HOST}/web:v3"},
        {"do": "delete", "repositoryName": "web", "imageTag": "v1"},
        {"do": "delete", "repositoryName": "web", "imageTag": "v2"},
        push(),
        {"do": "delete", "repositoryName": "web", "digestOf": 9},
        PUT_POLICY,
        {"do": "wait", "hours": 2},
        deploy(versionConsistency="disabled"),
    ]
    trace = simulate({"layers": SIZES, "repositories": WEB, "commands": commands})
    said = [traces.explain(trace, k).sentence for k in range(len(trace))]
    for sentence in (
        "The repository shop is created; its tags are MUTABLE.",
        "web has every layer already; nothing is uploaded.",
        "Every layer is here already; nothing is downloaded.",
        f"{HOST}/web:v1 is also named {HOST}/web:v3, on the machine of dev alone.",
        f"The tag v1 is taken off; the image web@{OLD[:19]} stays.",
        f"The tag v2 is taken off, and the image web@{OLD[:19]} is deleted with it.",
        f"The image web@{OLD[:19]} is deleted with all its tags.",
        "web has this lifecycle policy from now on.",
        "2 hours pass.",
        f"CannotPullContainerError: {HOST}/web:latest: not found.",
    ):
        assert sentence in said


def test_a_rule_is_explained_by_what_it_found() -> None:
    trace = simulate(PRESETS[0].scenario)
    assert [(event.kind, event.rule, event.digests) for event in trace.events] == [
        (Kind.APPLIED, 1, ("sha256:a",)),
        (Kind.APPLIED, 2, ()),
    ]
    assert traces.explain(trace, 0).sentence == (
        "Rule 1 selects images with a tag beginning with prod, 2 of 3, marks 1 and expires 1."
    )
    assert traces.explain(trace, 0).details == (
        "sha256:a: Rule 1 expires it: it is number 2 of 2, newest first, and only the newest is kept.",
    )
    # The second rule is explained by the images before the first was applied.
    assert traces.explain(trace, 1).sentence == (
        "Rule 2 selects images with a tag beginning with beta, 3 of 3, marks 2 and expires 0."
    )
    last = traces.state_at(trace, 2)
    assert [image.digest for image in last.repositories[0].images] == ["sha256:b", "sha256:c"]
    archived = simulate(PRESETS[4].scenario)
    assert traces.explain(archived, 0).sentence.endswith("marks 1 and archives 1.")
    assert archived.events[0].at == traces.state_at(archived, 0).now


def test_a_document_without_now_is_played_at_its_last_push() -> None:
    document = {key: value for key, value in PRESETS[0].scenario.items() if key != "now"}
    assert traces.state_at(simulate(document), 0).now == 1_771_632_000_000_000
    empty = simulate({**document, "images": []})
    assert traces.state_at(empty, 0).now == 0


@pytest.mark.parametrize("preset", PRESETS, ids=[one.id for one in PRESETS])
def test_a_run_is_json_and_back(preset: Any) -> None:
    trace = simulate(preset.scenario)
    text = traces.to_json(trace)
    assert traces.to_json(simulate(preset.scenario)) == text
    assert traces.from_json(text, MECHANISM).events == trace.events
    for k in range(len(trace)):
        assert traces.state_at(trace, k + 1).last == trace.events[k]
        assert traces.explain(trace, k).sentence.endswith(".")


def test_a_fork_keeps_what_was_before() -> None:
    trace = simulate({"repositories": WEB, "commands": [LOGIN, push(), push("v2", "base", "app2")]})
    wait = traces.fork(trace, 6, {"command": {"do": "wait", "hours": 13}})
    assert wait.events[:6] == trace.events[:6]
    assert [event.kind for event in wait.events[6:]] == [Kind.WAITED, Kind.BUILT, Kind.REFUSED]
    assert wait.events[6].command == 4
    assert wait.events[8].code == "TOKEN_EXPIRED"
    denied = traces.fork(trace, 2, {"as": "dev", "policy": denying("PutImage")})
    kinds = [event.kind for event in denied.events]
    # It acts when the command in progress is done.
    assert kinds[:6] == [event.kind for event in trace.events[:6]]
    assert kinds[6:] == [Kind.CHANGED, Kind.BUILT, Kind.CHECKED, Kind.UPLOADED, Kind.REFUSED]
    assert traces.explain(denied, 6).sentence == "dev has another policy from now on."
    late = traces.fork(trace, 10_000, {"command": LOGIN})
    assert late.events[: len(trace)] == trace.events
    assert late.events[-1].kind is Kind.LOGGED_IN
    numbered = registry_answer(dict(wait.scenario))
    assert [(one["command"], one["do"]) for one in numbered["results"]] == [
        (1, "login"),
        (2, "push"),
        (4, "wait"),
        (3, "push"),
    ]


COMMANDS_DRAWN = st.sampled_from(
    [
        LOGIN,
        push("v1"),
        push("v1", "base", "app2"),
        push("latest"),
        push("latest", "base", "app2"),
        pull("web:latest"),
        {"do": "delete", "repositoryName": "web", "imageTag": "v1"},
        {"do": "delete", "repositoryName": "web", "imageTag": "latest"},
        {"do": "put-image", "repositoryName": "web", "imageTag": "stable", "of": "v1"},
        PUT_POLICY,
        deploy(),
        REPLACE,
        {"do": "wait", "hours": 7},
        {"do": "wait", "hours": 40},
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(COMMANDS_DRAWN, max_size=12), st.integers(0, 40), COMMANDS_DRAWN)
def test_what_always_holds(commands: list[dict[str, Any]], at: int, change: dict[str, Any]) -> None:
    scenario = {"repositories": WEB, "commands": [LOGIN, *commands]}
    trace = simulate(scenario)
    times = [event.at for event in trace.events]
    assert times == sorted(times)
    for k in range(len(trace) + 1):
        state = traces.state_at(trace, k)
        (repository,) = state.repositories
        tags = [tag for image in repository.images for tag in image.tags]
        assert len(tags) == len(set(tags))
        digests = [image.digest for image in repository.images]
        assert len(digests) == len(set(digests))
        held = {layer for image in repository.images for layer in image.layers}
        assert held <= set(repository.layers)
    forked = traces.fork(trace, at, {"command": change})
    assert forked.events[: min(at, len(trace))] == trace.events[: min(at, len(trace))]
    answer = registry_answer(scenario)
    assert [one["command"] for one in answer["results"]] == list(range(1, len(commands) + 2))
    assert json.dumps(registry_answer(scenario)) == json.dumps(answer)


def test_events_leave_out_what_is_empty() -> None:
    event = Event(at=DAY, kind=Kind.UPLOADED, layers=("a",))
    document = MECHANISM.event_to_dict(event)
    assert document == {"at": DAY, "kind": "uploaded", "layers": ["a"]}
    assert MECHANISM.event_from_dict(document) == event
