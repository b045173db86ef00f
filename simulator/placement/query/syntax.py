"""The query language's grammar, and the tree that an expression becomes.

The parser is LALR with a contextual lexer: one pass, no recursion, time linear in the text. Precedence is not > and >
or, which is a simulator choice: AWS only says that parentheses can set it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedInput, VisitError

from simulator.model import Instance
from simulator.placement.query.diagnosis import QueryError, diagnose
from simulator.placement.query.patterns import PatternError
from simulator.placement.query.subjects import WORDS, Operator, Subject, Test, comparison, subject_named

MAX_LENGTH = 2000
MAX_DEPTH = 50

GRAMMAR = r"""
    ?start: any_of
    any_of: all_of (_OR all_of)*
    all_of: _factor (_AND _factor)*
    _factor: negation | group | single
    negation: NOT _factor
    group: OPEN any_of CLOSE
    single: SUBJECT PRESENCE
          | SUBJECT COMPARE (WORD | QUOTED)
          | SUBJECT MATCH (PATTERN | QUOTED)
          | SUBJECT MEMBER _LIST (WORD | QUOTED) (_COMMA (WORD | QUOTED))* LIST_END

    _OR: /\|\||or(?![\w.:\/\\-])/
    _AND: /&&|and(?![\w.:\/\\-])/
    NOT: /!|not(?![\w.:\/\\-])/
    OPEN: "("
    CLOSE: ")"
    _LIST: "["
    _COMMA: ","
    LIST_END: "]"
    SUBJECT: /(agentConnected|agentVersion|ec2InstanceId|registeredAt|runningTasksCount|task:group|attribute:[A-Za-z0-9_.\/\\-]+)(?![\w.:\/\\-])/
    PRESENCE: /(!exists|not_exists|exists)(?!\w)/
    MEMBER: /(!in|not_in|in)(?!\w)/
    COMPARE: /[=!><]=|[><]|(not_equals|equals|greater_than_equal|greater_than|less_than_equal|less_than)(?!\w)/
    MATCH: /[=!]~|(not_matches|matches)(?!\w)/
    WORD: /(?!(and|or|not)(?![^\s()\[\],'"&|!=<>~]))[^\s()\[\],'"&|!=<>~]+/
    PATTERN: /[^\s()'"][^\s()]*/
    QUOTED: /'[^']*'|"[^"]*"/
    %ignore /\s+/
"""  # noqa: E501


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What every node has: `text[start:end]` is the part of the expression it was read from, its parentheses included
    if it is `grouped`, and `depth` counts the parentheses and nots inside.
    """

    start: int
    end: int
    grouped: bool = False
    depth: int = field(default=0, compare=False, repr=False)
    holds: Test = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Single(Span):
    """`subject operator literals`, such as `attribute:stack in [prod, test]`."""

    subject: Subject = field(compare=False, repr=False)
    name: str
    operator: Operator
    literals: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not(Span):
    part: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf(Span):
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf(Span):
    parts: tuple[Node, ...]


Node = Single | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A parsed expression. Equal text gives equal queries."""

    text: str
    root: Node


@lru_cache(maxsize=1024)
def parse(expression: str) -> Query:
    """Read an expression of the cluster query language.

    Parameters
    ----------
    expression : at most 2000 characters (AWS's limit), nested at most 50 deep (a limit of this simulator).

    Raises
    ------
    QueryError
        With a sentence that names the column (from 1) and what was expected there.

    Examples
    --------
    >>> from simulator.model import Instance
    >>> from simulator.placement.query import matches
    >>> query = parse("attribute:stack in [prod, test] and runningTasksCount < 3")
    >>> matches(query, Instance(id="a1", attributes={"stack": "prod"}))
    True
    """
    if len(expression) > MAX_LENGTH:
        raise QueryError(
            f"The expression has {len(expression)} characters and AWS allows {MAX_LENGTH}: "
            f"shorten it so that it ends before column {MAX_LENGTH + 1}.",
            column=MAX_LENGTH + 1,
        )
    if not expression.strip():
        raise QueryError(
            "The expression is empty: at column 1 a subject was expected, as in attribute:stack == prod.", column=1
        )
    if (broken := _unencodable(expression)) is not None:
        raise QueryError(
            f"At column {broken + 1}, a whole character was expected, but half of a surrogate pair was found.",
            column=broken + 1,
        )
    try:
        root: Any = _PARSER.parse(expression)
    except UnexpectedInput as error:
        raise diagnose(expression, error) from None
    except VisitError as error:
        raise error.orig_exc from None
    return Query(text=expression, root=root)


def matches(query: Query, instance: Instance) -> bool:
    """True if the instance satisfies the query."""
    return query.root.holds(instance)


@v_args(inline=True)
class _Build(Transformer[Token, Node]):
    """Called bottom-up while parsing, so that a deep expression needs no deep stack."""

    def single(self, subject: Token, operator: Token, *rest: Token) -> Single:
        named = subject_named(str(subject))
        meant = WORDS.get(operator) or Operator(operator)
        literals = tuple(token for token in rest if token.type != "LIST_END")
        last = rest[-1] if rest else operator
        return Single(
            subject=named,
            name=named.name,
            operator=meant,
            literals=tuple(_unquoted(literal) for literal in literals),
            start=_start(subject),
            end=_start(last) + len(last),
            holds=_test(named, operator, meant, literals),
        )

    def group(self, opening: Token, inside: Node, closing: Token) -> Node:
        depth = _bounded(inside.depth + 1, opening)
        return replace(inside, start=_start(opening), end=_start(closing) + 1, grouped=True, depth=depth)

    def negation(self, sign: Token, part: Node) -> Not:
        depth = _bounded(part.depth + 1, sign)
        inner = part.holds
        return Not(part=part, start=_start(sign), end=part.end, depth=depth, holds=lambda instance: not inner(instance))

    def all_of(self, *parts: Node) -> Node:
        if len(parts) == 1:
            return parts[0]
        return AllOf(
            parts=parts,
            start=parts[0].start,
            end=parts[-1].end,
            depth=max(part.depth for part in parts),
            holds=_every([part.holds for part in parts]),
        )

    def any_of(self, *parts: Node) -> Node:
        if len(parts) == 1:
            return parts[0]
        return AnyOf(
            parts=parts,
            start=parts[0].start,
            end=parts[-1].end,
            depth=max(part.depth for part in parts),
            holds=_some([part.holds for part in parts]),
        )


def _test(subject: Subject, written: Token, operator: Operator, literals: tuple[Token, ...]) -> Test:
    if operator not in subject.operators:
        known = ", ".join(subject.operators)
        raise QueryError(
            f"At column {_start(written) + 1}, {subject.name} cannot be compared with “{written}”: "
            + (f"AWS documents {known} for it." if subject.listed else f"it takes {known}; AWS documents no others."),
            column=_start(written) + 1,
        )
    if operator in (Operator.MATCHES, Operator.NOT_MATCHES):
        return _pattern_test(subject, operator, literals[0])
    for literal in literals:
        if subject.literal(_unquoted(literal)) is None:
            column = _start(literal) + 1
            raise QueryError(
                f"At column {column}, {subject.form} was expected after {subject.name}, but “{_unquoted(literal)}” "
                "was found.",
                column=column,
            )
    return comparison(subject, operator, tuple(_unquoted(literal) for literal in literals))


def _pattern_test(subject: Subject, operator: Operator, literal: Token) -> Test:
    pattern = _unquoted(literal)
    try:
        return comparison(subject, operator, (pattern,))
    except PatternError as error:
        column = _start(literal) + 1 + error.at + (literal.type == "QUOTED")
        sentence = f"At column {column} a regular expression was expected, but {error}"
        raise QueryError(sentence, column=column) from None


def _every(tests: list[Test]) -> Test:
    def every(instance: Instance) -> bool:
        for test in tests:  # noqa: SIM110 - a generator would double the time of the commonest call
            if not test(instance):
                return False
        return True

    return every


def _some(tests: list[Test]) -> Test:
    def some(instance: Instance) -> bool:
        for test in tests:  # noqa: SIM110
            if test(instance):
                return True
        return False

    return some


def _bounded(depth: int, token: Token) -> int:
    if depth > MAX_DEPTH:
        column = _start(token) + 1
        raise QueryError(
            f"From column {column} on, the expression is nested more than {MAX_DEPTH} deep: fewer parentheses and nots "
            "were expected (a limit of this simulator).",
            column=column,
        )
    return depth


def _unencodable(expression: str) -> int | None:
    """The position of the first character that has no UTF-8 form, which JSON's escapes can smuggle in."""
    try:
        expression.encode()
    except UnicodeEncodeError as error:
        return error.start
    return None


def _start(token: Token) -> int:
    return token.start_pos or 0


def _unquoted(literal: Token) -> str:
    return str(literal)[1:-1] if literal.type == "QUOTED" else str(literal)


_PARSER: Any = Lark(GRAMMAR, parser="lalr", lexer="contextual", transformer=_Build())
