from __future__ import annotations

import json
from dataclasses import replace

from domain.making import COURSE, START, day, score, summary

from trdtrack.domain.records import EndReason, Outcome, Treatment
from trdtrack.exchange import plain

TRIAL = Treatment(
    patient="p",
    drug="sertraline",
    dose="150 mg",
    still_taken=True,
    adequate="yes",
    adherence="yes",
    in_episode="yes",
    weeks=8,
    outcome="no response",
)
ENDED = replace(COURSE, end=day(70), end_reason=EndReason.COMPLETED)
FIXED = Outcome(patient="p", course="c", baseline=19, baseline_date=START, total=8, total_date=day(70))


def as_json(*args, **kwargs):
    return json.loads(json.dumps(plain.summary(summary(*args, **kwargs))))


def test_an_open_course_has_no_end_and_no_outcome():
    found = as_json([score(0, 19), score(7, 18)])
    for name in ("end", "end_reason", "outcome", "since_end", "medication"):
        assert found[name] is None
    assert found["trd_criterion"] == "not met"


def test_an_ended_course_with_a_relapse():
    scores = [score(0, 19), score(70, 8), score(100, 15)]
    found = as_json(scores, course=ENDED, more=(FIXED, TRIAL, replace(TRIAL, id="2", drug="venlafaxine", dose="")))
    assert found["end"] == day(70).isoformat()
    assert found["end_reason"] == "completed"
    assert found["outcome"] == {"baseline": 19, "total": 8, "reliable_change": 6}
    assert found["since_end"] == "possible relapse"
    assert found["trd_criterion"] == "met"
    assert set(found["medication"].split(", ")) == {"sertraline 150 mg", "venlafaxine"}


def test_the_criterion_takes_the_clinics_weeks_and_what_is_open():
    open_one = replace(TRIAL, id="2", drug="venlafaxine", weeks=None)
    assert as_json([], more=(TRIAL, open_one))["trd_criterion"] == "cannot tell"


def test_without_recorded_treatments_the_courses_words_stand():
    assert as_json([], course=replace(COURSE, medication="as in the letter"))["medication"] == "as in the letter"


def test_every_name_is_in_the_help():
    for name in plain.summary(summary([score(0, 19)], more=(TRIAL,))):
        assert name in plain.NAMES
