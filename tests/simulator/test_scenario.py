"""Links: canonical, bounded, and safe against what a stranger puts into them."""

from __future__ import annotations

import base64
import json
import random
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import InputError
from simulator.scenario import MOST_CHARACTERS, MOST_JSON_BYTES, VERSION, decode, encode

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(max_size=8), JSON, max_size=5))
def test_a_link_brings_the_scenario_back(scenario: dict[str, Any]) -> None:
    link = encode(scenario)
    assert decode(link) == json.loads(json.dumps(scenario))
    assert len(link) <= MOST_CHARACTERS
    assert set(link) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_the_order_of_fields_does_not_matter() -> None:
    assert encode({"a": 1, "b": [2]}) == encode({"b": [2], "a": 1})


def test_a_scenario_too_large_names_the_bound() -> None:
    noise = random.Random(1).randbytes(5000).hex()
    with pytest.raises(InputError, match="a link holds 4096; save it as a file"):
        encode({"x": noise})


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, b"x"])
def test_what_is_no_json_is_refused(value: Any) -> None:
    with pytest.raises(InputError, match="JSON has no form"):
        encode({"x": value})


def _link(data: bytes, version: int = VERSION) -> str:
    return base64.urlsafe_b64encode(bytes([version]) + data).decode().rstrip("=")


@pytest.mark.parametrize(
    ("link", "part"),
    [
        ("", "The link is empty"),
        ("A" * 4097, "at most 4096 are read"),
        ("a b", "characters that no link"),
        ("ü", "characters that no link"),
        ("A", "characters that no link"),
        (_link(zlib.compress(b"{}"), version=9), "not of version 1"),
        (_link(b"nonsense"), "damaged or cut short"),
        (_link(zlib.compress(b'{"a": 1}')[:-3]), "damaged or cut short"),
        (_link(zlib.compress(b"{}") + b"more"), "damaged or cut short"),
        (_link(zlib.compress(b" " * (MOST_JSON_BYTES + 1), 9)), "unpacks to more than"),
        (_link(zlib.compress(b"[1]")), "holds no scenario"),
        (_link(zlib.compress(b'{"a": NaN}')), "holds no scenario"),
        (_link(zlib.compress(b"\xff\xfe")), "holds no scenario"),
        (_link(zlib.compress(b'{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}", 9)), "holds no scenario"),
        (_link(zlib.compress(b'{"a":' + b"[" * 200 + b"]" * 200 + b"}", 9)), "nested deeper"),
    ],
)
def test_links_that_are_refused(link: str, part: str) -> None:
    with pytest.raises(InputError, match=part):
        decode(link)


@pytest.mark.parametrize(
    ("written", "part"),
    [
        (b'{"image": "\\ud800"}', "half a character"),
        (b'{"\\ud800": 1}', "half a character"),
        (b'{"count": ' + b"9" * 40 + b"}", "too many digits"),
    ],
)
def test_what_could_not_be_written_again_is_refused(written: bytes, part: str) -> None:
    with pytest.raises(InputError, match=part):
        decode(_link(zlib.compress(written)))
