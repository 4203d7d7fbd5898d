"""One synthetic person's whole record, drawn from a seed and the person's number alone."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from trdtrack.domain.dossier import Dossier
from trdtrack.domain.edit import Step
from trdtrack.domain.ending import outcome_at_end
from trdtrack.domain.months import months_later
from trdtrack.domain.records import (
    Assessment,
    Attendance,
    Clinic,
    Course,
    EndReason,
    FollowUp,
    Format,
    Outcome,
    Patient,
    Presentation,
    Record,
    RiskRecord,
    RiskReview,
    Rules,
    Session,
)
from trdtrack.evidence import default_benchmark
from trdtrack.generate import figures, words
from trdtrack.generate.before import before_therapy, drawn_id
from trdtrack.generate.first import Lean
from trdtrack.generate.scores import answers_for, sessions_of, totals_of, within

PREFIX = "SYN-"
"""Every code begins with it, which marks every page and report made from it."""
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Life:
    """A person's records as they are drawn, and the steps that can only follow once those are written."""

    patient: Patient
    records: list[Record]
    later: list[Step]


def life(number: int, *, seed: int, at: datetime, lean: Lean | None = None, attempt: int = 0) -> Life:
    """Draw the person of one number. The same seed, number and day give the same records, ids included."""
    chance = random.Random(f"{seed}/{number}/{attempt}")  # noqa: S311 - invented people
    return _Drawing(chance, number, at, lean).drawn()


