from __future__ import annotations

from dataclasses import fields, replace

import pytest

from trdtrack.caseload import Caseload
from trdtrack.domain.dossier import Dossier
from trdtrack.domain.edit import added
from trdtrack.domain.merging import every_record
from trdtrack.domain.message import message
from trdtrack.domain.mistakes import lost_baseline, merged, moved, restored, withdrawn
from trdtrack.domain.records import (
    KINDS,
    Assessment,
    Attendance,
    Course,
    EndReason,
    Episode,
    Event,
    FollowUp,
    Known,
    Letter,
    OfPatient,
    Outcome,
    Patient,
    Presentation,
    RiskRecord,
    RiskReview,
    Session,
    Treatment,
)
from trdtrack.domain.refusals import Refusal
from trdtrack.words import say

from .making import AT, asked, day, score

ANNA, BEN = Patient(id="a", code="A-1", name="Anna"), Patient(id="b", code="B-2")
FIRST = Course(id="first", patient="a", start=day(0), end=day(100), end_reason=EndReason.COMPLETED)
SECOND = Course(id="second", patient="a", start=day(200))
BENS = Course(id="bens", patient="b", start=day(0))
SESSION = Session(id="s", patient="a", course="second", date=day(210), note="as typed", entered=AT)
SCORE = asked(210, *(2,) * 8, 1, id="x", patient="a", course="second", session="s")
RISK = RiskRecord(id="r", patient="a", opened=SCORE.date, assessment="x", entered=AT)
REVIEW = RiskReview(id="v", patient="a", risk="r", date=day(211), asked="plans?", found="none", entered=AT)


def anna(*records) -> Dossier:
    return Dossier.of(ANNA, [FIRST, SECOND, SESSION, SCORE, *records])


def after(edit) -> dict[str, OfPatient | Patient]:
    """The records an edit leaves, by id; each may be in it once."""
    found = {step.after.id: step.after for step in edit.steps}
    assert len(found) == len(edit.steps)
    return found


def test_a_session_moves_with_its_scores():
    edit = moved(SESSION, to=BENS, dossier=anna(), with_scores=True, why=" wrong patient ")
    assert say(edit.title) == "Move session"
    assert edit.why == "wrong patient"
    assert after(edit) == {
        "s": replace(SESSION, patient="b", course="bens"),
        "x": replace(SCORE, patient="b", course="bens"),
    }
    assert edit.touched.patients == {"a", "b"}


def test_a_session_and_scores_that_part_lose_their_link():
    edit = moved(SESSION, to=BENS, dossier=anna(RISK), with_scores=False, why="")
    assert after(edit) == {"s": replace(SESSION, patient="b", course="bens"), "x": replace(SCORE, session=None)}
    edit = moved(SCORE, to=FIRST, dossier=anna(RISK), with_scores=False, why="")
    assert say(edit.title) == "Move PHQ-9"
    assert after(edit) == {"x": replace(SCORE, course="first", session=None)}


def test_a_withdrawn_score_follows_its_session_too():
    old = replace(SCORE, id="old", withdrawn="typing error")
    edit = moved(SESSION, to=BENS, dossier=anna(old), with_scores=True, why="")
    assert after(edit)["old"] == replace(old, patient="b", course="bens")
    edit = moved(SESSION, to=BENS, dossier=anna(old), with_scores=False, why="")
    assert after(edit)["old"] == replace(old, session=None)


def test_moving_to_where_it_is_is_refused():
    with pytest.raises(Refusal, match="already"):
        moved(SCORE, to=SECOND, dossier=anna(), with_scores=True, why="")
    with pytest.raises(Refusal, match="withdrawn"):
        moved(SCORE, to=replace(BENS, withdrawn="x"), dossier=anna(), with_scores=True, why="")


def chosen(course: Course) -> Course:
    return replace(course, baseline="x", baseline_reason="the last before the holidays")


def cleared(edit) -> set[str]:
    found = {r.id for r in after(edit).values() if isinstance(r, Course)}
    assert all(not r.baseline and not r.baseline_reason for r in after(edit).values() if isinstance(r, Course))
    return found


