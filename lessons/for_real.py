"""What a figure shows as one would do it on AWS: commands and documents, ready to copy."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ui import theme
from ui.words import marked

POLICY = "iam-policy"
LIFECYCLE_POLICY = "ecr-lifecycle-policy"
TEMPLATE = "cloudformation"

_LANGUAGES = {POLICY: "json", LIFECYCLE_POLICY: "json", TEMPLATE: "yaml"}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """One thing to copy. `title` says what it does; `note` what of the figure no setting of AWS's can say.

    `kind` is "bash" for commands; for a document it says whose it is, so that a test can hold it to AWS's own shapes:
    "ecs.RegisterTaskDefinition" is that operation's input as JSON, `POLICY`, `LIFECYCLE_POLICY` and `TEMPLATE` are what
    their names say, "kubernetes" is a manifest, "dockerfile" a Dockerfile.
    """

    title: str
    text: str
    kind: str = "bash"
    note: str = ""


Writer = Callable[[Mapping[str, Any]], Sequence[Snippet]]


def show(snippets: Sequence[Snippet]) -> None:
    """The snippets one below the other, each with its copy button."""
    for snippet in snippets:
        st.markdown(f"**{marked(snippet.title)}**", width=theme.MEASURE)
        st.code(snippet.text, language=language(snippet), wrap_lines=True, width=theme.MEASURE)
        if snippet.note:
            st.caption(marked(snippet.note), width=theme.MEASURE)


def language(snippet: Snippet) -> str:
    """What a snippet is written in, as highlighters name it.

    >>> language(Snippet(title="t", text="{}", kind="ecs.RunTask")), language(Snippet(title="t", text="aws ecs help"))
    ('json', 'bash')
    """
    if "." in snippet.kind:
        return "json"
    return _LANGUAGES.get(snippet.kind, "yaml" if snippet.kind == "kubernetes" else snippet.kind)


def command(service: str, operation: str, parameters: Mapping[str, Any]) -> str:
    """One call as the AWS CLI writes it: an option for each parameter, structures as JSON.

    Parameters
    ----------
    service, operation : the CLI's words, such as "ecs", "create-service".
    parameters : the API's own names, such as `desiredCount`; those that are None are left out.

    >>> print(command("ecs", "update-service", {"cluster": "harbor", "service": "web", "forceNewDeployment": True}))
    aws ecs update-service \\
      --cluster harbor \\
      --service web \\
      --force-new-deployment
    """
    options = [_option(name, value) for name, value in parameters.items() if value is not None]
    return " \\\n  ".join([f"aws {service} {operation}", *options])


def document(value: Any) -> str:
    """A document as indented JSON."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def option_name(parameter: str) -> str:
    """An API parameter's name as a CLI option.

    >>> option_name("capacityProviderStrategy"), option_name("VPCZoneIdentifier"), option_name("taskRoleArn")
    ('--capacity-provider-strategy', '--vpc-zone-identifier', '--task-role-arn')
    """
    return "--" + _HUMP.sub("-", parameter).lower()


def _option(name: str, value: Any) -> str:
    option = option_name(name)
    if isinstance(value, bool):
        return option if value else option.replace("--", "--no-", 1)
    if isinstance(value, list | tuple) and all(isinstance(one, str | int) for one in value):
        return " ".join([option, *(shlex.quote(str(one)) for one in value)])
    if isinstance(value, Mapping | list | tuple):
        return f"{option} {shlex.quote(document(value))}"
    return f"{option} {shlex.quote(str(value))}"
