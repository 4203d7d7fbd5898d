"""The settings page's card about what opens the file: its recovery sheet, and another passphrase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from trdtrack import settings
from trdtrack.ui import theme
from trdtrack.ui.desk import in_words
from trdtrack.ui.entry.fields import Labelled
from trdtrack.ui.page import column, hairline
from trdtrack.ui.passphrase import NewPassphrase, secret_field
from trdtrack.ui.recovery import offer_sheet, print_sheet, save_sheet
from trdtrack.ui.wrong_tries import TRIES
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trdtrack.ui.desk import Desk
    from trdtrack.ui.work import Tick

    Key = tuple[str, ...]


class KeysCard(QFrame):
    """Nothing is done here but for whoever types the passphrase (or the recovery key) again."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("card", True)  # noqa: FBT003 - Qt's signature
        self._desk = desk
        stack = column(self, margin=theme.PAD, spacing=12)
        stack.addWidget(theme.label(_("Passphrase and recovery key"), px=theme.HEADLINE_PX, strong=True))
        what = _(
            "The recovery sheet is for a sealed envelope away from the computer: the key on it opens the file if the "
            "passphrase is forgotten."
        )
        stack.addWidget(_small(what))
        self.current = secret_field(_("The passphrase as it is now"))
        self.current.setPlaceholderText("")
        stack.addWidget(Labelled(_("The passphrase as it is now"), self.current))
        self.message = theme.label(tone="risk", wrap=True)
        self.message.setAccessibleName(_("Message"))
        self.message.hide()
        stack.addWidget(self.message)
        self.print_button = theme.button(_("Print the recovery sheet…"))
        self.print_button.clicked.connect(lambda: self._sheet(print_sheet))
        self.save_button = theme.button(_("Save it as PDF…"))
        self.save_button.clicked.connect(lambda: self._sheet(save_sheet))
        across = theme.row()
        across.addWidget(self.print_button)
        across.addWidget(self.save_button)
        across.addStretch(1)
        stack.addLayout(across)
        stack.addWidget(hairline())
        stack.addWidget(theme.label(_("Another passphrase"), strong=True))
        self.new = NewPassphrase(_("New passphrase"), then=self._change)
        stack.addWidget(self.new)
        note = _(
            "The old passphrase and every recovery sheet printed before then open the file no more. Where only a "
            "sheet was seen by somebody, the same passphrase again will do."
        )
        stack.addWidget(_small(note))
        self.change_button = theme.button(_("Change the passphrase"))
        self.change_button.clicked.connect(self._change)
        row = theme.row()
        row.addWidget(self.change_button)
        row.addStretch(1)
        stack.addLayout(row)
        for widget in (self.new, self.change_button):
            widget.setEnabled(not desk.caseload.read_only)

    def _sheet(self, act: Callable[[Desk, Sequence[str]], None]) -> None:
        """Make the sheet for whoever knows the passphrase."""
        caseload = self._desk.caseload

        def done(key: Key) -> None:
            try:
                act(self._desk, key)
            except Exception as error:  # noqa: BLE001 - said in words
                self._desk.refuse(error)

        self._try(_("Proving the passphrase…"), lambda secret, _tick: caseload.recovery_key(secret), done)

    def _change(self) -> None:
        problem = self.new.problem()
        if problem:
            self.say(problem)
            return
        if not self.current.text():
            self._ask_current()
            return
        if not self.new.wanted(self._desk.dialogs):
            return
        caseload, at, new = self._desk.caseload, self._desk.clock(), self.new.text
        identity = settings.identity_of(caseload.path)

        def job(old: str, tick: Tick) -> Key:
            caseload.change_passphrase(new, old=old, at=at, tick=tick)
            settings.follow(identity, caseload.path)
            return caseload.recovery_key(new)

        def done(key: Key) -> None:
            self.new.forget()
            self._desk.show(_("The passphrase is changed."))
            said = _("The passphrase is changed. Sheets printed before do not open the file any more.")
            offer_sheet(self._desk, key, said=said)

        self._try(_("Changing the passphrase…"), job, done)

    def _try(self, what: str, job: Callable[[str, Tick], Key], done: Callable[[Key], None]) -> None:
        """Run a job that needs the passphrase as it is now; say beside the field where it is not that."""
        path, secret = self._desk.caseload.path, self.current.text()
        self.say(TRIES.words(path))
        if TRIES.left(path):
            return
        if not secret:
            self._ask_current()
            return

        def right(key: Key) -> None:
            TRIES.right(path)
            self.current.clear()
            done(key)

        def failed(error: BaseException) -> None:
            TRIES.note(path, error)
            self.say(" ".join(filter(None, (in_words(error), TRIES.words(path)))))
            self.current.setFocus()
            self.current.selectAll()

        self._desk.beside(what, lambda tick: job(secret, tick), done=right, failed=failed)

    def _ask_current(self) -> None:
        self.say(_("Type the passphrase as it is now."))
        self.current.setFocus()

    def say(self, text: str) -> None:
        """Show one sentence below the passphrase; empty for none."""
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def forget(self) -> None:
        """Empty every field."""
        self.current.clear()
        self.new.forget()


def _small(text: str) -> theme.Text:
    return theme.label(text, px=theme.SMALL_PX, tone="muted", wrap=True)