def test_a_chosen_baseline_is_cleared_in_the_course_it_leaves():
    held = Dossier.of(ANNA, [chosen(FIRST), chosen(SECOND), SESSION, SCORE])
    assert cleared(moved(SCORE, to=FIRST, dossier=held, with_scores=False, why="")) == {"second"}
    assert cleared(moved(SCORE, to=BENS, dossier=held, with_scores=False, why="")) == {"first", "second"}
    assert cleared(moved(SESSION, to=BENS, dossier=held, with_scores=True, why="")) == {"first", "second"}
    assert cleared(moved(SESSION, to=BENS, dossier=held, with_scores=False, why="")) == set()


def test_a_risk_record_nobody_looked_at_goes_with_its_score():
    edit = moved(SCORE, to=BENS, dossier=anna(RISK), with_scores=False, why="")
    assert after(edit)["r"] == replace(RISK, patient="b")
    gone = replace(REVIEW, withdrawn="typing error")
    edit = moved(SESSION, to=BENS, dossier=anna(RISK, gone), with_scores=True, why="")
    assert after(edit)["r"] == replace(RISK, patient="b")
    assert after(edit)["v"] == replace(gone, patient="b")


@pytest.mark.parametrize(
    "held",
    [
        anna(RISK, REVIEW),
        anna(replace(RISK, closed=day(212), closing_note="talked through")),
        # Another raised answer rests on the record: the patient must not lose it.
        anna(RISK, asked(220, *(1,) * 9, patient="a", course="second")),
    ],
)
def test_a_risk_record_that_was_used_stays_and_loses_its_link(held):
    risk = next(r for r in held.risks)
    edit = moved(SCORE, to=BENS, dossier=held, with_scores=False, why="")
    assert after(edit)["r"] == replace(risk, assessment=None)
    assert "v" not in after(edit)


def test_an_answer_of_0_or_an_older_one_keeps_no_risk_record():
    calm = asked(220, *(1,) * 8, 0, patient="a", course="second")
    older = asked(100, *(1,) * 9, patient="a", course="first")
    edit = moved(SCORE, to=BENS, dossier=anna(RISK, calm, older), with_scores=False, why="")
    assert after(edit)["r"].patient == "b"


def test_a_baseline_is_lost_when_its_score_is_no_longer_in_force():
    course = chosen(SECOND)
    assert not lost_baseline(anna(), course)
    assert lost_baseline(Dossier.of(ANNA, [course, replace(SCORE, withdrawn="typing error")]), course)
    assert lost_baseline(Dossier.of(ANNA, [course]), course)
    assert not lost_baseline(Dossier.of(ANNA, [SECOND]), SECOND)


ONE_OF_EACH = [
    ANNA,
    SECOND,
    SESSION,
    SCORE,
    Outcome(patient="a", course="first"),
    FollowUp(patient="a", course="first", due=day(130)),
    Episode(patient="a", entered=AT),
    Treatment(patient="a", drug="sertraline"),
    Event(patient="a", date=day(3), text="moved house", entered=AT),
    RISK,
    REVIEW,
    Letter(patient="a", course="first", date=day(100), text="Dear Dr A,", entered=AT),
]


@pytest.mark.parametrize("record", ONE_OF_EACH, ids=lambda r: r.kind)
def test_every_kind_is_withdrawn_and_restored(record):
    edit = withdrawn(record, " by mistake ")
    assert say(edit.title).startswith("Withdraw ")
    gone = edit.steps[0].after
    assert gone == replace(record, withdrawn="by mistake")
    back = restored(gone)
    assert say(back.title) == say(edit.title).replace("Withdraw", "Restore")
    assert back.steps[0].after == record
    with pytest.raises(Refusal, match="in force"):
        restored(record)


def test_the_list_above_has_every_kind_about_a_patient():
    kinds = {name for name, kind in KINDS.items() if "withdrawn" in {f.name for f in fields(kind)}}
    assert {r.kind for r in ONE_OF_EACH} == kinds


# Merging

