"""What is said about a run: why each event happened, and by whose permission."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from simulator.registry.access import decide
from simulator.registry.effects import ARCHIVED, MOVED_AWAY, WHOLE_IMAGE
from simulator.registry.lifecycle import evaluate
from simulator.registry.pushes import UPLOAD
from simulator.registry.reasons import Reasons, selects
from simulator.registry.refusals import Code, fix, sentence, task_error
from simulator.registry.rules import RegistryRules
from simulator.registry.state import Event, Kind, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a step happened. `calls` are the API actions behind it, `access` who allows them, `fix` what would cure a
    refusal, `details` a sentence for each image that a lifecycle rule acted on.
    """

    sentence: str
    calls: tuple[str, ...] = ()
    access: str = ""
    fix: str = ""
    details: tuple[str, ...] = ()


def explain_event(state: State, event: Event, rules: RegistryRules) -> Explanation:
    """The reason for an event, from the state before it; for a lifecycle rule, the state before its policy's pass."""
    if event.kind is Kind.REFUSED:
        return Explanation(
            sentence=refused(state, event),
            calls=(event.call,) if event.call else (),
            fix=fix(Code(event.code), subject=event.image, call=event.call),
        )
    if event.kind is Kind.APPLIED:
        return _explain_rule(state, event, rules)
    return Explanation(
        sentence=_SENTENCES[event.kind](state, event), calls=calls(event), access=_access(state, event, rules)
    )


def calls(event: Event) -> tuple[str, ...]:
    """The API actions of an event; uploading a layer takes three."""
    if event.kind is Kind.UPLOADED:
        return UPLOAD
    if event.kind is Kind.DOWNLOADED:
        return (event.call,) * len(event.layers)
    return (event.call,) if event.call else ()


def refused(state: State, event: Event) -> str:
    """The text of a refusal; that of a task is its stopped reason."""
    code = Code(event.code)
    text = sentence(code, subject=event.image, call=event.call, detail=event.detail)
    if not event.service or code is Code.NO_SERVICE:
        return text
    service = state.service(event.service)
    return task_error(event.call, text, fargate=_on_fargate(event, service.fargate if service else True))


def short(digest: str) -> str:
    """A digest as it is shown: twelve figures of it.

    >>> short("sha256:" + "0123456789abcdef" * 4)
    'sha256:0123456789ab'
    """
    return digest[:19]


def moved(event: Event) -> str:
    """What became of the image that had the tag before; empty if none had it."""
    if not event.previous:
        return ""
    if event.detail == MOVED_AWAY:
        fate = "is deleted"
    else:
        fate = f"keeps {_listed(event.present)}" if event.present else "is untagged now"
    return f" The tag was on {short(event.previous)}, which {fate}."


def _on_fargate(event: Event, fargate: bool) -> bool:
    return event.data.get("launchType", "FARGATE") == "FARGATE" if event.data else fargate


def _access(state: State, event: Event, rules: RegistryRules) -> str:
    named = calls(event)
    if not named:
        return ""
    repository = None if event.kind is Kind.CREATED else state.repository(event.repository)
    access = decide(
        state.identity(event.who),
        named[0],
        resource=repository.arn if repository else "*",
        owner=repository.account if repository else "",
        repository=repository.statements if repository else (),
        rules=rules,
    )
    return f"{event.who} may: {access.why}."


def _explain_rule(state: State, event: Event, rules: RegistryRules) -> Explanation:
    repository = state.repository(event.repository)
    assert repository is not None, "a rule is applied to a repository that is there"
    evaluation = evaluate(repository.lifecycle, repository.images, event.at, rules)
    finding = next(one for one in evaluation.findings if one.rule.priority == event.rule)
    reasons = Reasons(evaluation, event.at)
    verb = "archives" if event.detail == ARCHIVED else "expires"
    return Explanation(
        sentence=f"Rule {event.rule} selects {selects(finding.rule)}, {len(finding.selected)} of "
        f"{len(repository.images)}, marks {len(finding.marked)} and {verb} {len(event.digests)}.",
        details=tuple(
            f"{short(image.digest)}: {reasons.of(i).sentence}"
            for i, image in enumerate(repository.images)
            if image.digest in event.digests
        ),
    )


