"""A run: commands one after another, each as the API calls that it makes, until one is refused (facts 6.3).

The clock: each command takes a minute, `wait` takes its hours. Lifecycle policies are applied once a day, at full days
after the beginning: AWS promises 24 hours and no moment, so the daily pass is this simulator's choice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from simulator.errors import InputError
from simulator.registry import pushes, services
from simulator.registry.access import TOKEN
from simulator.registry.answers import read_lifecycle
from simulator.registry.commands import Command
from simulator.registry.effects import ARCHIVED, WHOLE_IMAGE
from simulator.registry.images import Image
from simulator.registry.instants import DAY, HOUR, SECOND
from simulator.registry.lifecycle import Evaluation, comparisons, evaluate, refuse_too_much
from simulator.registry.lifecycle_policy import POLICY_FIELDS, Action, read_policy
from simulator.registry.reference import host_of, registry_of
from simulator.registry.refusals import Code, RefusedError
from simulator.registry.rules import RULES, RegistryRules, TagRemoved
from simulator.registry.scenario import ACCOUNT, REGION, Change, Scenario, read_scenario
from simulator.registry.session import Session
from simulator.registry.state import Event, Kind, Repository, State

MINUTE = 60 * SECOND
PREVIEWED = "preview"  # the repository of a lifecycle document, which names none


def is_lifecycle(document: Mapping[str, Any]) -> bool:
    """Whether a document is about one policy and its images, and not about commands."""
    return "commands" not in document and any(name in document for name in (*POLICY_FIELDS, "images"))


def run(scenario: Mapping[str, Any], rules: RegistryRules = RULES) -> tuple[list[Event], list[State]]:
    """Every event of a scenario's run, and its states: the first, each `CHECKPOINT_EVERY`th, and the last.

    Raises
    ------
    InputError
        With one sentence, for a bad scenario.
    """
    if is_lifecycle(scenario):
        session = _policy_session(scenario, rules)
    else:
        session = _play(read_scenario(scenario, rules), rules)
    return session.events, [*session.checkpoints, session.state]


def applied_events(repository: Repository, evaluation: Evaluation, now: int, *, quiet: bool) -> list[Event]:
    """One event for each rule of a policy, in the order in which they are applied; `quiet` leaves out idle rules."""
    events: list[Event] = []
    for finding in evaluation.findings:
        rule = finding.rule
        gone = tuple(evaluation.images[i].digest for i, acting in sorted(evaluation.acted.items()) if acting is rule)
        if gone or not quiet:
            events.append(
                Event(
                    at=now,
                    kind=Kind.APPLIED,
                    repository=repository.uri,
                    rule=rule.priority,
                    digests=gone,
                    detail=ARCHIVED if rule.action is Action.TRANSITION else "",
                )
            )
    return events


def _policy_session(document: Mapping[str, Any], rules: RegistryRules) -> Session:
    policy, images, now = read_lifecycle(document, rules)
    host = host_of(ACCOUNT, REGION)
    repository = Repository(
        uri=f"{host}/{PREVIEWED}",
        account=ACCOUNT,
        region=REGION,
        name=PREVIEWED,
        mutability=rules.default_mutability.value,
        images=images,
        lifecycle=policy,
    )
    moment = max((image.dated for image in images), default=0) if now is None else now
    session = Session(State(now=moment, identities=(), sizes={}, repositories=(repository,)), rules)
    for event in applied_events(repository, evaluate(policy, images, now, rules), moment, quiet=False):
        session.emit(event)
    return session


def _play(scenario: Scenario, rules: RegistryRules) -> Session:
    session = Session(scenario.first, rules, templates=scenario.templates)
    pending = deque(scenario.changes)
    for number, command in enumerate(scenario.commands, start=1):
        _take_changes(session, scenario, pending)
        _perform(session, scenario, command, number)
    # What was meant for later than the last event acts at the end.
    while pending:
        _change(session, scenario, pending.popleft())
    return session


def _take_changes(session: Session, scenario: Scenario, pending: deque[Change]) -> None:
    while pending and pending[0].at <= len(session.events):
        _change(session, scenario, pending.popleft())


def _change(session: Session, scenario: Scenario, change: Change) -> None:
    if change.command is not None:
        _perform(session, scenario, change.command, change.number)
        return
    document = change.document
    session.emit(
        Event(at=session.state.now, kind=Kind.CHANGED, who=document["as"], data={"policy": document["policy"]})
    )


def _perform(session: Session, scenario: Scenario, command: Command, number: int) -> None:
    session.command, session.who = number, command.who
    begin = session.state.now
    until = begin + (command.hours * HOUR if command.do == "wait" else MINUTE)
    _pass_time(session, scenario, until)
    session.moment = until
    try:
        _DOES[command.do](session, scenario, command)
    except RefusedError as refusal:
        session.tell(
            Kind.REFUSED,
            call=refusal.call,
            code=refusal.code.value,
            detail=refusal.detail,
            image=refusal.subject,
            repository=session.at_repository,
            service=command.service,
            data={"launchType": command.launch_type} if command.do == "deploy" else None,
        )
    session.at_repository = ""
    if not session.rules.expires_within_a_day:
        _apply_policies(session, session.state.now)


def _pass_time(session: Session, scenario: Scenario, until: int) -> None:
    """The daily passes that lie before `until`."""
    start = scenario.first.now
    day = (session.state.now - start) // DAY + 1
    while start + day * DAY <= until:
        if session.rules.expires_within_a_day:
            _apply_policies(session, start + day * DAY)
        day += 1


def _apply_policies(session: Session, now: int) -> None:
    for repository in session.state.repositories:
        if not repository.lifecycle or not repository.images:
            continue
        session.work += comparisons(repository.lifecycle, repository.images)
        refuse_too_much(session.work, "commands")
        evaluation = evaluate(repository.lifecycle, repository.images, now, session.rules)
        for event in applied_events(repository, evaluation, now, quiet=True):
            session.emit(event)


def _wait(session: Session, _scenario: Scenario, command: Command) -> None:
    session.tell(Kind.WAITED, detail=str(command.hours))


def _login(session: Session, _scenario: Scenario, command: Command) -> None:
    session.call(TOKEN, endpoint="ecr.api")
    if registry_of(command.host) is None:
        raise RefusedError(Code.HOST_NOT_FOUND, subject=command.host)
    if command.username != "AWS":
        raise RefusedError(Code.WRONG_USER, subject=command.username, call=TOKEN)
    session.route("ecr.dkr")
    session.tell(Kind.LOGGED_IN, call=TOKEN, image=command.host)


def _build(session: Session, _scenario: Scenario, command: Command) -> None:
    session.tell(Kind.BUILT, image=command.image, layers=command.layers)


def _tag(session: Session, _scenario: Scenario, command: Command) -> None:
    layers = session.machine.image(command.image)
    if layers is None:
        raise RefusedError(Code.NO_LOCAL_IMAGE, subject=command.image)
    session.tell(Kind.NAMED, image=command.target, detail=command.image, layers=layers)


def _create(session: Session, scenario: Scenario, command: Command) -> None:
    uri = f"{scenario.host}/{command.repository}"
    session.call("ecr:CreateRepository", endpoint="ecr.api", owner=registry_of(scenario.host))
    if session.state.repository(uri) is not None:
        raise RefusedError(Code.REPOSITORY_EXISTS, subject=command.repository, call="ecr:CreateRepository")
    mutability = command.mutability or session.rules.default_mutability.value
    pushes.create(session, scenario.host, command.repository, mutability, command.exclusions)


def _put_policy(session: Session, scenario: Scenario, command: Command) -> None:
    repository = session.open(scenario.host, command.repository)
    session.call("ecr:PutLifecyclePolicy", endpoint="ecr.api", repository=repository)
    try:
        read_policy(command.policy, rules=session.rules)
    except InputError as error:
        raise RefusedError(Code.INVALID_POLICY, call="ecr:PutLifecyclePolicy", detail=str(error)) from None
    session.tell(Kind.POLICY_SET, call="ecr:PutLifecyclePolicy", repository=repository.uri, data=command.policy)


def _restore(session: Session, scenario: Scenario, command: Command) -> None:
    repository = session.open(scenario.host, command.repository)
    session.call("ecr:UpdateImageStorageClass", endpoint="ecr.api", repository=repository)
    image = repository.by_tag(command.tag)
    if image is None or not image.archive:
        raise RefusedError(
            Code.IMAGE_NOT_FOUND,
            subject=f"{repository.name}:{command.tag} in the archive",
            call="ecr:UpdateImageStorageClass",
        )
    session.tell(
        Kind.RESTORED,
        call="ecr:UpdateImageStorageClass",
        repository=repository.uri,
        tag=command.tag,
        digest=image.digest,
    )


def _delete(session: Session, scenario: Scenario, command: Command) -> None:
    """BatchDeleteImage: by digest the image goes; by a tag the tag, and with the last tag the image (facts 6.2)."""
    action = "ecr:BatchDeleteImage"
    repository = session.open(scenario.host, command.repository)
    session.call(action, endpoint="ecr.api", repository=repository)
    digest = session.digest_of(command.digest_of) if command.digest_of else command.digest
    image = repository.by_digest(digest) if digest else repository.by_tag(command.tag)
    if image is None:
        named = f"{repository.name}@{digest}" if digest else f"{repository.name}:{command.tag}"
        raise RefusedError(Code.IMAGE_NOT_FOUND, subject=named, call=action)
    whole = bool(digest) or _takes_image(image, session.rules)
    if whole and any(image.digest in other.manifests for other in repository.images):
        raise RefusedError(Code.IN_LIST, subject=f"{repository.name}@{image.digest[:19]}", call=action)
    session.tell(
        Kind.DELETED,
        call=action,
        repository=repository.uri,
        tag=command.tag,
        digest=image.digest,
        detail=WHOLE_IMAGE if whole else "",
    )


def _takes_image(image: Image, rules: RegistryRules) -> bool:
    if rules.tag_removed is TagRemoved.LAST_TAG:
        return len(image.tags) == 1
    return rules.tag_removed is TagRemoved.ANY_TAG


_DOES: Mapping[str, Callable[[Session, Scenario, Command], None]] = {
    "login": _login,
    "build": _build,
    "tag": _tag,
    "push": pushes.push,
    "pull": pushes.pull,
    "put-image": pushes.put_image,
    "delete": _delete,
    "restore": _restore,
    "create-repository": _create,
    "put-lifecycle-policy": _put_policy,
    "deploy": services.deploy,
    "replace-task": services.replace_task,
    "wait": _wait,
}
