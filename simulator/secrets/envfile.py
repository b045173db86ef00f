"""The agent's parser of env files: no shell, nothing expanded. Source: facts 4, “Env-file parser”."""

from __future__ import annotations

from collections.abc import Mapping

from simulator.secrets.rules import RULES, SecretsRules

_QUOTES = ("'", '"')


def parse(text: str, rules: SecretsRules = RULES) -> Mapping[str, str]:
    """The variables of one file. The last of two lines with one name counts; what has no name is passed over.

    >>> parse('#A=1\\nA\\n=1\\nNAME="x y"\\nURL=http://a?b=c\\n')
    {'NAME': '"x y"', 'URL': 'http://a?b=c'}
    """
    found: dict[str, str] = {}
    for line in text.replace("\r\n", "\n").split("\n"):
        if not line.strip() or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not name:
            continue
        if rules.quotes_stripped and len(value) > 1 and value[0] == value[-1] and value[0] in _QUOTES:
            value = value[1:-1]
        if rules.last_line_wins or name not in found:
            found[name] = value
    return found