LENA, DOUBLE = Patient(id="w", code="L-1"), Patient(id="l", code="L-9")


def of(patient: Patient, *records) -> Dossier:
    return Dossier.of(patient, records)


def kept(number: int, course: str, patient: str) -> list[Session | Assessment]:
    session = Session(id=f"s{number}", patient=patient, course=course, date=day(number), entered=AT)
    return [session, score(number, 15, id=f"x{number}", patient=patient, course=course, session=session.id)]


def test_everything_of_one_goes_to_the_other():
    moves = [replace(r, id=f"l-{r.kind}", patient="l") for r in ONE_OF_EACH if not isinstance(r, Patient)]
    moves += [replace(r, id=f"{r.id}-gone", withdrawn="typing error") for r in moves]
    loser = of(DOUBLE, *moves)
    assert len(every_record(loser)) == len(moves)
    found = after(merged(loser, of(LENA), why=" typed twice "))
    assert {r.patient for r in found.values() if not isinstance(r, Patient)} == {"w"}
    assert set(found) == {r.id for r in moves} | {"l"}
    assert found["l"] == replace(DOUBLE, withdrawn="merged into L-1")
    for record in moves:
        assert found[record.id] == replace(record, patient="w")


def test_blanks_are_filled_and_notes_joined():
    winner = replace(LENA, name="Lena Berg", notes="First.", consent=Known.NO)
    loser = replace(
        DOUBLE, name="L. B.", date_of_birth=day(-9000), notes="Second.", gp="Dr. Ek", consent=Known.YES, bipolar="yes"
    )
    found = after(merged(of(loser), of(winner), why=""))["w"]
    assert found == replace(winner, date_of_birth=day(-9000), notes="First.\n\nSecond.", gp="Dr. Ek", bipolar=Known.YES)
    same = after(merged(of(replace(DOUBLE, notes="Same.")), of(replace(LENA, notes="Same.")), why=""))
    assert "w" not in same
    assert after(merged(of(replace(DOUBLE, declined=True)), of(LENA), why=""))["w"].declined


def test_a_patient_in_care_is_not_closed_by_a_merge():
    closed = replace(LENA, closed=day(50))
    course = Course(id="theirs", patient="l", start=day(60))
    assert after(merged(of(DOUBLE, course), of(closed), why=""))["w"].closed is None
    assert "w" not in after(merged(of(DOUBLE), of(closed), why=""))


def test_two_open_courses_become_one():
    mine = Course(id="mine", patient="w", start=day(30), modality="CBT", presentation=(Presentation.CHRONIC,))
    theirs = Course(
        id="theirs",
        patient="l",
        start=day(0),
        modality="IPT",
        goals="sleep",
        baseline="x0",
        baseline_reason="before the holidays",
    )
    done = FollowUp(id="done", patient="l", course="theirs", due=day(5), done=day(6))
    open_ = FollowUp(id="open", patient="l", course="theirs", due=day(5))
    outcome = Outcome(id="o", patient="l", course="theirs")
    edit = merged(of(DOUBLE, theirs, *kept(0, "theirs", "l"), done, open_, outcome), of(LENA, mine), why="twice")
    found = after(edit)
    assert (say(edit.title), edit.why) == ("Merge two records of one patient", "twice")
    assert found["mine"] == replace(
        mine, start=day(0), goals="sleep", baseline="x0", baseline_reason="before the holidays"
    )
    assert found["theirs"] == replace(theirs, patient="w", withdrawn="merged into L-1")
    assert (found["s0"].patient, found["s0"].course) == ("w", "mine")
    assert (found["x0"].patient, found["x0"].course, found["x0"].session) == ("w", "mine", "s0")
    assert (found["done"].course, found["done"].withdrawn) == ("mine", None)
    assert (found["open"].course, found["open"].withdrawn) == ("mine", "merged into L-1")
    assert (found["o"].patient, found["o"].course, found["o"].withdrawn) == ("w", "theirs", "merged into L-1")


