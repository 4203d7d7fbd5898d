"""The settings page: the two clinical rules a clinic may set, each with what it does. An edit like any other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from trdtrack.domain.edit import Edit, Step
from trdtrack.domain.message import message
from trdtrack.domain.records import RELIABLE_CHOICES
from trdtrack.ui import theme
from trdtrack.ui.entry.fields import Labelled
from trdtrack.ui.page import GROUND, Page, breakable, card, column
from trdtrack.words import _

if TYPE_CHECKING:
    from trdtrack.domain.edit import Touched
    from trdtrack.domain.records import Rules
    from trdtrack.ui.desk import Desk


class SettingsPage(Page):
    """Changes hold at once, for every page and report, and can be undone."""

    title = _("Settings")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        page = column(self, ground=GROUND)
        page.addWidget(theme.label(_("Settings"), px=theme.TITLE_PX, strong=True))
        sheet = card()
        sheet.setMaximumWidth(640)
        stack = column(sheet, margin=theme.PAD)
        stack.addWidget(theme.label(_("Rules of this caseload"), px=theme.HEADLINE_PX, strong=True))
        self.reliable = theme.Choice()
        for points in RELIABLE_CHOICES:
            self.reliable.addItem(_("{n} points").format(n=points), points)
        self.reliable.setFixedWidth(160)
        hint = _("6 is the NHS Talking Therapies convention. With the retest figures of a psychiatric sample it is 8.")
        stack.addWidget(Labelled(_("A change counts as reliable from"), self.reliable, hint=hint))
        self.prorate = theme.Check(_("Prorate a PHQ-9 with one or two missing answers"))
        stack.addWidget(self.prorate, alignment=Qt.AlignmentFlag.AlignLeft)
        hint = _("Published rules disagree. Off: any missing answer means no total. The rule is named on every report.")
        stack.addWidget(theme.label(hint, px=theme.SMALL_PX, tone="muted", wrap=True))
        self.reliable.activated.connect(lambda _index: self._save())
        self.prorate.clicked.connect(lambda _checked: self._save())
        page.addWidget(sheet)
        page.addWidget(self._file())
        page.addStretch(1)

    def _file(self) -> QWidget:
        sheet = card()
        sheet.setMaximumWidth(640)
        stack = column(sheet, margin=theme.PAD, spacing=theme.GAP)
        stack.addWidget(theme.label(_("This caseload"), px=theme.HEADLINE_PX, strong=True))
        self.place = theme.label(wrap=True)
        stack.addWidget(self.place)
        stack.addWidget(
            theme.label(
                _(
                    "Everything is in this one encrypted file. Copy it when it is closed, and keep the passphrase "
                    "apart from it: without the passphrase nobody can open it."
                ),
                px=theme.SMALL_PX,
                tone="muted",
                wrap=True,
            )
        )
        check = theme.button(_("Check the file"))
        check.clicked.connect(self._check)
        stack.addWidget(check, alignment=Qt.AlignmentFlag.AlignLeft)
        return sheet

    def take_focus(self) -> None:
        # Not the drop-down box above: there an arrow key meant for the page would change a rule.
        self.prorate.setFocus()

    def concerns(self, touched: Touched) -> bool:
        return touched.everything or "rules" in touched.kinds

    def redraw(self, _touched: Touched | None) -> None:
        rules = self.desk.caseload.rules()
        self.reliable.setCurrentIndex(self.reliable.findData(rules.reliable_change))
        self.prorate.setChecked(rules.prorate)
        self.place.setText(breakable(self.desk.caseload.path))

    def _save(self) -> None:
        before = self.desk.caseload.rules()
        after = replace(before, reliable_change=self.reliable.currentData(), prorate=self.prorate.isChecked())
        if after != before and not self.desk.edit(Edit(message("Change a rule"), (self._step(before, after),))):
            self.redraw(None)

    def _step(self, before: Rules, after: Rules) -> Step:
        return Step(before if self.desk.caseload.records("rules") else None, after)

    def _check(self) -> None:
        def told(faults: tuple[str, ...]) -> None:
            if faults:
                self.desk.show(_("The file has faults: {faults}").format(faults="; ".join(faults[:5])))
            else:
                self.desk.show(_("The file is whole: pages, references, history and records agree."))

        self.desk.work.run(
            _("Checking the file…"), lambda _tick: self.desk.caseload.check(), done=told, failed=self.desk.refuse
        )