def _name(state: State, event: Event) -> str:
    repository = state.repository(event.repository)
    return repository.name if repository else event.repository.partition("/")[2]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def _put(state: State, event: Event) -> str:
    return f"{_name(state, event)}:{event.tag} is {short(event.digest)}.{moved(event)}"


def _checked(state: State, event: Event) -> str:
    name = _name(state, event)
    if not event.layers:
        return f"{name} has every layer already; nothing is uploaded."
    had = f"has {_listed(event.present)} already" if event.present else "has none of the layers"
    return f"{name} {had}; to be uploaded: {_listed(event.layers)}."


def _downloaded(_state: State, event: Event) -> str:
    if not event.layers:
        return "Every layer is here already; nothing is downloaded."
    had = f"; here already: {_listed(event.present)}" if event.present else ""
    return f"From S3, by pre-signed URLs: {_listed(event.layers)}{had}."


def _deleted(state: State, event: Event) -> str:
    name = _name(state, event)
    if not event.tag:
        return f"The image {name}@{short(event.digest)} is deleted with all its tags."
    if event.detail == WHOLE_IMAGE:
        return f"The tag {event.tag} is taken off, and the image {name}@{short(event.digest)} is deleted with it."
    return f"The tag {event.tag} is taken off; the image {name}@{short(event.digest)} stays."


def _created(_state: State, event: Event) -> str:
    data = event.data or {}
    return f"The repository {data['name']} is created; its tags are {data['mutability']}."


def _deployed(_state: State, event: Event) -> str:
    data = event.data or {}
    if data["versionConsistency"] == "disabled":
        return f"{event.service} runs {event.image}; with version consistency off, each task resolves the tag itself."
    return f"{event.service} resolves {event.image} to {short(event.digest)} when it is deployed."


def _stopped(_state: State, event: Event) -> str:
    why = "is lost" if event.detail == "lost" else "is stopped, for the new tasks run"
    return f"Task {event.task} of {event.service} {why}; it ran {short(event.digest)}."


_SENTENCES: Mapping[Kind, Callable[[State, Event], str]] = {
    Kind.LOGGED_IN: lambda _, event: f"Docker on the machine of {event.who} has a token for {event.image}.",
    Kind.TOKEN: lambda _, event: f"The agent gets a token with the permissions of {event.who}, for this pull.",
    Kind.BUILT: lambda _, event: f"{event.image} is built on the machine of {event.who}: {_listed(event.layers)}.",
    Kind.NAMED: lambda _, event: f"{event.detail} is also named {event.image}, on the machine of {event.who} alone.",
    Kind.CHECKED: _checked,
    Kind.UPLOADED: lambda state, event: f"The layer {_listed(event.layers)} is uploaded to {_name(state, event)}.",
    Kind.PUT: _put,
    Kind.FETCHED: lambda _, event: f"The manifest of {event.image} is that of {short(event.digest)}.",
    Kind.DOWNLOADED: _downloaded,
    Kind.DELETED: _deleted,
    Kind.CREATED: _created,
    Kind.POLICY_SET: lambda state, event: f"{_name(state, event)} has this lifecycle policy from now on.",
    Kind.RESTORED: lambda state, event: f"{_name(state, event)}:{event.tag} is restored and dated from now.",
    Kind.WAITED: lambda _, event: f"{event.detail} hours pass.",
    Kind.DEPLOYED: _deployed,
    Kind.TASK_STARTED: lambda _, event: f"Task {event.task} of {event.service} runs {short(event.digest)}.",
    Kind.TASK_STOPPED: _stopped,
    Kind.CHANGED: lambda _, event: f"{event.who} has another policy from now on.",
}
