"""Where the tour stops: a sentence each, and how to get to the real thing it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trdtrack.demo import SHOWN
from trdtrack.ui.caseload.page import CaseloadPage
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from trdtrack.ui.patient.page import PatientPage
    from trdtrack.ui.workspace import Workspace


@dataclass(frozen=True)
class Stop:
    """`go` turns to the thing and returns it; None if a form with something typed was not to be left."""

    words: str
    go: Callable[[Workspace], QWidget | None]


def _list(place: Workspace) -> QWidget | None:
    place.go(CaseloadPage)
    place.caseload_page.show_list()
    return place.caseload_page.table if place.caseload_page.isVisible() else None


def _patient(place: Workspace) -> PatientPage | None:
    patient = place.desk.caseload.patient_by_code(SHOWN).id
    page = place.patient_page
    if not place.showing_patient or page.patient_id != patient:
        place.open_patient(patient)
    return page if place.showing_patient else None


def _sentence(place: Workspace) -> QWidget | None:
    page = _patient(place)
    return page.sentence if page else None


def _enough(place: Workspace) -> QWidget | None:
    page = _patient(place)
    return page.now.answers if page else None


def _risk(place: Workspace) -> QWidget | None:
    page = _patient(place)
    if page:
        page.tabs.setCurrentWidget(page.risk)
    return page.tabs if page else None


def _log(place: Workspace) -> QWidget | None:
    if _patient(place):
        place.log_session()
    return place.form


def _hand_over(place: Workspace) -> QWidget | None:
    page = _patient(place)
    return page.head.hand_over_button if page else None


def _export(place: Workspace) -> QWidget | None:
    page = _patient(place)
    return page.head.export_button if page else None


STOPS = (
    Stop(_("Who needs you first stands first; the line below the list says why."), _list),
    Stop(
        _("One sentence says where a patient stands: how far the score has moved, and whether that is real."), _sentence
    ),
    Stop(_("Beside the chart stand two answers: is the change real, and is it enough?"), _enough),
    Stop(
        _("An answer of 1 or more to item 9 opens a risk record, which stays until you close it."),
        _risk,
    ),
    Stop(_("A session takes nine digits and, if you like, a line of notes."), _log),
    Stop(_("The patient can answer on this screen, with the caseload locked."), _hand_over),
    Stop(_("Summaries, letters and data leave from here, each noted in the history."), _export),
)
