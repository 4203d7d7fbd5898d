from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trdtrack.domain.phq9 import Completeness
from trdtrack.domain.records import KINDS, Assessment, Course, Modality, Patient, Presentation, Rules, Session, new_id
from trdtrack.domain.refusals import Refusal

from .making import AT, START

NOT_AN_ANSWER = st.one_of(
    st.integers(max_value=-1), st.integers(min_value=4), st.floats(), st.booleans(), st.text(), st.binary()
)
NOT_A_TOTAL = st.one_of(st.integers(max_value=-1), st.integers(min_value=28), st.floats(), st.booleans(), st.text())


def phq9(**fields):
    return Assessment(**{"patient": "p", "course": "c", "date": START, "entered": AT, **fields})


@given(NOT_AN_ANSWER, st.integers(0, 8))
def test_a_bad_answer_is_refused_by_its_number(bad, place):
    answers = [1] * 9
    answers[place] = bad
    with pytest.raises(Refusal) as refused:
        phq9(answers=tuple(answers))
    assert refused.value.field == f"answers.{place + 1}"


@given(NOT_AN_ANSWER)
def test_a_bad_item_10_is_refused_with_answers_and_with_a_total(bad):
    for fields in ({"answers": (1,) * 9}, {"total": 9}):
        with pytest.raises(Refusal) as refused:
            phq9(difficulty=bad, **fields)
        assert refused.value.field == "answers.10"


@given(NOT_A_TOTAL)
def test_a_bad_total_is_refused(bad):
    with pytest.raises(Refusal) as refused:
        phq9(total=bad)
    assert refused.value.field == "total"


@given(st.lists(st.one_of(st.none(), st.integers(0, 3)), max_size=20).filter(lambda answers: len(answers) != 9))
def test_nine_answers_or_none(answers):
    with pytest.raises(Refusal):
        phq9(answers=tuple(answers))


@pytest.mark.parametrize(
    "fields", [{}, {"answers": (1,) * 9, "total": 9}, {"answers": (None,) * 9}, {"total": 9, "instrument": "bdi"}]
)
def test_answers_or_a_total_and_of_the_phq9(fields):
    with pytest.raises(Refusal):
        phq9(**fields)


@given(st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=9, max_size=9).filter(lambda a: a != [None] * 9))
def test_good_answers_are_kept_as_they_are(answers):
    record = phq9(answers=tuple(answers), difficulty=None)
    assert record.answers == tuple(answers)
    assert record.score().answered == sum(answer is not None for answer in answers)


def test_a_total_only_is_a_record_of_its_own_kind():
    scored = phq9(total=0).score()
    assert (scored.total, scored.completeness, scored.answered) == (0, Completeness.TOTAL_ONLY, 0)


@pytest.mark.parametrize("code", ["", "   ", "\t\n", "x" * 41, "a\x00b", "a\u200eb", "\x1b[31m"])
def test_a_patients_code(code):
    with pytest.raises(Refusal) as refused:
        Patient(code=code)
    assert refused.value.field == "code"


def test_white_space_in_a_code_is_made_even():
    assert Patient(code="  A \t 1\u00a0b ").code == "A 1 b"
    assert Patient(code="x" * 40).code == "x" * 40


@given(st.text())
def test_any_text_is_a_code_or_refused(text):
    try:
        code = Patient(code=text).code
    except Refusal:
        return
    assert 0 < len(code) <= 40
    assert Patient(code=code).code == code


@given(st.integers().filter(lambda n: n not in range(5, 9)))
def test_reliable_change_is_set_from_5_to_8(points):
    with pytest.raises(Refusal):
        Rules(reliable_change=points)


@pytest.mark.parametrize(
    "fields",
    [
        {"planned_sessions": 0},
        {"planned_sessions": 1000},
        {"start": date(2024, 1, 2), "end": date(2024, 1, 1)},
        {"baseline": "a"},
        {"baseline": "a", "baseline_reason": "  "},
    ],
)
def test_a_course_that_cannot_be(fields):
    with pytest.raises(Refusal):
        Course(patient="p", **fields)


def test_a_course_reads_its_words_back():
    course = Course(patient="p", modality="CBT", presentation=("chronic", "recurrent"))
    assert course.modality is Modality.CBT
    assert course.presentation == (Presentation.CHRONIC, Presentation.RECURRENT)
    with pytest.raises(ValueError, match="astrology"):
        Course(patient="p", modality="astrology")
    with pytest.raises(ValueError, match="perhaps"):
        Session(patient="p", course="c", date=START, entered=AT, attendance="perhaps")


def test_records_cannot_change_and_name_nobody():
    patient = Patient(code="TRD-1", name=" Anna ")
    assert patient.name == "Anna"
    assert patient.patient == patient.id
    assert "Anna" not in repr(patient)
    assert "TRD-1" not in repr(patient)
    with pytest.raises(FrozenInstanceError):
        patient.code = "TRD-2"
    assert replace(patient, name="Bea").id == patient.id


def test_ids_are_32_hexadecimal_digits():
    assert len({new_id() for _ in range(100)}) == 100
    assert all(len(i) == 32 and int(i, 16) >= 0 for i in (new_id(), new_id()))


def test_kinds_are_named_once():
    assert len(KINDS) == 15
    for kind, record in KINDS.items():
        assert record.kind == kind
