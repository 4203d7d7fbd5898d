"""The window's desk: the open caseload, the one data signal, and the one place where refusals are put into words."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from trdtrack import bugs
from trdtrack.domain.edit import Touched
from trdtrack.domain.refusals import Refusal, Stale, no_answer
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from trdtrack.caseload import Caseload, Done
    from trdtrack.domain.edit import Edit
    from trdtrack.exports import Made, Source
    from trdtrack.exports.writing import Wrote
    from trdtrack.ui.dialogs import Dialogs
    from trdtrack.ui.work import Tick, Work


AT_ONCE = 100
"""An edit that reaches further than this is written beside the window."""


def now() -> datetime:
    """Return the local moment with its zone."""
    return datetime.now().astimezone()


class Desk(QObject):
    """What every page is handed: it reads from `caseload`, writes through `edit`, and listens to `changed`."""

    changed = Signal(object)
    """A Touched: which patients and kinds of record to look at again."""
    reached = Signal(bool)
    """Whether the clinic's server answers, each time that changes; a file always does."""
    holding = Signal(bool)
    """Whether work beside the window holds the file now: its pages would wait for it, better greyed than frozen."""

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
        # Late: not before a caseload is open.
        from trdtrack.ui.backing_up import BackingUp
        from trdtrack.ui.server.elsewhere import Elsewhere

        self.backing = BackingUp(caseload, clock=clock, show=show, words=in_words)
        caseload.tell = self.changed.emit
        self.elsewhere = Elsewhere(self)

    @property
    def today(self) -> date:
        """The day where the clinic is."""
        return self.clock().date()

    def edit(
        self, edit: Edit, *, done: Callable[[], None] | None = None, refused: Callable[[Refusal], None] | None = None
    ) -> bool:
        """Write an edit, then call `done`; one that reaches far is written beside the window.

        A refusal goes to `refused` (beside what caused it) or to the window's message line. False if it came at once.
        """

        def failed(error: BaseException) -> None:
            if isinstance(error, Refusal) and refused:
                refused(error)
            else:
                self.refuse(error)

        at = self.clock()
        return self._write(
            _("Saving: {title}…").format(title=say(edit.title)),
            self.caseload.reach(edit),
            lambda tick: self.caseload.edit(edit, at=at, tick=tick),
            done=done or _nothing,
            failed=failed,
        )

    def undo(self) -> None:
        """Take the last edit back and say which."""
        self._reverse(self.caseload.can_undo(), self.caseload.undo, _("Taking back: {title}…"), _("Undone: {title}"))

    def redo(self) -> None:
        """Do the last undone edit again and say which."""
        words = _("Doing again: {title}…"), _("Done again: {title}")
        self._reverse(self.caseload.can_redo(), self.caseload.redo, *words)

    def _reverse(self, last: Done | None, act: Callable[..., Touched | None], doing: str, done: str) -> None:
        if last is None:
            self.show(_("There is nothing to undo or do again."))
            return
        title, at = say(last.title), self.clock()
        self._write(
            doing.format(title=title),
            last.reach,
            lambda tick: act(at=at, tick=tick),
            done=lambda: self.show(done.format(title=title)),
            failed=self.refuse,
        )

    def _write(
        self,
        what: str,
        reach: int,
        write: Callable[[Tick | None], Any],
        *,
        done: Callable[[], None],
        failed: Callable[[BaseException], None],
    ) -> bool:
        def missed(error: BaseException) -> None:
            self._see(error)
            failed(error)

        if not self.elsewhere.reachable:  # known already: not waited for once more
            missed(no_answer(self.caseload.place.name))
            return False
        if reach > AT_ONCE:
            self.beside(what, write, done=lambda _result: done(), failed=missed)
            return True
        try:
            write(None)
        except Exception as error:  # noqa: BLE001 - one of the two places where errors end
            missed(error)
            return False
        done()
        return True

    def beside(
        self,
        what: str,
        job: Callable[[Tick], Any],
        *,
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Run a job that holds the file beside the window, its pages greyed meanwhile; then `done` or `failed`."""

        def then(act: Callable[[Any], None]) -> Callable[[Any], None]:
            def over(result: Any) -> None:
                self.holding.emit(False)  # noqa: FBT003 - Qt's signature
                act(result)

            return over

        if self.work.busy:
            self.work.run(what, job, done=done, failed=failed)
            return
        self.holding.emit(True)  # noqa: FBT003
        self.work.run(what, job, done=then(done), failed=then(failed))

    def refuse(self, error: BaseException) -> None:
        """Put an error into words: a refusal as it is, anything else as a bug of ours, noted without patient text."""
        self.show(in_words(error))

    def source(self, *patients: str, course: str = "") -> Source:
        """Return whose data are to leave: patients by id, and which of their courses, if not the current one."""
        from trdtrack.exports import Source

        return Source(self.caseload, patients, at=self.clock(), today=self.today, course=course)

    def write_out(
        self, title: str, suggested: str, finish: Callable[[], Made], *, about: Sequence[str] | None = None
    ) -> None:
        """Ask where, then finish a file and write it whole beside the window. `finish` may run in any thread.

        `about`: the patients whose data it holds, for the history; None for what holds nobody's.
        """
        kind = f"{title} (*{Path(suggested).suffix})"
        path = self.dialogs.save_file(title, suggested, kind)
        if path is None:
            return

        source = None if about is None else self.source(*about)

        def job(tick: Tick) -> Wrote:
            from trdtrack.exports.writing import write_made

            made = finish()
            tick(1, 2)
            return write_made(made, path, title, source)

        self.write_beside(path, job)

    def write_beside(self, path: Path, job: Callable[[Tick], Wrote]) -> None:
        """Run a job that writes files beside the window, and say what it wrote."""

        def done(wrote: Wrote) -> None:
            self.show(" ".join([_("Wrote {path}.").format(path=path), *map(say, wrote.remarks)]))

        self.work.run(_("Writing {file}…").format(file=path.name), job, done=done, failed=self.refuse)

    def keep_draft(self, form: str, *, patient: str, text: str) -> bool:
        """Keep what is typed in a form; False if the file cannot take it now. A fault is said."""
        try:
            return self.caseload.keep_draft(form, patient=patient, text=text, at=self.clock())
        except Exception as error:  # noqa: BLE001 - a draft never stops the typing
            self.refuse(error)
            return False

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

    def _see(self, error: BaseException) -> None:
        """Bring what somebody else changed onto the pages, so that looking at it again shows it."""
        if isinstance(error, Stale):
            self.look_again()


def _nothing() -> None:
    """Do nothing more."""


def in_words(error: BaseException) -> str:
    """Return what to tell a person about an error."""
    if isinstance(error, Refusal):
        return say(error.what)
    return _("TRDTrack itself failed ({where}). Nothing more was changed; please report it.").format(
        where=bugs.note(error)
    )
