"""The settings page's cards about the clinic: the templates of a course and a letter, risk, how long records stay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trdtrack.domain.drafts import Draft
from trdtrack.domain.edit import Edit, Step
from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.ui import theme
from trdtrack.ui.entry.form import side_by_side
from trdtrack.ui.entry.kept import draft_text, read_draft
from trdtrack.ui.entry.slots import Months, Text, Whole
from trdtrack.ui.page import card, column
from trdtrack.ui.settings.letter import letter_card, letter_slots
from trdtrack.words import _, say

if TYPE_CHECKING:
    from trdtrack.domain.records import Clinic
    from trdtrack.ui.desk import Desk
    from trdtrack.ui.entry.slots import Slot


DRAFT = "settings"
"""The key of the draft of what is typed here."""


class ClinicCards(QWidget):
    """Saved together by their button, as one edit; a refusal stands beside what caused it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._shown: Clinic | None = None
        hint = _("Blank: the program's own words")
        on_list = _("Each comes up on the to-do list")
        beside = _("Shown where item 9 asks for an answer")
        none = _("After the end; blank: none is listed")
        self.slots: dict[str, Slot[Any]] = {
            slot.key: slot
            for slot in (
                Whole("planned_sessions", _("Planned sessions"), hint=_("What a new course begins with")),
                Whole("extra_sessions", _("Up to how many more"), hint=_("Where a course needs them")),
                Whole("session_minutes", _("Length of a session in minutes"), hint=_("Filled in with each session")),
                Months("review_months", _("Reviews, months after week 0"), hint=on_list),
                Months("follow_up_months", _("Follow-ups, months after end"), hint=on_list),
                Text("risk_prompt", _("What the form says where item 9 asks for an answer"), hint=hint, px=76),
                Text("emergency", _("Local emergency numbers and contacts"), hint=beside, px=76),
                Whole("retention_years", _("Years a record is kept"), hint=none),
                *letter_slots(),
            )
        }
        s = self.slots
        sheet = card()
        stack = column(sheet, margin=theme.PAD, spacing=12)
        stack.addWidget(theme.label(_("The clinic"), px=theme.HEADLINE_PX, strong=True))
        for row in (
            ("planned_sessions", "extra_sessions"),
            ("session_minutes", "retention_years"),
            ("review_months", "follow_up_months"),
            ("risk_prompt",),
            ("emergency",),
        ):
            stack.addLayout(side_by_side([s[key] for key in row]))
        self.save_button = theme.button(_("Save the clinic's settings"))
        self.save_button.clicked.connect(self.save)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        stack.addWidget(self.save_button, alignment=Qt.AlignmentFlag.AlignLeft)
        outer.addWidget(sheet)
        self.letters = letter_card(s, save=self.save)
        """To be put where there is room."""

    def draw(self) -> None:
        """Show what is set, unless somebody is typing over it."""
        clinic = self._desk.caseload.clinic()
        if self._shown is not None and self.changed and clinic == self._shown:
            return
        first, self._shown = self._shown is None, clinic
        for key, slot in self.slots.items():
            slot.show(getattr(clinic, key))
        if first:
            self._restore()

    def _restore(self) -> None:
        """Put back what was typed when the caseload was locked."""
        draft = self._desk.caseload.draft(DRAFT)
        fields = read_draft(draft.text)[0] if draft else {}
        for key in fields.keys() & self.slots.keys():
            self.slots[key].put(fields[key])
        if self.changed:
            self._desk.show(_("What was typed here before the lock is put back, not saved yet."))

    def typed(self) -> Draft | None:
        """Return what is typed and not saved, as the draft it is kept as; a draft of nothing is let go."""
        if self.changed:
            at = self._desk.clock()
            return Draft(DRAFT, "", at, draft_text({key: slot.raw() for key, slot in self.slots.items()}, at))
        if self._desk.caseload.draft(DRAFT):
            self._desk.drop_draft(DRAFT)
        return None

    @property
    def changed(self) -> bool:
        """Whether something is typed that is not saved."""
        shown = self._shown
        try:
            return shown is not None and self._typed(shown) != shown
        except Refusal:
            return True

    def _typed(self, before: Clinic) -> Clinic:
        values: dict[str, Any] = {key: slot.value() for key, slot in self.slots.items()}
        for key in ("planned_sessions", "extra_sessions", "session_minutes"):
            if values[key] is None:
                raise Refusal(message("A number is needed here."), field=key)
        return replace(before, **values)

    def save(self) -> None:
        """Write what is typed as one edit, or say beside it what is wrong."""
        before = self._desk.caseload.clinic()
        self._refuse(None)
        try:
            after = self._typed(before)
        except Refusal as refusal:
            self._refuse(refusal)
            return
        stored = bool(self._desk.caseload.records("clinic"))
        if after == before:
            self._desk.show(_("Nothing was changed."))
        else:
            edit = Edit(message("Change the clinic's settings"), (Step(before if stored else None, after),))

            def saved() -> None:
                self._desk.drop_draft(DRAFT)
                self._desk.show(_("Saved. Ctrl+Z takes it back."))

            self._desk.edit(edit, done=saved, refused=self._refuse)

    def _refuse(self, refusal: Refusal | None) -> None:
        for slot in self.slots.values():
            blamed = refusal is not None and refusal.field == slot.field
            slot.part.refuse(say(refusal.what) if refusal and blamed else "")
        if refusal and refusal.field not in {slot.field for slot in self.slots.values()}:
            self._desk.refuse(refusal)
