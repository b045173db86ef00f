"""Images as ECR describes them: the fields of DescribeImages, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from simulator import reading
from simulator.errors import InputError
from simulator.registry.instants import read_instant

MOST_IMAGES = 100_000  # AWS's quota of one repository (facts 6.2)
MOST_TAGS = 1_000  # AWS's quota of one image
LONGEST_TAG = 300
LONGEST = 255  # of a digest, ours

STANDARD = "standard"
ARCHIVE = "archive"
# What else DescribeImages gives; it has no part in a lifecycle policy, and a pasted answer may keep it.
_UNUSED = (
    "registryId",
    "repositoryName",
    "imageSizeInBytes",
    "imageScanStatus",
    "imageScanFindingsSummary",
    "imageManifestMediaType",
    "artifactMediaType",
)
IMAGE_FIELDS = (
    "imageDigest",
    "imageTags",
    "imagePushedAt",
    "lastRecordedPullTime",
    "storageClass",
    "imageStatus",
    "lastArchivedAt",
    "lastActivatedAt",
    "manifests",
    "subjectManifestDigest",
    *_UNUSED,
)
_STATUSES = {"ACTIVE": STANDARD, "ARCHIVED": ARCHIVE}


class Image(NamedTuple):
    """One image. Times are microseconds since 1970; `manifests` are the digests that a manifest list refers to,
    `subject` the digest that a reference artifact (a signature, an SBOM) belongs to, `layers` its layers' names.

    A tuple, for a repository has ten thousand of them, and a frozen dataclass takes five times as long to make.
    """

    digest: str
    pushed: int
    tags: tuple[str, ...] = ()
    pulled: int | None = None
    archive: bool = False
    archived: int | None = None
    activated: int | None = None
    manifests: tuple[str, ...] = ()
    subject: str | None = None
    layers: tuple[str, ...] = ()

    @property
    def dated(self) -> int:
        """When it counts as pushed: a restored image is dated by its restoration (facts 6.6, rule 9)."""
        return self.pushed if self.activated is None else self.activated


def read_images(value: Any, path: str, *, most: int = MOST_IMAGES) -> tuple[Image, ...]:
    """The images of one repository, each digest once.

    Raises
    ------
    InputError
        For a field or a value that is none, for a digest that stands twice, and for a reference to no image.
    """
    listed = reading.items(value, path, most=most)
    images = [_plain_image(one) or _read_image(one, f"{path}[{i}]") for i, one in enumerate(listed)]
    places: dict[str, int] = {}
    for i, image in enumerate(images):
        if image.digest in places:
            raise InputError(
                f"{path}[{i}].imageDigest is that of {path}[{places[image.digest]}]; list each image once, with all "
                "its tags.",
                path=f"{path}[{i}].imageDigest",
            )
        places[image.digest] = i
    for i, image in enumerate(images):
        if not image.manifests and image.subject is None:
            continue
        named = [(f"manifests[{k}]", digest) for k, digest in enumerate(image.manifests)]
        named += [("subjectManifestDigest", image.subject)] if image.subject else []
        for field, digest in named:
            if digest not in places or digest == image.digest:
                raise InputError(
                    f"{path}[{i}].{field} is {reading.shown(digest)}, which is the digest of no other image in {path}.",
                    path=f"{path}[{i}].{field}",
                )
    return tuple(images)


def shared_tags(images: Sequence[Image]) -> tuple[str, ...]:
    """The tags that more than one image claims to have, which no repository allows, in the images' order."""
    seen: set[str] = set()
    twice: dict[str, None] = {}
    for image in images:
        for tag in image.tags:
            if tag in seen:
                twice[tag] = None
            seen.add(tag)
    return tuple(twice)


