"""Values out of documents: what a picture, a sentence or a command could not hold is refused where it is read."""

from __future__ import annotations

from fractions import Fraction

import pytest

from simulator import reading
from simulator.errors import InputError
from simulator.subjects import answer

TASK = {"family": "web", "containerDefinitions": [{"name": "web", "image": "web:1", "cpu": 1, "memory": 6}]}


@pytest.mark.parametrize("unseen", ["\0", "\n", "\x1b", "\u202e", "\ud800", "\uffff"])
def test_text_can_be_seen(unseen: str) -> None:
    with pytest.raises(InputError, match=r"has the character U\+[0-9A-F]{4}, which cannot be seen"):
        reading.text(f"a{unseen}b", "service")
    assert unseen not in reading.shown(f"a{unseen}b")
    assert unseen not in reading.shorten(f"a{unseen}b")


def test_an_expression_may_have_lines() -> None:
    assert reading.text("a\n\tb", "expression", lines=True) == "a\n\tb"


@pytest.mark.parametrize("named", ["--endpoint-url=http://elsewhere", "service:-x"])
def test_a_name_is_never_an_option_of_a_command(named: str) -> None:
    with pytest.raises(InputError, match="does not begin with a hyphen"):
        reading.name(named, "group")
    assert reading.name("a-b", "group") == "a-b"


def test_daemon_services_count_against_the_bound() -> None:
    """Each asks for a task on each instance: a short document must not run for minutes."""
    machines = [{"ec2InstanceId": f"i{k}", "instanceType": "m5.large"} for k in range(200)]
    asked = [{"taskDefinition": TASK | {"family": f"f{k}"}, "schedulingStrategy": "DAEMON"} for k in range(50)]
    with pytest.raises(InputError, match="ask for 10000 tasks, and one scenario may ask for 5000"):
        answer("placement", {"instances": machines, "requests": asked})


@pytest.mark.parametrize("value", [0, 1, 0.1, 99.9, 100, 1e-300])
def test_a_number_is_taken_as_it_is_written(value: float) -> None:
    assert reading.number(value, "metric", low=0, high=100) == Fraction(str(value))


@pytest.mark.parametrize("value", [True, "5", None, -0.1, 100.1, float("nan"), float("inf"), -(10**400), 10**400, [1]])
def test_what_is_no_number_between_the_bounds_is_refused(value: object) -> None:
    with pytest.raises(InputError, match=r"^metric must be a number from 0 to 99\.5, not .{1,70}\.$") as error:
        reading.number(value, "metric", low=0, high=Fraction(199, 2))
    assert error.value.path == "metric"
