"""What can leave the program: the table of exports."""

from __future__ import annotations

from trdtrack.domain.message import message
from trdtrack.exports import making
from trdtrack.exports.kinds import Export, Made, Option, Source, Wishes

_PAPER = frozenset({Option.SIZE, Option.NAMES})
EXPORTS = {
    export.key: export
    for export in (
        Export(
            "pdf",
            ".pdf",
            message("Summary"),
            message("One course on a page: chart, scores, sessions, medication, risk reviews, sources of the lines."),
            _PAPER,
            course=making.summary,
        ),
        Export(
            "own",
            ".pdf",
            message("Summary for the patient"),
            message("The same scores in plain words; no risk reviews, no signals, no notes."),
            _PAPER,
            course=making.own,
        ),
        Export(
            "expectation",
            ".pdf",
            message("Expectation sheet for the patient"),
            message("What trials let one expect, to talk about at the beginning."),
            _PAPER,
            course=making.expectation,
        ),
        Export(
            "letter",
            ".pdf",
            message("Letter"),
            message("From the clinic's template, to be printed or sent on; it is kept as it was sent."),
            frozenset({Option.SIZE}),
            letter=making.letter,
        ),
        Export(
            "docx",
            ".docx",
            message("Letter for a word processor"),
            message("The same, to be changed there; what is changed there is not kept here."),
            frozenset({Option.SIZE}),
            letter=making.letter_docx,
        ),
        Export(
            "supervision",
            ".pdf",
            message("Supervision sheet"),
            message("Each case in a few lines with its chart, in the order of the caseload, and room to write."),
            _PAPER | {Option.IDENTIFIED},
            together=making.supervision,
        ),
        Export(
            "record",
            ".pdf",
            message("Full record"),
            message("Everything held about the patient, every note and the whole history: for a request to see it."),
            frozenset({Option.SIZE}),
            patient=making.record,
        ),
        Export(
            "json",
            ".json",
            message("Full record as JSON"),
            message("The same for a program: everything held about the patient, notes and history included."),
            patient=making.record_json,
        ),
        Export(
            "csv",
            ".csv",
            message("Scores as CSV"),
            message("A line a PHQ-9, for a spreadsheet or a statistics program; it can be imported again."),
            together=making.csv,
        ),
        Export(
            "xlsx",
            ".xlsx",
            message("Everything as Excel workbook"),
            message("A sheet for each kind of record, notes included, and one that explains the columns."),
            frozenset({Option.NAMES}),
            together=making.workbook,
        ),
        Export(
            "tables",
            ".zip",
            message("Everything as CSV files"),
            message("The same as the workbook: a file for each kind of record, in one ZIP."),
            frozenset({Option.NAMES}),
            together=making.tables,
        ),
        Export(
            "fhir",
            ".json",
            message("FHIR for another program"),
            message(
                "Patient, courses, sessions, PHQ-9 answers and totals, medication and open risk as FHIR R4; no notes."
            ),
            frozenset({Option.NAMES}),
            together=making.fhir,
        ),
        Export(
            "research",
            ".zip",
            message("De-identified data for research"),
            message(
                "A new study id in each export, days since the start, no dates, no words. Ask whether few stay hidden."
            ),
            together=making.research,
        ),
    )
}
"""In the order they are offered."""
SERVICE = {
    export.key: export
    for export in (
        Export(
            "pdf",
            ".pdf",
            message("Service report"),
            message("Outcomes of closed courses with definitions; about nobody in particular, small numbers hidden."),
            frozenset({Option.SIZE}),
            together=making.service,
        ),
        Export(
            "xlsx",
            ".xlsx",
            message("Service report as Excel workbook"),
            message("The same tables, a sheet each."),
            together=making.service_workbook,
        ),
    )
}
"""What is made of the whole caseload, not of patients: its source names none."""

__all__ = ["EXPORTS", "SERVICE", "Export", "Made", "Option", "Source", "Wishes"]
