"""One course summed up once: screen, PDF, CSV, JSON and letter all read from here, so that they cannot disagree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trdtrack.domain import outcome, phq9, trajectory
from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.outcome import Reliable, SuddenGain
from trdtrack.domain.phq9 import Completeness
from trdtrack.domain.records import Attendance
from trdtrack.domain.signals import Signal, Standing, standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.records import Assessment, Course, Patient, Rules, Session
    from trdtrack.domain.trajectory import Baseline, Point

ADULT_YEARS = 18


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Everything the program says about one course. Totals in points, weeks = days / 7; None: does not apply."""

    patient: Patient
    course: Course
    sessions: tuple[Session, ...]
    """In order of date, withdrawn ones left out."""
    rules: Rules
    today: date
    week_zero: date | None
    age: int | None
    """Whole years at week 0, or at the baseline where there is no week 0."""
    baseline: Baseline | None
    points: tuple[Point, ...]
    """Every assessment of the course (and the baseline's, if written in another), in order of date answered."""
    latest: Point | None
    benchmark: Benchmark | None
    """None where no expected course is drawn; `no_benchmark` then says why."""
    no_benchmark: Message | None
    lines_start: date | None
    """The later of week 0 and the baseline's date: where the expected lines begin."""
    standing: Standing
    weeks: float | None
    """From the baseline to the latest total."""
    change: int | None = None
    """Latest minus baseline: negative is better. This and what follows: None without both."""
    percent_change: float | None = None
    reliable: Reliable | None = None
    meaningful_general: bool | None = None
    meaningful_long_lasting: bool | None = None
    response: bool | None = None
    partial_response: bool | None = None
    recovery: bool | None = None
    remission: bool | None
    severity: Message | None
    prorated: bool
    """Whether a total that the conclusions rest on is prorated: baseline, latest, or one the signal looked back to."""
    sentence: Message
    sudden_gains: tuple[SuddenGain, ...] = ()
    """Possible ones, seen looking back, between totals written in this course."""

    @property
    def counting(self) -> tuple[Point, ...]:
        """The points whose totals count, one a day."""
        return tuple(p for p in self.points if p.counts)

    def session_number(self, session: Session) -> int | None:
        """Return the session's number among the attended ones; None if it was not attended."""
        attended = [s.id for s in self.sessions if s.attendance is Attendance.ATTENDED]
        return attended.index(session.id) + 1 if session.id in attended else None

    @property
    def attended(self) -> int:
        """How many sessions took place."""
        return sum(s.attendance is Attendance.ATTENDED for s in self.sessions)

    def line_week(self, day: date) -> float | None:
        """Week of a day on the expected lines: days since `lines_start` / 7, never below 0."""
        return max((day - self.lines_start).days / 7, 0.0) if self.lines_start else None

    @property
    def lines_age(self) -> float | None:
        """How many weeks the expected lines have run until today."""
        return self.line_week(self.today)


def age_on(born: date | None, day: date | None) -> int | None:
    """Whole years of age on a day."""
    if born is None or day is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def summarise(
    *,
    patient: Patient,
    course: Course,
    sessions: Sequence[Session],
    assessments: Sequence[Assessment],
    benchmark: Benchmark,
    rules: Rules,
    today: date,
) -> Summary:
    """Sum up a course. `assessments` are all of the patient's: a baseline may come from an earlier course."""
    kept = tuple(sorted((s for s in sessions if not s.withdrawn), key=lambda s: (s.date, s.entered, s.id)))
    start = trajectory.week_zero(course, kept)
    baseline = trajectory.find_baseline(course, start, trajectory.place(assessments, start, rules))
    own = [a for a in assessments if a.course == course.id or (baseline and a.id == baseline.point.assessment.id)]
    points = trajectory.place(own, start, rules)
    counting = [p for p in points if p.counts]
    latest = counting[-1] if counting else None
    # A chosen baseline stands without a week 0, and a child is one all the same.
    age = age_on(patient.date_of_birth, start or (baseline.point.date if baseline else None))
    reason = _why_no_benchmark(baseline, age)
    lines_start = max(start, baseline.point.date) if start and baseline else baseline.point.date if baseline else None
    stands = standing(
        points=counting,
        baseline=baseline,
        benchmark=None if reason else benchmark,
        no_benchmark=reason,
        lines_start=lines_start,
        ended=course.end is not None and course.end <= today,
        today=today,
        rules=rules,
    )
    compared = bool(baseline and latest and latest.date > baseline.point.date)
    prorated = any(
        p is not None and p.score.completeness is Completeness.PRORATED
        for p in (baseline.point if baseline else None, latest, *stands.rests_on)
    )
    return Summary(
        patient=patient,
        course=course,
        sessions=kept,
        rules=rules,
        today=today,
        week_zero=start,
        age=age,
        baseline=baseline,
        points=points,
        latest=latest,
        benchmark=None if reason else benchmark,
        no_benchmark=reason,
        lines_start=lines_start,
        standing=stands,
        weeks=(latest.date - baseline.point.date).days / 7 if latest and baseline else None,
        remission=outcome.remission(latest.total) if latest else None,
        severity=phq9.band(latest.total).name if latest else None,
        prorated=prorated,
        sentence=_sentence(baseline, latest, counting, rules, stands, compared=compared, prorated=prorated),
        sudden_gains=outcome.sudden_gain(
            [p for p in counting if p.assessment.course == course.id], rules.reliable_change
        ),
        **(_compare(baseline.point.total, latest.total, rules) if baseline and latest else {}),
    )


