"""Handing the screen to a patient and taking it back: the caseload is locked, its file open only for the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from trdtrack.domain.handover import Handed, handed_text, key_of, read_handed
from trdtrack.ui.desk import in_words
from trdtrack.ui.locking.clip import empty
from trdtrack.ui.wrong_tries import TRIES
from trdtrack.words import _, day, phq9_languages, phq9_wording, say, wording_remark

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from trdtrack.caseload import Caseload
    from trdtrack.domain.records import Course
    from trdtrack.ui.handover.page import HandoverPage
    from trdtrack.ui.window import Window
    from trdtrack.ui.work import Tick


class Handing:
    """While the screen is handed over nothing but this holds the caseload, and only the passphrase ends it."""

    def __init__(self, window: Window, *, who: str, clock: Callable[[], datetime]) -> None:
        self._window, self._who, self._clock = window, who, clock
        self.page: HandoverPage | None = None
        self._caseload: Caseload | None = None
        self._course: Course | None = None
        self._shown_as = Qt.WindowState.WindowNoState

    @property
    def under_way(self) -> bool:
        """Whether the screen is handed over."""
        return self.page is not None

    def start(self, course: Course) -> None:
        """Ask once, then cover the screen with a course's PHQ-9; where there are several languages, in which."""
        from trdtrack.ui.handover.page import HandoverPage

        window = self._window
        place = window.workspace
        if place is None:
            return
        caseload = place.desk.caseload
        draft = caseload.draft(key_of(course.id))
        begun = (read_handed(draft.text) if draft else None) or Handed(at=self._clock())
        if refused := self._why_not(caseload, begun):
            window.say(refused)
            return
        languages = phq9_languages()
        language = next(iter(languages))
        if len(languages) > 1:
            chosen = window.dialogs.choose(_("In which language are the questions shown?"), list(languages))
            if chosen not in languages:
                return
            language = chosen
        if (
            not window.dialogs.confirm(_question(demo=window.trying.demo), _("Hand over"))
            or window.leave_workspace() is None
        ):
            return
        emergency = caseload.clinic().emergency
        caseload.forget()
        empty(QGuiApplication.clipboard())
        self._caseload, self._course = caseload, course
        self.page = HandoverPage(
            begun, wording=phq9_wording(languages[language]), emergency=emergency, keep=self._keep, clock=self._clock
        )
        self.page.unlock_asked.connect(self._take_back)
        self._shown_as = window.windowState()
        window.cover(self.page)
        window.setWindowState(self._shown_as | Qt.WindowState.WindowFullScreen)
        self.page.start()

    def _why_not(self, caseload: Caseload, begun: Handed) -> str:
        if caseload.read_only:
            return _("This file is in a read-only place: answers could not be kept.")
        if not begun.blank and (begun.done or begun.at.date() != self._clock().date()):
            said = _("Answers of {day} are waiting. Confirm or discard them first: they are on the to-do list.")
            return said.format(day=day(begun.at.date()))
        return ""

    def ask_passphrase(self) -> None:
        """Lead to the passphrase whoever wants to leave."""
        if self.page:
            self.page.ask_passphrase()

    def _keep(self, handed: Handed) -> bool:
        return self._keep_in(self._caseload, handed)

    def _keep_in(self, caseload: Caseload | None, handed: Handed) -> bool:
        if caseload is None or self._course is None:
            return False
        key = key_of(self._course.id)
        try:
            if handed.blank:
                return caseload.drop_draft(key)
            return caseload.keep_draft(key, patient=self._course.patient, text=handed_text(handed), at=handed.at)
        except Exception as error:  # noqa: BLE001 - no fault of ours is to stand between a patient and the next question
            in_words(error)
            return False

    def _take_back(self, passphrase: str) -> None:
        page, held = self.page, self._caseload
        if page is None or held is None:
            return
        path, who = held.path, self._who
        if wait := TRIES.words(path):
            page.refuse(wait)
            return

        def job(tick: Tick) -> Caseload:
            from trdtrack.caseload import Caseload

            return unless_cancelled(Caseload.open(path, passphrase, who=who), tick)

        def done(caseload: Caseload) -> None:
            TRIES.right(path)
            if not page.kept:
                self._keep_in(caseload, page.handed)
            held.close()
            self.page = self._caseload = self._course = None
            window = self._window
            window.setWindowState(self._shown_as)
            window.uncover(page)
            window.show_caseload(caseload)

        def failed(error: BaseException) -> None:
            TRIES.note(path, error)
            page.refuse(" ".join(filter(None, (in_words(error), TRIES.words(path)))))

        page.set_busy(True)
        self._window.work.run(_("Opening…"), job, done=done, failed=failed)


def unless_cancelled(caseload: Caseload, tick: Tick) -> Caseload:
    """Return a caseload just opened; closed again where the person stopped it meanwhile."""
    try:
        tick(1, 1)
    except BaseException:
        caseload.close()
        raise
    return caseload


def _question(*, demo: bool) -> str:
    said = _(
        "The questions cover the screen and the caseload is locked. Afterwards the passphrase of this caseload opens "
        "it again."
    )
    if remark := wording_remark():
        said = f"{said} {say(remark)}"
    if not demo:
        return said
    from trdtrack.demo import PASSPHRASE

    return _("{said} The demo's passphrase is {passphrase}.").format(said=said, passphrase=PASSPHRASE)
