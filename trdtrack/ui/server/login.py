"""Logs somebody in to a clinic's server: with the password typed, or with the one in the keyring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain.message import message
from trdtrack.domain.refusals import WrongPassphrase
from trdtrack.words import _

if TYPE_CHECKING:
    from trdtrack.caseload import Caseload
    from trdtrack.domain.address import Address


class Login:
    """One try. `open` runs beside the window: the server and the keyring may take their time."""

    def __init__(self, address: Address, password: str, *, keep: bool, was_kept: bool) -> None:
        """With `keep` the password typed goes into the keyring once it is right; one that `was_kept` stays only so."""
        self.address = address
        self._password, self._keep, self._was_kept = password, keep, was_kept
        self._from_keyring = False
        self.kept = False
        """Whether the password is in the keyring now."""
        self.remark = ""
        """What is to be said once the caseload is open."""

    def open(self) -> Caseload:
        """Open the caseload. Raises a Refusal."""
        from trdtrack import passwords
        from trdtrack.caseload import Caseload

        password = self._password
        if not password and self._keep:
            password = passwords.kept(self.address)
            self._from_keyring = bool(password)
        caseload = Caseload.open(self.address, password, who=self.address.user)
        if not self._keep:
            if self._was_kept:
                passwords.forget(self.address)
        elif self._password:
            self.kept = passwords.keep(self.address, self._password)
            self.remark = "" if self.kept else _("The keyring did not take the password: it is asked for next time.")
        else:
            self.kept = self._from_keyring
        return caseload

    def explained(self, error: BaseException) -> BaseException:
        """Return why it failed, in the words of where the password came from."""
        if not isinstance(error, WrongPassphrase):
            return error
        if self._from_keyring:
            return WrongPassphrase(
                message("The password in the keyring is not right any more. Type the one there is now.")
            )
        if not self._password:
            return WrongPassphrase(message("Type your password for {name}.", name=self.address.name))
        return error