def _read_image(value: Any, path: str) -> Image:
    document = reading.mapping(value, path)
    if not document.keys() <= _KNOWN:
        reading.known_fields(document, path, IMAGE_FIELDS)
    for field in ("imageDigest", "imagePushedAt"):
        if document.get(field) is None:
            raise InputError(f"{path}.{field} is missing; every image has one.", path=f"{path}.{field}")
    archive, tags, subject = _storage(document, path), document.get("imageTags"), document.get("subjectManifestDigest")
    return Image(
        digest=_word(document["imageDigest"], path, "imageDigest", LONGEST),
        tags=() if tags is None else _tags(tags, path),
        pushed=read_instant(document["imagePushedAt"], f"{path}.imagePushedAt"),
        pulled=_instant(document, "lastRecordedPullTime", path),
        archive=archive,
        archived=_instant(document, "lastArchivedAt", path),
        activated=None if archive else _instant(document, "lastActivatedAt", path),
        manifests=_manifests(document, path),
        subject=None if subject is None else reading.text(subject, f"{path}.subjectManifestDigest"),
    )


_KNOWN = frozenset(IMAGE_FIELDS)
_PLAIN = {"imageDigest", "imageTags", "imagePushedAt"}


def _plain_image(value: Any) -> Image | None:
    """An image of just the usual three fields, with one tag or none; None for what needs a closer look.

    A document may list ten thousand of these, and naming each place costs more than reading it.
    """
    if not isinstance(value, dict) or value.keys() != _PLAIN:
        return None
    digest, tags = value["imageDigest"], value["imageTags"]
    if not isinstance(digest, str) or not 0 < len(digest) <= LONGEST or not digest.isprintable():
        return None
    if not isinstance(tags, list) or len(tags) > 1:
        return None
    if tags and not (isinstance(tags[0], str) and 0 < len(tags[0]) <= LONGEST_TAG and tags[0].isprintable()):
        return None
    try:
        return Image(digest, read_instant(value["imagePushedAt"], ""), tuple(tags))
    except InputError:
        return None


def _word(value: Any, path: str, field: str, longest: int) -> str:
    """What `reading.text` takes, found out faster: a document may have ten thousand of them."""
    if isinstance(value, str) and 0 < len(value) <= longest and value.isprintable():
        return value
    return reading.text(value, f"{path}.{field}", longest=longest)


def _tags(value: Any, path: str) -> tuple[str, ...]:
    listed = reading.items(value, f"{path}.imageTags", most=MOST_TAGS)
    tags = tuple(_word(tag, path, f"imageTags[{k}]", LONGEST_TAG) for k, tag in enumerate(listed))
    if len(tags) > 1 and len(set(tags)) < len(tags):
        again = next(tag for k, tag in enumerate(tags) if tag in tags[:k])
        raise InputError(f"{path}.imageTags has {reading.shown(again)} twice; take one out.", path=f"{path}.imageTags")
    return tags


def _instant(document: Mapping[str, Any], field: str, path: str) -> int | None:
    value = document.get(field)
    return None if value is None else read_instant(value, f"{path}.{field}")


def _manifests(document: Mapping[str, Any], path: str) -> tuple[str, ...]:
    value = document.get("manifests")
    if value is None:
        return ()
    listed = reading.items(value, f"{path}.manifests", most=MOST_TAGS)
    return tuple(reading.text(digest, f"{path}.manifests[{k}]") for k, digest in enumerate(listed))


def _storage(document: Mapping[str, Any], path: str) -> bool:
    """Whether the image is in the archive; without a word about it, it is not."""
    value, status = document.get("storageClass"), document.get("imageStatus")
    if value is None and status is None:
        return False
    if value is not None:
        value = reading.choice(
            value.lower() if isinstance(value, str) else value, f"{path}.storageClass", (STANDARD, ARCHIVE)
        )
    if status is not None:
        by_status = _STATUSES[reading.choice(status, f"{path}.imageStatus", tuple(_STATUSES))]
        if value is not None and value != by_status:
            raise InputError(
                f"{path}.imageStatus is {status}, and storageClass is {value}; they have to agree.",
                path=f"{path}.imageStatus",
            )
        value = by_status
    return value == ARCHIVE
