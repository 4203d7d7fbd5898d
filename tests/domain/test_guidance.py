from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from trdtrack.domain.dossier import Dossier
from trdtrack.domain.guidance import modality_guidance, referral_prompt, why_no_prompt
from trdtrack.domain.medication import current_medication, drug_words
from trdtrack.domain.records import Course, EndReason, Known, Modality, Patient, Presentation, Role
from trdtrack.evidence_tables import shipped_published
from trdtrack.words import say

from .making import PATIENT
from .test_resistance import EPISODE, judge, trial

TODAY = date(2025, 9, 1)
MET = judge(trial(), trial("venlafaxine"))
ENDED = Course(id="c", patient="p", start=date(2024, 9, 1), end=date(2025, 2, 28))


def dossier(*records, **patient):
    return Dossier.of(replace(PATIENT, **patient), [EPISODE, *records])


def test_the_prompt_says_what_the_rules_say():
    said = say(referral_prompt(dossier(), MET, today=TODAY))
    for words in ("adding psychotherapy to medication", "not as a last resort", "modest", "prescriber"):
        assert words in said
    assert why_no_prompt(dossier(), MET, today=TODAY) is None


CASES = [
    (dossier(replace(ENDED, end_reason=EndReason.DIED)), MET, "the patient has died"),
    (dossier(closed=date(2025, 5, 1)), MET, "the patient's record is closed"),
    (dossier(), judge(trial()), "the criterion of treatment resistance is not met"),
    (
        dossier(),
        judge(trial(), trial("b", weeks=None)),
        "it cannot be told yet whether the criterion of treatment resistance is met",
    ),
    (dossier(replace(ENDED, end=None)), MET, "a course of psychotherapy is open"),
    (dossier(ENDED, Course(patient="p")), MET, "a course of psychotherapy is open"),
    (dossier(replace(ENDED, end=date(2025, 3, 1))), MET, "a course of psychotherapy ended within 6 months"),
    (dossier(date_of_birth=date(2007, 9, 2)), MET, "age under 18"),
    (dossier(bipolar=Known.YES), MET, "bipolar depression recorded"),
    (
        Dossier.of(PATIENT, [replace(EPISODE, psychotic=Known.YES)]),
        MET,
        "psychotic depression recorded",
    ),
    (dossier(declined=True), MET, "psychotherapy was offered and declined"),
]


@pytest.mark.parametrize(("held", "criterion", "why"), CASES)
def test_no_prompt_and_why(held, criterion, why):
    assert referral_prompt(held, criterion, today=TODAY) is None
    assert say(why_no_prompt(held, criterion, today=TODAY)) == why


@pytest.mark.parametrize(
    "held",
    [
        dossier(ENDED),  # six months and a day ago
        dossier(replace(ENDED, end=None, withdrawn="wrong patient")),
        dossier(date_of_birth=date(2007, 9, 1)),
        dossier(date_of_birth=None),
        dossier(bipolar=Known.UNSURE),
        dossier(bipolar=Known.NO),
    ],
)
def test_what_does_not_stand_in_the_way(held):
    assert referral_prompt(held, MET, today=TODAY)


def test_six_months_to_the_day():
    held = dossier(replace(ENDED, end=date(2025, 3, 1)))
    assert referral_prompt(held, MET, today=TODAY) is None
    assert referral_prompt(held, MET, today=TODAY + timedelta(days=1))


def fitting(*presentation):
    return {g.modality for g in modality_guidance(Course(patient="p", presentation=presentation)) if g.applies}


def test_which_modality_fits_the_presentation():
    first = {Modality.CBT, Modality.BA}
    assert fitting() == fitting(Presentation.FIRST) == first
    assert fitting(Presentation.CHRONIC) == {*first, Modality.CBASP}
    assert fitting(Presentation.RECURRENT) == {*first, Modality.MBCT}
    assert fitting(Presentation.RECURRENT, Presentation.CHRONIC) == {*first, Modality.CBASP, Modality.MBCT}
    assert {g.modality for g in modality_guidance(None) if g.applies} == first


def test_every_modality_has_its_source_and_its_limits():
    by = {g.modality: g for g in modality_guidance(None)}
    assert all(say(g.words) and say(g.source) and say(g.limits) for g in by.values())
    assert "EPA" in say(by[Modality.CBASP].source)
    assert "491" in say(by[Modality.CBASP].limits)
    assert "no figure" in say(by[Modality.BA].limits)
    assert "NICE" in say(by[Modality.MBCT].source)


def test_the_figure_of_mbct_is_that_of_the_shipped_table():
    row = next(r for r in shipped_published() if r.id == "giguere2025_mbct")
    by = {g.modality: g for g in modality_guidance(None)}
    assert f"SMD {row.estimate}" in say(by[Modality.MBCT].source)


def test_current_medication_is_what_is_still_taken():
    taken = {"still_taken": True, "end": None}
    course = Course(patient="p", medication="as the letter says")
    assert drug_words(trial(dose="150 mg")) == "sertraline 150 mg"
    assert drug_words(trial("", role=Role.ECT)) == "ECT"
    held = dossier(
        trial(dose="150 mg", **taken),
        trial("citalopram", dose="40 mg"),
        trial("lithium", dose=" 600 mg ", start=date(2025, 3, 1), role=Role.AUGMENTATION, **taken),
        trial("zopiclone", start=date(2025, 3, 2), role=Role.OTHER, **taken),
        trial("", role=Role.ECT, **taken),
        trial("mirtazapine", withdrawn="typing error", **taken),
    )
    assert current_medication(held, course) == "sertraline 150 mg, lithium 600 mg, zopiclone"
    assert current_medication(dossier(trial()), course) == "as the letter says"
    assert current_medication(dossier(trial()), None) == ""


def test_a_patient_is_made_without_any_of_it():
    bare = Dossier(Patient(code="A"))
    assert current_medication(bare, None) == ""
    assert why_no_prompt(bare, judge(), today=TODAY)
