"""Why an expression holds or does not hold for an instance, and what its author may have meant instead."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.model import Instance
from simulator.placement.query.patterns import wildcard_dots
from simulator.placement.query.subjects import Operator
from simulator.placement.query.syntax import AllOf, AnyOf, Node, Not, Query, Single

_SHOWN = 3
_LONGEST = 120


def explain(query: Query, instance: Instance) -> str:
    """One sentence: the part of the expression that decides, and the value that the instance really has.

    Examples
    --------
    >>> from simulator.placement.query import parse
    >>> explain(parse("attribute:stack == prod"), Instance(id="a1", attributes={"stack": "test"}))
    '`attribute:stack == prod` does not hold: attribute stack is “test”.'
    """
    return _because(query.text, query.root, instance) + "."


def explain_mismatch(query: Query, instance: Instance) -> str:
    """Why the instance does not match. It is an error to ask for one that does."""
    if query.root.holds(instance):
        raise ValueError(f"Instance {instance.id} matches “{query.text}”; there is no mismatch to explain.")
    return explain(query, instance)


def explain_match(query: Query, instance: Instance) -> str:
    """Why the instance matches. It is an error to ask for one that does not."""
    if not query.root.holds(instance):
        raise ValueError(f"Instance {instance.id} does not match “{query.text}”; there is no match to explain.")
    return explain(query, instance)


def hint(query: Query) -> str | None:
    """Advice on an expression that is read without an error and may still not mean what it seems to; None if clear."""
    for node in _walk(query.root):
        advice = _mixed(query.text, node) or (_on_single(node) if isinstance(node, Single) else None)
        if advice:
            return advice
    return None


def subjects_of(query: Query) -> frozenset[str]:
    """The subjects that the query asks about, such as `attribute:stack` and `task:group`."""
    return frozenset(node.name for node in _walk(query.root) if isinstance(node, Single))


def _because(text: str, node: Node, instance: Instance) -> str:
    match node:
        case Single():
            verdict = "holds" if node.holds(instance) else "does not hold"
            return f"`{_part(text, node)}` {verdict}: {node.subject.actual(instance)}"
        case Not():
            verdict = "does not hold" if node.part.holds(instance) else "holds"
            return f"`{_part(text, node)}` {verdict}, because {_because(text, node.part, instance)}"
        case AllOf():
            failing = [part for part in node.parts if not part.holds(instance)]
            return _joined(text, failing[:1] or node.parts, instance)
        case AnyOf():
            holding = [part for part in node.parts if part.holds(instance)]
            return _joined(text, holding[:1] or node.parts, instance)


def _joined(text: str, parts: list[Node] | tuple[Node, ...], instance: Instance) -> str:
    clauses = [_because(text, part, instance) for part in parts[:_SHOWN]]
    more = len(parts) - len(clauses)
    return "; ".join(clauses) + (f"; and {more} more part{'s' if more > 1 else ''} likewise" if more else "")


def _part(text: str, node: Node) -> str:
    part = text[node.start : node.end]
    return part if len(part) <= _LONGEST else part[: _LONGEST - 1] + "…"


def _walk(node: Node) -> Iterator[Node]:
    yield node
    match node:
        case Single():
            pass
        case Not():
            yield from _walk(node.part)
        case AllOf() | AnyOf():
            for part in node.parts:
                yield from _walk(part)


def _mixed(text: str, node: Node) -> str | None:
    if not isinstance(node, AnyOf):
        return None
    loose = [part for part in node.parts if isinstance(part, AllOf) and not part.grouped]
    if not loose:
        return None
    return (
        f"Here `and` binds before `or`: `{_part(text, loose[0])}` is read as one part. AWS does not document which "
        "comes first, so write parentheses around it."
    )


def _on_single(node: Single) -> str | None:
    operator = node.operator
    if node.name == "task:group" and operator in (Operator.NOT_EQUAL, Operator.NOT_IN, Operator.NOT_MATCHES):
        return (
            "AWS does not document what this means on an instance with several task groups, or with none; "
            "write not(task:group == …) for “none of that group here”."
        )
    if operator in (Operator.MATCHES, Operator.NOT_MATCHES):
        return _on_pattern(node)
    if any("*" in literal for literal in node.literals):
        return f"`{operator}` takes “*” as an ordinary character; for a pattern write =~."
    return None


def _on_pattern(node: Single) -> str | None:
    pattern = node.literals[0]
    for at in wildcard_dots(pattern):
        after = pattern[at + 1 : at + 2]
        family = node.name == "attribute:ecs.instance-type" and pattern[at - 1 : at].isalnum()
        if after not in tuple("*+?{") or family:
            example = "m5.* also matches m5a.large" if family else "a.b also matches axb"
            return f"In a pattern a dot stands for any character ({example}); write \\. for the dot itself."
    return None
