"""The computer's clock may be set back, change to summer time or travel: what came later stays later."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from trdtrack.caseload import Caseload
from trdtrack.domain.dossier import Dossier
from trdtrack.domain.edit import added, altered
from trdtrack.domain.message import message
from trdtrack.domain.months import months_later, whole_months
from trdtrack.domain.records import Assessment, Course, Patient, Rules, Session
from trdtrack.domain.trajectory import place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PASSPHRASE = "seven dry tulips"
BERLIN, AUCKLAND, HONOLULU = (ZoneInfo(name) for name in ("Europe/Berlin", "Pacific/Auckland", "Pacific/Honolulu"))
AUTUMN = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
"""Half past two comes twice that night: first in summer time."""
STEP = timedelta(minutes=10)

CLOCKS = {
    "going on": [AUTUMN.astimezone(UTC) + n * STEP for n in range(4)],
    "the hour that comes twice": [
        AUTUMN,
        AUTUMN + timedelta(minutes=20),
        AUTUMN.replace(minute=5, fold=1),
        AUTUMN.replace(minute=40, fold=1),
    ],
    "the hour that is left out": [
        datetime(2026, 3, 29, 1, 50, tzinfo=BERLIN),
        datetime(2026, 3, 29, 1, 59, tzinfo=BERLIN),
        datetime(2026, 3, 29, 3, 0, tzinfo=BERLIN),
        datetime(2026, 3, 29, 3, 10, tzinfo=BERLIN),
    ],
    "travelling west over the date line": [
        datetime(2026, 11, 20, 9, 0, tzinfo=AUCKLAND),
        datetime(2026, 11, 20, 11, 0, tzinfo=AUCKLAND),
        datetime(2026, 11, 19, 20, 0, tzinfo=HONOLULU),
        datetime(2026, 11, 19, 23, 0, tzinfo=HONOLULU),
    ],
    "set back a day": [datetime(2026, 11, 20, 9, 0, tzinfo=UTC) - n * timedelta(days=1) for n in range(4)],
    "set back a second at a time": [datetime(2026, 11, 20, 9, 0, tzinfo=UTC) - timedelta(seconds=n) for n in range(4)],
    "standing still": [datetime(2026, 11, 20, 9, 0, tzinfo=UTC)] * 4,
    "29 February": [datetime(2028, 2, 28, 23, 50, tzinfo=BERLIN) + n * timedelta(hours=12) for n in range(4)],
}


@pytest.fixture(params=CLOCKS)
def moments(request: pytest.FixtureRequest) -> list[datetime]:
    """What the clock said, in the order in which things were done."""
    return CLOCKS[request.param]


@pytest.fixture
def caseload(tmp_path: Path) -> Iterator[Caseload]:
    with closing(Caseload.create(tmp_path / "a.trdtrack", PASSPHRASE, who="test")) as opened:
        yield opened


def again(caseload: Caseload) -> Caseload:
    """The same file, closed and opened."""
    caseload.close()
    return Caseload.open(caseload.path, PASSPHRASE, who="test")


def test_the_history_is_in_the_order_in_which_it_was_written(caseload: Caseload, moments: list[datetime]) -> None:
    before = Patient(code="P-0")
    caseload.edit(added(message("First"), before), at=moments[0])
    for title, at in zip(("Second", "Third", "Fourth"), moments[1:], strict=True):
        after = Patient(id=before.id, code=title)
        caseload.edit(altered(message(title), before, after), at=at)
        before = after
    with closing(again(caseload)) as opened:
        lines = opened.history(before.id)
        assert [line.title for line in lines] == ["Fourth", "Third", "Second", "First"], "the newest first"
        assert [line.number for line in lines] == sorted((line.number for line in lines), reverse=True)
        assert [line.at for line in lines] == [at.astimezone(UTC) for at in reversed(moments)], "as the clock said"
        assert opened.check() == ()
        assert opened.patients() == [before]


def test_an_undo_takes_back_the_last_step_whatever_the_clock_says(caseload: Caseload, moments: list[datetime]) -> None:
    for number, at in enumerate(moments):
        caseload.edit(added(message("Step {n}", n=number), Patient(code=f"P-{number}")), at=at)
    for number in reversed(range(4)):
        caseload.undo(at=moments[0] - timedelta(days=40))
        assert [p.code for p in caseload.patients()] == [f"P-{n}" for n in range(number)]
    assert caseload.check() == ()


def test_drafts_stand_with_the_last_typed_first(caseload: Caseload, moments: list[datetime]) -> None:
    for number, at in enumerate(moments):
        assert caseload.keep_draft(f"log:{number}", patient="", text="a", at=at)
    assert caseload.keep_draft("log:1", patient="", text="typed on", at=moments[-1])
    with closing(again(caseload)) as opened:
        assert [draft.form for draft in opened.drafts()] == ["log:1", "log:3", "log:2", "log:0"]
        assert opened.draft("log:1").text == "typed on"


@pytest.mark.parametrize("clock", [name for name in CLOCKS if not name.startswith(("set back", "standing"))])
def test_of_two_scores_of_a_day_the_last_entered_counts(caseload: Caseload, clock: str) -> None:
    patient = Patient(code="P-1")
    course = Course(patient=patient.id, start=date(2026, 3, 1))
    day = date(2026, 3, 15)
    caseload.edit(added(message("Begin"), patient, course), at=CLOCKS[clock][0])
    for total, at in zip((10, 11, 12, 13), CLOCKS[clock], strict=True):
        score = Assessment(patient=patient.id, course=course.id, date=day, total=total, entered=at)
        caseload.edit(added(message("Log"), score), at=at)
    with closing(again(caseload)) as opened:
        found = opened.assessments(patient.id)
        assert [a.total for a in found] == [10, 11, 12, 13]
        points = place(opened.dossier(patient.id).assessments, course.start, Rules())
        assert [p.score.total for p in points if p.counts] == [13]


def test_scores_stand_by_the_day_they_were_answered_whenever_they_were_entered(caseload: Caseload) -> None:
    patient = Patient(code="P-1")
    course = Course(patient=patient.id, start=date(2028, 2, 1))
    days = [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]
    caseload.edit(added(message("Begin"), patient, course), at=datetime(2028, 3, 2, tzinfo=UTC))
    for day, at in zip(days, (3, 2, 1), strict=True):
        entered = datetime(2028, 3, at, tzinfo=UTC)
        score = Assessment(patient=patient.id, course=course.id, date=day, total=20 - at, entered=entered)
        caseload.edit(added(message("Log"), score), at=entered)
    with closing(again(caseload)) as opened:
        points = place(opened.dossier(patient.id).assessments, course.start, Rules())
        assert [p.date for p in points] == days
        assert [round(p.week * 7) for p in points if p.week is not None] == [27, 28, 29]


def test_a_day_of_an_hour_less_is_a_day_and_a_week_of_it_is_a_week() -> None:
    start, patient = date(2026, 3, 26), Patient(code="P-1")
    course = Course(patient=patient.id, start=start)
    at = datetime(2026, 4, 2, 9, tzinfo=BERLIN)
    scores = [
        Assessment(patient=patient.id, course=course.id, date=start + timedelta(days=n), total=9, entered=at)
        for n in (0, 3, 7)
    ]
    assert [p.week for p in place(scores, start, Rules())] == [0, 3 / 7, 1]


def test_the_29th_of_february_comes_round_on_the_28th() -> None:
    leap = date(2028, 2, 29)
    assert [months_later(leap, n) for n in (1, 12, 48, -12)] == [
        date(2028, 3, 29),
        date(2029, 2, 28),
        date(2032, 2, 29),
        date(2027, 2, 28),
    ]
    assert whole_months(leap, date(2029, 2, 27)) == 11
    assert whole_months(leap, date(2029, 2, 28)) == 12


def test_a_course_begun_on_the_29th_of_february_is_read_like_any(caseload: Caseload) -> None:
    leap = date(2028, 2, 29)
    at = datetime(2028, 2, 29, 12, tzinfo=UTC)
    patient = Patient(code="P-1", date_of_birth=date(1980, 2, 29))
    course = Course(patient=patient.id, start=leap)
    session = Session(patient=patient.id, course=course.id, date=leap, entered=at)
    caseload.edit(added(message("Begin"), patient, course, session), at=at)
    with closing(again(caseload)) as opened:
        dossier = opened.dossier(patient.id)
        assert isinstance(dossier, Dossier)
        assert dossier.week_zero(course) == leap
        for today in (leap, date(2029, 2, 28), date(2029, 3, 1), date(2032, 2, 29)):
            summary = opened.summary(course, today=today)
            assert summary.course == course
