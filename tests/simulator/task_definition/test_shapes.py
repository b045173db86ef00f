"""The table of shapes equals the SDK's model of RegisterTaskDefinition; this fails when AWS's model moves."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from simulator.task_definition.shapes import DESCRIBED, ENUMERATIONS, REQUEST, Field, structure, structures

MODEL = botocore.session.get_session().get_service_model("ecs")


def reached(shape: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Every structure below a shape, by name."""
    if shape.type_name == "list":
        reached(shape.member, known)
    if shape.type_name == "structure" and shape.name not in known:
        known[shape.name] = shape
        for member in shape.members.values():
            reached(member, known)
    return known


AWS = reached(MODEL.operation_model("RegisterTaskDefinition").input_shape, {})


def as_field(shape: Any, *, required: bool) -> Field:
    """A shape of the SDK as this project writes it."""
    bounds = {"low": shape.metadata.get("min"), "high": shape.metadata.get("max")}
    if getattr(shape, "enum", None):
        return Field(kind="enumeration", of=shape.name, required=required)
    match shape.type_name:
        case "structure":
            return Field(kind="structure", of=shape.name, required=required)
        case "list":
            return Field(kind="list", item=as_field(shape.member, required=False), required=required, **bounds)
        case "map":
            assert (shape.key.type_name, shape.value.type_name) == ("string", "string")
            return Field(kind="map", required=required)
        case kind:
            tag = "pattern" in shape.metadata
            assert not tag or shape.metadata["pattern"] == r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)"
            return Field(kind=kind, required=required, tag_characters=tag, **bounds)


def enumerations(shape: Any) -> dict[str, tuple[str, ...]]:
    if shape.type_name == "list":
        return enumerations(shape.member)
    return {shape.name: tuple(shape.enum)} if getattr(shape, "enum", None) else {}


def test_the_structures_are_those_of_the_request() -> None:
    assert set(structures()) == set(AWS)
    assert structures()[0] == REQUEST


@pytest.mark.parametrize("name", structures())
def test_a_structure_has_the_model_s_fields(name: str) -> None:
    required = AWS[name].required_members
    expected = {field: as_field(shape, required=field in required) for field, shape in AWS[name].members.items()}
    assert dict(structure(name)) == expected
    assert list(structure(name)) == list(expected)


def test_the_enumerations_are_the_model_s() -> None:
    expected: dict[str, tuple[str, ...]] = {}
    for shape in AWS.values():
        for member in shape.members.values():
            expected |= enumerations(member)
    assert dict(ENUMERATIONS) == expected


def test_what_describing_adds_is_the_model_s() -> None:
    described = MODEL.shape_for("TaskDefinition").members
    assert set(described) - set(AWS[REQUEST].members) == DESCRIBED
