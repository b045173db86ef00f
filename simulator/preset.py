"""A named situation: what the sandboxes offer and the tests run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """`about` is one sentence: what to look for.

    `subject` is the terminal subject that the scenario is a document of; empty where only a sandbox runs it.
    """

    id: str
    title: str
    about: str
    scenario: Mapping[str, Any]
    subject: str = ""
