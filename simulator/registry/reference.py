"""Names of images as Docker writes them, and the registry hosts that they begin with (facts 6.1)."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from simulator import reading
from simulator.errors import InputError

_HOST = re.compile(r"([0-9]{12})\.dkr\.ecr\.([a-z]{2}(?:-[a-z]+)+-[0-9])\.amazonaws\.com")
_REPOSITORY = re.compile(r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")


class Reference(NamedTuple):
    """`<host>/<repository>:<tag>` or `<host>/<repository>@<digest>`; a missing tag is `latest`."""

    host: str
    repository: str
    tag: str
    digest: str

    @property
    def uri(self) -> str:
        return f"{self.host}/{self.repository}"

    @property
    def full(self) -> str:
        """The whole name, as Docker would show it."""
        return f"{self.uri}@{self.digest}" if self.digest else f"{self.uri}:{self.tag}"


def read_reference(value: Any, path: str) -> Reference:
    """An image's name with a registry's host in it.

    The host need not exist: whether it does is asked when it is used.

    Raises
    ------
    InputError
        For text that is no such name.

    >>> read_reference("111122223333.dkr.ecr.us-east-1.amazonaws.com/web", "image").tag
    'latest'
    """
    written = reading.text(value, path, longest=600)
    host, slash, rest = written.partition("/")
    if not slash or "." not in host:
        raise InputError(
            f"{path} is {reading.shown(value)}, without a registry's host; write <account>.dkr.ecr.<region>"
            ".amazonaws.com/<repository>:<tag>.",
            path=path,
        )
    read_host(host, path)
    named, at, digest = rest.partition("@")
    repository, colon, tag = named.partition(":")
    repository = read_repository_name(repository, path)
    if colon and _TAG.fullmatch(tag) is None:
        raise InputError(f"{path} has the tag {reading.shown(tag)}, which no tag can be.", path=path)
    if at and not digest.startswith("sha256:"):
        raise InputError(f"{path} has {reading.shown(digest)} after @, and a digest begins with sha256:.", path=path)
    return Reference(host, repository, "" if at else tag or "latest", digest)


def read_host(value: Any, path: str) -> str:
    """The host of a private registry, also one that a learner has copied with a placeholder in it.

    Raises
    ------
    InputError
        For the hosts of other registries, which are not played here.
    """
    host = reading.text(value, path)
    if ".dkr.ecr." not in host:
        raise InputError(
            f"{path} has the host {reading.shown(host)}, and only private registries are played: "
            "<account>.dkr.ecr.<region>.amazonaws.com.",
            path=path,
        )
    return host


def read_repository_name(value: Any, path: str) -> str:
    """A repository's name: 2 to 256 characters, lower case, digits, and `. _ - /` between them (facts 6.2)."""
    written = reading.text(value, path, longest=600)
    if not 2 <= len(written) <= 256 or _REPOSITORY.fullmatch(written) is None:
        raise InputError(
            f"{path} names the repository {reading.shown(written)}; a name has 2 to 256 lower-case letters and digits, "
            "with . _ - or / between them.",
            path=path,
        )
    return written


def read_tag(value: Any, path: str) -> str:
    """A tag as Docker takes it."""
    written = reading.text(value, path)
    if _TAG.fullmatch(written) is None:
        raise InputError(f"{path} is {reading.shown(written)}, which no tag can be.", path=path)
    return written


def host_of(account: str, region: str) -> str:
    """The host of an account's private registry in a Region.

    >>> host_of("111122223333", "eu-west-1")
    '111122223333.dkr.ecr.eu-west-1.amazonaws.com'
    """
    return f"{account}.dkr.ecr.{region}.amazonaws.com"


def registry_of(host: str) -> tuple[str, str] | None:
    """Account and Region of a host, None if no registry can have it.

    >>> registry_of("111122223333.dkr.ecr.region.amazonaws.com") is None
    True
    """
    found = _HOST.fullmatch(host)
    return (found[1], found[2]) if found else None
