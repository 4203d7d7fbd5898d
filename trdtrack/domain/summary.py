"""One course summed up once: screen, PDF, CSV, JSON and letter all read from here, so that they cannot disagree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from trdtrack.domain import ending, phq9, trajectory
from trdtrack.domain import outcome as outcomes
from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.outcome import Reliable, SuddenGain
from trdtrack.domain.phq9 import Completeness
from trdtrack.domain.records import Attendance
from trdtrack.domain.signals import Signal, Standing, on_day, standing

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.ending import AfterEnd
    from trdtrack.domain.records import Course, Outcome, Patient, Rules, Session
    from trdtrack.domain.trajectory import Baseline, Point

ADULT_YEARS = 18


@dataclass(frozen=True)
class Held:
    """Everything held about one patient, and each course of care in force summed up, oldest first."""

    dossier: Dossier
    summaries: tuple[Summary, ...]


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Everything the program says about one course. Totals in points, weeks = days / 7; None: does not apply."""

    dossier: Dossier
    """Everything held about the patient: what else a page or a report shows."""
    course: Course
    sessions: tuple[Session, ...]
    """The course's, in order of date, withdrawn ones left out."""
    rules: Rules
    today: date
    week_zero: date | None
    age: int | None
    """Whole years at week 0, or at the baseline where there is no week 0."""
    baseline: Baseline | None
    points: tuple[Point, ...]
    """Every assessment of the course (and the baseline's, if written in another), in order of date answered."""
    latest: Point | None
    """The last total that counts; in a course that has ended, the last up to its end."""
    outcome: Outcome | None
    """As fixed on the record when the course ended: change and what follows then rest on it."""
    after_end: AfterEnd | None
    """What the totals after the end say; None where there are none."""
    benchmark: Benchmark | None
    """None where no expected course is drawn; `no_benchmark` then says why."""
    no_benchmark: Message | None
    lines_start: date | None
    """The later of week 0 and the baseline's date: where the expected lines begin."""
    ageless: Standing
    """The signal before its day is looked at: how old the latest is, and whether the course has ended."""
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

    @cached_property
    def sudden_gains(self) -> tuple[SuddenGain, ...]:
        """Possible ones, seen looking back, between totals written in this course."""
        written = [p for p in self.during if p.assessment.course == self.course.id]
        return tuple(outcomes.sudden_gain(written, self.rules.reliable_change))

    @property
    def patient(self) -> Patient:
        """The patient."""
        return self.dossier.patient

    @property
    def ended(self) -> bool:
        """Whether the course has ended by today."""
        return self.course.end is not None and self.course.end <= self.today

    @property
    def during(self) -> tuple[Point, ...]:
        """The points that count up to the end of a course that has ended."""
        return tuple(p for p in self.counting if not self.ended or not self.course.end or p.date <= self.course.end)

    @property
    def counting(self) -> tuple[Point, ...]:
        """The points whose totals count, one a day."""
        return tuple(p for p in self.points if p.counts)

    def session_number(self, session: Session) -> int | None:
        """Return the session's number among the attended ones; None if it was not attended."""
        attended = [s.id for s in self.sessions if s.attendance is Attendance.ATTENDED]
        return attended.index(session.id) + 1 if session.id in attended else None

    @property
    def reliable_points(self) -> int:
        """The points of reliable change in force, or as fixed when the course ended."""
        return self.outcome.reliable_change if self.ended and self.outcome else self.rules.reliable_change

    @property
    def attended(self) -> int:
        """How many sessions took place."""
        return self.sessions_with(Attendance.ATTENDED)

    def sessions_with(self, attendance: Attendance) -> int:
        """How many of the course's sessions were attended, cancelled late or missed."""
        return sum(s.attendance is attendance for s in self.sessions)

    @property
    def lowest(self) -> Point | None:
        """The lowest total from the baseline on, up to the end of a course that has ended; of equal ones the last."""
        first = self.baseline.point.date if self.baseline else None
        return min(
            (p for p in reversed(self.during) if first is None or p.date >= first), key=lambda p: p.total, default=None
        )

    @property
    def missed(self) -> int:
        """How many sessions did not take place: cancelled late, or nobody came."""
        return len(self.sessions) - self.attended

    @property
    def week(self) -> int | None:
        """Which whole week today is in, counted from week 0; None while there is no week 0."""
        return max((self.today - self.week_zero).days // 7, 0) if self.week_zero else None

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


def summarise(dossier: Dossier, course: Course, *, benchmark: Benchmark, rules: Rules, today: date) -> Summary:
    """Sum up one course of a patient."""
    sessions = dossier.sessions_of(course)
    start = trajectory.week_zero(course, sessions)
    baseline, points = ending.placed(dossier, course, rules)
    counting = [p for p in points if p.counts]
    end = course.end if course.end and course.end <= today else None
    during = [p for p in counting if end is None or p.date <= end]
    latest = during[-1] if during else None
    outcome = dossier.outcome_of(course) if end else None
    # A chosen baseline stands without a week 0, and a child is one all the same.
    age = age_on(dossier.patient.date_of_birth, start or (baseline.point.date if baseline else None))
    reason = _why_no_benchmark(dossier, baseline, age)
    lines_start = max(start, baseline.point.date) if start and baseline else baseline.point.date if baseline else None
    ageless = standing(
        points=during,
        baseline=baseline,
        benchmark=None if reason else benchmark,
        no_benchmark=reason,
        lines_start=lines_start,
        rules=rules,
    )
    last = latest.date if latest else None
    stands = on_day(ageless, latest=last, ended=end is not None or dossier.died, today=today)
    facts = _Facts(baseline, latest, during, rules, stands, end, outcome)
    return Summary(
        dossier=dossier,
        course=course,
        sessions=sessions,
        rules=rules,
        today=today,
        week_zero=start,
        age=age,
        baseline=baseline,
        points=points,
        latest=latest,
        outcome=outcome,
        after_end=ending.after_end(counting, end, facts.now, facts.reliable) if end else None,
        benchmark=None if reason else benchmark,
        no_benchmark=reason,
        lines_start=lines_start,
        ageless=ageless,
        standing=stands,
        weeks=(latest.date - baseline.point.date).days / 7 if latest and baseline else None,
        remission=outcomes.remission(facts.now) if facts.now is not None else None,
        severity=phq9.band(latest.total).name if latest else None,
        prorated=facts.prorated,
        sentence=_sentence(facts),
        **(_compare(facts.base, facts.now, facts.reliable) if facts.base is not None and facts.now is not None else {}),
    )


@dataclass(frozen=True)
class _Facts:
    """What the sentence and the comparisons rest on."""

    baseline: Baseline | None
    latest: Point | None
    during: list[Point]
    rules: Rules
    stands: Standing
    end: date | None
    outcome: Outcome | None

    @property
    def base(self) -> int | None:
        """The baseline's total, as fixed where the course has ended."""
        if self.end and self.outcome:
            return self.outcome.baseline
        return self.baseline.point.total if self.baseline else None

    @property
    def now(self) -> int | None:
        """The total compared with the baseline: the latest, or the end score once the course has ended."""
        if self.end and self.outcome:
            return self.outcome.total
        last = ending.end_score(self.during, self.end) if self.end else self.latest
        return last.total if last else None

    @property
    def reliable(self) -> int:
        """The points of reliable change in force, or as fixed at the end."""
        return self.outcome.reliable_change if self.end and self.outcome else self.rules.reliable_change

    @property
    def compared(self) -> bool:
        """Whether there is a total after the baseline."""
        return bool(self.baseline and self.latest and self.latest.date > self.baseline.point.date)

    @property
    def prorated(self) -> bool:
        """Whether a total that a conclusion rests on is prorated."""
        points = (self.baseline.point if self.baseline else None, self.latest, *self.stands.rests_on)
        return any(p is not None and p.score.completeness is Completeness.PRORATED for p in points)


def _compare(baseline: int, now: int, reliable: int) -> dict[str, Any]:
    response = outcomes.fell_by(outcomes.RESPONSE, baseline, now)
    partial = outcomes.fell_by(outcomes.PARTIAL_RESPONSE, baseline, now)
    return {
        "change": now - baseline,
        "percent_change": outcomes.percent_change(baseline, now),
        "reliable": outcomes.reliable_change(baseline, now, reliable),
        "meaningful_general": outcomes.fell_by(outcomes.MEANINGFUL_GENERAL, baseline, now),
        "meaningful_long_lasting": outcomes.fell_by(outcomes.MEANINGFUL_LONG_LASTING, baseline, now),
        "response": response,
        "partial_response": None if partial is None else partial and not response,
        "recovery": outcomes.recovery(baseline, now),
    }


def _why_no_benchmark(dossier: Dossier, baseline: Baseline | None, age: int | None) -> Message | None:
    if dossier.ruled_out:
        return dossier.ruled_out
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


def _sentence(f: _Facts) -> Message:
    """Say where things stand: the two figures, whether the change is real, whether it is enough, and the signal."""
    if f.latest is None:
        return message("No PHQ-9 total yet.")
    signal = message("{signal} ({why})", signal=SIGNAL_WORDS[f.stands.signal], why=f.stands.why)
    if f.stands.signal is Signal.ENDED:
        signal = SIGNAL_WORDS[Signal.ENDED]
        if f.end and f.now is None:
            signal = message("course ended without a score in its last {days} days", days=ending.END_DAYS)
    proviso = message(", prorated") if f.prorated else message("")
    if not f.compared or f.baseline is None or f.base is None or f.now is None:
        return message(
            "PHQ-9 {total} on {day} ({band}{proviso}): {signal}",
            total=f.latest.total,
            day=f.latest.date,
            band=phq9.band(f.latest.total).name,
            proviso=proviso,
            signal=signal,
        )
    return message(
        "PHQ-9 {baseline} -> {now} over {time} ({scores}{proviso}): {reliable}; {enough}; {signal}",
        baseline=f.base,
        now=f.now,
        time=_time((f.latest.date - f.baseline.point.date).days),
        scores=plural("{n} score", "{n} scores", sum(p.date >= f.baseline.point.date for p in f.during)),
        proviso=proviso,
        reliable=_RELIABLE[outcomes.reliable_change(f.base, f.now, f.reliable)],
        enough=_enough(f.base, f.now),
        signal=signal,
    )


def _time(days: int) -> Message:
    if days < 7:
        return plural("{n} day", "{n} days", days)
    return plural("{n} week", "{n} weeks", (2 * days + 7) // 14)


def _enough(baseline: int, now: int) -> Message:
    percent = outcomes.whole_percent(baseline, now)
    if percent is None:
        return message("baseline 0, so no percentage")
    if now > baseline:
        return message("{percent}% above baseline", percent=percent)
    if now == baseline:
        return message("level with baseline")
    general = outcomes.fell_by(outcomes.MEANINGFUL_GENERAL, baseline, now)
    long_lasting = outcomes.fell_by(outcomes.MEANINGFUL_LONG_LASTING, baseline, now)
    if outcomes.remission(now):
        mark = message("in the range of remission (below {below})", below=phq9.REMISSION_BELOW)
    elif outcomes.fell_by(outcomes.RESPONSE, baseline, now):
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
