"""One line of the patient list: where the patient stands, with the risk said first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trdtrack.chart.marks import MARKS, TONES
from trdtrack.domain.due import due
from trdtrack.domain.risk import risk_state, risk_words
from trdtrack.domain.summary import SIGNAL_WORDS
from trdtrack.ui.rows import Column
from trdtrack.words import _, say, signed

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.caseload import Row
    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.due import Due
    from trdtrack.domain.records import Clinic, Patient
    from trdtrack.domain.risk import RiskState
    from trdtrack.domain.summary import Summary


@dataclass(frozen=True)
class Listed:
    """A patient with the course's summary, where the risk stands and what is due."""

    dossier: Dossier
    summary: Summary | None
    risk: RiskState
    due: tuple[Due, ...]

    @classmethod
    def of(cls, row: Row, *, clinic: Clinic, today: date) -> Listed:
        """Work out what the list and the to-do list say of a patient."""
        state = risk_state(row.dossier, today=today)
        return cls(row.dossier, row.summary, state, tuple(due(row.dossier, clinic=clinic, today=today, state=state)))

    @property
    def patient(self) -> Patient:
        """The patient."""
        return self.dossier.patient


def standing_words(summary: Summary | None) -> str:
    """Return a signal as shape and words."""
    if summary is None:
        return ""
    signal = summary.standing.signal
    return f"{MARKS[signal]}  {say(SIGNAL_WORDS[signal])}".strip()


def _course(listed: Listed) -> str:
    s = listed.summary
    if s is None:
        return _("no course yet")
    if s.ended:
        return f"{s.course.modality.value}  {_('ended')}".strip()
    weeks = _("wk {week}").format(week=max((s.today - s.week_zero).days // 7, 0)) if s.week_zero else _("not begun")
    sessions = _("s{number}").format(number=s.attended) if s.attended else ""
    return "  ".join(part for part in (s.course.modality.value, weeks, sessions) if part)


def _risk(listed: Listed) -> str:
    """Return the open risk in a word or two: what is asked for first."""
    state = listed.risk
    if state.silent:
        return _("■ open, died") if state.open else ""
    if state.due:
        return _("■ answer item 9: {n}").format(n=state.asking)
    if state.again_due:
        return _("■ look again")
    return _("■ open") if state.open else ""


def _last(listed: Listed) -> str:
    return str(listed.summary.latest.total) if listed.summary and listed.summary.latest else ""


def _change(listed: Listed) -> str:
    return "" if listed.summary is None or listed.summary.change is None else signed(listed.summary.change)


def _age(listed: Listed) -> str:
    s = listed.summary
    return str((s.today - s.latest.date).days) if s and s.latest else ""


COLUMNS: tuple[Column[Listed], ...] = (
    Column(_("Patient"), lambda r: r.patient.code, strong=True),
    Column(_("Name"), lambda r: r.patient.name, stretch=True),
    Column(
        _("Risk"),
        _risk,
        tone=lambda r: "muted" if r.risk.quiet or r.risk.silent else "risk",
        spoken=lambda r: say(risk_words(r.risk)),
    ),
    Column(_("Course"), _course),
    Column(_("Last"), _last, number=True, strong=True),
    Column(_("Change"), _change, number=True),
    Column(_("Days ago"), _age, number=True, least=900, tone=lambda _r: "muted"),
    Column(
        _("Where it stands"),
        lambda r: standing_words(r.summary),
        tone=lambda r: TONES[r.summary.standing.signal] if r.summary else "muted",
    ),
)
