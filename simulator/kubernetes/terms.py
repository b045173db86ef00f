"""Asking the tables: a term either way, a whole table, or which EKS compute remains for what a workload needs."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.kubernetes.tables import COMPUTE, TABLES, VOCABULARY, Row, Word

SIDES = ("ecs", "kubernetes")
# What is asked for, and what is said where it is lacking.
NEEDS: dict[str, str] = {
    "DAEMONSET": "no DaemonSets",
    "GPU": "no GPUs",
    "ARM": "no Arm processors",
    "WINDOWS": "no Windows",
    "NO_SERVER_MANAGEMENT": "servers that you manage",
    "OWN_SERVERS": "no servers of your own",
    "EBS": "no EBS volumes",
    "PRIVILEGED": "no privileged containers",
    "HOST_NETWORK": "no host network and no host ports",
}
# What the table says in words. Only what the facts say of an option stands here; the rest is UNDOCUMENTED.
_SAID: dict[str, dict[str, str]] = {
    "NO_SERVER_MANAGEMENT": {
        "EKS Auto Mode": "YES", "Managed node group": "NO", "Self-managed nodes": "NO", "Fargate": "YES",
        "Hybrid nodes": "NO",
    },
    "OWN_SERVERS": {
        "EKS Auto Mode": "NO", "Managed node group": "NO", "Self-managed nodes": "NO", "Fargate": "NO",
        "Hybrid nodes": "YES",
    },
    "EBS": {
        "EKS Auto Mode": "YES", "Managed node group": "YES", "Self-managed nodes": "YES", "Fargate": "NO",
        "Hybrid nodes": "NO",
    },
    "PRIVILEGED": {"Fargate": "NO"},
    "HOST_NETWORK": {"Fargate": "NO"},
}  # fmt: skip


def term_answer(document: Mapping[str, Any]) -> dict[str, Any]:
    """`{"term", "from"}`: what it is called on the other side, and what the tables say of it.

    Raises
    ------
    InputError
        For a term that no table has, with the nearest.

    >>> term_answer({"term": "task"})["matches"][0]["to"]
    'Pod'
    """
    reading.known_fields(document, "", ("term", "from"))
    term = reading.text(document.get("term"), "term", longest=80)
    side = document.get("from")
    sides = SIDES if side is None else (reading.choice(side, "from", SIDES),)
    found = [_word(word, one) for one in sides for word in VOCABULARY if _plain(term) in _names(word, one)]
    rows = [
        {"table": table, **_row(row)}
        for table, entries in TABLES.items()
        for row in entries
        if _plain(term) in [_plain(name) for name in (row.name, *row.also)]
    ]
    if not found and not rows:
        raise InputError(f"No table has the term {reading.shown(term)}; {_nearest(term, sides)}", path="term")
    return {
        "kind": "term",
        "term": term,
        "matches": found,
        "tables": rows,
        "reason": " ".join(one["reason"] for one in found) or " ".join(f"{one['name']}: {one['says']}" for one in rows),
    }


def table_answer(document: Mapping[str, Any]) -> dict[str, Any]:
    """`{"table"}`: a whole table, `vocabulary` or one of `TABLES`."""
    reading.known_fields(document, "", ("table",))
    name = reading.choice(document.get("table"), "table", ("vocabulary", *TABLES))
    if name == "vocabulary":
        rows = [
            {"ecs": word.ecs, "kubernetes": word.kubernetes, "oneToOne": word.one_to_one, "caveat": word.caveat}
            for word in VOCABULARY
        ]
        return {"kind": "table", "table": name, "rows": rows}
    return {"kind": "table", "table": name, "rows": [_row(row) for row in TABLES[name]]}


def needs_answer(document: Mapping[str, Any]) -> dict[str, Any]:
    """`{"needs"}`: which EKS compute options remain, which are unsure, and why each other is ruled out.

    >>> needs_answer({"needs": ["WINDOWS"]})["remaining"]
    ['Managed node group', 'Self-managed nodes']
    """
    reading.known_fields(document, "", ("needs",))
    raw = reading.items(document.get("needs"), "needs", most=len(NEEDS))
    needs = [reading.choice(one, f"needs[{i}]", list(NEEDS)) for i, one in enumerate(raw)]
    remaining: list[str] = []
    unsure: list[dict[str, Any]] = []
    ruled_out: list[dict[str, Any]] = []
    for option in COMPUTE:
        said = {need: _SAID.get(need, option.facts).get(option.name if need in _SAID else need) for need in needs}
        no = [need for need, word in said.items() if word == "NO"]
        open_ = [need for need, word in said.items() if word is None]
        if no:
            reason = f"{option.name}: {_list([NEEDS[need] for need in no])}."
            ruled_out.append({"option": option.name, "needs": no, "reason": reason})
        elif open_:
            reason = f"{option.name}: not documented here for {_list(open_)}."
            unsure.append({"option": option.name, "needs": open_, "reason": reason})
        else:
            remaining.append(option.name)
    return {
        "kind": "computeChoice",
        "needs": needs,
        "remaining": remaining,
        "unsure": unsure,
        "ruledOut": ruled_out,
        "leastChange": _least_change(remaining, unsure, ruled_out),
    }


def _least_change(remaining: list[str], unsure: list[dict[str, Any]], ruled_out: list[dict[str, Any]]) -> str | None:
    """What to give up so that an option remains; None where one does."""
    if remaining or unsure or not ruled_out:
        return None
    nearest = min(ruled_out, key=lambda one: len(one["needs"]))
    return f"Without the need {_list(nearest['needs'])}, {nearest['option']} would remain."


def _word(word: Word, side: str) -> dict[str, Any]:
    here, there = (word.ecs, word.kubernetes) if side == "ecs" else (word.kubernetes, word.ecs)
    other = "Kubernetes" if side == "ecs" else "ECS"
    reason = f"{here} is {there} in {other}."
    return {
        "from": side,
        "name": here,
        "to": there,
        "oneToOne": word.one_to_one,
        "caveat": word.caveat,
        "reason": f"{reason} {word.caveat}".strip(),
    }


def _row(row: Row) -> dict[str, Any]:
    return {"name": row.name, "says": row.says, "facts": dict(row.facts)}


def _names(word: Word, side: str) -> list[str]:
    own = (word.ecs, *word.also_ecs) if side == "ecs" else (word.kubernetes, *word.also_kubernetes)
    return [_plain(name) for name in own]


def _plain(term: str) -> str:
    """A term as it is compared: small letters, single spaces, no plural.

    >>> _plain("Task  Definitions")
    'task definition'
    """
    words = " ".join(term.replace("-", " ").lower().split())
    return words[:-1] if words.endswith("s") and not words.endswith(("ss", "ecs", "eks", "efs", "ebs")) else words


def _nearest(term: str, sides: tuple[str, ...]) -> str:
    names = [name for side in sides for word in VOCABULARY for name in _names(word, side)]
    names += [_plain(name) for rows in TABLES.values() for row in rows for name in (row.name, *row.also)]
    near = difflib.get_close_matches(_plain(term), names, n=1, cutoff=0.5)
    return f"did you mean “{near[0]}”?" if near else "ask for the table vocabulary to see all of them."


def _list(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
