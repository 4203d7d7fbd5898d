"""Which page of the manual fits what one is looking at: the nearest thing around the keyboard's focus that has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.ui.help.manual import INDEX

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

TOPICS = {
    "UnlockPage": "first-day",
    "Making": "first-day#a-caseload-of-your-own",
    "FirstSteps": "first-day",
    "AboutPage": "privacy",
    "ServerSide": "clinic#opening-it",
    "DamagedOffer": "backups#getting-one-back",
    "CaseloadPage": "caseload",
    "Find": "caseload",
    "Day": "caseload#today",
    "ToDo": "caseload#to-do",
    "PatientPage": "chart",
    "Now": "chart#is-it-real-and-is-it-enough",
    "OneScore": "session#putting-something-right",
    "RiskTab": "risk",
    "TreatmentTab": "caseload#treatment-resistance",
    "LetterList": "exports#letters",
    "HistoryTab": "safety#the-history",
    "LogForm": "session",
    "PapersForm": "session#answers-on-paper",
    "BlankForm": "session#answers-on-paper",
    "PersonForm": "caseload#a-patient",
    "CourseForm": "caseload#the-course-of-care",
    "EndForm": "caseload#the-end-of-a-course",
    "FollowUpForm": "caseload#the-end-of-a-course",
    "EventForm": "chart#the-lanes-below",
    "TreatmentForm": "caseload#treatment-resistance",
    "RiskForm": "risk",
    "LetterForm": "exports#letters",
    "ExportForm": "exports",
    "MoveForm": "session#putting-something-right",
    "MergeForm": "session#putting-something-right",
    "ConflictPage": "clinic#opening-it",
    "EraseForm": "leaving#a-patient-who-asks-to-be-erased",
    "WithdrawForm": "caseload#the-end-of-a-course",
    "AssignForm": "leaving#handing-over-to-a-colleague",
    "ImportForm": "import",
    "RestoreForm": "backups#getting-one-back",
    "EvidencePage": "benchmark",
    "OutcomesPage": "outcomes",
    "HistoryPage": "safety#the-history",
    "SettingsPage": "administrators#settings",
    "BackupsCard": "backups",
    "KeysCard": "backups#the-passphrase-and-the-recovery-sheet",
    "LockCard": "privacy",
    "ClinicCards": "administrators#settings",
}
"""Page and heading for each page, form and part of one, by the name of its class: nothing is imported to look."""


def topic_of(*places: QWidget | None) -> str:
    """Return the topic of the first of these places that lies in something with one; the index where none does."""
    for place in places:
        widget = place
        while widget is not None:
            for kind in type(widget).__mro__:
                if kind.__name__ in TOPICS:
                    return TOPICS[kind.__name__]
            widget = widget.parentWidget()
    return INDEX
