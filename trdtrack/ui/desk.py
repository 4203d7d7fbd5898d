"""The window's desk: the open caseload, the one data signal, and the one place where refusals are put into words."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from trdtrack import bugs
from trdtrack.domain.edit import Touched
from trdtrack.domain.refusals import Refusal, Stale
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from trdtrack.caseload import Caseload
    from trdtrack.domain.edit import Edit
    from trdtrack.exports import Made
    from trdtrack.ui.dialogs import Dialogs
    from trdtrack.ui.work import Tick, Work


def now() -> datetime:
    """Return the local moment with its zone."""
    return datetime.now().astimezone()


class Desk(QObject):
    """What every page is handed: it reads from `caseload`, writes through `edit`, and listens to `changed`."""

    changed = Signal(object)
    """A Touched: which patients and kinds of record to look at again."""

    def __init__(
        self,
        caseload: Caseload,
        *,
        work: Work,
        show: Callable[[str], None],
        dialogs: Dialogs,
        clock: Callable[[], datetime] = now,
    ) -> None:
        super().__init__()
        self.caseload = caseload
        self.work = work
        self.show = show
        self.dialogs = dialogs
        self.clock = clock
        caseload.tell = self.changed.emit

    @property
    def today(self) -> date:
        """The day where the clinic is."""
        return self.clock().date()

    def edit(self, edit: Edit, *, refused: Callable[[Refusal], None] | None = None) -> bool:
        """Write an edit. A refusal goes to `refused` (beside what caused it) or to the window's message line."""
        try:
            self.caseload.edit(edit, at=self.clock())
        except Exception as error:  # noqa: BLE001 - one of the two places where errors end
            self._see(error)
            if isinstance(error, Refusal) and refused:
                refused(error)
            else:
                self.refuse(error)
            return False
        return True

    def undo(self) -> None:
        """Take the last edit back and say which."""
        self._reverse(self.caseload.can_undo(), self.caseload.undo, _("Undone: {title}"))

    def redo(self) -> None:
        """Do the last undone edit again and say which."""
        self._reverse(self.caseload.can_redo(), self.caseload.redo, _("Done again: {title}"))

    def _reverse(self, done: Any, act: Callable[..., Touched | None], words: str) -> None:
        if done is None:
            self.show(_("There is nothing to undo or do again."))
            return
        try:
            act(at=self.clock())
        except Exception as error:  # noqa: BLE001
            self._see(error)
            self.refuse(error)
        else:
            self.show(words.format(title=say(done.title)))

    def refuse(self, error: BaseException) -> None:
        """Put an error into words: a refusal as it is, anything else as a bug of ours, noted without patient text."""
        self.show(in_words(error))

    def write_out(self, title: str, suggested: str, finish: Callable[[], Made]) -> None:
        """Ask where, then finish a file and write it whole beside the window. `finish` may run in any thread."""
        kind = f"{title} (*{Path(suggested).suffix})"
        path = self.dialogs.save_file(title, suggested, kind)
        if path is None:
            return

        def job(tick: Tick) -> Made:
            from trdtrack.exchange.writing import write_whole

            made = finish()
            tick(1, 2)
            write_whole(path, made.content)
            return made

        def done(made: Made) -> None:
            wrote = _("Wrote {path}.").format(path=path)
            self.show(f"{wrote} {say(made.remark)}" if made.remark else wrote)

        self.work.run(_("Writing {file}…").format(file=path.name), job, done=done, failed=self.refuse)

    def keep_draft(self, form: str, *, patient: str, text: str) -> None:
        """Keep what is typed in a form. Where it cannot be kept, that is said."""
        try:
            self.caseload.keep_draft(form, patient=patient, text=text, at=self.clock())
        except Exception as error:  # noqa: BLE001 - a draft never stops the typing
            self.refuse(error)

    def drop_draft(self, form: str) -> None:
        """Let go of what was kept of a form."""
        try:
            self.caseload.drop_draft(form)
        except Exception as error:  # noqa: BLE001
            self.refuse(error)

    def look_again(self) -> None:
        """Redraw everything if another program has changed the file."""
        try:
            changed = self.caseload.changed_elsewhere()
        except Exception as error:  # noqa: BLE001 - the file may be gone with its disk
            self.refuse(error)
        else:
            if changed:
                self.changed.emit(Touched(everything=True))

    def _see(self, error: Exception) -> None:
        """Bring what somebody else changed onto the pages, so that looking at it again shows it."""
        if isinstance(error, Stale):
            self.look_again()


def in_words(error: BaseException) -> str:
    """Return what to tell a person about an error."""
    if isinstance(error, Refusal):
        return say(error.what)
    return _("TRDTrack itself failed ({where}). Nothing more was changed; please report it.").format(
        where=bugs.note(error)
    )
