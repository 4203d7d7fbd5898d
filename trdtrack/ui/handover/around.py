"""What stands around the questions: the clinic's words of help, the thanks, and the therapist's passphrase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from trdtrack.ui import theme
from trdtrack.ui.handover.large import QUESTION_PX, WORDS_PX, Large, View, own, read_out
from trdtrack.ui.page import card, column
from trdtrack.ui.passphrase import secret_field
from trdtrack.ui.roles import Pane
from trdtrack.words import _

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

FIELD_PX = 440


class HelpView(View):
    """After item 9 above 0: calm words, and whom to call in the clinic's own."""

    on = Signal()

    def __init__(self, emergency: str) -> None:
        super().__init__(_("Help"))
        self._texts = (
            _("Thank you for answering this."),
            _("Please talk about it with your therapist today."),
            emergency.strip()
            or _("If you are in danger, tell your therapist or somebody near you now, or call an emergency number."),
        )
        thanks, talk, whom = self._texts
        inner = QWidget()
        words = column(inner, margin=0, spacing=theme.WIDE)
        words.addStretch(1)
        words.addWidget(theme.label(thanks, px=own(QUESTION_PX), strong=True, wrap=True))
        words.addWidget(theme.label(talk, px=own(WORDS_PX), wrap=True))
        sheet = card()
        column(sheet, margin=theme.WIDE).addWidget(theme.label(whom, px=own(WORDS_PX), strong=True, wrap=True))
        words.addWidget(sheet)
        words.addStretch(2)
        # The clinic's words may be long.
        scroll = Pane()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        scroll.setAccessibleName(" ".join(self._texts))
        self.page.addWidget(scroll, 1)
        self._on = Large(_("Go on"), primary=True)
        self._on.clicked.connect(self.on.emit)
        self.page.addWidget(self._on, alignment=Qt.AlignmentFlag.AlignRight)

    def take_focus(self) -> None:
        self._on.setFocus(Qt.FocusReason.OtherFocusReason)
        read_out(self, *self._texts)


class ThanksView(View):
    """The end: nothing leads back to the questions, and only the passphrase leads on."""

    therapist = Signal()

    def __init__(self) -> None:
        super().__init__(_("Thank you"))
        thanks, give = _("Thank you."), _("You can give the screen back to your therapist now.")
        self._texts = (thanks, give)
        self.page.addStretch(2)
        for text, px in ((thanks, 40), (give, WORDS_PX)):
            said = theme.label(text, px=own(px), strong=px > WORDS_PX, wrap=True)
            said.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.page.addWidget(said)
        self.page.addStretch(3)
        on = Large(_("For the therapist"))
        on.clicked.connect(self.therapist.emit)
        self.page.addWidget(on, alignment=Qt.AlignmentFlag.AlignHCenter)

    def take_focus(self) -> None:
        super().take_focus()
        read_out(self, *self._texts)


class PassphraseView(View):
    """Asks for the passphrase; leads back to the questions while there are any."""

    given = Signal(str)
    back = Signal()

    def __init__(self) -> None:
        super().__init__(_("Locked"))
        self.page.addStretch(2)
        middle = QWidget()
        middle.setFixedWidth(theme.px(FIELD_PX))
        stack = column(middle, margin=0, spacing=12)
        stack.addWidget(theme.label(_("Locked"), px=own(QUESTION_PX), strong=True))
        told = _("The therapist's passphrase opens the caseload again.")
        stack.addWidget(theme.label(told, px=theme.HEADLINE_PX, wrap=True))
        self.field = secret_field(_("Passphrase"))
        self.field.returnPressed.connect(self._open)
        self.message = theme.label(tone="risk", wrap=True)
        self.message.setAccessibleName(_("Message"))
        self.open_button = theme.button(_("Open"), primary=True)
        self.open_button.clicked.connect(self._open)
        stack.addWidget(self.field)
        stack.addWidget(self.message)
        stack.addWidget(self.open_button)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(middle)
        across.addStretch(1)
        self.page.addLayout(across)
        self.page.addStretch(3)
        self.back_button = Large(_("Back to the questions"))
        self.back_button.clicked.connect(self.back.emit)
        self.page.addWidget(self.back_button, alignment=Qt.AlignmentFlag.AlignLeft)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.forget()
        self.tell("")

    def forget(self) -> None:
        """Empty the field, beyond what undo in it could bring back."""
        self.field.setText("")

    def tell(self, why: str) -> None:
        """Say why it does not open; an empty text clears."""
        self.message.setText(why)
        self.message.setVisible(bool(why))
        if why:
            read_out(self.message, why)

    def take_focus(self) -> None:
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self) -> None:
        if self.field.text():
            self.given.emit(self.field.text())
        else:
            self.tell(_("Type the passphrase of this caseload."))
