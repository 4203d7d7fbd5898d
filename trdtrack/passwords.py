"""Passwords of a clinic's server in the system's own keyring, encrypted there for this account; never anywhere else.

Import it late: it asks the desktop which keyrings there are.
"""

from __future__ import annotations

from contextlib import suppress
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

import keyring
from keyring.backends.chainer import ChainerBackend
from keyring.errors import KeyringError

if TYPE_CHECKING:
    from trdtrack.domain.address import Address

SERVICE = "TRDTrack"
ENCRYPTED = ("SecretService", "libsecret", "kwallet", "macOS", "Windows")
"""The keyrings trusted with a password. Others may be asked for by a computer's settings, and write plain text."""


def complete() -> bool:
    """Whether every kind of keyring that the library brings can be imported; a packaged program may have lost some."""
    found = {kind.value.rpartition(".")[2]: kind for kind in entry_points(group="keyring.backends")}
    with suppress(ImportError, KeyError):
        return all(found[name].load() for name in ENCRYPTED)
    return False


def available() -> bool:
    """Whether this computer has a keyring that can be used."""
    return _ring() is not None


def kept(address: Address) -> str:
    """Return the password kept for a person's login at an address; empty if there is none, or it is not handed out."""
    ring = _ring()
    try:
        return ring.get_password(SERVICE, address.text) or "" if ring else ""
    except (KeyringError, OSError):  # locked, and whoever was asked said no
        return ""


def keep(address: Address, password: str) -> bool:
    """Keep a password; False if the keyring did not take it."""
    ring = _ring()
    try:
        if ring:
            ring.set_password(SERVICE, address.text, password)
    except (KeyringError, OSError):
        return False
    return ring is not None


def forget(address: Address) -> None:
    """Take a password out of the keyring, if it is there."""
    ring = _ring()
    try:
        if ring and ring.get_password(SERVICE, address.text) is not None:
            ring.delete_password(SERVICE, address.text)
    except (KeyringError, OSError):
        return


def _ring() -> Any:
    found = keyring.get_keyring()
    several: list[Any] = list(found.backends) if isinstance(found, ChainerBackend) else [found]
    return next((one for one in several if type(one).__module__.rpartition(".")[2] in ENCRYPTED), None)
