"""The one form that may lie over a page: opened, kept as a draft while it is typed in, saved or left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trdtrack.domain.drafts import Draft
from trdtrack.domain.edit import Edit
from trdtrack.ui.page import Page
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QStackedWidget, QWidget

    from trdtrack.ui.desk import Desk
    from trdtrack.ui.entry.form import Form


class Forms:
    """Puts a form over the page shown, and gives the page back. What was typed is never lost unless let go."""

    def __init__(self, desk: Desk, stack: QStackedWidget, home: QWidget) -> None:
        self._desk, self._stack, self._home = desk, stack, home
        self.form: Form | None = None
        self.before: QWidget | None = None

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
            def over() -> None:
                self._drop(form)
                self.close()
                if isinstance(made, Edit):
                    self._desk.show(_("Saved: {title}. Ctrl+Z takes it back.").format(title=say(made.title)))
                if saved:
                    saved(made)

            if act:
                act(made, over)
            else:
                self._desk.edit(made, done=over, refused=form.refuse)

        form.accepted.connect(accept)
        form.left.connect(self.leave)
        form.typed.connect(lambda: self._keep(form))
        form.dropped.connect(lambda: self._drop(form))
        self._stack.addWidget(form)
        self._stack.setCurrentWidget(form)
        form.start()

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