def test_week_0_goes_on_following_the_first_session_where_nobody_set_it():
    mine, theirs = Course(id="mine", patient="w"), Course(id="theirs", patient="l")
    found = after(merged(of(DOUBLE, theirs, *kept(0, "theirs", "l")), of(LENA, mine, *kept(9, "mine", "w")), why=""))
    assert "mine" not in found
    assert found["s0"].course == "mine"
    set_by_hand = replace(theirs, start=day(0))
    found = after(merged(of(DOUBLE, set_by_hand), of(LENA, mine, *kept(9, "mine", "w")), why=""))
    assert found["mine"].start == day(0)


def closed(course: str, start: int, end: int, patient: str, **fields) -> Course:
    fields = {"end_reason": EndReason.COMPLETED, **fields}
    return Course(id=course, patient=patient, start=day(start), end=day(end), **fields)


@pytest.mark.parametrize(
    ("theirs", "start", "end"),
    [
        (closed("theirs", 50, 150, "l"), 0, 150),
        (closed("theirs", 20, 40, "l"), 0, 100),
        (closed("theirs", -50, 1, "l"), -50, 100),
        (closed("theirs", 0, 100, "l"), 0, 100),
    ],
)
def test_two_closed_courses_that_overlap_become_one(theirs, start, end):
    mine = closed("mine", 0, 100, "w")
    found = after(merged(of(DOUBLE, theirs, *kept(60, "theirs", "l")), of(LENA, mine), why=""))
    assert found["theirs"].withdrawn
    assert found["s60"].course == found["x60"].course == "mine"
    joined = found.get("mine", mine)
    assert (joined.start, joined.end) == (day(start), day(end))


@pytest.mark.parametrize(("start", "end"), [(100, 150), (101, 150), (-30, 0), (-30, -1)])
def test_courses_that_only_touch_stay_apart(start, end):
    theirs = closed("theirs", start, end, "l")
    found = after(merged(of(DOUBLE, theirs, *kept(120, "theirs", "l")), of(LENA, closed("mine", 0, 100, "w")), why=""))
    assert found["theirs"] == replace(theirs, patient="w")
    assert found["s120"].course == "theirs"
    assert "mine" not in found


def test_an_open_course_that_overlaps_a_closed_one_leaves_it_open():
    theirs = Course(id="theirs", patient="l", start=day(50))
    found = after(merged(of(DOUBLE, theirs), of(LENA, closed("mine", 0, 100, "w")), why=""))
    assert found["mine"] == Course(id="mine", patient="w", start=day(0))
    mine = replace(theirs, id="mine", patient="w")
    found = after(merged(of(DOUBLE, closed("theirs", 0, 100, "l")), of(LENA, mine), why=""))
    assert found["mine"] == Course(id="mine", patient="w", start=day(0))
    assert found["theirs"].withdrawn


def test_died_is_never_merged_away():
    died = closed("mine", 0, 100, "w", end_reason=EndReason.DIED)
    theirs = Course(id="theirs", patient="l", start=day(50))
    assert "mine" not in after(merged(of(DOUBLE, theirs), of(LENA, died), why=""))
    found = after(
        merged(
            of(DOUBLE, replace(died, id="theirs", patient="l")),
            of(LENA, replace(theirs, id="mine", patient="w")),
            why="",
        )
    )
    assert (found["mine"].end, found["mine"].end_reason) == (day(100), EndReason.DIED)


def test_the_open_course_goes_to_the_open_one():
    older, mine = closed("older", 0, 100, "w"), Course(id="mine", patient="w", start=day(120))
    theirs = Course(id="theirs", patient="l", start=day(110))
    found = after(merged(of(DOUBLE, theirs, *kept(115, "theirs", "l")), of(LENA, older, mine), why=""))
    assert found["s115"].course == "mine"
    assert "older" not in found


