"""The words a form offers for what can be chosen, in the order they are offered."""

from __future__ import annotations

from trdtrack.domain.message import message
from trdtrack.domain.records import (
    Attendance,
    DrugClass,
    EndReason,
    EventKind,
    Format,
    Known,
    Laterality,
    Modality,
    Presentation,
    Recipient,
    Role,
    Severity,
    TrialOutcome,
)

_NOT_RECORDED = message("not recorded")

MODALITIES = {
    Modality.NOT_RECORDED: _NOT_RECORDED,
    Modality.CBT: message("CBT"),
    Modality.BA: message("Behavioural activation"),
    Modality.CBASP: message("CBASP"),
    Modality.MBCT: message("MBCT"),
    Modality.IPT: message("IPT"),
    Modality.PSYCHODYNAMIC: message("Psychodynamic"),
    Modality.DBT: message("DBT"),
    Modality.OTHER: message("Other"),
}
FORMATS = {
    Format.NOT_RECORDED: _NOT_RECORDED,
    Format.INDIVIDUAL: message("Individual"),
    Format.GROUP: message("Group"),
}
PRESENTATIONS = {
    Presentation.FIRST: message("First episode"),
    Presentation.RECURRENT: message("Recurrent"),
    Presentation.CHRONIC: message("Chronic"),
}
END_REASONS = {
    EndReason.NOT_RECORDED: _NOT_RECORDED,
    EndReason.COMPLETED: message("Completed"),
    EndReason.DROPPED_OUT: message("Dropped out"),
    EndReason.REFERRED_ON: message("Referred on"),
    EndReason.DIED: message("Died"),
    EndReason.OTHER: message("Other"),
}
ATTENDANCES = {
    Attendance.ATTENDED: message("Attended"),
    Attendance.LATE_CANCEL: message("Late cancel"),
    Attendance.DID_NOT_ATTEND: message("Did not attend"),
    None: message("No session: score only"),
}
YES_OR_NO = {Known.NOT_RECORDED: _NOT_RECORDED, Known.YES: message("Yes"), Known.NO: message("No")}
YES_NO_UNSURE = {**YES_OR_NO, Known.UNSURE: message("Unsure")}
SEVERITIES = {
    Severity.NOT_RECORDED: _NOT_RECORDED,
    Severity.SUBSYNDROMAL: message("Subsyndromal"),
    Severity.MILD: message("Mild"),
    Severity.MODERATE: message("Moderate"),
    Severity.SEVERE: message("Severe"),
}
ROLES = {
    Role.ANTIDEPRESSANT: message("Antidepressant"),
    Role.AUGMENTATION: message("Augmentation"),
    Role.ECT: message("ECT"),
    Role.OTHER: message("Other medication"),
}
DRUG_CLASSES = {
    DrugClass.NOT_RECORDED: _NOT_RECORDED,
    DrugClass.SSRI: message("SSRI"),
    DrugClass.SNRI: message("SNRI"),
    DrugClass.TRICYCLIC: message("Tricyclic"),
    DrugClass.MAOI: message("MAOI"),
    DrugClass.OTHER: message("Other"),
}
TRIAL_OUTCOMES = {
    TrialOutcome.NOT_RECORDED: _NOT_RECORDED,
    TrialOutcome.NO_RESPONSE: message("No response"),
    TrialOutcome.PARTIAL: message("Partial response"),
    TrialOutcome.RESPONSE: message("Response"),
    TrialOutcome.NOT_TOLERATED: message("Not tolerated"),
}
LATERALITIES = {
    Laterality.UNKNOWN: message("not known"),
    Laterality.BILATERAL: message("Bilateral"),
    Laterality.UNILATERAL: message("Unilateral"),
}
RECIPIENTS = {
    Recipient.GP: message("GP"),
    Recipient.PRESCRIBER: message("Psychiatrist or prescriber"),
    Recipient.REFERRER: message("Referrer"),
    Recipient.OTHER: message("Somebody else"),
}
EVENT_KINDS = {
    EventKind.LIFE: message("Life event"),
    EventKind.MEDICATION: message("Medication change"),
    EventKind.ADMISSION: message("Admission"),
    EventKind.OTHER: message("Other"),
}