class _Drawing:
    """The drawing of one life: the chance it draws from, and what item 9 and the risk record were last."""

    def __init__(self, chance: random.Random, number: int, at: datetime, lean: Lean | None) -> None:
        self._chance, self._at, self._today, self._lean = chance, at, at.date(), lean
        name = f"{chance.choice(words.GIVEN_NAMES)} {chance.choice(words.FAMILY_NAMES)}"
        born = date(self._today.year - chance.randint(19, 78), chance.randint(1, 12), chance.randint(1, 28))
        code = f"{PREFIX}{number:05d}"
        self._patient = Patient(id=self._id(), code=code, name=name, date_of_birth=born)
        # Three therapists share sixty patients.
        self._therapist = words.THERAPISTS[(number // 60 * 3 + number % 3) % len(words.THERAPISTS)]
        self._records: list[Record] = []
        self._later: list[Step] = []
        self._darker = chance.random() < figures.THINKS_OF_DEATH
        self._nine = 0
        self._risk: RiskRecord | None = None

    def _id(self) -> str:
        return drawn_id(self._chance)

    def drawn(self) -> Life:
        chance, lean = self._chance, self._lean
        is_open = not lean.ended if lean else chance.random() < figures.IN_COURSE
        earlier = 0 if lean else chance.choice(figures.EARLIER_COURSES)
        first_session, sessions = self._last_course(is_open=is_open)
        firsts = [first_session]
        for _course in range(earlier):
            firsts.append(firsts[-1] - timedelta(weeks=52 + chance.randrange(60)))
        self._records += before_therapy(self._chance, self._patient.id, firsts[-1], at=self._at)
        for place, first in enumerate(reversed(firsts)):
            last = place == earlier
            following = None if last else firsts[earlier - place - 1] - 2 * WEEK
            self._course(
                first, sessions if last else sessions_of(self._chance), is_open=is_open and last, until=following
            )
        return Life(self._patient, [self._patient, *self._fixed()], self._later)

    def _fixed(self) -> list[Record]:
        """Return the records drawn, each outcome as the program fixes it at a course's end."""
        dossier, rules = Dossier.of(self._patient, self._records), Rules()
        ended = {course.id: course for course in dossier.courses}
        return [
            outcome_at_end(dossier, ended[r.course], rules, r) or r if isinstance(r, Outcome) else r
            for r in self._records
        ]

    def _last_course(self, *, is_open: bool) -> tuple[date, int]:
        """Return the day of the last course's first session, and how many sessions lie behind us."""
        chance, lean = self._chance, self._lean
        if lean:
            sessions, age = lean.sessions, lean.age
        elif is_open:
            sessions = chance.randint(1, sessions_of(self._chance))
            age = chance.randint(29, 70) if chance.random() < figures.NOT_SEEN else chance.randint(1, 7)
        else:
            sessions, age = sessions_of(self._chance), chance.randint(8, 900)
        last = self._today - timedelta(days=age)
        last -= timedelta(days=max(last.weekday() - 4, 0))  # nobody comes on a Saturday
        return last - (sessions - 1) * WEEK, sessions

    def _course(self, first: date, sessions: int, *, is_open: bool, until: date | None) -> None:
        """Draw one course: intake, weekly sessions, and once it has ended follow-ups until `until`."""
        chance, benchmark, template = self._chance, default_benchmark(), Clinic()
        end = None if is_open else first + (sessions - 1) * WEEK
        planned = max(figures.SESSIONS, sessions)
        reason = EndReason.COMPLETED if sessions >= figures.SESSIONS else EndReason.DROPPED_OUT
        if until is None and not is_open and chance.random() < figures.DIED:
            reason = EndReason.DIED
        course = Course(
            id=self._id(),
            patient=self._patient.id,
            modality=chance.choice(words.MODALITIES),
            format=Format.GROUP if chance.random() < 0.1 else Format.INDIVIDUAL,
            presentation=(chance.choice((Presentation.RECURRENT, Presentation.CHRONIC)),),
            therapist=self._therapist,
            planned_sessions=planned,
            extra_sessions=template.extra_sessions,
            review_months=template.review_months,
            benchmark=benchmark.name,
            benchmark_version=benchmark.version,
            end=end,
            end_reason=reason if end else EndReason.NOT_RECORDED,
        )
        self._records.append(course)
        totals = totals_of(chance, sessions, drift=self._lean.drift if self._lean else None)
        if totals[0] is not None:
            self._score(course, first - WEEK, totals[0], None)
        for number, total in enumerate(totals[1:], start=1):
            session = self._session(course, first + (number - 1) * WEEK, number, total, is_last=number == sessions)
            self._records.append(session)
            if total is not None:
                self._score(course, session.date, total, session.id)
        if end:
            self._afterwards(course, end, [t for t in totals if t is not None], until or self._today)

    def _session(self, course: Course, day: date, number: int, total: int | None, *, is_last: bool) -> Session:
        chance = self._chance
        missed = total is None and chance.random() < figures.MISSED
        attendance = chance.choice((Attendance.DID_NOT_ATTEND, Attendance.LATE_CANCEL))
        recent = is_last and course.end is None and (self._today - day).days <= 7
        unfinished = recent and not missed and chance.random() < 0.06
        note = "" if missed or unfinished else " ".join(chance.sample(words.NOTES, 2))
        coming = day + WEEK if not is_last or recent else None
        return Session(
            id=self._id(),
            patient=course.patient,
            course=course.id,
            date=day,
            attendance=attendance if missed else Attendance.ATTENDED,
            minutes=None if missed else Clinic().session_minutes,
            phase="" if missed else words.PHASES[min((number - 1) // 4, len(words.PHASES) - 1)],
            task="" if missed else chance.choice(words.TASKS),
            note=note,
            next_date=coming,
            next_time=f"{chance.randint(8, 17):02d}:{chance.choice(('00', '30'))}" if coming else "",
            review=not missed and number in {12, 25},
            finished=not unfinished,
            entered=self._at,
        )

    def _score(self, course: Course, day: date, total: int, session: str | None) -> None:
        chance = self._chance
        nine = min(3, max(0, round(chance.gauss((total - 4) / 8, 0.5)))) if self._darker else 0
        only = chance.random() < figures.TOTAL_ONLY
        answers = None if only else answers_for(total, nine, chance, gap=chance.random() < figures.BLANK_ITEM)
        score = Assessment(
            id=self._id(),
            patient=course.patient,
            course=course.id,
            session=session,
            date=day,
            answers=answers,
            total=total if only else None,
            difficulty=None if only else min(3, total // 7),
            entered=self._at,
        )
        self._records.append(score)
        answered = answers[8] if answers else None
        if answered and (answered >= 2 or answered > self._nine):
            self._look(score, answered)
        self._nine = answered or 0

    def _look(self, score: Assessment, answered: int) -> None:
        """Open a risk record where none is open, and look at it; one in seven of the newest is still to be answered."""
        newest = (self._today - score.date).days <= 14
        if self._risk is None:
            self._risk = RiskRecord(
                id=self._id(), patient=score.patient, opened=score.date, assessment=score.id, entered=self._at
            )
            self._records.append(self._risk)
        if newest and self._chance.random() < 1 / 7:
            return
        review = RiskReview(
            id=self._id(),
            patient=score.patient,
            risk=self._risk.id,
            date=score.date,
            item9=answered,
            asked=words.RISK_ASKED,
            found=self._chance.choice(words.RISK_FOUND),
            plan=words.RISK_PLAN,
            again=score.date + timedelta(days=14) if newest else None,
            entered=self._at,
        )
        self._records.append(review)

    def _afterwards(self, course: Course, end: date, totals: list[int], until: date) -> None:
        """Leave an outcome to be fixed, draw the follow-ups and their scores, close a quiet risk record."""
        self._records.append(Outcome(id=self._id(), patient=course.patient, course=course.id))
        if course.end_reason is EndReason.DIED:
            return
        last = end
        for months in Clinic().follow_up_months:
            due = months_later(end, months)
            held = due < until and bool(totals) and self._chance.random() >= figures.GAP_FOLLOW_UP
            done = due if held else None
            self._records.append(FollowUp(id=self._id(), patient=course.patient, course=course.id, due=due, done=done))
            if held:
                last = due
                level = sum(totals[-3:]) / len(totals[-3:])
                self._score(course, due, within(self._chance.gauss(level, figures.WITHIN_SD)), None)
        if self._risk and self._nine == 0:
            closed = replace(self._risk, closed=last, closing_note="Asked again at follow-up; quiet since.")
            self._later.append(Step(self._risk, closed))
            self._risk = None
        over = months_later(end, Clinic().follow_up_months[-1] + 1)
        if until == self._today and over < until:
            self._later.append(Step(self._patient, replace(self._patient, closed=over)))
