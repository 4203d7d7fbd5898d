"""What the search offers to do, by name: every page, and what can be done with the patient shown."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from trdtrack.exports import EXPORTS
from trdtrack.ui.find import Command
from trdtrack.ui.shortcuts import shown
from trdtrack.words import _, say

if TYPE_CHECKING:
    from trdtrack.ui.workspace import Workspace


def commands(place: Workspace) -> list[Command]:
    """Return what can be done now, in the order it is offered."""
    return [
        *(_of_patient(place) if place.showing_patient else []),
        *(Command(at.page.title, shown(at.key), partial(place.go, at.page)) for at in place.places),
        Command(_("New patient"), shown("new patient"), place.new_patient),
        Command(_("Enter papers"), shown("papers"), place.enter_papers),
        Command(_("Import scores…"), "", place.import_scores),
        Command(_("Undo"), shown("undo"), place.undo),
        Command(_("Redo"), shown("redo"), place.redo),
        Command(_("Help"), shown("help"), place.help_asked.emit),
        Command(_("Keys"), shown("keys"), place.key_sheet.start),
        Command(_("The first steps again"), "", place.steps_asked.emit),
        Command(_("Tour of the demo"), "", place.tour_asked.emit),
        Command(_("About TRDTrack"), "", place.about_asked.emit),
        Command(_("Lock"), shown("lock"), place.lock_asked.emit),
    ]


def _of_patient(place: Workspace) -> list[Command]:
    page = place.patient_page
    ask = page.asked.emit
    found = [
        Command(_("Edit patient"), shown("edit patient"), partial(ask, "patient")),
        Command(_("Edit course"), shown("edit course"), partial(ask, "course")),
        Command(_("Add event"), "", partial(ask, "event")),
        Command(_("Add treatment"), "", partial(ask, "treatment")),
        Command(_("Risk record"), shown("risk"), partial(ask, "risk")),
        Command(_("Blank PHQ-9 to print"), "", partial(ask, "blank")),
    ]
    if page.summary is None:
        return found
    exports = [
        Command(say(export.name), "", partial(place.export, name))
        for name, export in EXPORTS.items()
        if export.letter is None
    ]
    return [
        Command(page.head.log_button.accessibleName(), shown("log"), place.log_session),
        Command(_("Hand over"), shown("hand over"), place.hand_over),
        *found,
        Command(_("Write letter"), "", partial(ask, "letter")),
        *exports,
        Command(_("Copy sentence"), "", partial(ask, "copy sentence")),
        Command(_("Copy picture"), shown("copy"), partial(ask, "copy picture")),
    ]
