"""The papers form: several patients' PHQ-9 of one day, typed in a row, and the one edit that saves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from trdtrack.domain.edit import added
from trdtrack.domain.message import message, plural
from trdtrack.domain.refusals import Refusal
from trdtrack.ui import theme
from trdtrack.ui.entry.form import Form
from trdtrack.ui.entry.papers_grid import Grid, GridSlot
from trdtrack.ui.entry.papers_read import Reader, Typed
from trdtrack.ui.entry.slots import Day
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date, datetime

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.edit import Edit
    from trdtrack.domain.gist import Gist
    from trdtrack.domain.records import Rules

_DAY_PX = 180


class PapersForm(Form):
    """Takes the patients whose rows are wanted and yields an Edit that adds an assessment for each paper."""

    def __init__(
        self,
        who: Sequence[Gist],
        *,
        known: Iterable[Gist],
        dossier: Callable[[str], Dossier],
        rules: Rules,
        at: datetime,
    ) -> None:
        super().__init__(_("Enter papers"), key="papers", patient_id="", at=at)
        self._wanted = [Typed(gist.code) for gist in who]
        self.grid = Grid(Reader(known, dossier=dossier, rules=rules, entered=at))
        words = theme.label(
            _(
                "Each paper becomes a PHQ-9 in the patient's course of that day. No session is written down: "
                "log that on the patient's page."
            ),
            tone="muted",
            wrap=True,
        )
        self._day = self.slot(Day("date", _("Answered on"), today=at.date()), at.date())
        self._day.part.setFixedWidth(theme.px(_DAY_PX))
        papers = self.slot(GridSlot(self.grid), self._wanted)
        self.page.addWidget(words)
        self.page.addWidget(self._day.part)
        self.page.addWidget(papers.part, 1)
        self.page.addWidget(self.problem)
        self.page.addLayout(self.buttons())
        self.problem.setVisible(False)
        self._laid = [self._day, papers]
        self._day.on_edit(self._turn_day)
        self._turn_day()
        self.ready()

    def start(self) -> None:
        """Put the cursor where typing begins: in the first row without answers."""
        row = next((row for row in self.grid.rows if row.typed().unanswered), self.grid.rows[0])
        cell = row.answers if row.code.text().strip() else row.code
        cell.setFocus(Qt.FocusReason.OtherFocusReason)

    def restore(self, text: str) -> None:
        """Put a draft back, and below it whoever is wanted now and has no row in it."""
        super().restore(text)
        kept = self.grid.typed()
        more = [typed for typed in self._wanted if typed.code not in {row.code for row in kept}]
        self.grid.replace([*kept, *more])

    def made(self) -> Edit:
        """Return the edit that adds every paper. Refuses while one row has a problem: all are saved, or none."""
        if self._day.value() is None:
            raise Refusal(message("Say on which day the papers were filled in."), field="date")
        wrong = self.grid.wrong()
        if wrong:
            what = plural(
                "{n} row has a problem; nothing is saved until it is put right or emptied.",
                "{n} rows have a problem; nothing is saved until they are put right or emptied.",
                len(wrong),
            )
            raise Refusal(what, field="papers")
        found = self.grid.assessments()
        if not found:
            raise Refusal(message("There is nothing to save yet: type a code and nine answers."), field="papers")
        return added(message("Enter papers"), *found)

    def refuse(self, refusal: Refusal | None) -> None:
        """Show a refusal beside what caused it; None clears. The cursor goes to the first row with a problem."""
        super().refuse(refusal)
        wrong = self.grid.wrong()
        if refusal and refusal.field == "papers" and wrong:
            wrong[0].refuse()

    def _turn_day(self) -> None:
        self.grid.read_on(self._typed_day())

    def _typed_day(self) -> date | None:
        try:
            return self._day.value()
        except Refusal:
            return None
