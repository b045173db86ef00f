"""What a launch would come to if everything that stops it were mended, one cure after another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.errors import InputError
from simulator.iam.cures import cured
from simulator.iam.rules import RULES, IamRules
from simulator.iam.subjects import launch_answer

MOST_CURES = 12


def mended_answer(document: Mapping[str, Any], rules: IamRules = RULES) -> dict[str, Any]:
    """The answer to the launch with every cure made that it needs to run, as far as cures go.

    Raises
    ------
    InputError
        With one sentence, for a document that is no launch.

    >>> launch = {"taskDefinition": {"containerDefinitions": [{"name": "app", "image": "nginx"}]}, "taskRole": {}}
    >>> launch["caller"] = {"minus": ["iam:PassRole"]}
    >>> mended_answer(launch)["outcome"]
    'RUNNING'
    """
    answer = launch_answer(document, rules)
    for _ in range(MOST_CURES):
        if answer["outcome"] == "RUNNING" or not answer["cure"]:
            break
        try:
            document = cured(document, answer["cure"])
            answer = launch_answer(document, rules)
        except InputError:  # a cure can make the document larger than is taken
            break
    return answer
