"""What covers the screen while a patient answers. It knows no patient and no caseload, only questions and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from trdtrack.domain.phq9 import ITEMS
from trdtrack.ui import theme
from trdtrack.ui.handover.around import HelpView, PassphraseView, ThanksView
from trdtrack.ui.handover.look import LookView
from trdtrack.ui.handover.question import QuestionView
from trdtrack.ui.page import column
from trdtrack.ui.room import Pages, Room
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from PySide6.QtGui import QKeyEvent

    from trdtrack.domain.handover import Handed
    from trdtrack.ui.handover.large import View
    from trdtrack.words import Wording

RETRY_MS = 2000
"""So often it is tried again to keep answers the file did not take."""
_LEADING_ELSEWHERE = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
_HELD = (Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_Shift)


class HandoverPage(QWidget):
    """Leads through the questions. Every key that would lead elsewhere leads to the passphrase."""

    unlock_asked = Signal(str)

    def __init__(
        self,
        begun: Handed,
        *,
        wording: Wording,
        emergency: str,
        keep: Callable[[Handed], bool],
        clock: Callable[[], datetime],
    ) -> None:
        """`begun`: what is answered already. `keep` writes the answers down; False if the file cannot take them now."""
        super().__init__()
        self.handed = begun
        self.kept = True
        """Whether the file holds all that was answered."""
        self._keep, self._clock = keep, clock
        self._place = begun.next_place()
        self._looked = False
        """Whether a question was chosen at the last look, which its answer leads back to."""
        self.question, self.look = QuestionView(wording), LookView(wording)
        self.help, self.thanks, self.passphrase = HelpView(emergency), ThanksView(), PassphraseView()
        self._before: View = self.question
        self.stack = Pages()
        for view in (self.question, self.help, self.look, self.thanks, self.passphrase):
            self.stack.addWidget(view)
        self._unkept = theme.label(tone="risk", px=theme.HEADLINE_PX, wrap=True)
        self._unkept.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._unkept.setText(_("The last answers could not be kept yet. Please tell your therapist."))
        self._unkept.hide()
        whole = column(self, margin=0, spacing=0)
        whole.addWidget(Room(self.stack), 1)
        whole.addWidget(self._unkept)
        self._retry = QTimer(self, interval=RETRY_MS)
        self._retry.timeout.connect(self._write_down)
        self.question.answered.connect(self._answer)
        self.question.taken_back.connect(lambda: self._take(None))
        self.question.back.connect(self._go_back)
        self.question.on.connect(self._go_on)
        self.help.on.connect(self._go_on)
        self.look.chosen.connect(self._change)
        self.look.back.connect(self._go_back)
        self.look.done.connect(self._finish)
        self.thanks.therapist.connect(self.ask_passphrase)
        self.passphrase.back.connect(lambda: self._show(self._before))
        self.passphrase.given.connect(self.unlock_asked.emit)

    def start(self) -> None:
        """Show the question to go on with."""
        self._ask()

    # The questions

    def _ask(self) -> None:
        if self._place in self.handed.places:
            self._show(self.question)
            given = self.handed.given(self._place)
            self.question.ask(self._place, given, first=self._place == 0 and not self._looked)
        else:
            self._looked = False
            self._show(self.look)
            self.look.show_answers(self.handed, at=0)

    def _answer(self, value: int) -> None:
        self._take(value)
        if self._place == ITEMS - 1 and value:
            self._show(self.help)
        else:
            self._go_on()

    def _take(self, value: int | None) -> None:
        self.handed = self.handed.with_answer(self._place, value, at=self._clock())
        self._write_down()
        if value is None:
            self._ask()

    def _go_on(self) -> None:
        if self._looked:
            self._look_again()
            return
        self._place += 1
        self._ask()

    def _go_back(self) -> None:
        if self._looked:
            self._look_again()
            return
        self._place = min(self._place, self.handed.places[-1] + 1) - 1
        self._ask()

    def _change(self, place: int) -> None:
        self._place, self._looked = place, True
        self._ask()

    def _look_again(self) -> None:
        at, self._looked = self._place, False
        self._place = self.handed.places[-1] + 1
        self._show(self.look)
        self.look.show_answers(self.handed, at=at)

    def _finish(self) -> None:
        self.handed = self.handed.finished(at=self._clock())
        self._write_down()
        self._show(self.thanks)

    def _write_down(self) -> None:
        self.kept = self._keep(self.handed)
        self._unkept.setVisible(not self.kept)
        if self.kept:
            self._retry.stop()
        else:
            self._retry.start()

    # Away from the questions

    def ask_passphrase(self) -> None:
        """Show what every key that would lead elsewhere leads to."""
        showing = self.stack.currentWidget()
        if showing is self.passphrase:
            return
        self._before = next((view for view in (self.help, self.look) if view is showing), self.question)
        self.passphrase.back_button.setVisible(not self.handed.done)
        self._show(self.passphrase)

    def refuse(self, why: str) -> None:
        """Say why the caseload does not open."""
        self.set_busy(False)
        self.passphrase.forget()
        self.passphrase.tell(why)
        self.passphrase.take_focus()

    def set_busy(self, busy: bool) -> None:  # noqa: FBT001
        """While a passphrase is tried nothing else can be asked for."""
        self.stack.setEnabled(not busy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape or (event.modifiers() & _LEADING_ELSEWHERE and event.key() not in _HELD):
            self.ask_passphrase()

    def _show(self, view: View) -> None:
        self.stack.setCurrentWidget(view)
        view.take_focus()
