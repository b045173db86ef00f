"""Rules about names, counts and the document as a whole (facts 5.1, 5.2, 7)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from simulator.reading import shorten, shown
from simulator.task_definition.definition import Definition, called, is_essential
from simulator.task_definition.finding import Check, Found, removal, setting
from simulator.task_definition.part import inner, length, parts, spot, text, texts

MOST_CONTAINERS = 10
MOST_BYTES = 64 * 1024
LONGEST_NAME = 255
_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
_DIGEST = re.compile(r"sha256:[A-Fa-f0-9]{64}")
_IMAGE = re.compile(r"[A-Za-z0-9\-_:./#]+")
_REVISION = re.compile(r"(?P<family>[A-Za-z0-9_-]+):[0-9]+")
_FORM = "1 to 255 letters, digits, - and _"


def is_name(written: str) -> bool:
    """Whether a family, a container or a volume may be called so.

    >>> is_name("web-1"), is_name("web app"), is_name("a" * 256)
    (True, False, False)
    """
    return _NAME.fullmatch(written) is not None


def _family(definition: Definition) -> Iterator[Found]:
    family = text(definition.top, "family")
    if family is None or is_name(family):
        return
    at = spot(definition.top, "family")
    revision = _REVISION.fullmatch(family)
    if revision:
        yield Found(
            at=at,
            message=f"family is {shown(family)}: the revision is not part of the family, ECS counts it.",
            fix=f"Write “{revision['family']}”; ECS gives the next revision itself.",
            change=(setting(at, revision["family"]),),
        )
        return
    yield Found(at=at, message=_misnamed("family", family), fix=f"Choose a family name of {_FORM}.")


def _container_names(definition: Definition) -> Iterator[Found]:
    for container in definition.containers:
        name = text(container, "name")
        if name is not None and not is_name(name):
            at = spot(container, "name")
            yield Found(at=at, message=_misnamed("A container's name", name), fix=f"Choose a name of {_FORM}.")


def _misnamed(what: str, name: str) -> str:
    if len(name) > LONGEST_NAME:
        return f"{what} has {len(name)} characters, and at most {LONGEST_NAME} are taken."
    if not name:
        return f"{what} is empty, and it has {_FORM}."
    return f"{what} is {shown(name)}, and it has {_FORM} only."


def _unnamed(definition: Definition) -> Iterator[Found]:
    for container in definition.containers:
        if "name" not in container.given:
            place = f"containerDefinitions[{container.at[-1]}]"
            yield Found(at=spot(container, "name"), message=f"{place} has no name.", fix="Give the container a name.")


def _no_image(definition: Definition) -> Iterator[Found]:
    for container in definition.containers:
        if "image" not in container.given or text(container, "image") == "":
            at, fix = spot(container, "image"), "Name the image, such as public.ecr.aws/nginx/nginx:1.27."
            yield Found(at=at, message=f"There is no image for {called(container)}.", fix=fix)


def _duplicate_names(definition: Definition) -> Iterator[Found]:
    first: dict[str, int | str] = {}
    for container in definition.containers:
        name = text(container, "name")
        if name and first.setdefault(name, container.at[-1]) != container.at[-1]:
            yield Found(
                at=spot(container, "name"),
                message=f"Container “{shorten(name)}” is there twice: containerDefinitions[{first[name]}] has the same "
                "name, and names are unique in a task.",
                fix="Rename one of the two.",
            )


def _count(definition: Definition) -> Iterator[Found]:
    if "containerDefinitions" not in definition.top.fields:
        return
    count = length(definition.top, "containerDefinitions")
    at = spot(definition.top, "containerDefinitions")
    if not count:
        yield Found(at=at, message="The task has no container, and it needs one.", fix="Describe a container.")
    elif count > MOST_CONTAINERS:
        yield Found(
            at=at,
            message=f"The task has {count} containers, and at most {MOST_CONTAINERS} are taken; the quota is fixed.",
            fix=f"Move {count - MOST_CONTAINERS} of them to a task definition of their own.",
        )


def _essential(definition: Definition) -> Iterator[Found]:
    everything_read = len(definition.containers) == length(definition.top, "containerDefinitions")
    if not definition.containers or not everything_read:
        return
    if any(is_essential(container, definition.rules) is not False for container in definition.containers):
        return
    first = definition.containers[0]
    yield Found(
        at=spot(definition.top, "containerDefinitions"),
        message="No container is essential, and a task stops when an essential container stops: it needs one.",
        fix=f"Make {called(first)} essential, or whichever the task is there for.",
        change=(setting(spot(first, "essential"), True),),
    )


def _image_form(definition: Definition) -> Iterator[Found]:
    for container in definition.containers:
        name, at_sign, digest = (text(container, "image") or "").partition("@")
        if len(name) > LONGEST_NAME:
            yield Found(
                at=spot(container, "image"),
                message=f"The image of {called(container)} has {len(name)} characters before any digest, and at most "
                f"{LONGEST_NAME} are taken.",
                fix="Shorten the repository's name or the tag.",
            )
        if at_sign and not _DIGEST.fullmatch(digest):
            yield Found(
                at=spot(container, "image"),
                message=f"The digest of {called(container)}'s image is no sha256: and 64 hexadecimal digits.",
                fix="Copy the digest whole, such as from `aws ecr describe-images`, or name a tag.",
            )


def _image_characters(definition: Definition) -> Iterator[Found]:
    for container in definition.containers:
        name = (text(container, "image") or "").partition("@")[0]
        if name and not _IMAGE.fullmatch(name):
            yield Found(
                at=spot(container, "image"),
                message=f"The image of {called(container)} is {shown(name)}: images have letters, digits, "
                "- _ : . / and # only.",
                fix="Check the image's name; a placeholder must be filled in before the definition is registered.",
            )


def _size(definition: Definition) -> Iterator[Found]:
    if definition.size > MOST_BYTES:
        yield Found(
            at=(),
            message=f"The definition has {definition.size} bytes, and at most {MOST_BYTES} (64 KiB) are taken.",
            fix="Move long values out, such as environment variables to an environment file or to Parameter Store.",
        )


def _tags(definition: Definition) -> Iterator[Found]:
    seen: set[str] = set()
    for tag in parts(definition.top, "tags"):
        key = text(tag, "key")
        if key is None:
            continue
        at = spot(tag, "key")
        if key in seen:
            message = f"The tag {shown(key)} is there twice, and a key has one value."
            yield Found(at=at, message=message, fix="Take one of the two out.")
        seen.add(key)
        if key.lower().startswith("aws:"):
            message = f"The tag {shown(key)} begins with aws:, which AWS keeps for itself."
            yield Found(at=at, message=message, fix="Begin the key with another word.")


def _proxy(definition: Definition) -> Iterator[Found]:
    proxy = inner(definition.top, "proxyConfiguration")
    name = text(proxy, "containerName") if proxy else None
    if proxy and name is not None and name not in {text(container, "name") for container in definition.containers}:
        message = f"proxyConfiguration names the container {shown(name)}, and the task has none of that name."
        yield Found(at=spot(proxy, "containerName"), message=message, fix="Name the container that runs the proxy.")


def _credential_specs(definition: Definition) -> Iterator[Found]:
    for container in definition.containers:
        count = length(container, "credentialSpecs")
        if count > 1:
            at, message = spot(container, "credentialSpecs"), f"credentialSpecs has {count} entries, and 1 is taken."
            extra = tuple(removal((*at, i)) for i, _ in reversed(texts(container, "credentialSpecs")) if i)
            yield Found(at=at, message=message, fix="Keep the first.", change=extra if len(extra) == count - 1 else ())


CHECKS = (
    Check(rule="family-name", source="API:RegisterTaskDefinitionRequest", find=_family),
    Check(rule="container-name", source="API:ContainerDefinition", find=_container_names),
    Check(rule="container-name-missing", source="API:ContainerDefinition", find=_unnamed),
    Check(rule="container-image-missing", source="API:ContainerDefinition", find=_no_image),
    Check(rule="container-name-twice", source="API:ContainerDefinition", find=_duplicate_names),
    Check(rule="container-count", source="DG22:service-quotas", find=_count),
    Check(
        rule="no-essential-container",
        source="API:ContainerDefinition",
        find=_essential,
        aws="Task definition doesn't have any essential container",
    ),
    Check(rule="image-form", source="API:ContainerDefinition", find=_image_form),
    Check(rule="image-characters", source="API:ContainerDefinition", find=_image_characters, warns=True),
    Check(rule="definition-size", source="DG22:service-quotas", find=_size),
    Check(rule="tag-key", source="API:Tag", find=_tags),
    Check(rule="proxy-container", source="API:ProxyConfiguration", find=_proxy, is_open=True),
    Check(rule="credential-specs", source="API:ContainerDefinition", find=_credential_specs),
)
