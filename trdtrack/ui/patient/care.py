"""The lower part of the column beside the chart: what is acted on next, the medication, the last note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from trdtrack.domain.due import next_appointment
from trdtrack.domain.ending import SinceEnd
from trdtrack.domain.medication import current_medication
from trdtrack.ui import theme
from trdtrack.ui.page import hairline
from trdtrack.words import _, day, named, signed

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.summary import Summary

NOTE_LETTERS = 200


class CareFacts(QWidget):
    """Each fact under its name, only where there is one."""

    def __init__(self) -> None:
        super().__init__()
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(2)
        stack.addWidget(hairline())
        self._parts: list[tuple[theme.Text, theme.Text]] = []
        for _number in range(3):
            pair = (theme.label(px=theme.SMALL_PX, tone="muted", wrap=True), theme.label(wrap=True))
            pair[0].setContentsMargins(0, theme.GAP, 0, 0)
            for cell in pair:
                stack.addWidget(cell)
            self._parts.append(pair)

    def draw(self, dossier: Dossier, s: Summary | None, *, today: date) -> None:
        """Show what there is."""
        facts = care_facts(dossier, s, today=today)
        for number, pair in enumerate(self._parts):
            there = number < len(facts)
            for cell, text in zip(pair, facts[number] if there else ("", ""), strict=True):
                cell.setText(text)
                cell.setVisible(there)
        self.setVisible(bool(facts))


def care_facts(dossier: Dossier, s: Summary | None, *, today: date) -> list[tuple[str, str]]:
    """Return the next appointment, the medication and the last note, each with its name, where there is one."""
    facts: list[tuple[str, str]] = []
    coming = None if dossier.died else next_appointment(dossier, today)
    if coming and coming.next_date:
        facts.append((_("Next appointment"), f"{day(coming.next_date)} {coming.next_time}".strip()))
    if medication := current_medication(dossier, s.course if s else None):
        facts.append((_("Current medication"), medication))
    noted = [x for x in (s.sessions if s else ()) if x.note.strip()]
    if noted:
        note = " ".join(noted[-1].note.split())
        shown = note if len(note) <= NOTE_LETTERS else note[: NOTE_LETTERS - 1].rstrip() + "…"
        facts.append((_("Last note, {day}").format(day=day(noted[-1].date)), shown))
    return facts


def since_end(s: Summary | None) -> str:
    """Return what the scores after the end say; blank where that is nothing to act on."""
    after = s.after_end if s else None
    if s is None or after is None or s.dossier.died or after.rise is None:
        return ""
    words = {SinceEnd.RELAPSE: _("Possible relapse"), SinceEnd.WORSE: _("Worse since the end")}.get(after.says)
    if words is None:
        return ""
    figures = _("PHQ-9 {total} on {day}, {rise} since the end")
    total, rise = after.latest.total, signed(after.rise)
    return named(words, figures.format(total=total, day=day(after.latest.date), rise=rise))
