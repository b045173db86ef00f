"""What stops a task before it has an environment: registration, the call, versions, roles. Source: facts 1.7 and 4."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.iam import wording as iam_wording
from simulator.iam.calls import Step
from simulator.iam.checks import walk
from simulator.iam.cures import words
from simulator.iam.launch import LaunchType, read_launch
from simulator.secrets.injection import NotFetchedError, Origin, Source
from simulator.secrets.references import Reference, Store
from simulator.secrets.rules import SameName, SecretsRules
from simulator.secrets.scenario import Scenario

MOST_FILES = 10
MOST_DEFINITION = 65_536  # bytes
MOST_OVERRIDES = 8_192  # characters
FILES_AGENT, KEY_AGENT, PLATFORM = (1, 39, 0), (1, 37, 0), (1, 4, 0)
UNKNOWN_TEXT = "AWS documents this limit, and the wording of its refusal is not known."
UNKNOWN_CASE = "AWS documents which version is needed, and not what an older one does."
OURS = (Step.REGISTER, Step.TRUST, Step.INIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What stops it; `error` is empty where the text is not known."""

    outcome: str
    why: str
    fix: str
    error: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()
    open: bool = False


def refusal(scenario: Scenario, rules: SecretsRules) -> Refusal | None:
    """The first thing that stops the task, in the order of registration, call, versions, and roles."""
    for source in scenario.sources:
        found = _same_name(source, scenario, rules) or _files(source, scenario)
        if found is not None:
            return found
    if scenario.definition_size > MOST_DEFINITION:
        return _rejected(
            f"The task definition has {scenario.definition_size} bytes, and {MOST_DEFINITION} are the most.",
            "Move values to env files or to a store.",
        )
    registered = _by_roles(scenario, (Step.REGISTER,))
    if registered is not None:
        return registered
    if scenario.override_size > MOST_OVERRIDES:
        return _rejected(
            f"The overrides have {scenario.override_size} characters, and {MOST_OVERRIDES} are the most.",
            "Put the values into an env file.",
            "CALL_REJECTED",
        )
    return _too_old(scenario) or _by_roles(scenario, OURS)


def not_fetched(error: NotFetchedError, scenario: Scenario) -> Refusal:
    """A file or a secret that is not there when a task starts."""
    if error.origin is Origin.FILE:
        text, source = f"ResourceInitializationError: failed to download env files: … {error}", "documented"
        fix = f"Put {error.detail} into its bucket, or correct its ARN."
    else:
        fargate = scenario.launch_type is LaunchType.FARGATE
        store = "asm" if ":secretsmanager:" in error.detail else "ssm"
        text = (
            "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval "
            f"failed: unable to retrieve secret from {store} …"
            if fargate
            else "ResourceInitializationError: fetching secret data from …"
        )
        source = "documented" if fargate else "agent"
        fix = f"Correct the valueFrom {error.detail}, or what the store holds."
    return Refusal(
        outcome="INIT_ERROR",
        error=text,
        source=source,
        why=f"The value cannot be fetched, so the container is never created: {error}.",
        fix=fix,
    )


def _same_name(source: Source, scenario: Scenario, rules: SecretsRules) -> Refusal | None:
    names = [name for container, name in scenario.duplicates if container == source.name]
    if rules.same_name is SameName.REFUSED:
        names += [name for name in source.secrets if name in source.environment]
    if not names:
        return None
    text = iam_wording.same_name(names[0])
    return Refusal(
        outcome="REGISTER_REJECTED",
        error=text.text,
        source=text.source.value,
        why=f"The container “{source.name}” gives {names[0]} a value in two places, and one of them is secrets.",
        fix=f"Keep {names[0]} in one place.",
    )


def _files(source: Source, scenario: Scenario) -> Refusal | None:
    for files, outcome in ((source.files, "REGISTER_REJECTED"), (source.override_files or (), "CALL_REJECTED")):
        if len(files) > MOST_FILES:
            return _rejected(
                f"The container “{source.name}” names {len(files)} env files, and {MOST_FILES} are the most.",
                "Join files, or use fewer.",
                outcome,
            )
        wrong = next((name for name in files if not name.endswith(".env")), "")
        if wrong:
            return _rejected(f"{wrong} does not end with .env, as an env file has to.", "Rename the object.", outcome)
        if files and scenario.windows:
            return _rejected("Windows containers take no env files.", "Use environment or secrets.", outcome)
    return None


def _rejected(why: str, fix: str, outcome: str = "REGISTER_REJECTED") -> Refusal:
    return Refusal(outcome=outcome, why=why, fix=fix, notes=(UNKNOWN_TEXT,))


def _too_old(scenario: Scenario) -> Refusal | None:
    files = any(source.override_files or source.files for source in scenario.sources)
    keys = any(one.json_key for source in scenario.sources for one in source.secrets.values())
    fargate = scenario.launch_type is LaunchType.FARGATE
    has = scenario.platform_version if fargate else scenario.agent_version
    for used, what, agent in (
        (files, "Env files need", FILES_AGENT),
        (keys, "A JSON key in valueFrom needs", KEY_AGENT),
    ):
        needed = PLATFORM if fargate else agent
        if used and has is not None and has < needed:
            name = "platform version" if fargate else "agent"
            return Refusal(
                outcome="NOT_SUPPORTED",
                why=f"{what} {name} {_dotted(needed)} or later, and this is {_dotted(has)}.",
                fix=f"Use {name} {_dotted(needed)} or later.",
                notes=(UNKNOWN_CASE,),
                open=True,
            )
    return None


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _by_roles(scenario: Scenario, steps: tuple[Step, ...]) -> Refusal | None:
    """What the room of roles finds in the same launch."""
    found = walk(read_launch(scenario.launch))
    if found.finding is None or found.step not in steps:
        return None
    fix = words(found.finding.changes)
    actions = dict.fromkeys(one.action for source in scenario.sources for one in source.secrets.values())
    if found.step is Step.REGISTER and actions:
        fix += f" That policy reads no secret: allow {' and '.join(actions)} as well."
    return Refusal(
        outcome=found.outcome.value,
        error=found.finding.error.text,
        source=found.finding.error.source.value,
        why=found.finding.why,
        fix=fix,
        notes=found.finding.notes,
        open=found.finding.open,
    )


def fetched_with(reference: Reference) -> Mapping[str, str]:
    """Who fetches it with which action, and from where."""
    where = "Secrets Manager" if reference.store is Store.SECRETS_MANAGER else "Parameter Store"
    return {"role": "EX", "action": reference.action, "resource": reference.arn, "store": where}
