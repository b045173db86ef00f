"""What can go wrong in a run: a code, the text that the learner would see, what cures it (facts 1.7, 6.1 to 6.5)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Code(StrEnum):
    """Why a command was refused."""

    HOST_NOT_FOUND = "HOST_NOT_FOUND"
    WRONG_USER = "WRONG_USER"
    NOT_LOGGED_IN = "NOT_LOGGED_IN"
    TOKEN_EXPIRED = "TOKEN_EXPIRED"
    NO_ROUTE = "NO_ROUTE"
    ACCESS_DENIED = "ACCESS_DENIED"
    REPOSITORY_NOT_FOUND = "RepositoryNotFoundException"
    REPOSITORY_EXISTS = "RepositoryAlreadyExistsException"
    TAG_EXISTS = "ImageTagAlreadyExistsException"
    TOO_MANY_TAGS = "TOO_MANY_TAGS"
    IMAGE_NOT_FOUND = "ImageNotFound"
    IN_LIST = "ImageReferencedByManifestList"
    ARCHIVED = "ARCHIVED"
    INVALID_POLICY = "InvalidParameterException"
    NO_LOCAL_IMAGE = "NO_LOCAL_IMAGE"
    NO_SERVICE = "NO_SERVICE"
    NOTHING_PUSHED = "NOTHING_PUSHED"


class RefusedError(Exception):
    """Ends a command. `call` is the API action that was refused, `detail` what the sentence says of this case."""

    def __init__(self, code: Code, *, call: str = "", detail: str = "", subject: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.call = call
        self.detail = detail
        self.subject = subject


class Told(NamedTuple):
    """`text` has `{subject}` (an image, a host, a tag …), `{call}`, and `{detail}`."""

    text: str
    fix: str


TOLD: Mapping[Code, Told] = {
    Code.HOST_NOT_FOUND: Told(
        "no such host: {subject} is the address of no registry.",
        "Write your account number and your Region into <account>.dkr.ecr.<region>.amazonaws.com.",
    ),
    Code.WRONG_USER: Told(
        "unauthorized: {subject} is not the user name of an authorization token.", "Log in with --username AWS."
    ),
    Code.NOT_LOGGED_IN: Told(
        "no basic auth credentials: Docker has no login for {subject}.",
        "Log in to that host first; each registry host, so each account and Region, needs a login.",
    ),
    Code.TOKEN_EXPIRED: Told(
        "denied: the authorization token for {subject} is {detail} old, and it is valid for 12 hours.",
        "Log in again with aws ecr get-login-password.",
    ),
    Code.NO_ROUTE: Told(
        "dial tcp: i/o timeout: there is no way from here to {subject}.",
        "This is the network, not IAM: add the endpoint {subject}, or a way to the internet.",
    ),
    Code.ACCESS_DENIED: Told(
        "AccessDeniedException: {subject} is not authorized to perform: {call}, because {detail}.",
        "Allow {call} in the policy that lacks it, and nothing more.",
    ),
    Code.REPOSITORY_NOT_FOUND: Told(
        "name unknown: The repository with name '{subject}' does not exist in the registry{detail}.",
        "Create the repository first, or a repository creation template for pushes; the prefix team is for team/web.",
    ),
    Code.REPOSITORY_EXISTS: Told("The repository {subject} exists already.", "Use it, or choose another name."),
    Code.TAG_EXISTS: Told(
        "ImageTagAlreadyExistsException: the tag {subject} exists already, and {detail}.",
        "Push under a new tag, or let the repository's imageTagMutability allow this one to move.",
    ),
    Code.TOO_MANY_TAGS: Told(
        "The image has 1,000 tags already, the most that one can have; {subject} would be one more.",
        "Remove a tag that nobody uses.",
    ),
    Code.IMAGE_NOT_FOUND: Told(
        "{subject}: not found.", "Check the tag or the digest; the image may have been deleted or expired."
    ),
    Code.IN_LIST: Told(
        "The image {subject} is referenced by a manifest list.", "Delete the manifest list first, then the image."
    ),
    Code.ARCHIVED: Told(
        "404 Not Found: {subject} is in the archive, and archived images cannot be pulled.",
        "Restore the image, or push it again.",
    ),
    Code.INVALID_POLICY: Told(
        "InvalidParameterException: {detail}",
        "Mend the policy there; until then the repository keeps the one that it has.",
    ),
    Code.NO_LOCAL_IMAGE: Told(
        "An image does not exist locally with the tag: {subject}.",
        "Build it, pull it, or give it this name with docker tag.",
    ),
    Code.NO_SERVICE: Told("There is no service {subject} yet.", "Deploy it first."),
    Code.NOTHING_PUSHED: Told(
        "Command {subject} pushed or pulled no image, so there is no digest of it.", "Name a command that succeeded."
    ),
}


def sentence(code: Code, *, subject: str = "", call: str = "", detail: str = "") -> str:
    """What is said about a refusal.

    >>> sentence(Code.NO_SERVICE, subject="web")
    'There is no service web yet.'
    """
    return TOLD[code].text.format(subject=subject, call=call, detail=detail)


def fix(code: Code, *, subject: str = "", call: str = "") -> str:
    """The least that cures it."""
    return TOLD[code].fix.format(subject=subject, call=call)


def task_error(call: str, text: str, *, fargate: bool) -> str:
    """The same as the stopped reason of a task that could not pull its image (facts 1.7).

    >>> task_error("ecr:BatchGetImage", "web:v1: not found.", fargate=True)
    'CannotPullContainerError: web:v1: not found.'
    """
    if call == "ecr:GetAuthorizationToken":
        if fargate:
            return f"ResourceInitializationError: unable to pull secrets or registry auth: {text}"
        return f"CannotPullECRContainerError: {text}"
    return f"CannotPullContainerError: {text}"
