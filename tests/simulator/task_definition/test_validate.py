"""The validator as a whole: it always answers, finds everything at once, and says it in the document's order."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import InputError
from simulator.fargate_sizes import FARGATE_SIZES, fargate_sizes
from simulator.subjects import answer
from simulator.task_definition import CHECKS, TaskDefinitionRules, apply_change, validate
from simulator.task_definition.definition import cpu_units, mebibytes
from simulator.task_definition.finding import dotted, pointer
from simulator.task_definition.presets import PRESETS
from simulator.task_definition.rules import RULES, rules_from_dict, rules_to_dict
from simulator.task_definition.shapes import REQUEST, Field, structure
from simulator.task_definition.sizes import nearest_sizes
from tests.simulator.task_definition.cases import BASES, EC2, FARGATE, edited

DOCUMENTS = [*BASES.values(), *(preset.scenario for preset in PRESETS)]
NAMES = sorted({name for of in (REQUEST, "ContainerDefinition", "PortMapping", "Volume") for name in structure(of)})
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 70000)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "awsvpc", "FARGATE", "fargate", "80-90", "web", "1 vCPU", "\x00", "arn:aws:s3:::a/b.env"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=8,
)


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, one in inside for place in places(one, (*at, key)))]


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """A document of ours in which some values are anything, and some objects have a field more."""
    document = json.loads(json.dumps(draw(st.sampled_from(DOCUMENTS))))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.sampled_from(places(document)))
        holder = document
        for part in at[:-1]:
            holder = holder[part]
        target = holder[at[-1]] if at else document
        if isinstance(target, dict) and draw(st.booleans()):
            target[draw(st.sampled_from(NAMES))] = draw(JUNK)
        elif at:
            holder[at[-1]] = draw(JUNK)
    return document


def shaped(field: Field) -> st.SearchStrategy[Any]:
    """Values of the right type, whatever they mean."""
    match field.kind:
        case "structure":
            return documents(field.of)
        case "list":
            assert field.item
            return st.lists(shaped(field.item), max_size=2)
        case "map":
            return st.dictionaries(
                st.sampled_from(["mode", "awslogs-group", "a"]), st.sampled_from(["", "a"]), max_size=2
            )
        case "integer":
            return st.integers(-1, 70000)
        case "boolean":
            return st.booleans()
        case _:
            return st.sampled_from(["", "a", "web", "arn:aws:iam::1:role/a", "host", "GPU", "LINUX", "1-2", "memberOf"])


def documents(of: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.deferred(
        lambda: st.fixed_dictionaries({}, optional={name: shaped(field) for name, field in structure(of).items()})
    )


def check_answer(document: dict[str, Any]) -> None:
    told = answer("task_definition", document)
    assert json.dumps(told, allow_nan=False) == json.dumps(answer("task_definition", document), allow_nan=False)
    assert told["valid"] == (not told["errors"])
    rules = {check.rule: check for check in CHECKS}
    for one in (*told["errors"], *told["warnings"]):
        assert one["message"]
        assert one["fix"]
        assert rules[one["rule"]].warns == (one in told["warnings"] and one not in told["errors"])
    for one in (*told["errors"], *told["warnings"]):
        if "change" in one:
            apply_change(document, one["change"])


@settings(max_examples=60, deadline=None)
@given(mutated())
def test_any_document_gets_an_answer(document: dict[str, Any]) -> None:
    check_answer(document)


@settings(max_examples=60, deadline=None)
@given(documents(REQUEST))
def test_any_document_of_right_shapes_gets_an_answer(document: dict[str, Any]) -> None:
    check_answer(document)
    shapes = {"wrong-type", "unknown-field", "described-field", "null-field"}
    assert not shapes & {one["rule"] for one in answer("task_definition", document)["errors"]}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(FARGATE_SIZES)), st.integers(1, 300_000), st.booleans())
def test_the_nearest_sizes_exist_and_one_is_enough(cpu: int, memory: int, windows: bool) -> None:
    sizes = fargate_sizes(windows=windows)
    near = nearest_sizes(cpu, memory, windows=windows)
    assert near
    assert all(pair[1] in sizes[pair[0]] for pair in near)
    holding = [(one, two) for one in sizes for two in sizes[one] if one >= cpu and two >= memory]
    assert not holding or near[0] == min(holding)


def test_the_sizes_are_the_table_s() -> None:
    counts = {cpu: len(sizes) for cpu, sizes in FARGATE_SIZES.items()}
    assert counts == {256: 3, 512: 4, 1024: 7, 2048: 13, 4096: 23, 8192: 12, 16384: 12, 32768: 3}
    ends = {cpu: (sizes[0], sizes[-1]) for cpu, sizes in FARGATE_SIZES.items()}
    assert ends[4096] == (8192, 30720)
    assert ends[8192] == (16384, 61440)
    assert ends[16384] == (32768, 122880)
    assert FARGATE_SIZES[32768] == (61440, 122880, 249856)
    assert sorted(fargate_sizes(windows=True)) == [1024, 2048, 4096]


@pytest.mark.parametrize("cpu", sorted(FARGATE_SIZES))
def test_every_pair_of_the_table_is_valid(cpu: int) -> None:
    for memory in FARGATE_SIZES[cpu]:
        document = {**FARGATE, "cpu": str(cpu), "memory": str(memory)}
        assert not validate(document).errors
        assert validate({**document, "memory": str(memory + 1)}).errors[0].check.rule == "fargate-size"


@pytest.mark.parametrize(
    ("written", "units"),
    [("1 vCPU", 1024), (".25 vCPU", 256), ("0.25vcpu", 256), ("192 VCPU", 196608), ("256", 256), (256, 256), ("", None),
     (".vCPU", None), ("1.", None), ("-1", None), (True, None), (1.5, None), ("1 GB", None), ("1" * 10, None)],
)  # fmt: skip
def test_cpu_is_read_as_the_api_does(written: Any, units: int | None) -> None:
    assert cpu_units(written) == units


@pytest.mark.parametrize(
    ("written", "size"), [("1GB", 1024), ("0.5 GB", 512), ("1 gb", 1024), ("1 vCPU", None), (7, 7)]
)
def test_memory_is_read_as_the_api_does(written: Any, size: int | None) -> None:
    assert mebibytes(written) == size


def test_everything_is_found_at_once_in_the_order_of_the_document() -> None:
    many = next(preset for preset in PRESETS if preset.id == "many")
    told = answer("task_definition", many.scenario)
    assert len(told["errors"]) == 23
    assert [one["path"].split("[")[0].split(".")[0] for one in told["errors"]] == [
        "family", "revision", "requiresCompatibilities", "Memory", "Memory", "networkMode",
        "placementConstraints", "placementConstraints", *["containerDefinitions"] * 11, "volumes", "ephemeralStorage",
        "executionRoleArn", "executionRoleArn",
    ]  # fmt: skip
    assert told["summary"] == "The definition is not valid for EC2, FARGATE: 23 errors of 21 rules and 2 warnings."


def test_mending_one_by_one_ends_where_only_its_author_can_help() -> None:
    many: Any = next(preset for preset in PRESETS if preset.id == "many").scenario
    for _ in range(40):
        cure = next((one.found.change for one in validate(many).errors if one.found.change), None)
        if cure is None:
            break
        many = apply_change(many, cure)
    assert sorted(f"{one.path} {one.check.rule}" for one in validate(many).errors) == [
        "containerDefinitions[0].dependsOn[0].condition depends-on-healthy",
        "containerDefinitions[0].logConfiguration.logDriver log-driver",
        "containerDefinitions[1].image container-image-missing",
        "containerDefinitions[1].mountPoints[0].sourceVolume mount-point",
        "executionRoleArn execution-role-for-ecr",
        "executionRoleArn execution-role-for-secrets",
    ]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (FARGATE, "The definition is valid for FARGATE."),
        ({**FARGATE, "cpu": 512}, "The definition is valid for FARGATE, with 1 warning."),
        ({**FARGATE, "cpu": 512, "memory": 1024}, "The definition is valid for FARGATE, with 2 warnings."),
        ({**EC2, "requiresCompatibilities": []}, "The definition is valid."),
        ({"family": "a"}, "The definition is not valid: 1 error."),
        ({}, "The definition is not valid: 2 errors."),
        ({"family": "a b"}, "The definition is not valid: 2 errors."),
        ({"family": "a b", "x": 1, "y": 2}, "The definition is not valid: 4 errors of 3 rules."),
    ],
)
def test_the_summary(document: dict[str, Any], said: str) -> None:
    assert answer("task_definition", document)["summary"] == said


def labels(size: int) -> dict[str, Any]:
    return edited(EC2, {"web.dockerLabels": {"a": "é" * size}})


def test_a_definition_of_64_kib_is_taken_and_no_more() -> None:
    base = len(json.dumps(labels(0), separators=(",", ":")).encode())
    room = 65536 - base
    document = edited(EC2, {"web.dockerLabels": {"a": "b" * room}})
    assert not validate(document).errors
    document["containerDefinitions"][0]["dockerLabels"]["a"] += "b"
    (found,) = validate(document).errors
    assert (found.path, found.check.rule) == ("", "definition-size")
    assert found.found.message == "The definition has 65537 bytes, and at most 65536 (64 KiB) are taken."
    assert [one.check.rule for one in validate(labels(room // 2 + 1)).errors] == ["definition-size"]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "The document must be an object with named fields, not a list."),
        ("web", 'The document must be an object with named fields, not "web".'),
        (None, "The document must be an object with named fields, not null."),
        ({1: 2}, "The document has the field name 1, which is not text."),
        (labels(131_072), "and at most 262144 are read; AWS itself takes 65536."),
        ({"a": {1, 2}}, "holds a value that JSON has no form for; give plain JSON."),
        ({"a": "\ud800"}, "holds a value that JSON has no form for; give plain JSON."),
    ],
)
def test_only_what_is_no_definition_is_refused(document: Any, said: str) -> None:
    with pytest.raises(InputError) as error:
        answer("task_definition", document)
    assert said in str(error.value)


def test_a_document_that_holds_itself_is_refused() -> None:
    document: dict[str, Any] = {"family": "a"}
    document["volumes"] = [document]
    with pytest.raises(InputError, match="JSON has no form for"):
        validate(document)


def test_a_very_wrong_document_is_answered_without_hanging() -> None:
    fields = {f"portMapping{i}": i for i in range(3000)}
    assert len(validate({**FARGATE, **fields}).errors) == 3001  # and the size
    mappings = [{"containerPort": 1 + i, "hostPort": 1} for i in range(4000)]
    assert len(validate(edited(FARGATE, {"web.portMappings": mappings})).errors) == 4000
    chain = [
        {"name": f"c{i}", "image": "a", "dependsOn": [{"containerName": f"c{i + 1}", "condition": "START"}]}
        for i in range(999)
    ]
    chain.append({"name": "c999", "image": "a", "dependsOn": [{"containerName": "c0", "condition": "START"}]})
    document = {**FARGATE, "containerDefinitions": chain}
    rules = [one.check.rule for one in validate(document).errors]
    assert rules == ["definition-size", "container-count", "depends-on-cycle"]
    with pytest.raises(InputError, match="has 1001 entries, and at most 1000 are read; AWS itself takes 10") as error:
        validate({**document, "containerDefinitions": [*chain, {}]})
    assert error.value.path == "containerDefinitions"


def test_suggestions_end_when_they_cost_too_much() -> None:
    found = validate({**FARGATE, **{f"familly{i}": 1 for i in range(201)}}).errors
    fixes = [one.found.fix for one in found]
    assert fixes[:200] == ["Did you mean “family”?"] * 200
    assert fixes[200] == "Take it out."


def test_places_are_written_for_people_and_for_json_patch() -> None:
    assert dotted(("a", 0, "b-c", "d.e", "")) == 'a[0].b-c["d.e"][""]'
    assert dotted((0,)) == "[0]"
    assert pointer(("a", 0, "b/c", "~")) == "/a/0/b~1c/~0"
    assert pointer(()) == ""


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ([{"op": "add", "path": "/a", "value": 1}], {"a": 1, "b": [1, 2]}),
        ([{"op": "add", "path": "/b/1", "value": 9}], {"b": [1, 9, 2]}),
        ([{"op": "add", "path": "/b/2", "value": 9}], {"b": [1, 2, 9]}),
        ([{"op": "replace", "path": "/b/0", "value": 9}], {"b": [9, 2]}),
        ([{"op": "replace", "path": "/b", "value": 9}], {"b": 9}),
        ([{"op": "remove", "path": "/b/0"}], {"b": [2]}),
        ([{"op": "move", "from": "/b", "path": "/c~1d"}], {"c/d": [1, 2]}),
        ([], {"b": [1, 2]}),
    ],
)
def test_a_change_is_applied(change: list[dict[str, Any]], expected: dict[str, Any]) -> None:
    document = {"b": [1, 2]}
    assert apply_change(document, change) == expected
    assert document == {"b": [1, 2]}


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ({"op": "remove", "path": "/c"}, "no place /c to change"),
        ({"op": "remove", "path": "/b/2"}, "no place /b/2 to change"),
        ({"op": "remove", "path": "/b/x"}, "no place /b/x to change"),
        ({"op": "add", "path": "/b/3", "value": 1}, "no place /b/3 to change"),
        ({"op": "add", "path": "/b/0/c", "value": 1}, "no place /b/0/c to change"),
        ({"op": "add", "path": "/c/d", "value": 1}, "no place /c/d to change"),
        ({"op": "add", "path": "b", "value": 1}, "no place b to change"),
        ({"op": "add", "path": "", "value": 1}, "no place  to change"),
        ({"op": "test", "path": "/b"}, "add, replace, remove or move"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(operation: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as error:
        apply_change({"b": [1, 2]}, [operation])
    assert said in str(error.value)
    assert error.value.path == "change"


def test_rules_are_read_and_written() -> None:
    assert rules_to_dict(RULES) == {}
    assert rules_from_dict({}) == RULES
    changed = {"roles": "one_role", "essential_default": False, "ephemeral_minimum": 20}
    assert rules_to_dict(rules_from_dict(changed)) == changed
    with pytest.raises(InputError, match="There is no task_definition rule “role”; did you mean “roles”"):
        rules_from_dict({"role": "one_role"})
    for value in (0, 201):
        with pytest.raises(InputError, match="from 1 to 200"):
            rules_from_dict({"ephemeral_minimum": value})


FOR_SECRETS = "execution-role-for-secrets"
WITH_SECRET = edited(EC2, {"web.secrets": [{"name": "A", "valueFrom": "a"}]})
MUCH_MEMORY = {"web.memory": 600, "log.memory": 600}
BELIEFS: list[tuple[dict[str, Any], dict[str, Any], list[str], list[str]]] = [
    ({"fargate_sizes": "any_pair"}, {**FARGATE, "cpu": "300"}, ["fargate-size"], []),
    ({"fargate_network": "any"}, {**FARGATE, "networkMode": "host"}, ["fargate-network-mode"], []),
    ({"roles": "one_role"}, {**WITH_SECRET, "taskRoleArn": "a"}, [FOR_SECRETS], []),
    ({"roles": "one_role"}, WITH_SECRET, [FOR_SECRETS], [FOR_SECRETS]),
    ({"task_size": "everywhere"}, EC2, [], ["task-cpu-missing", "task-memory-missing"]),
    ({"container_memory": "optional"}, edited(EC2, {"web.memory": ...}), ["container-memory-missing"], []),
    ({"container_sums": "unchecked"}, edited(FARGATE, {"web.cpu": 600}), ["container-cpu-sum"], []),
    ({"container_sums": "unchecked"}, edited(FARGATE, {"web.memory": 2000}), ["container-memory-above-task"], []),
    ({"container_sums": "unchecked"}, edited(FARGATE, MUCH_MEMORY), ["container-memory-sum"], []),
    ({"essential_default": False}, EC2, [], ["no-essential-container"]),
    ({"ephemeral_minimum": 20}, {**FARGATE, "ephemeralStorage": {"sizeInGiB": 20}}, ["ephemeral-storage-size"], []),
    ({"ephemeral_minimum": 30}, {**FARGATE, "ephemeralStorage": {"sizeInGiB": 29}}, [], ["ephemeral-storage-size"]),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "document", "aws", "believed"), BELIEFS)
def test_a_belief_changes_the_verdict(
    rules: dict[str, Any], document: dict[str, Any], aws: list[str], believed: list[str]
) -> None:
    assert sorted(one.check.rule for one in validate(document).errors) == aws
    assert sorted(one.check.rule for one in validate(document, rules_from_dict(rules)).errors) == believed


def test_the_default_rules_are_aws_s() -> None:
    assert TaskDefinitionRules() == RULES
    assert (RULES.essential_default, RULES.ephemeral_minimum) == (True, 21)


def test_a_task_without_size_is_told_so_by_the_belief_without_aws_s_words() -> None:
    found = validate(EC2, rules_from_dict({"task_size": "everywhere"})).errors
    assert [one.found.message for one in found] == [
        "A task has a size, and cpu of the task is missing.",
        "A task has a size, and memory of the task is missing.",
    ]
    assert [(one.found.aws, one.found.change) for one in found] == [("", ()), ("", ())]
