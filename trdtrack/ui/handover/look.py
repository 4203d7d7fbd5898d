"""The last look: every question with the answer given, each changed by choosing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget

from trdtrack.domain.handover import DIFFICULTY
from trdtrack.domain.message import plural
from trdtrack.ui import theme
from trdtrack.ui.handover.large import QUESTION_PX, Large, View, own, read_out
from trdtrack.ui.page import column
from trdtrack.words import _, say

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from trdtrack.domain.handover import Handed
    from trdtrack.words import Wording

ROW_PX = 52
TEXT_PX = 16
ANSWER_PX = 230
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class _Row(Large):
    """A question and its answer; as high as the question's lines."""

    stepped = Signal(int)
    """Up or down, which would otherwise scroll."""

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question
        self.setMinimumHeight(theme.px(own(ROW_PX)))
        across = QHBoxLayout(self)
        across.setContentsMargins(theme.PAD, theme.GAP, theme.PAD, theme.GAP)
        across.setSpacing(theme.PAD)
        self.answer = theme.label(px=own(TEXT_PX), strong=True, wrap=True)
        self.answer.setFixedWidth(theme.px(own(ANSWER_PX)))
        for label, stretch in ((theme.label(question, px=own(TEXT_PX), wrap=True), 1), (self.answer, 0)):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            across.addWidget(label, stretch)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_answer(self, words: str) -> None:
        """Show the answer given; none is said too."""
        self.answer.setText(words or _("not answered"))
        self.answer.set_tone("ink" if words else "review")
        self.setAccessibleName(f"{self._question}: {self.answer.text()}")
        self.setAccessibleDescription(_("Choose it to change the answer"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _STEPS:
            self.stepped.emit(_STEPS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return max(theme.px(own(ROW_PX)), layout.heightForWidth(width) if layout else 0)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(400), self.heightForWidth(max(self.width(), theme.px(400))))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(400), theme.px(own(ROW_PX)))


class LookView(View):
    """All answers at once, and Done."""

    chosen = Signal(int)
    back = Signal()
    done = Signal()

    def __init__(self, wording: Wording) -> None:
        super().__init__(_("A last look"))
        self._wording = wording
        self.page.setSpacing(theme.GAP)
        self.page.addWidget(theme.label(_("A last look at your answers"), px=own(QUESTION_PX), strong=True, wrap=True))
        self.remark = theme.label(px=own(TEXT_PX), tone="muted", wrap=True)
        self.page.addWidget(self.remark)
        self.rows: list[_Row] = []
        holder = QWidget()
        stack = column(holder, margin=0, spacing=4)
        stack.setContentsMargins(0, 0, theme.GAP, 0)
        for place, question in enumerate((*wording.items, wording.difficulty)):
            row = _Row(question)
            row.clicked.connect(lambda _on, place=place: self.chosen.emit(place))
            row.stepped.connect(self._step)
            stack.addWidget(row)
            self.rows.append(row)
        stack.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(holder)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.page.addWidget(self._scroll, 1)
        self._back, self.done_button = Large(_("Back")), Large(_("I am done"), primary=True)
        self._back.clicked.connect(self.back.emit)
        self.done_button.clicked.connect(self.done.emit)
        foot = QHBoxLayout()
        foot.addWidget(self._back)
        foot.addStretch(1)
        foot.addWidget(self.done_button)
        self.page.addLayout(foot)

    def show_answers(self, handed: Handed, *, at: int) -> None:
        """Show what is answered, the keys on one place."""
        missing = 0
        for place, row in enumerate(self.rows):
            words = self._wording.difficulty_answers if place == DIFFICULTY else self._wording.answers
            given = handed.given(place)
            asked = place in handed.places
            row.show_answer("" if given is None else words[given])
            row.setVisible(asked)
            missing += asked and given is None
        remark = _("Choose a question to change its answer.")
        if missing:
            left = plural("{n} question is not answered.", "{n} questions are not answered.", missing)
            remark = _("{left} Choose a question to answer it or to change it.").format(left=say(left))
        self.remark.setText(remark)
        # Not on Done: whoever presses Enter once too often has not yet looked.
        self._focus(min(at, handed.places[-1]))
        read_out(self, _("A last look at your answers."), remark)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _STEPS:
            self._step(_STEPS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        shown = [n for n, row in enumerate(self.rows) if not row.isHidden()]
        at = next((n for n in shown if self.rows[n].hasFocus()), len(shown) if by < 0 else -1)
        if at + by >= len(shown):
            self.done_button.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self._focus(max(at + by, 0))

    def _focus(self, place: int) -> None:
        self.rows[place].setFocus(Qt.FocusReason.TabFocusReason)
        self._scroll.ensureWidgetVisible(self.rows[place], 0, theme.GAP)
