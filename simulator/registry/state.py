"""What there is at one moment of a run: repositories, the machines that push and pull, and services that run images."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from simulator.registry.access import Identity, Statement
from simulator.registry.images import Image
from simulator.registry.lifecycle_policy import LifecycleRule

MIB = 2**20


class Kind(StrEnum):
    """What can happen. Each is one API call, or what follows without one."""

    LOGGED_IN = "logged-in"
    TOKEN = "token"  # an agent's, for one pull
    BUILT = "built"
    NAMED = "named"  # docker tag: on the machine alone
    CHECKED = "checked"
    UPLOADED = "uploaded"
    PUT = "put"
    FETCHED = "fetched"
    DOWNLOADED = "downloaded"
    DELETED = "deleted"
    CREATED = "created"
    POLICY_SET = "policy-set"
    RESTORED = "restored"
    WAITED = "waited"
    APPLIED = "applied"  # one rule of a lifecycle policy
    DEPLOYED = "deployed"
    TASK_STARTED = "task-started"
    TASK_STOPPED = "task-stopped"
    REFUSED = "refused"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened; what its kind does not have stays empty.

    `at` is microseconds since 1970, `command` the number of the command (from 1), `who` the identity, `call` the API
    action, `previous` the digest that a tag pointed at before, `layers` what was moved and `present` what was there.
    """

    at: int
    kind: Kind
    command: int = 0
    who: str = ""
    call: str = ""
    repository: str = ""
    image: str = ""
    tag: str = ""
    digest: str = ""
    previous: str = ""
    layers: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    rule: int = 0
    service: str = ""
    task: int = 0
    code: str = ""
    detail: str = ""
    data: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository; `layers` are the names of those it holds."""

    uri: str
    account: str
    region: str
    name: str
    mutability: str
    exclusions: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    layers: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
    lifecycle: tuple[LifecycleRule, ...] = ()

    @property
    def arn(self) -> str:
        return f"arn:aws:ecr:{self.region}:{self.account}:repository/{self.name}"

    def by_tag(self, tag: str) -> Image | None:
        return next((image for image in self.images if tag in image.tags), None)

    def by_digest(self, digest: str) -> Image | None:
        return next((image for image in self.images if image.digest == digest), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where an identity works: its logins (host, moment), its images (name, layers), and the layers it has."""

    who: str
    logins: tuple[tuple[str, int], ...] = ()
    images: tuple[tuple[str, tuple[str, ...]], ...] = ()
    layers: tuple[str, ...] = ()

    def image(self, name: str) -> tuple[str, ...] | None:
        return dict(self.images).get(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A running task and the image that it runs."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """An ECS service: the image that its deployment names, the digest that it was resolved to, and its tasks."""

    name: str
    image: str
    digest: str
    who: str
    fargate: bool
    consistent: bool
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The whole state. `last` is the event that led here, for pictures of it."""

    now: int
    identities: tuple[Identity, ...]
    sizes: Mapping[str, int]
    repositories: tuple[Repository, ...] = ()
    machines: tuple[Machine, ...] = ()
    services: tuple[Service, ...] = ()
    next_task: int = 1
    last: Event | None = None

    def repository(self, uri: str) -> Repository | None:
        return next((one for one in self.repositories if one.uri == uri), None)

    def identity(self, name: str) -> Identity:
        return next(one for one in self.identities if one.name == name)

    def machine(self, who: str) -> Machine:
        return next((one for one in self.machines if one.who == who), Machine(who=who))

    def service(self, name: str) -> Service | None:
        return next((one for one in self.services if one.name == name), None)


def with_repository(state: State, repository: Repository) -> State:
    """The state with a repository put in, in the place of the one with its URI."""
    known = state.repository(repository.uri) is not None
    changed = tuple(repository if one.uri == repository.uri else one for one in state.repositories)
    return replace(state, repositories=changed if known else (*state.repositories, repository))


def with_machine(state: State, machine: Machine) -> State:
    """The state with a machine put in, in the place of the one of the same identity."""
    known = any(one.who == machine.who for one in state.machines)
    changed = tuple(machine if one.who == machine.who else one for one in state.machines)
    return replace(state, machines=changed if known else (*state.machines, machine))


def with_service(state: State, service: Service) -> State:
    """The state with a service put in, in the place of the one of its name."""
    known = state.service(service.name) is not None
    changed = tuple(service if one.name == service.name else one for one in state.services)
    return replace(state, services=changed if known else (*state.services, service))


def layer_digest(name: str) -> str:
    """The digest of a layer: its name stands for its content."""
    return "sha256:" + hashlib.sha256(name.encode()).hexdigest()


def manifest_digest(layers: Sequence[str], sizes: Mapping[str, int]) -> str:
    """The digest of an image: that of its manifest as canonical JSON, so equal layers are an equal image.

    Parameters
    ----------
    sizes : MiB by the layer's name.

    >>> manifest_digest(["base"], {"base": 30}) == manifest_digest(["base"], {"base": 30})
    True
    """
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "layers": [{"digest": layer_digest(name), "size": sizes[name] * MIB} for name in layers],
    }
    written = json.dumps(manifest, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(written.encode()).hexdigest()
