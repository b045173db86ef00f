"""Everything that a lesson gives to copy, for every situation of every figure: AWS's own shapes take it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec

import pytest
import yaml

from course import syllabus
from lessons import for_real, markdown
from lessons.blocks import Aws
from lessons.for_real import Snippet
from simulator.subjects import answer
from tests.lessons.aws_cli import commands, operation_of, problems, shape_problems

SLUGS = [entry.slug for entry in syllabus.lessons()]
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def module_of(slug: str):
    name = f"lessons.{slug.replace('-', '_')}"
    return import_module(name) if find_spec(name) else None


def generated(slug: str) -> Iterator[tuple[str, Snippet]]:
    """What the lesson's writers give for each of their situations."""
    for name, (writer, presets) in getattr(module_of(slug), "REAL", {}).items():
        for preset in presets:
            for snippet in writer(preset.scenario):
                yield f"{name}, {preset.id}, {snippet.title}", snippet


def written(slug: str) -> Iterator[tuple[str, Snippet]]:
    """What stands in the `{aws}` boxes of the text."""
    for block in markdown.load(slug).blocks:
        if isinstance(block, Aws):
            for language, text in _FENCE.findall(block.markdown):
                if language == "bash":
                    yield f"line {block.line}, {block.title}", Snippet(title=block.title, text=text)


@pytest.mark.parametrize("slug", SLUGS)
def test_what_can_be_copied_has_the_form_that_aws_takes(slug: str) -> None:
    wrong = [
        f"{where}: {problem}"
        for where, snippet in (*generated(slug), *written(slug))
        for problem in snippet_problems(snippet)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_lesson_writes_down_what_its_figure_shows(slug: str) -> None:
    real = getattr(module_of(slug), "REAL", {})
    assert real, f"lessons/{slug} has no REAL: at least one figure has to be written down as commands or documents"
    for name, (writer, presets) in real.items():
        texts = {preset.id: tuple(snippet.text for snippet in writer(preset.scenario)) for preset in presets}
        assert all(texts.values()), f"{name} writes nothing for a situation"
        assert len(set(texts.values())) > 1 or len(texts) == 1, f"{name} writes the same for every situation"


def snippet_problems(snippet: Snippet) -> Iterable[str]:
    """What AWS would refuse about the form of a snippet."""
    if "." in snippet.kind:
        return shape_problems(operation_of(snippet.kind), json.loads(snippet.text))
    return CHECKS[snippet.kind](snippet.text)


def command_problems(text: str) -> Iterable[str]:
    return (problem for words in commands(text) for problem in problems(words))


def lifecycle_problems(text: str) -> Iterable[str]:
    """Our own registry reads a lifecycle policy as ECR does; its refusal is an error of the test."""
    answer("registry", {"lifecyclePolicy": json.loads(text), "images": [], "now": "2026-01-01T00:00:00Z"})
    return ()


def manifest_problems(text: str) -> Iterable[str]:
    for manifest in yaml.safe_load_all(text):
        if missing := {"apiVersion", "kind", "metadata"} - set(manifest):
            yield f"the manifest lacks {', '.join(sorted(missing))}"


def dockerfile_problems(text: str) -> Iterable[str]:
    return () if text.lstrip().startswith(("FROM ", "# ")) else ["a Dockerfile begins with FROM"]


def policy_problems(text: str) -> Iterator[str]:
    """What IAM's grammar of policies asks for."""
    policy = json.loads(text)
    if policy.get("Version") != "2012-10-17":
        yield "the policy's Version is not 2012-10-17"
    for statement in policy["Statement"]:
        if statement.get("Effect") not in ("Allow", "Deny"):
            yield f"the Effect {statement.get('Effect')} is neither Allow nor Deny"
        unknown = set(statement) - {
            "Sid",
            "Effect",
            "Principal",
            "NotPrincipal",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition",
        }
        if unknown:
            yield f"a statement has no {', '.join(sorted(unknown))}"
        if not {"Action", "NotAction"} & set(statement):
            yield "a statement names no action"
        if not {"Resource", "NotResource", "Principal"} & set(statement):
            yield "a statement names neither a resource nor a principal"


@cache
def template_problems(text: str) -> list[str]:
    """What AWS's own linter says against a template; its advice (rules that begin with I) is not against it."""
    from cfnlint.api import lint_all

    found = [match for match in lint_all(text) if not match.rule.id.startswith("I")]
    return [f"line {match.linenumber}: {match.rule.id}: {match.message}" for match in found]


CHECKS: Mapping[str, Callable[[str], Iterable[str]]] = {
    "bash": command_problems,
    for_real.TEMPLATE: template_problems,
    for_real.POLICY: policy_problems,
    for_real.LIFECYCLE_POLICY: lifecycle_problems,
    "kubernetes": manifest_problems,
    "dockerfile": dockerfile_problems,
}


def test_a_wrong_option_a_wrong_value_and_a_missing_parameter_are_found() -> None:
    def told(text: str) -> str:
        return "\n".join(command_problems(text))

    assert "has no option --clutser" in told("aws ecs run-task --clutser harbor --task-definition web:1")
    assert "Missing required parameter" in told("aws ecs run-task --cluster harbor")
    assert "invalid literal" in told("aws ecs run-task --task-definition web:1 --count many")
    assert "no such operation" in told("aws ecs run-tasks --task-definition web:1")
    assert "no member" in told("aws ecs run-task --task-definition web:1 --placement-strategy kind=spread")
    assert not told(
        "aws ecs run-task \\\n  --task-definition web:1 --placement-strategy type=spread,field=instanceId | jq ."
    )


def test_a_template_with_a_property_that_is_not_there_is_found() -> None:
    template = {"Resources": {"Cluster": {"Type": "AWS::ECS::Cluster", "Properties": {"Clustername": "harbor"}}}}
    assert any("Clustername" in problem for problem in template_problems(json.dumps(template)))


def test_option_names_are_the_cli_s_own() -> None:
    from botocore import xform_name

    for name in ("desiredCount", "VPCZoneIdentifier", "taskRoleArn", "awsvpcConfiguration"):
        assert for_real.option_name(name) == "--" + xform_name(name, "-")
