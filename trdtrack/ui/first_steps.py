"""The first steps: a quiet strip over the real pages that says what is next, from no caseload to a first chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame

from trdtrack import settings
from trdtrack.ui import theme
from trdtrack.words import _

if TYPE_CHECKING:
    from trdtrack.caseload import Caseload
    from trdtrack.domain.edit import Touched
    from trdtrack.ui.window import Window
    from trdtrack.ui.workspace import Workspace

OVER = "over"
"""What is kept once they were left or done: they do not come again by themselves."""
STEPS = 3


def of_a_newcomer() -> bool:
    """Whether whoever sits here never opened a caseload of their own, nor left the first steps."""
    return not (settings.first_steps() or settings.recent() or settings.servers())


class FirstSteps(QFrame):
    """Knows the window, asks nothing of it, and stands in nobody's way: the keys stay with the pages."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self._window = window
        self._place: Workspace | None = None
        self._done = False
        self.setProperty("band", "accent")
        across = theme.row(self)
        across.setContentsMargins(theme.PAD, 2, theme.PAD, 2)
        across.setSpacing(theme.PAD)
        self.step = theme.label(tone="accent", strong=True)
        self.words = theme.label(wrap=True)
        self.leave_button = theme.button("", flat=True)
        self.leave_button.clicked.connect(self.leave)
        across.addWidget(self.step)
        across.addWidget(self.words, 1)
        across.addWidget(self.leave_button)
        self.hide()

    # What the window tells

    def at_unlock(self) -> None:
        """The unlock page is shown: the first step is there for a newcomer."""
        self._place = None
        newcomer = of_a_newcomer()
        if newcomer:
            self._say_first()
        self.setVisible(newcomer)

    def begin(self) -> None:
        """Begin anew, because somebody asked for it: here if a caseload is open, else with a new one."""
        self._window.over.leave()
        place = self._window.workspace
        if place is None:
            settings.remember_first_steps("")
            self._say_first()
            self.show()
            self._window.unlock.start_making()
        else:
            settings.remember_first_steps(settings.identity_of(place.desk.caseload.place))
            self.opened(place)

    def made(self, caseload: Caseload) -> None:
        """A caseload was made: the steps go on in it, unless they were left or done before."""
        if settings.first_steps() != OVER:
            settings.remember_first_steps(settings.identity_of(caseload.place))

    def opened(self, place: Workspace) -> None:
        """A caseload's pages are there: go on if it is the one the steps are taken in."""
        caseload = place.desk.caseload
        self._place, self._done = None, False
        if caseload.read_only or settings.first_steps() != settings.identity_of(caseload.place):
            self.hide()
            return
        self._place = place
        place.desk.changed.connect(self._changed)
        place.stack.currentChanged.connect(lambda _index: self._look())
        self.show()
        self._look()

    def rest(self) -> None:
        """The pages are gone."""
        self._place = None
        self.hide()

    def leave(self) -> None:
        """Let them be; they come again only when asked for."""
        if self.isHidden():
            return
        done, self._place = self._done, None
        settings.remember_first_steps(OVER)
        self.hide()
        if not done:
            self._window.say(_("The help (F1) leads to the first steps again."))
        self._window.take_focus()

    # What is next

    def _changed(self, touched: Touched) -> None:
        if touched.everything or touched.kinds & {"patient", "assessment"}:
            self._look()

    def _look(self) -> None:
        place = self._place
        if place is None or self._done:
            return
        rows = list(place.desk.caseload.gists())
        if not rows:
            self._say_patient(form=place.form is not None)
        elif all(row.latest is None for row in rows):
            self._say_score(place)
        else:
            self._say_done(place)

    def _say_first(self) -> None:
        self._done = False
        self._tell(
            1,
            _("Make a caseload: one encrypted file on this computer. Two more steps lead to a first chart."),
        )

    def _say_patient(self, *, form: bool) -> None:
        if form:
            self._tell(2, _("A code such as A-003 is enough. Ctrl+Enter saves it."))
        else:
            self._tell(2, _("Your first patient: Enter or Ctrl+N. A code is enough, no name is needed."))

    def _say_score(self, place: Workspace) -> None:
        if place.form is not None:
            self._tell(
                3, _("Type the nine answers as digits 0 to 3, in the order of the paper. Ctrl+Enter saves them.")
            )
        elif place.showing_patient:
            self._tell(3, _("The first PHQ-9: Enter or L, then nine digits."))
            # After the page took the keys for itself: here Enter is to do what is next.
            QTimer.singleShot(0, place.patient_page.head.log_button, place.patient_page.head.log_button.setFocus)
        else:
            self._tell(3, _("The first PHQ-9: open the patient with Enter, then press L."))

    def _say_done(self, place: Workspace) -> None:
        if not place.showing_patient:
            return
        self._done = True
        settings.remember_first_steps(OVER)
        s = place.patient_page.summary
        drawn = s is not None and s.benchmark is not None and s.baseline is not None
        if drawn:
            said = _(
                "Your first chart: the baseline, and two lines for what can be expected from there on average. "
                "X makes a PDF of it."
            )
        else:
            said = _("Your first chart. Beside it stands why it has no expected lines. X makes a PDF of it.")
        self._tell(STEPS, said, leave=_("Done"))

    def _tell(self, step: int, said: str, *, leave: str = "") -> None:
        self.step.setText(_("{n} of {of}").format(n=step, of=STEPS))
        self.leave_button.setText(leave or _("Not now"))
        self.leave_button.setToolTip(_("Escape"))
        if said == self.words.text():
            return
        self.words.setText(said)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.words, said))
