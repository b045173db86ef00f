"""The server's secret: what makes a learner's variants theirs, so that the public repository gives no key away."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import stat
from pathlib import Path

from learners.store import StoreError

BYTES = 32
MIN_GIVEN = 16
FILE_NAME = "secret"


def from_setting(given: str) -> bytes:
    """The secret that a host sets in the environment or in Streamlit's secrets, as 32 bytes.

    Raises
    ------
    StoreError
        If it is too short to be one.
    """
    text = given.strip()
    if len(text) < MIN_GIVEN:
        raise StoreError(f"The secret of this server has {len(text)} characters; give it at least {MIN_GIVEN}.")
    return hashlib.sha256(text.encode()).digest()


def from_folder(folder: Path) -> bytes:
    """The secret kept in a folder; the first who asks makes it, and all who ask at once get the same.

    Raises
    ------
    StoreError
        If it can be neither read nor made, or the file is not one.
    """
    path = folder / FILE_NAME
    try:
        if not path.exists():
            _make(path)
        found = path.read_bytes()
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise StoreError(
            f"The secret of this server, {path}, cannot be read or made ({error.strerror}); "
            "set QUAYSIDE_DATA to a folder that you may write to."
        ) from error
    if len(found) != BYTES:
        raise StoreError(f"The secret of this server, {path}, is not {BYTES} bytes; delete it and a new one is made.")
    return found


def seed_for(secret: bytes, *, learner: str, bank: str, attempt: str, item: str) -> int:
    """The seed of a variant: 0 to 2**63 - 1, equal for equal arguments, not to be guessed without the secret.

    Examples
    --------
    >>> ours = {"learner": "local", "bank": "placement", "attempt": "1", "item": "placement.a.001"}
    >>> seed_for(b"k" * 32, **ours) == seed_for(b"k" * 32, **ours)
    True
    >>> seed_for(b"k" * 32, **ours) == seed_for(b"l" * 32, **ours)
    False
    """
    # JSON keeps the parts apart: ("ab", "c") and ("a", "bc") are different messages.
    message = json.dumps([learner, bank, attempt, item]).encode()
    return int.from_bytes(hmac.digest(secret, message, "sha256")[:8]) >> 1


def _make(path: Path) -> None:
    """Write the whole file aside, then link it into place: a reader never sees half a secret, and one writer wins."""
    aside = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        except FileExistsError:
            return
    finally:
        aside.unlink(missing_ok=True)
