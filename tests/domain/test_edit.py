from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trdtrack.domain.edit import Edit, Step, Touched, added, altered, joined, withdrawn
from trdtrack.domain.message import message
from trdtrack.domain.records import Course, Patient, Rules

from .making import score

TITLE = message("Test")
PATIENTS = st.integers(0, 5).map(lambda n: Patient(id=str(n), code=f"P{n}"))
STEPS = st.one_of(
    PATIENTS.map(lambda p: Step(None, p)),
    PATIENTS.map(lambda p: Step(p, None)),
    st.tuples(PATIENTS, st.text()).map(lambda pair: Step(pair[0], replace(pair[0], notes=pair[1]))),
)
EDITS = st.builds(Edit, st.just(TITLE), st.lists(STEPS).map(tuple), st.one_of(st.none(), st.integers(1, 99)))


@given(EDITS)
def test_taking_back_twice_is_the_edit_itself(edit):
    assert edit.inverse().inverse() == edit
    assert edit.inverse().touched == edit.touched


@given(st.lists(EDITS))
def test_joined_edits_hold_every_step(edits):
    assert joined(TITLE, edits).steps == tuple(step for edit in edits for step in edit.steps)


def test_taking_back_runs_backwards():
    patient, course = Patient(id="p", code="A"), Course(id="c", patient="p")
    edit = added(TITLE, patient, course)
    assert edit.inverse().steps == (Step(course, None), Step(patient, None))


def test_an_edit_refuses_steps_that_are_none():
    patient = Patient(id="p", code="A")
    for step in (
        Step(None, None),
        Step(patient, Patient(id="q", code="A")),
        Step(patient, Course(id="p", patient="p")),
    ):
        with pytest.raises(ValueError, match="step"):
            Edit(TITLE, (step,))


def test_what_an_edit_touches():
    edit = added(TITLE, Patient(id="p", code="A"), score(0, 19), Rules())
    assert edit.touched == Touched(frozenset({"p"}), frozenset({"patient", "assessment", "rules"}))
    assert edit.touched.concerns("q")  # rules change every page
    alone = added(TITLE, Patient(id="p", code="A")).touched
    assert alone.concerns("p")
    assert not alone.concerns("q")
    assert not alone.concerns(None)
    assert Touched(everything=True).concerns("q")


def test_withdrawing_keeps_the_record_and_the_reason():
    before = score(0, 19)
    step = withdrawn(before, " wrong person ").steps[0]
    assert step.before is before
    assert step.after == replace(before, withdrawn="wrong person")
    assert withdrawn(before, "  ").steps[0].after.withdrawn == "-"
    assert altered(TITLE, before, step.after).steps == (step,)
