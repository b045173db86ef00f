"""The cluster query language: what `memberOf` constraints and list filters are written in.

`syntax` has the grammar and the tree, `subjects` what can be asked and how values compare, `patterns` the regular
expressions, `diagnosis` the error sentences, `reasons` why an instance matches or not.
"""

from __future__ import annotations

from simulator.placement.query.diagnosis import QueryError
from simulator.placement.query.reasons import explain, explain_match, explain_mismatch, hint, subjects_of
from simulator.placement.query.syntax import MAX_DEPTH, MAX_LENGTH, Query, matches, parse

__all__ = [
    "MAX_DEPTH",
    "MAX_LENGTH",
    "Query",
    "QueryError",
    "explain",
    "explain_match",
    "explain_mismatch",
    "hint",
    "matches",
    "parse",
    "subjects_of",
]