def _compare(baseline: int, now: int, rules: Rules) -> dict[str, Any]:
    response = outcome.fell_by(outcome.RESPONSE, baseline, now)
    partial = outcome.fell_by(outcome.PARTIAL_RESPONSE, baseline, now)
    return {
        "change": now - baseline,
        "percent_change": outcome.percent_change(baseline, now),
        "reliable": outcome.reliable_change(baseline, now, rules.reliable_change),
        "meaningful_general": outcome.fell_by(outcome.MEANINGFUL_GENERAL, baseline, now),
        "meaningful_long_lasting": outcome.fell_by(outcome.MEANINGFUL_LONG_LASTING, baseline, now),
        "response": response,
        "partial_response": None if partial is None else partial and not response,
        "recovery": outcome.recovery(baseline, now),
    }


def _why_no_benchmark(baseline: Baseline | None, age: int | None) -> Message | None:
    if baseline is None:
        return message("no baseline: no score from 28 days before to 14 days after week 0")
    if baseline.point.total < phq9.CASENESS_FROM:
        return message("baseline below {least}", least=phq9.CASENESS_FROM)
    if age is not None and age < ADULT_YEARS:
        return message("age under {years}", years=ADULT_YEARS)
    return None


_RELIABLE = {
    Reliable.IMPROVEMENT: message("reliable improvement"),
    Reliable.DETERIORATION: message("reliable deterioration"),
    Reliable.NONE: message("no reliable change"),
}


def _sentence(
    baseline: Baseline | None,
    latest: Point | None,
    counting: list[Point],
    rules: Rules,
    stands: Standing,
    *,
    compared: bool,
    prorated: bool,
) -> Message:
    """Say where things stand: the two figures, whether the change is real, whether it is enough, and the signal."""
    if latest is None:
        return message("No PHQ-9 total yet.")
    signal = message("{signal} ({why})", signal=SIGNAL_WORDS[stands.signal], why=stands.why)
    if stands.signal is Signal.ENDED:
        signal = SIGNAL_WORDS[Signal.ENDED]
    proviso = message(", prorated") if prorated else message("")
    if not compared or baseline is None:
        return message(
            "PHQ-9 {total} on {day} ({band}{proviso}): {signal}",
            total=latest.total,
            day=latest.date,
            band=phq9.band(latest.total).name,
            proviso=proviso,
            signal=signal,
        )
    b, now = baseline.point.total, latest.total
    return message(
        "PHQ-9 {baseline} -> {now} over {time} ({scores}{proviso}): {reliable}; {enough}; {signal}",
        baseline=b,
        now=now,
        time=_time((latest.date - baseline.point.date).days),
        scores=plural("{n} score", "{n} scores", sum(p.date >= baseline.point.date for p in counting)),
        proviso=proviso,
        reliable=_RELIABLE[outcome.reliable_change(b, now, rules.reliable_change)],
        enough=_enough(b, now),
        signal=signal,
    )


def _time(days: int) -> Message:
    if days < 7:
        return plural("{n} day", "{n} days", days)
    return plural("{n} week", "{n} weeks", (2 * days + 7) // 14)


def _enough(baseline: int, now: int) -> Message:
    percent = outcome.whole_percent(baseline, now)
    if percent is None:
        return message("baseline 0, so no percentage")
    if now > baseline:
        return message("{percent}% above baseline", percent=percent)
    if now == baseline:
        return message("level with baseline")
    general = outcome.fell_by(outcome.MEANINGFUL_GENERAL, baseline, now)
    long_lasting = outcome.fell_by(outcome.MEANINGFUL_LONG_LASTING, baseline, now)
    if outcome.remission(now):
        mark = message("in the range of remission (below {below})", below=phq9.REMISSION_BELOW)
    elif outcome.fell_by(outcome.RESPONSE, baseline, now):
        mark = message("a response (50% or more)")
    elif long_lasting:
        mark = message("past the 21% and 32% marks")
    elif general:
        mark = message("past the 21% mark, short of the 32% mark")
    else:
        mark = message("short of the 21% mark")
    return message("{percent}% below baseline, {mark}", percent=percent, mark=mark)


SIGNAL_WORDS: dict[Signal, Message] = {
    Signal.ENDED: message("course ended"),
    Signal.REVIEW: message("review"),
    Signal.NO_RECENT_SCORE: message("no recent score"),
    Signal.TOO_EARLY: message("too early to say"),
    Signal.PLATEAU: message("plateau"),
    Signal.NO_BENCHMARK: message("no benchmark"),
    Signal.SLOWER: message("slower than average"),
    Signal.AHEAD: message("ahead of average"),
    Signal.ON_TRACK: message("on track"),
    Signal.PAST_DATA: message("past the data"),
}
