"""A run in the making: the state so far, the events, and the checks that every call goes through."""

from __future__ import annotations

from typing import Any

from simulator.registry.access import Identity, decide
from simulator.registry.effects import apply
from simulator.registry.instants import HOUR, span
from simulator.registry.reference import registry_of
from simulator.registry.refusals import Code, RefusedError
from simulator.registry.rules import RegistryRules
from simulator.registry.state import Event, Kind, Machine, Repository, State
from simulator.trace import CHECKPOINT_EVERY


class Session:
    """The moving parts of one run; it lives no longer than `run`."""

    def __init__(self, first: State, rules: RegistryRules, *, templates: tuple[str, ...] = ()) -> None:
        self.state = first
        self.rules = rules
        self.templates = templates
        self.events: list[Event] = []
        self.checkpoints = [first]
        self.command = 0
        self.who = ""
        self.moment = first.now
        self.at_repository = ""
        self.work = 0  # what the daily passes have compared

    @property
    def identity(self) -> Identity:
        return self.state.identity(self.who)

    @property
    def machine(self) -> Machine:
        return self.state.machine(self.who)

    def emit(self, event: Event) -> None:
        self.events.append(event)
        self.state = apply(self.state, event)
        if len(self.events) % CHECKPOINT_EVERY == 0:
            self.checkpoints.append(self.state)

    def tell(self, kind: Kind, **fields: Any) -> None:
        """An event of the command that is being performed."""
        self.emit(Event(at=self.moment, kind=kind, command=self.command, who=self.who, **fields))

    def call(
        self,
        action: str,
        *,
        endpoint: str,
        repository: Repository | None = None,
        owner: tuple[str, str] | None = None,
    ) -> None:
        """Refuse a call that cannot get there, or that no policy allows."""
        self.route(endpoint, action)
        identity = self.identity
        access = decide(
            identity,
            action,
            resource=repository.arn if repository else "*",
            owner=repository.account if repository else (owner[0] if owner else ""),
            repository=repository.statements if repository else (),
            rules=self.rules,
        )
        if not access.allowed:
            raise RefusedError(Code.ACCESS_DENIED, call=action, subject=identity.arn, detail=access.why)

    def route(self, endpoint: str, action: str = "") -> None:
        """Refuse what has neither the internet nor this endpoint (facts 2.7)."""
        endpoints = self.identity.endpoints
        if endpoints is not None and endpoint not in endpoints:
            raise RefusedError(Code.NO_ROUTE, subject=endpoint, call=action)

    def login(self, host: str) -> None:
        """Refuse Docker's calls to a host without a login, or with one that is too old (facts 6.1)."""
        if registry_of(host) is None:
            raise RefusedError(Code.HOST_NOT_FOUND, subject=host)
        logins = self.machine.logins
        held = [at for at_host, at in logins if at_host == host or not self.rules.login_covers_one_host]
        if not held:
            raise RefusedError(Code.NOT_LOGGED_IN, subject=host)
        age = self.moment - max(held)
        if age > self.rules.login_hours * HOUR:
            raise RefusedError(Code.TOKEN_EXPIRED, subject=host, detail=span(age))

    def open(self, host: str, name: str) -> Repository:
        """The repository, or the refusal for one that is not there."""
        found = self.state.repository(f"{host}/{name}")
        if found is None:
            raise RefusedError(Code.REPOSITORY_NOT_FOUND, subject=name, detail=self._elsewhere(host, name))
        self.at_repository = found.uri
        return found

    def digest_of(self, number: int) -> str:
        """The digest that an earlier command pushed or pulled.

        Raises
        ------
        RefusedError
            If it did neither.
        """
        for event in reversed(self.events):
            if event.command == number and event.kind in (Kind.PUT, Kind.FETCHED):
                return event.digest
        raise RefusedError(Code.NOTHING_PUSHED, subject=str(number))

    def _elsewhere(self, host: str, name: str) -> str:
        other = next((one for one in self.state.repositories if one.name == name and one.uri != f"{host}/{name}"), None)
        return f" {host}; there is one in {other.uri.partition('/')[0]}" if other else ""
