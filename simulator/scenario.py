"""Scenarios as links: a document to a short text and back. The records are read by each mechanism's own `scenario`.

`encode` writes canonical JSON, deflated, in base64url behind a version byte, so that equal scenarios give equal links
and a link of another version is known for what it is.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from typing import Any

from simulator.documents import check_size
from simulator.errors import InputError

VERSION = 1
MOST_CHARACTERS = 4096
MOST_JSON_BYTES = 256 * 1024


def encode(scenario: Mapping[str, Any]) -> str:
    """A scenario as text for one query parameter, at most 4096 characters.

    Raises
    ------
    InputError
        If the scenario is too large for a link (it can then be saved as a file), or holds what JSON can not.

    >>> decode(encode({"count": 4}))
    {'count': 4}
    """
    try:
        written = json.dumps(scenario, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        packed = zlib.compress(written.encode(), 9)
    except (TypeError, ValueError, RecursionError):
        raise InputError("The scenario holds a value that JSON has no form for.") from None
    link = base64.urlsafe_b64encode(bytes([VERSION]) + packed).decode().rstrip("=")
    if len(link) > MOST_CHARACTERS or len(written.encode()) > MOST_JSON_BYTES:
        raise InputError(
            f"The scenario needs {len(link)} characters, and a link holds {MOST_CHARACTERS}; save it as a file instead."
        )
    return link


def decode(text: str) -> dict[str, Any]:
    """The scenario in a link.

    Raises
    ------
    InputError
        With one sentence, for a link that is too long, cut short, of another version, or not of ours.
    """
    if not isinstance(text, str) or not text:
        raise InputError("The link is empty; copy it again, whole.")
    if len(text) > MOST_CHARACTERS:
        raise InputError(f"The link has {len(text)} characters, and at most {MOST_CHARACTERS} are read.")
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise InputError("The link has characters that no link of ours has; copy it again, whole.") from None
    if not data or data[0] != VERSION:
        raise InputError(f"The link is not of version {VERSION}; make a new one from the lesson.")
    scenario = _parse(_inflate(data[1:]))
    if not isinstance(scenario, dict):
        raise InputError("The link holds no scenario; make a new one from the lesson.")
    check_size(scenario)
    return scenario


def _inflate(packed: bytes) -> bytes:
    """At most the bound is ever unpacked, whatever the link claims to hold."""
    stream = zlib.decompressobj()
    try:
        data = stream.decompress(packed, MOST_JSON_BYTES + 1)
    except zlib.error:
        raise InputError("The link is damaged or cut short; copy it again, whole.") from None
    if len(data) > MOST_JSON_BYTES:
        raise InputError(f"The link unpacks to more than {MOST_JSON_BYTES} bytes, the most that are read.")
    if not stream.eof or stream.unused_data:
        raise InputError("The link is damaged or cut short; copy it again, whole.")
    return data


def _parse(data: bytes) -> Any:
    try:
        return json.loads(data.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise InputError("The link holds no scenario; make a new one from the lesson.") from None


def _no_constant(name: str) -> Any:
    raise ValueError(name)
