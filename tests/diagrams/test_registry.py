"""The registry drawn: true to the state and to the answer, whatever the preset."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from diagrams.describe import to_text
from diagrams.dot import to_dot
from diagrams.layout import check
from diagrams.lifecycle import MOST_JUDGED, lifecycle_diagram
from diagrams.model import Diagram
from diagrams.registry import MOST_IMAGES, MOST_LAYERS, registry_diagram, tag_label
from diagrams.svg import to_svg
from simulator.registry import Kind, simulate
from simulator.registry.presets import PRESETS
from simulator.registry.run import is_lifecycle
from simulator.registry.subjects import registry_answer
from simulator.trace import state_at

BY_ID = {preset.id: preset.scenario for preset in PRESETS}
HOST = "111122223333.dkr.ecr.us-east-1.amazonaws.com"
WEB = f"{HOST}/web"


def faces(diagram: Diagram) -> None:
    check(diagram)
    ET.fromstring(to_svg(diagram))
    for part in (*diagram.nodes, *diagram.groups):
        assert part.explanation.endswith("."), part
        assert len(part.label) <= 22
    for node in diagram.nodes:
        assert len(node.detail) <= 22
    assert all(len(edge.label) <= 22 for edge in diagram.edges)
    for face in (to_dot, to_text):
        assert diagram.title in face(diagram)


def at(preset: str, k: int) -> Diagram:
    return registry_diagram(state_at(simulate(BY_ID[preset]), k))


def nodes(diagram: Diagram) -> dict[str, Any]:
    return {node.id: node for node in diagram.nodes}


def edges(diagram: Diagram) -> list[tuple[str, str, str, str]]:
    return [(edge.source, edge.target, edge.label, edge.state) for edge in diagram.edges]


@pytest.mark.parametrize("preset", PRESETS, ids=[one.id for one in PRESETS])
def test_every_step_has_three_faces(preset: Any) -> None:
    trace = simulate(preset.scenario)
    for k in range(len(trace) + 1):
        state = state_at(trace, k)
        diagram = registry_diagram(state)
        faces(diagram)
        blocked = any(edge.state == "blocked" for edge in diagram.edges)
        assert blocked is (state.last is not None and state.last.kind is Kind.REFUSED)
    if is_lifecycle(preset.scenario):
        faces(lifecycle_diagram(registry_answer(preset.scenario)))


def test_a_push_that_moves_a_tag() -> None:
    diagram = at("latest-moves", 20)
    assert diagram.title == "The registry: put"
    images = {node.label: node for node in diagram.nodes if node.group == WEB and node.kind == "ecr"}
    assert {label: node.state for label, node in images.items()} == {"untagged": "draining", "latest": "chosen"}
    assert images["latest"].detail == images["latest"].id.partition("sha256:")[2][:7]
    assert images["untagged"].explanation.endswith("has no tag.")
    assert images["latest"].explanation.endswith("has the tags latest.")
    assert ("machine dev", WEB, "put image", "active") in edges(diagram)
    layers = {node.label: node for node in diagram.nodes if node.group == WEB and node.kind == "task"}
    assert {label: node.detail for label, node in layers.items()} == {
        "base": "75 MiB",
        "python": "48 MiB",
        "app-1": "4 MiB",
        "app-2": "4 MiB",
    }
    assert layers["base"].explanation == "The layer base, 75 MiB, kept once and used by 2 images."
    assert layers["app-1"].explanation == "The layer app-1, 4 MiB, kept once and used by 1 image."
    assert sum(edge.target == layers["base"].id for edge in diagram.edges) == 2
    tasks = {node.label: node for node in diagram.nodes if node.group == "service shop"}
    assert {label: node.state for label, node in tasks.items()} == {"task 1": "healthy", "task 2": "healthy"}
    for node in tasks.values():
        assert (images["untagged"].id, node.id, "", "") in edges(diagram)


def test_an_upload_and_a_layer_of_no_image_yet() -> None:
    diagram = at("second-push", 10)
    fresh = nodes(diagram)[f"{WEB} app-2"]
    assert (fresh.state, fresh.explanation) == ("chosen", "The layer app-2, 4 MiB, kept once and used by no image yet.")
    assert ("machine dev", WEB, "upload", "active") in edges(diagram)
    assert nodes(diagram)["machine dev"].explanation == "dev works here: 1 login, 2 images."
    assert nodes(diagram)["machine dev"].detail == "logged in"


def test_a_pull_goes_the_other_way() -> None:
    image = f"{HOST}/web:v1"
    commands = [{"do": "login"}, {"do": "push", "image": image, "layers": ["a"]}, {"do": "pull", "image": image}]
    trace = simulate({"repositories": [{"repositoryName": "web"}], "commands": commands})
    for k, label in ((len(trace) - 1, "manifest"), (len(trace), "layers")):
        assert (WEB, "machine dev", label, "active") in edges(registry_diagram(state_at(trace, k)))


def test_refusals_are_named() -> None:
    diagram = at("five-refusals", 2)
    dev = nodes(diagram)["machine dev"]
    assert (dev.state, dev.detail) == ("failed", "no login")
    assert dev.explanation.endswith(f"no basic auth credentials: Docker has no login for {HOST}.")
    assert ("machine dev", "registry", "refused", "blocked") in edges(diagram)
    assert diagram.title == "The registry: refused, NOT_LOGGED_IN"
    denied = at("five-refusals", 9)
    assert nodes(denied)["machine ci"].detail == "access denied"
    assert ("machine ci", WEB, "refused", "blocked") in edges(denied)
    assert ("machine dev", "registry", "", "") in edges(denied)
    assert nodes(at("immutable-tags", 11))["machine dev"].detail == "tag exists"


def test_a_task_without_its_image() -> None:
    trace = simulate(BY_ID["expired-under-a-service"])
    diagram = registry_diagram(state_at(trace, len(trace)))
    task = nodes(diagram)["service shop refused"]
    assert (task.state, task.detail) == ("failed", "no image")
    assert task.explanation.startswith("CannotPullContainerError: ")
    assert (WEB, task.id, "cannot pull", "blocked") in edges(diagram)
    assert nodes(diagram)["machine dev"].state == ""
    expiry = next(k for k, event in enumerate(trace.events) if event.kind is Kind.APPLIED)
    gone = [node for node in registry_diagram(state_at(trace, expiry + 1)).nodes if node.label == "expired"]
    assert [(node.state, node.explanation) for node in gone] == [
        ("failed", "Expired by rule 1 of the lifecycle policy; this cannot be taken back.")
    ]
    started = next(k for k, event in enumerate(trace.events) if event.kind is Kind.TASK_STARTED)
    running = registry_diagram(state_at(trace, started + 1))
    assert nodes(running)["service shop task 1"].state == "starting"
    assert [edge.state for edge in running.edges if edge.target == "service shop task 1"] == ["active"]


def test_many_images_and_layers_are_counted() -> None:
    names = [f"layer{i}" for i in range(MOST_LAYERS + 1)]
    commands: list[Any] = [{"do": "login"}, {"do": "push", "image": f"{WEB}:v1", "layers": names}]
    trace = simulate({"repositories": [{"repositoryName": "web"}], "commands": commands})
    diagram = registry_diagram(state_at(trace, len(trace)))
    assert nodes(diagram)[f"{WEB} layers"].label == "7 layers"
    assert nodes(diagram)[f"{WEB} layers"].detail == "70 MiB"
    images = [
        {"imageDigest": f"sha256:{i}", "imageTags": ["t"] if i == 1 else [], "imagePushedAt": i} for i in range(9)
    ]
    seeded = simulate({"repositories": [{"repositoryName": "web", "images": images}], "commands": []})
    counted = registry_diagram(state_at(seeded, 0))
    assert [(node.label, node.detail) for node in counted.nodes] == [("1 image", "tagged"), ("8 images", "untagged")]
    assert counted.title == "The registry before the first command"
    selection = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 1}
    rule = {"rulePriority": 4, "selection": selection, "action": {"type": "expire"}}
    policy = simulate({"lifecyclePolicy": {"rules": [rule]}, "images": images})
    after = registry_diagram(state_at(policy, 1))
    assert [(node.label, node.detail, node.state) for node in after.nodes][-1] == ("8 expired", "rule 4", "failed")
    few = simulate({"lifecyclePolicy": {"rules": [rule]}, "images": images[: MOST_IMAGES + 1]})
    assert [node.label for node in registry_diagram(state_at(few, 1)).nodes].count("expired") == MOST_IMAGES


def test_an_archived_image_and_an_empty_registry() -> None:
    image = {"imageDigest": "sha256:a", "imageTags": ["v1"], "imagePushedAt": 0, "storageClass": "archive"}
    seeded = simulate({"repositories": [{"repositoryName": "web", "images": [image]}], "commands": []})
    (node,) = registry_diagram(state_at(seeded, 0)).nodes
    assert node.state == "draining"
    assert node.explanation.endswith("has the tags v1. It is in the archive and cannot be pulled.")
    empty = registry_diagram(state_at(simulate({"commands": []}), 0), title="Nothing yet")
    assert [node.label for node in empty.nodes] == ["No repository"]
    assert empty.title == "Nothing yet"


def test_a_policy_and_its_images() -> None:
    diagram = lifecycle_diagram(registry_answer(BY_ID["releases-are-shielded"]))
    states = {node.id: node.state for node in diagram.nodes}
    assert states == {
        "rule 1": "",
        "rule 2": "",
        "rule 3": "",
        "image sha256:b": "failed",
        "image sha256:d": "failed",
        "image sha256:e": "failed",
        "image sha256:a": "healthy",
        "image sha256:g": "healthy",
        "image sha256:c": "healthy",
        "image sha256:f": "healthy",
    }
    assert edges(diagram) == [
        ("rule 2", "image sha256:b", "expires", "active"),
        ("rule 3", "image sha256:d", "expires", "active"),
        ("rule 3", "image sha256:e", "", "active"),
        ("rule 1", "image sha256:a", "keeps", ""),
        ("rule 3", "image sha256:a", "may not", "blocked"),
        ("rule 2", "image sha256:c", "keeps", ""),
        ("rule 3", "image sha256:c", "", "blocked"),
    ]
    assert nodes(diagram)["rule 3"].detail == "acts on 2"
    assert nodes(diagram)["rule 3"].explanation == "It selects any image: 7 of them. It marks 5 and acts on 2."
    assert diagram.groups[0].explanation == "7 images: 3 expire, 0 are archived, 4 stay."
    assert nodes(diagram)["image sha256:d"].explanation.startswith("Its tags are dev-1. Rule 3 expires it: ")
    assert nodes(diagram)["image sha256:b"].explanation.startswith("Its tags are none. ")


def test_archived_images_and_idle_rules_of_a_policy() -> None:
    diagram = lifecycle_diagram(registry_answer(BY_ID["archive-then-expire"]), title="Two rules")
    assert diagram.title == "Two rules"
    assert ("rule 1", "image sha256:b", "archives", "active") in edges(diagram)
    assert nodes(diagram)["image sha256:b"].state == "draining"
    selection = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 9}
    rule = {"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}
    idle = lifecycle_diagram(registry_answer({"lifecyclePolicy": {"rules": [rule]}, "images": []}))
    assert edges(idle) == [("rule 1", "repository", "", "")]


def test_a_large_policy_is_drawn_in_sum() -> None:
    images = [
        {"imageDigest": f"sha256:{i:02}", "imageTags": [f"v{i}"], "imagePushedAt": i} for i in range(MOST_JUDGED + 1)
    ]
    selection = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 3}
    rule = {"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}
    document = {"lifecyclePolicy": {"rules": [rule]}, "images": images}
    diagram = lifecycle_diagram(registry_answer(document))
    faces(diagram)
    cards = [(node.label, node.detail, node.state) for node in diagram.nodes if node.group]
    assert cards == [("10 images", "expired", "failed"), ("3 images", "kept", "healthy")]
    assert nodes(diagram)["expired 1 BEYOND_COUNT"].explanation.startswith("10 expired by rule 1. One of them: ")
    few = lifecycle_diagram(registry_answer({**document, "images": images[1:]}))
    assert sum(node.group == "repository" for node in few.nodes) == MOST_JUDGED


def test_tags_on_cards() -> None:
    assert tag_label(["x" * 30]) == "x" * 21 + "…"
    assert tag_label(["x" * 30, "y"]) == "x" * 15 + "… +1"
