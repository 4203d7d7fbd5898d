"""What the fields written down mean, where their name alone does not say it."""

from __future__ import annotations

from trdtrack.domain.message import message

MEANINGS = {
    ("patient", "consent"): message("whether the patient agrees to information going to referrer, GP and prescriber"),
    ("patient", "declined"): message("whether psychotherapy was offered and declined"),
    ("patient", "closed"): message("the day since when the patient is no longer in this clinic's care"),
    ("course", "presentation"): message("how the depression presents at the start; more than one may hold"),
    ("course", "goals"): message("goals, in the patient's words"),
    ("course", "extra_sessions"): message("up to how many sessions may be added to those planned"),
    ("course", "review_months"): message("months after week 0 at which the course is reviewed with the patient"),
    ("course", "medication"): message("the medication in the therapist's words, where no treatment says it"),
    ("course", "baseline"): message("the PHQ-9 chosen as baseline instead of the rule's, by its day"),
    ("course", "benchmark"): message("the expected course it is drawn with"),
    ("session", "phase"): message("phase of the therapy, in the modality's own words"),
    ("session", "task"): message("what the patient does until next time"),
    ("session", "review"): message("whether the course was reviewed with the patient in this session"),
    ("session", "finished"): message("no while the note, or what item 9 asks for, is still to be written"),
    ("assessment", "instrument"): message("the questionnaire"),
    ("assessment", "date"): message("the day the patient answered"),
    ("assessment", "entered"): message("when it was typed in: decides which of two totals of one day counts"),
    ("outcome", "baseline"): message("the baseline, as fixed when the course ended"),
    ("outcome", "total"): message("the end score, as fixed when the course ended; empty where there was none"),
    ("outcome", "prorated"): message("whether the baseline or the end score is prorated"),
    ("outcome", "reliable_change"): message("the rule in force when it was fixed: points that count as reliable"),
    ("follow_up", "due"): message("the day the look back after the end is planned for"),
    ("follow_up", "done"): message("the day it was done"),
    ("episode", "severity"): message("as the clinician rates it, never taken from the PHQ-9"),
    ("treatment", "dose"): message("the highest dose reached, with its unit"),
    ("treatment", "adequate"): message("whether the dose was adequate, as the clinician judges it"),
    ("treatment", "weeks"): message("weeks at an adequate dose"),
    ("treatment", "adherence"): message("whether it was taken as prescribed"),
    ("treatment", "outcome"): message("what it did, as the clinician judges it"),
    ("treatment", "in_episode"): message("whether it was taken in the current episode; if empty the dates decide"),
    ("treatment", "laterality"): message("where the electrodes were in ECT"),
    ("risk", "assessment"): message("the PHQ-9 that opened it, by its day; empty where it was opened by hand"),
    ("risk", "closed"): message("the day the therapist closed it; empty while it is open"),
    ("risk_review", "risk"): message("the risk record it belongs to, by the day that was opened"),
    ("risk_review", "item9"): message("the highest answer to item 9 it responds to"),
}
