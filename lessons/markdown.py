"""A lesson's file to blocks: CommonMark with tables, front matter, and the directives of `docs/writing.md`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from pydantic import ValidationError

from lessons.blocks import (
    Aws,
    Block,
    Check,
    DiagramBlock,
    FrontMatter,
    Heading,
    Lesson,
    Myth,
    Predict,
    Prose,
    Recap,
    Rule,
    Widget,
)
from simulator.errors import InputError

FOLDER = Path(__file__).parent
RECAP_LINES = 5
LONGEST_SLUG = 60
TERM = re.compile(r"\{term\}`([^`]+)`")
_OPENING = re.compile(r"^\{([a-z]+)\}\s*(.*)$", re.DOTALL)
_OPTION = re.compile(r"^:([a-z]+):\s*(.*)$")
_NAME = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
_ITEM = re.compile(r"^[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+$")


def load(slug: str) -> Lesson:
    """The lesson of that slug, parsed once and again when its file changes.

    Raises
    ------
    InputError
        If there is no such lesson, or its file breaks a rule.
    """
    return _load(slug, _path(slug).stat().st_mtime_ns)


def front(slug: str) -> FrontMatter:
    """The front matter of that lesson alone, for who asks about all lessons and needs none of their words.

    Raises
    ------
    InputError
        If there is no such lesson, or its front matter breaks a rule.
    """
    return _load_front(slug, _path(slug).stat().st_mtime_ns)


def parse(text: str, *, source: str) -> Lesson:
    """A lesson from its text; `source` is the name that errors give.

    Raises
    ------
    InputError
        One sentence with file and line: what is wrong and how to mend it.
    """
    lines = text.splitlines()
    tokens, references = _tokens(text)
    if references:
        raise _error(source, 1, "write links in place, as [text](address); reference definitions are not read")
    if not tokens or tokens[0].type != "front_matter":
        raise _error(source, 1, "begin the file with front matter between two lines of ---")
    front = _front(tokens[0].content, source=source)
    _refuse(tokens, source=source)
    blocks = tuple(_blocks(tokens[1:], lines, source=source))
    return Lesson(front=front, blocks=blocks, terms=tuple(dict.fromkeys(_terms(text))))


def plain(markdown: str) -> str:
    """Markdown as the words a reader sees, for counting and for anchors.

    >>> plain("Say **why** with {term}`binpack` and `cpu`.")
    'Say why with binpack and cpu.'
    """
    text = TERM.sub(lambda found: term_parts(found[1])[0], markdown)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"[*_`#>|]", "", text)


def term_parts(written: str) -> tuple[str, str]:
    """The words shown and the glossary term meant.

    >>> term_parts("binpack"), term_parts("both bounds <lower bound>")
    (('binpack', 'binpack'), ('both bounds', 'lower bound'))
    """
    found = re.fullmatch(r"(.+?)\s*<([^<>]+)>", written.strip())
    return (found[1], found[2]) if found else (written.strip(), written.strip())


def anchor(text: str) -> str:
    """The id of a heading: lower-case words joined by hyphens.

    >>> anchor("What does `spread` count?")
    'what-does-spread-count'
    """
    return re.sub(r"[^a-z0-9]+", "-", plain(text).lower()).strip("-") or "section"


def _path(slug: str) -> Path:
    path = FOLDER / f"{slug}.md"
    if len(slug) > LONGEST_SLUG or not _NAME.match(slug) or not path.is_file():
        raise InputError(f"There is no lesson “{slug[:40]}”; the course page lists those there are.", path=slug)
    return path


@lru_cache(maxsize=64)
def _load_front(slug: str, _changed: int) -> FrontMatter:
    text = _path(slug).read_text(encoding="utf-8")
    return _front(text.partition("---\n")[2].partition("\n---")[0], source=f"lessons/{slug}.md")


@lru_cache(maxsize=64)
def _load(slug: str, _changed: int) -> Lesson:
    # A cache of this module and not Streamlit's: a hot reload drops both together, so no block outlives its class.
    return parse((FOLDER / f"{slug}.md").read_text(encoding="utf-8"), source=f"lessons/{slug}.md")


def _tokens(text: str) -> tuple[list[Token], dict[str, Any]]:
    reader = MarkdownIt("commonmark", {"html": True}).enable("table")
    env: dict[str, Any] = {}
    tokens = reader.use(front_matter_plugin).use(colon_fence_plugin).parse(text, env)
    return tokens, env.get("references", {})


def _front(text: str, *, source: str) -> FrontMatter:
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        data = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        told = getattr(error, "problem", None) or "it cannot be read"
        raise _error(source, 2 + (mark.line if mark else 0), f"the front matter is not YAML: {told}") from None
    if not isinstance(data, dict):
        raise _error(source, 2, "the front matter must be a list of names and values such as `title: Task placement`")
    try:
        return FrontMatter.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise _error(source, _line_of(node, first["loc"]), f"{where} in the front matter: {first['msg']}") from None


def _line_of(node: yaml.Node | None, place: Sequence[int | str]) -> int:
    """The line in the file (from 1, after the opening ---) of the deepest part of `place` that is there."""
    line = 2
    for part in place:
        found: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            found = next((value for key, value in node.value if key.value == str(part)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            found = node.value[part]
        if found is None:
            break
        node = found
        line = 2 + node.start_mark.line
    return line


def _refuse(tokens: Iterable[Token], *, source: str, first_line: int = 1) -> None:
    """Raise at the first thing that a lesson may not hold: raw HTML, pictures, a first-level heading."""
    line = first_line
    for token in tokens:
        if token.map:
            line = first_line + token.map[0]
        kinds = {token.type, *(child.type for child in token.children or ())}
        if kinds & {"html_block", "html_inline"}:
            raise _error(source, line, "raw HTML is not read; write Markdown or a directive")
        if "image" in kinds:
            raise _error(source, line, "pictures are not read; draw it with {diagram} or {widget}")
        if token.type == "heading_open" and token.tag not in ("h2", "h3"):
            raise _error(source, line, "use headings of level 2 or 3; the title is in the front matter")
        if any("$" in child.content for child in token.children or () if child.type == "text"):
            raise _error(source, line, "put a dollar sign in `code`; in plain text it begins a formula")


def _blocks(tokens: Sequence[Token], lines: Sequence[str], *, source: str) -> Iterable[Block]:
    prose: list[tuple[int, int]] = []
    anchors: dict[str, int] = {}
    for k, token in enumerate(tokens):
        if token.level != 0 or token.map is None:
            continue
        opening = _OPENING.match(token.info.strip()) if token.type in ("fence", "colon_fence") else None
        if token.type == "colon_fence" and opening is None:
            raise _error(source, token.map[0] + 1, "name a directive after the colons, as :::{rule}")
        if token.type != "heading_open" and opening is None:
            prose.append((token.map[0], token.map[1]))
            continue
        yield from _prose(prose, lines)
        prose = []
        line = token.map[0] + 1
        if opening is None:
            yield _heading(token, tokens[k + 1].content, anchors, line)
        else:
            yield _directive(opening[1], opening[2].strip(), token.content, source=source, line=line)
    yield from _prose(prose, lines)


def _prose(ranges: Sequence[tuple[int, int]], lines: Sequence[str]) -> Iterable[Prose]:
    if ranges:
        first, last = ranges[0][0], ranges[-1][1]
        yield Prose(line=first + 1, markdown="\n".join(lines[first:last]).strip())


def _heading(token: Token, text: str, anchors: dict[str, int], line: int) -> Heading:
    name = anchor(text)
    anchors[name] = anchors.get(name, 0) + 1
    if anchors[name] > 1:
        name = f"{name}-{anchors[name]}"
    return Heading(line=line, level=int(token.tag[1]), text=text, anchor=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Directive:
    name: str
    argument: str
    options: dict[str, str]
    body: str
    source: str
    line: int

    def error(self, sentence: str) -> InputError:
        return _error(self.source, self.line, sentence)


def _directive(name: str, argument: str, content: str, *, source: str, line: int) -> Block:
    known = _DIRECTIVES.get(name)
    if known is None:
        raise _error(source, line, f"there is no directive {{{name}}}; there are {', '.join(sorted(_DIRECTIVES))}")
    read, options_allowed = known
    options: dict[str, str] = {}
    rest = content.splitlines()
    while rest and (found := _OPTION.match(rest[0])):
        options[found[1]] = found[2].strip()
        rest = rest[1:]
    given = _Directive(
        name=name, argument=argument, options=options, body="\n".join(rest).strip(), source=source, line=line
    )
    for option in options:
        if option not in options_allowed:
            raise given.error(f"{{{name}}} takes no option :{option}:")
    for option in options_allowed:
        if not options.get(option):
            raise given.error(f"{{{name}}} needs :{option}: on a line of its own below its first")
    # The body is Markdown too: what a lesson may not hold it may not hold here.
    inner, _ = _tokens(given.body)
    _refuse(inner, source=source, first_line=line + 1 + len(options))
    return read(given)


def _widget(given: _Directive) -> Block:
    return Widget(line=given.line, name=_name(given, given.argument))


def _diagram(given: _Directive) -> Block:
    return DiagramBlock(line=given.line, name=_name(given, given.argument))


def _predict(given: _Directive) -> Block:
    return Predict(line=given.line, item=_item(given), widget=_name(given, given.options["widget"]))


def _check(given: _Directive) -> Block:
    return Check(line=given.line, item=_item(given))


def _myth(given: _Directive) -> Block:
    if not given.argument or not given.body:
        raise given.error("{myth} needs the belief beside its name and the truth below it")
    return Myth(line=given.line, belief=given.argument, truth=given.body, source=given.options["source"])


def _aws(given: _Directive) -> Block:
    if not given.body:
        raise given.error("{aws} needs the command or the JSON below it")
    return Aws(line=given.line, title=given.argument or "Do it for real", markdown=given.body)


def _rule(given: _Directive) -> Block:
    sentence = " ".join(part for part in (given.argument, given.body) if part)
    if not sentence or "\n\n" in sentence:
        raise given.error("{rule} needs one paragraph: the rule in one sentence")
    return Rule(line=given.line, markdown=sentence)


def _recap(given: _Directive) -> Block:
    lines = tuple(line[2:].strip() for line in given.body.splitlines() if line.strip())
    if not all(line.startswith("- ") for line in given.body.splitlines() if line.strip()) or not lines:
        raise given.error("{recap} needs a list, each line of it beginning with “- ”")
    if len(lines) > RECAP_LINES:
        raise given.error(f"{{recap}} has {len(lines)} lines; keep the best {RECAP_LINES}")
    return Recap(line=given.line, lines=lines)


_DIRECTIVES: dict[str, tuple[Callable[[_Directive], Block], tuple[str, ...]]] = {
    "widget": (_widget, ()),
    "diagram": (_diagram, ()),
    "predict": (_predict, ("widget",)),
    "check": (_check, ()),
    "myth": (_myth, ("source",)),
    "aws": (_aws, ()),
    "rule": (_rule, ()),
    "recap": (_recap, ()),
}


def _name(given: _Directive, name: str) -> str:
    if not _NAME.match(name):
        raise given.error(f"{{{given.name}}} needs a name in lower-case words joined by hyphens, and “{name}” is none")
    return name


def _item(given: _Directive) -> str:
    if not _ITEM.match(given.argument):
        raise given.error(
            f"{{{given.name}}} needs the id of a question such as placement.bet, and “{given.argument}” is none"
        )
    return given.argument


def _terms(text: str) -> Iterable[str]:
    for found in TERM.finditer(text):
        yield term_parts(found[1])[1].lower()


def _error(source: str, line: int, sentence: str) -> InputError:
    return InputError(f"{source}:{line}: {sentence.rstrip('.')}.", path=f"{source}:{line}")
