"""The types of items. A new one is a module that makes a `Kind`, and an entry here."""

from __future__ import annotations

from collections.abc import Mapping

from quizzes.kinds.choice import MULTIPLE, SINGLE
from quizzes.kinds.kind import Kind
from quizzes.kinds.number import NUMERIC
from quizzes.kinds.ordering import ORDERING

__all__ = ["KINDS", "Kind"]

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (SINGLE, MULTIPLE, NUMERIC, ORDERING)}