def test_follow_ups_planned_twice_stand_once():
    mine, theirs = closed("mine", 0, 100, "w"), closed("theirs", 50, 150, "l")
    plan = [FollowUp(id=f"f{n}", patient="l", course="theirs", due=day(n)) for n in (151, 180)]
    done = FollowUp(id="done", patient="l", course="theirs", due=day(170), done=day(171))
    own = FollowUp(id="own", patient="w", course="mine", due=day(160))
    found = after(merged(of(DOUBLE, theirs, *plan, done), of(LENA, mine, own), why=""))
    assert [bool(found[f].withdrawn) for f in ("f151", "f180", "done")] == [True, True, False]
    found = after(merged(of(DOUBLE, theirs, *plan, done), of(LENA, mine), why=""))
    assert [bool(found[f].withdrawn) for f in ("f151", "f180", "done")] == [False, False, False]
    longer = closed("mine", 0, 160, "w")
    found = after(merged(of(DOUBLE, theirs, *plan, done), of(LENA, longer), why=""))
    assert [bool(found[f].withdrawn) for f in ("f151", "f180", "done")] == [True, False, False]


def test_merging_with_oneself_or_a_withdrawn_record_is_refused():
    with pytest.raises(Refusal, match="own record"):
        merged(of(LENA), of(LENA), why="")
    for loser, winner in ((replace(DOUBLE, withdrawn="x"), LENA), (DOUBLE, replace(LENA, withdrawn="x"))):
        with pytest.raises(Refusal, match="withdrawn"):
            merged(of(loser), of(winner), why="")


# On a real file: references hold, one undo takes it all back.


@pytest.fixture
def caseload(tmp_path):
    opened = Caseload.create(tmp_path / "c.trdtrack", "four plain boats", who="test")
    yield opened
    assert opened.check() == ()
    opened.close()


def held(caseload) -> list:
    return sorted((r for kind in KINDS for r in caseload.records(kind)), key=lambda r: (r.kind, r.id))


def test_a_move_and_its_undo_on_a_file(caseload):
    caseload.edit(added(message("Test"), ANNA, BEN, FIRST, SECOND, BENS, SESSION, SCORE), at=AT)
    caseload.edit(added(message("Test"), *([] if caseload.records("risk") else [RISK])), at=AT)
    before = held(caseload)
    edit = moved(SESSION, to=BENS, dossier=caseload.dossier("a"), with_scores=True, why="wrong patient")
    caseload.edit(edit, at=AT)
    assert caseload.dossier("a").assessments == ()
    bens = caseload.dossier("b")
    assert [a.id for a in bens.assessments] == ["x"]
    assert [s.note for s in bens.sessions] == ["as typed"]
    assert [r.assessment for r in bens.risks] == ["x"]
    caseload.undo(at=AT)
    assert held(caseload) == before


def test_a_merge_and_its_undo_on_a_file(caseload):
    mine, theirs = Course(id="mine", patient="w", start=day(30)), Course(id="theirs", patient="l", start=day(0))
    more = [
        Treatment(patient="l", drug="sertraline"),
        Episode(patient="l", start=day(-200), entered=AT),
        Event(patient="l", date=day(3), text="moved house", entered=AT),
        RiskRecord(id="r", patient="l", opened=day(0), assessment="x0", entered=AT),
        RiskReview(patient="l", risk="r", date=day(1), asked="plans?", found="none", entered=AT),
    ]
    sessions = kept(0, "theirs", "l") + kept(40, "mine", "w")
    sessions.append(replace(sessions[0], id="gone", attendance=Attendance.DID_NOT_ATTEND, withdrawn="typing error"))
    caseload.edit(added(message("Test"), LENA, DOUBLE, mine, theirs, *sessions, *more), at=AT)
    before = held(caseload)
    caseload.edit(merged(caseload.dossier("l"), caseload.dossier("w"), why="typed twice"), at=AT)
    lena = caseload.dossier("w")
    assert [p.id for p in caseload.patients()] == ["w"]
    assert [c.id for c in lena.courses] == ["mine"]
    assert lena.week_zero(lena.courses[0]) == day(0)
    assert [s.date for s in lena.sessions] == [day(0), day(40)]
    assert len(lena.treatments) == len(lena.events) == len(lena.risks) == len(lena.reviews) == len(lena.episodes) == 1
    assert every_record(caseload.dossier("l")) == ()
    caseload.undo(at=AT)
    assert held(caseload) == before
