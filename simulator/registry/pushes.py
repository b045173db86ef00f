"""Push, pull, and put-image, call by call (facts 6.3)."""

from __future__ import annotations

from simulator.registry.commands import Command, is_immutable
from simulator.registry.effects import MOVED_AWAY
from simulator.registry.images import MOST_TAGS, Image
from simulator.registry.reference import Reference, read_reference, registry_of
from simulator.registry.refusals import Code, RefusedError
from simulator.registry.rules import MovedTag
from simulator.registry.scenario import ROOT, Scenario
from simulator.registry.session import Session
from simulator.registry.state import Kind, Repository, manifest_digest

GET = "ecr:BatchGetImage"
PUT = "ecr:PutImage"
CHECK = "ecr:BatchCheckLayerAvailability"
UPLOAD = ("ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload")
DOWNLOAD = "ecr:GetDownloadUrlForLayer"


def push(session: Session, _scenario: Scenario, command: Command) -> None:
    """Check which layers are there, upload the others, then put the manifest under its tag."""
    reference = read_reference(command.image, "image")
    if command.layers:
        session.tell(Kind.BUILT, image=command.image, layers=command.layers)
    layers = session.machine.image(command.image)
    if layers is None:
        raise RefusedError(Code.NO_LOCAL_IMAGE, subject=command.image)
    session.login(reference.host)
    session.route("ecr.dkr")
    repository = _repository_to_push(session, reference)
    session.call(CHECK, endpoint="ecr.dkr", repository=repository)
    there = repository.layers if session.rules.layers_are_shared else ()
    present = tuple(layer for layer in layers if layer in there)
    missing = tuple(layer for layer in layers if layer not in there)
    session.tell(Kind.CHECKED, call=CHECK, repository=repository.uri, layers=missing, present=present)
    for layer in missing:
        for action in UPLOAD:
            session.call(action, endpoint="ecr.dkr", repository=repository)
        session.tell(Kind.UPLOADED, call=UPLOAD[-1], repository=repository.uri, layers=(layer,))
    _put(session, repository, reference.tag, manifest_digest(layers, session.state.sizes), layers)


def pull(session: Session, _scenario: Scenario, command: Command) -> None:
    """Get the manifest, then the layers that the machine does not have."""
    reference = read_reference(command.image, "image")
    session.login(reference.host)
    if command.digest_of:
        reference = reference._replace(digest=session.digest_of(command.digest_of), tag="")
    fetch(session, reference, keep=True)


def put_image(session: Session, scenario: Scenario, command: Command) -> None:
    """Give an image that is there another tag: the manifest is read and put back, and no layer moves."""
    repository = session.open(scenario.host, command.repository)
    session.call(GET, endpoint="ecr.api", repository=repository)
    digest = session.digest_of(command.digest_of) if command.digest_of else ""
    image = repository.by_digest(digest) if digest else repository.by_tag(command.of)
    if image is None:
        named = f"{repository.name}@{digest}" if digest else f"{repository.name}:{command.of}"
        raise RefusedError(Code.IMAGE_NOT_FOUND, subject=named, call=GET)
    _put(session, repository, command.tag, image.digest, image.layers, endpoint="ecr.api")


def fetch(session: Session, reference: Reference, *, keep: bool) -> Image:
    """The manifest and the layers of an image; `keep` leaves them on the machine, for the next pull."""
    session.route("ecr.dkr", GET)
    repository = session.open(reference.host, reference.repository)
    session.call(GET, endpoint="ecr.dkr", repository=repository)
    image = repository.by_digest(reference.digest) if reference.digest else repository.by_tag(reference.tag)
    if image is None:
        raise RefusedError(Code.IMAGE_NOT_FOUND, subject=reference.full, call=GET)
    if image.archive:
        raise RefusedError(Code.ARCHIVED, subject=reference.full, call=GET)
    session.tell(
        Kind.FETCHED, call=GET, repository=repository.uri, image=reference.full, tag=reference.tag, digest=image.digest
    )
    cached = tuple(layer for layer in image.layers if keep and layer in session.machine.layers)
    missing = tuple(layer for layer in image.layers if layer not in cached)
    if missing:
        session.call(DOWNLOAD, endpoint="ecr.dkr", repository=repository)
        session.route("s3", DOWNLOAD)
    session.tell(
        Kind.DOWNLOADED,
        call=DOWNLOAD if missing else "",
        repository=repository.uri,
        image=reference.full if keep else "",
        digest=image.digest,
        layers=missing,
        present=cached,
    )
    return image


def create(session: Session, host: str, name: str, mutability: str, exclusions: tuple[str, ...] = ()) -> Repository:
    """A new, empty repository."""
    account, region = registry_of(host) or ("", "")
    data = {
        "account": account,
        "region": region,
        "name": name,
        "mutability": mutability,
        "exclusions": list(exclusions),
    }
    session.tell(Kind.CREATED, call="ecr:CreateRepository", repository=f"{host}/{name}", data=data)
    return session.open(host, name)


def _repository_to_push(session: Session, reference: Reference) -> Repository:
    found = session.state.repository(reference.uri)
    if found is not None:
        session.at_repository = found.uri
        return found
    # AWS assumes a slash at the end of a prefix (API:CreateRepositoryCreationTemplateRequest).
    prefixes = [f"{prefix.removesuffix('/')}/" for prefix in session.templates if prefix != ROOT]
    named = reference.repository.startswith(tuple(prefixes))
    if named or ROOT in session.templates or session.rules.push_creates_repository:
        session.call("ecr:CreateRepository", endpoint="ecr.dkr", owner=registry_of(reference.host))
        return create(session, reference.host, reference.repository, session.rules.default_mutability.value)
    return session.open(reference.host, reference.repository)


# Why a tag may not move, by the repository's setting (facts 6.4).
_IMMUTABLE = {
    "IMMUTABLE": "the repository's tags are immutable",
    "IMMUTABLE_WITH_EXCLUSION": "no exclusion filter of the immutable repository matches it",
    "MUTABLE_WITH_EXCLUSION": "an exclusion filter of the mutable repository makes it immutable",
}


def _put(
    session: Session,
    repository: Repository,
    tag: str,
    digest: str,
    layers: tuple[str, ...],
    *,
    endpoint: str = "ecr.dkr",
) -> None:
    """PutImage: allowed, and the tag may move there (the order of facts 6.3)."""
    session.call(PUT, endpoint=endpoint, repository=repository)
    before = repository.by_tag(tag)
    if before is not None and is_immutable(repository.mutability, repository.exclusions, tag):
        raise RefusedError(Code.TAG_EXISTS, subject=tag, call=PUT, detail=_IMMUTABLE[repository.mutability])
    image = repository.by_digest(digest)
    if image is not None and tag not in image.tags and len(image.tags) >= MOST_TAGS:
        raise RefusedError(Code.TOO_MANY_TAGS, subject=tag, call=PUT)
    previous = before.digest if before is not None and before.digest != digest else ""
    deleted = previous and session.rules.moved_tag is MovedTag.DELETED
    session.tell(
        Kind.PUT,
        call=PUT,
        repository=repository.uri,
        tag=tag,
        digest=digest,
        previous=previous,
        layers=layers,
        present=tuple(one for one in before.tags if one != tag) if before is not None and previous else (),
        detail=MOVED_AWAY if deleted else "",
    )
