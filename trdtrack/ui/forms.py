"""The one form that may lie over a page: opened, kept as a draft while it is typed in, saved or left."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from trdtrack.domain.drafts import Draft
from trdtrack.domain.edit import Edit
from trdtrack.domain.refusals import ConnectionLost, Stale
from trdtrack.ui.conflict import ConflictPage, found_in
from trdtrack.ui.page import Page
from trdtrack.ui.server.again import SavingAgain
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QStackedWidget, QWidget

    from trdtrack.domain.conflict import Conflict
    from trdtrack.domain.refusals import Refusal
    from trdtrack.ui.desk import Desk
    from trdtrack.ui.entry.form import Form


class Forms:
    """Puts a form over the page shown, and gives the page back. What was typed is never lost unless let go."""

    def __init__(self, desk: Desk, stack: QStackedWidget, home: QWidget) -> None:
        self._desk, self._stack, self._home = desk, stack, home
        self.form: Form | None = None
        self.before: QWidget | None = None
        self.conflict: ConflictPage | None = None
        """What lies over the form while it is asked whose version is to stand."""
        self._again = SavingAgain(desk, stack)

    def open(
        self,
        form: Form,
        *,
        saved: Callable[[Any], None] | None = None,
        act: Callable[[Any, Callable[[], None]], None] | None = None,
    ) -> None:
        """Show a form. What it yields is an Edit to write, or what `act` does: it calls its second argument once done.

        `saved` comes after that, with what the form yielded and the page in sight again.
        """
        if not self.may_leave():
            form.deleteLater()
            return
        self.close()
        self.before = self._stack.currentWidget()
        self.form = form
        draft = self._desk.caseload.draft(form.form_key) if form.form_key else None
        if draft:
            form.restore(draft.text)

        def accept(made: Any) -> None:
            def over(*, undoable: bool = True) -> None:
                self._drop(form)
                self.close()
                if isinstance(made, Edit):
                    said = _("Saved: {title}. Ctrl+Z takes it back.") if undoable else _("Saved: {title}.")
                    self._desk.show(said.format(title=say(made.title)))
                if saved:
                    saved(made)

            if act:
                act(made, over)
            elif self._again.clear():
                self._write(form, made, over)

        form.accepted.connect(accept)
        form.left.connect(self.leave)
        form.typed.connect(lambda: self._keep(form))
        form.dropped.connect(lambda: self._drop(form))
        self._stack.addWidget(form)
        self._stack.setCurrentWidget(form)
        form.start()

    def _write(self, form: Form, typed: Edit, over: Callable[..., None], *, put: Edit | None = None) -> None:
        """Write what a form yields; where somebody changed it first, show both versions and ask.

        `put`: what is written instead, where mine were already put over a version that is not the latest any more.
        """

        def refused(refusal: Refusal) -> None:
            self._end_conflict()
            if isinstance(refusal, ConnectionLost):
                again = partial(self._write, form, typed, over, put=put)
                self._again.wait(form, refusal, save=again, saved=partial(over, undoable=False))
                return
            found = found_in(self._desk.caseload, typed) if isinstance(refusal, Stale) else ()
            if found:
                self._ask(form, typed, found, over)
            else:
                form.refuse(refusal)

        self._desk.edit(put or typed, done=over, refused=refused)

    def _ask(self, form: Form, typed: Edit, found: Sequence[Conflict], over: Callable[..., None]) -> None:
        page = self.conflict = ConflictPage(typed, found, self._desk.caseload)

        def theirs() -> None:
            self._drop(form)
            self.close()
            self._desk.show(_("Theirs is kept; what you typed was let go."))

        def mine(put: Edit) -> None:
            # Both typed the same: then it is written already.
            self._write(form, typed, over, put=put) if put.steps else over()

        page.theirs.connect(theirs)
        page.mine.connect(mine)
        page.back.connect(self._end_conflict)
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        page.start()

    def _end_conflict(self) -> None:
        """Go back to the form the question lies over."""
        if self.conflict is None:
            return
        page, self.conflict = self.conflict, None
        if self.form:
            self._stack.setCurrentWidget(self.form)
            self.form.start()
        self._stack.removeWidget(page)
        page.deleteLater()

    def may_leave(self) -> bool:
        """Whether nothing typed would be lost, or the person lets it go: then its draft goes too."""
        if self.form is None:
            return True
        if self.form.changed and not self._desk.dialogs.confirm(
            _("What was typed has not been saved."), _("Leave without saving")
        ):
            return False
        self._drop(self.form)
        return True

    def leave(self) -> None:
        """Close the form if it may be."""
        if self.may_leave():
            self.close()

    def close(self) -> None:
        """Take the form away without asking; a draft of it stays as it was last kept."""
        if self.form is None:
            return
        self._end_conflict()
        self._again.stop()
        form, self.form = self.form, None
        self._stack.setCurrentWidget(self.before or self._home)
        self._stack.removeWidget(form)
        form.deleteLater()
        page = self._stack.currentWidget()
        if isinstance(page, Page):
            page.take_focus()

    def typed(self) -> Draft | None:
        """Return what is typed and not saved, as the draft it is kept as; None if nothing is to be kept."""
        form = self.form
        if form is None or not form.changed or not form.form_key:
            return None
        return Draft(form.form_key, form.patient_id, self._desk.clock(), form.draft())

    def _keep(self, form: Form) -> None:
        if form.form_key:
            self._desk.keep_draft(form.form_key, patient=form.patient_id, text=form.draft())

    def _drop(self, form: Form) -> None:
        if form.form_key:
            self._desk.drop_draft(form.form_key)
