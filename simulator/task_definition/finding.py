"""What the validator says: a finding stands at one place, breaks one rule, and has a sentence, a cure, and a source."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.task_definition.definition import Definition

At = tuple[str | int, ...]
Change = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one rule found at one place.

    `change` are the operations of a JSON Patch that mend it and break nothing else; empty where the cure needs
    something that only its author knows. `aws` is AWS's own text, if it depends on the document.
    """

    at: At
    message: str
    fix: str
    change: Change = ()
    aws: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One rule: its name, where AWS says so, and a pure function that gives every place where it is broken.

    `aws` is AWS's error text where it is known; `documented` says that AWS itself publishes that text (the others were
    seen by third parties). `is_open`: AWS documents that such a definition can not work, but not that registration
    refuses it. A warning (`warns`) leaves the definition valid.
    """

    rule: str
    source: str
    find: Callable[[Definition], Iterable[Found]]
    warns: bool = False
    aws: str = ""
    documented: bool = False
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A `Found` with the rule that it breaks."""

    check: Check
    found: Found

    @property
    def path(self) -> str:
        return dotted(self.found.at)


_OPEN_ERROR = "AWS documents that this can not work, but not whether registration already refuses it."
_OPEN_WARNING = "AWS leaves open what becomes of this, or says it only in one place."


def finding_to_dict(finding: Finding) -> dict[str, Any]:
    """As JSON: `path`, `rule`, `message`, `fix`, `source`; `aws` and `observed`, `open` and `note`, `change`."""
    check, found = finding.check, finding.found
    said: dict[str, Any] = {
        "path": finding.path,
        "rule": check.rule,
        "message": found.message,
        "fix": found.fix,
        "source": check.source,
    }
    text = found.aws or check.aws
    if text:
        said["aws"] = text
        said["observed"] = not check.documented
    if check.is_open:
        said["open"] = True
        said["note"] = _OPEN_WARNING if check.warns else _OPEN_ERROR
    if found.change:
        said["change"] = [dict(operation) for operation in found.change]
    return said


def dotted(at: At) -> str:
    """A place as people write it; a field name that is no plain word stands in brackets.

    >>> dotted(("containerDefinitions", 0, "portMappings", 1, "hostPort"))
    'containerDefinitions[0].portMappings[1].hostPort'
    """
    written = ""
    for part in at:
        if isinstance(part, int):
            written += f"[{part}]"
        elif part and all(letter.isalnum() or letter in "-_" for letter in part):
            written += f".{part}" if written else part
        else:
            written += f"[{json.dumps(part[:60], ensure_ascii=True)}]"
    return written


def pointer(at: At) -> str:
    """A place as a JSON Pointer (RFC 6901).

    >>> pointer(("containerDefinitions", 0, "options", "a/b~c"))
    '/containerDefinitions/0/options/a~1b~0c'
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in at)


def removal(at: At) -> dict[str, Any]:
    """The operation that takes a field or an entry out."""
    return {"op": "remove", "path": pointer(at)}


def setting(at: At, value: Any) -> dict[str, Any]:
    """The operation that gives a field its value, whether it is there or not; an entry of a list must be there."""
    return {"op": "replace" if isinstance(at[-1], int) else "add", "path": pointer(at), "value": value}
