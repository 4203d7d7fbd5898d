"""The settings page: the rules a clinic may set, its template of a course, its words about risk. Edits like others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trdtrack.domain.address import Address
from trdtrack.domain.edit import Edit, Step
from trdtrack.domain.message import message, plural
from trdtrack.domain.records import RELIABLE_CHOICES
from trdtrack.ui import theme
from trdtrack.ui.entry.fields import Labelled
from trdtrack.ui.entry.form import scrolled
from trdtrack.ui.errands import write_archive
from trdtrack.ui.help.link import more_about
from trdtrack.ui.page import GROUND, Page, breakable, card, column
from trdtrack.ui.settings.appearance import AppearanceCard
from trdtrack.ui.settings.backups import BackupsCard
from trdtrack.ui.settings.clinic import ClinicCards
from trdtrack.ui.settings.keys import KeysCard
from trdtrack.ui.settings.language import LanguageCard
from trdtrack.ui.settings.lock import LockCard
from trdtrack.words import _, say

if TYPE_CHECKING:
    from trdtrack.domain.edit import Touched
    from trdtrack.domain.records import Rules
    from trdtrack.domain.refusals import Refusal
    from trdtrack.ui.desk import Desk

MOST_WEEKS = 12
"""So many weeks can be chosen; another number set before is shown all the same."""


class SettingsPage(Page):
    """Changes hold at once, for every page and report, and can be undone."""

    title = _("Settings")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        page = column(self, ground=GROUND)
        page.addWidget(theme.label(_("Settings"), px=theme.TITLE_PX, strong=True))
        self.clinic = ClinicCards(desk)
        self.appearance, self.lock, self.language = AppearanceCard(desk), LockCard(desk), LanguageCard(desk)
        self.backups, self.keys = BackupsCard(desk), KeysCard(desk)
        if desk.caseload.on_server:  # these are the file's
            self.backups.hide()
            self.keys.hide()
        body = QWidget()
        across = theme.columns(body)
        here = (_("On this computer"), (self.lock, self.appearance, self.language))
        file = (_("The caseload and its copies"), (self.backups, self.keys, self._file()))
        everybody = (
            _("In this caseload, for everybody who opens it"),
            (self.clinic, self._rules(), self.clinic.letters),
        )
        for groups in ((here, file), (everybody,)):
            stack = QVBoxLayout()
            stack.setSpacing(theme.PAD)
            for name, cards in groups:
                stack.addWidget(theme.label(name, tone="muted", strong=True, wrap=True))
                for sheet in cards:
                    stack.addWidget(sheet)
            stack.addStretch(1)
            across.addLayout(stack, 1)
        page.addWidget(scrolled(body), 1)

    def _rules(self) -> QWidget:
        sheet = card()
        stack = column(sheet, margin=theme.PAD)
        stack.addWidget(theme.label(_("Rules of this caseload"), px=theme.HEADLINE_PX, strong=True))
        self.reliable = theme.Choice()
        for points in RELIABLE_CHOICES:
            self.reliable.addItem(_("{n} points").format(n=points), points)
        theme.as_wide(self.reliable, 160)
        hint = _("6 is the NHS Talking Therapies convention. With the retest figures of a psychiatric sample it is 8.")
        stack.addWidget(Labelled(_("A change counts as reliable from"), self.reliable, hint=hint))
        self.prorate = theme.Check(_("Prorate a PHQ-9 with one or two missing answers"))
        stack.addWidget(self.prorate, alignment=Qt.AlignmentFlag.AlignLeft)
        hint = _("Published rules disagree. Off: any missing answer means no total. The rule is named on every report.")
        stack.addWidget(theme.label(hint, px=theme.SMALL_PX, tone="muted", wrap=True))
        self.weeks = theme.Choice()
        for weeks in range(1, MOST_WEEKS + 1):
            self.weeks.addItem(say(plural("{n} week", "{n} weeks", weeks)), weeks)
        theme.as_wide(self.weeks, 160)
        hint = _("4 or more at an adequate dose is suggested; trials in the evidence used looser rules.")
        stack.addWidget(Labelled(_("An antidepressant trial counts from"), self.weeks, hint=hint))
        self.weeks.activated.connect(lambda _index: self._save())
        self.reliable.activated.connect(lambda _index: self._save())
        self.prorate.clicked.connect(lambda _checked: self._save())
        return sheet

    def _file(self) -> QWidget:
        sheet = card()
        stack = column(sheet, margin=theme.PAD, spacing=theme.GAP)
        stack.addWidget(theme.label(_("This caseload"), px=theme.HEADLINE_PX, strong=True))
        self.place = theme.label(wrap=True)
        stack.addWidget(self.place)
        stack.addWidget(
            theme.label(
                _(
                    "Everything is on the clinic's server. Its administrator sees to logins, passwords and backups: "
                    "how is in the help."
                )
                if self.desk.caseload.on_server
                else _(
                    "Everything is in this one encrypted file. Copy it when it is closed, and keep the passphrase "
                    "apart from it: without the passphrase or the recovery key nobody can open it."
                ),
                px=theme.SMALL_PX,
                tone="muted",
                wrap=True,
            )
        )
        check = theme.button(_("Check the history") if self.desk.caseload.on_server else _("Check the file"))
        check.clicked.connect(self._check)
        archive = theme.button(_("Write an archive…"), icon_name="file-down")
        archive.clicked.connect(lambda: write_archive(self.desk))
        across = theme.row()
        for button in (check, archive):
            across.addWidget(button)
        across.addStretch(1)
        stack.addLayout(across)
        topic = "clinic#backups" if self.desk.caseload.on_server else "safety"
        stack.addWidget(more_about(topic, name=_("This caseload")), alignment=Qt.AlignmentFlag.AlignLeft)
        return sheet

    def take_focus(self) -> None:
        # Not the drop-down box above: there an arrow key meant for the page would change a rule.
        self.prorate.setFocus()

    def concerns(self, touched: Touched) -> bool:
        return touched.everything or bool(touched.kinds & {"rules", "clinic"})

    def redraw(self, _touched: Touched | None) -> None:
        rules = self.desk.caseload.rules()
        self.reliable.setCurrentIndex(self.reliable.findData(rules.reliable_change))
        self.prorate.setChecked(rules.prorate)
        self._show_weeks(rules.trial_weeks)
        self.clinic.draw()
        place = self.desk.caseload.place
        if isinstance(place, Address):
            self.place.setText(place.text)
        else:
            self.place.setText(breakable(place))
            self.backups.draw()

    def _show_weeks(self, weeks: int) -> None:
        if self.weeks.findData(weeks) < 0:
            self.weeks.addItem(say(plural("{n} week", "{n} weeks", weeks)), weeks)
        self.weeks.setCurrentIndex(self.weeks.findData(weeks))

    def _save(self) -> None:
        before = self.desk.caseload.rules()
        after = replace(
            before,
            reliable_change=self.reliable.currentData(),
            prorate=self.prorate.isChecked(),
            trial_weeks=self.weeks.currentData(),
        )

        def refused(refusal: Refusal) -> None:
            self.desk.refuse(refusal)
            self.redraw(None)

        if after != before:
            self.desk.edit(Edit(message("Change a rule"), (self._step(before, after),)), refused=refused)

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
