"""Who is at the page: the one learner of a local run, or an unsaved guest of a hosted one.

Rules only: what Streamlit and the environment know is handed in by `screens/visitor.py`.
"""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass

LOCAL = "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """Whose page this is, and whether what they do is kept when the browser tab closes."""

    id: str
    saved: bool


def is_hosted(*, setting: str | None, headless: bool, address: str | None) -> bool:
    """Whether strangers may be at the pages, so that no two of them may share a learner.

    Parameters
    ----------
    setting : `QUAYSIDE_HOSTED` as given: a yes or a no decides; empty or None leaves it to the server's settings.
    headless, address : Streamlit's `server.headless` and `server.address`. No address means every address.

    Raises
    ------
    ValueError
        With one sentence, if the setting is neither a yes nor a no.

    Examples
    --------
    >>> is_hosted(setting=None, headless=True, address=None)
    True
    >>> is_hosted(setting=None, headless=True, address="127.0.0.1")
    False
    >>> is_hosted(setting="no", headless=True, address="0.0.0.0")
    False
    """
    word = (setting or "").strip().lower()
    if word in ("1", "true", "yes", "on"):
        return True
    if word in ("0", "false", "no", "off"):
        return False
    if word:
        raise ValueError("QUAYSIDE_HOSTED is neither yes nor no; set it to one of them, or leave it out.")
    return headless and not _is_loopback(address)


def learner(*, hosted: bool, guest: str) -> Learner:
    """The learner of a page: `local` on one's own machine, else the session's guest.

    >>> learner(hosted=False, guest="guest-1")
    Learner(id='local', saved=True)
    """
    return Learner(id=guest, saved=False) if hosted else Learner(id=LOCAL, saved=True)


def new_guest() -> str:
    """A name for one browser session that no other session can guess."""
    return f"guest-{secrets.token_hex(16)}"


def _is_loopback(address: str | None) -> bool:
    name = (address or "").strip().strip("[]").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
