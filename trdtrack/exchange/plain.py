"""Summaries as plain objects with stable names, for programs that read TRDTrack's JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from trdtrack.domain.medication import current_medication
from trdtrack.domain.resistance import criterion_of
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trdtrack.caseload import Row
    from trdtrack.domain.benchmark import Benchmark, Expected
    from trdtrack.domain.forecast import Forecast
    from trdtrack.domain.pooling import Effect, Pooled, Subgroup
    from trdtrack.domain.records import Outcome
    from trdtrack.domain.refusals import Problem
    from trdtrack.domain.summary import Summary
    from trdtrack.domain.trajectory import Point
    from trdtrack.exchange.score_file import Found

NAMES = """\
JSON is one object with these names (totals in points, weeks = days / 7, null where a rule does not apply):
  expected  {baseline, rows: [{week, usual_care, psychotherapy, sd, low50, high50, low80, high80}]}
  patients  {patients: [{code, scores, baseline, latest, signal}]}   scores: how many; baseline, latest: totals
  summary   {patient, baseline, baseline_date, latest, latest_date, weeks, change, percent_change, reliable,
             meaningful_21, meaningful_32, response, remission, recovery, severity, signal, sentence, benchmark,
             benchmark_version, end, end_reason, outcome: {baseline, total, reliable_change}, since_end,
             trd_criterion, medication, scores: [{date, week, total, complete, item9}]}
             change = latest - baseline, negative is better; reliable: improvement | deterioration | none
             outcome: as fixed when the course ended, with the points of reliable change then in force
             since_end: possible relapse | worse since the end | no reliable rise | no end score to compare with
             trd_criterion: met | not met | cannot tell; medication: taken now, in words
  import    {patients, scores, skipped, problems: [{line, column, problem}], notices: [sentence]}
             patients: new ones; patients, scores: 0 with any problem; skipped: scores and rows left out, as notices say
  evidence pool   {method, k, g, se, ci_low, ci_high, tau2, i2, q, pi_low, pi_high,
             studies: [{id, study, modality, scale, n_therapy, n_control, g, se, variance, ci_low, ci_high, weight}],
             leave_one_out: [{id, g, ci_low, ci_high, tau2}], modalities: [{modality, k, g, ci_low, ci_high}]}
             g: standard deviations, negative favours psychotherapy; i2, weight: percent; intervals 95%
             of a bad file {problems: [{line, column, problem}]}
  outcomes  {today, choice, choices, no_baseline, below_caseness, all: group, by_criterion: [{criterion, group}],
             by_modality: [{modality, group}], fall: {n, observed, low, high, mean_progress, usual_care, psychotherapy,
             ...}, over_weeks, over_sessions: {courses, steps: [{at, observed: mean, usual_care, psychotherapy, sd}]},
             endings: [{reason, rate}], follow_ups, local: {n, prior, prior_sd, data, se, posterior, posterior_sd,
             why_not, ...}, calibration: {replays: [{week, n, held50: rate, held80: rate, error, carried}]},
             cases: [{code, end, baseline, last, week, progress, ...}], said: [sentence], benchmark, benchmark_version}
             group: {n, paired: rate, no_outcome, died, prorated, few, baseline, last, change: mean,
             reached: [{result, of_all: rate, of_paired: rate}]}; rate: {count, of, share, low, high};
             mean: {value, low, high, n}; shares and falls are fractions of 1; intervals 95%
  forecast  {baseline, at, mean, sd, band50: [low, high], band80: [low, high], p_reliable_improvement, p_response,
             p_remission, benchmark, benchmark_version}   mean: before clipping; bands: clipped to 0-27
"""


def expected(baseline: int, rows: Iterable[Expected]) -> dict[str, Any]:
    """The expected course from a baseline at several weeks."""
    return {"baseline": baseline, "rows": [asdict(row) for row in rows]}


def patients(rows: Iterable[Row]) -> dict[str, Any]:
    """One entry a patient of the caseload."""
    return {"patients": [_patient(row) for row in rows]}


def _patient(row: Row) -> dict[str, Any]:
    s = row.summary
    return {
        "code": row.patient.code,
        "scores": len(s.counting) if s else 0,
        "baseline": s.baseline.point.total if s and s.baseline else None,
        "latest": s.latest.total if s and s.latest else None,
        "signal": s.standing.signal.value if s else None,
    }


def summary(s: Summary) -> dict[str, Any]:
    """One course, with every assessment of it in order of the day answered."""
    return {
        "patient": s.patient.code,
        "baseline": s.baseline.point.total if s.baseline else None,
        "baseline_date": s.baseline.point.date.isoformat() if s.baseline else None,
        "latest": s.latest.total if s.latest else None,
        "latest_date": s.latest.date.isoformat() if s.latest else None,
        "weeks": s.weeks,
        "change": s.change,
        "percent_change": s.percent_change,
        "reliable": s.reliable.value if s.reliable else None,
        "meaningful_21": s.meaningful_general,
        "meaningful_32": s.meaningful_long_lasting,
        "response": s.response,
        "remission": s.remission,
        "recovery": s.recovery,
        "severity": say(s.severity) if s.severity else None,
        "signal": s.standing.signal.value,
        "sentence": say(s.sentence),
        "benchmark": s.benchmark.name if s.benchmark else None,
        "benchmark_version": s.benchmark.version if s.benchmark else None,
        "end": s.course.end.isoformat() if s.course.end else None,
        "end_reason": s.course.end_reason.value or None,
        "outcome": _outcome(s.outcome) if s.outcome else None,
        "since_end": s.after_end.says.value if s.after_end else None,
        "trd_criterion": criterion_of(s.dossier, s.rules).met.value,
        "medication": current_medication(s.dossier, s.course) or None,
        "scores": [_score(point) for point in s.points],
    }


def _outcome(fixed: Outcome) -> dict[str, Any]:
    return {"baseline": fixed.baseline, "total": fixed.total, "reliable_change": fixed.reliable_change}


def _score(point: Point) -> dict[str, Any]:
    return {
        "date": point.date.isoformat(),
        "week": point.week,
        "total": point.score.total,
        "complete": point.score.complete,
        "item9": point.item9 if isinstance(point.item9, int) else None,
    }


def imported(found: Found) -> dict[str, Any]:
    """What an import brings in, or what is wrong with the file by line."""
    return {
        "patients": found.patients if found.edit else 0,
        "scores": found.scores if found.edit else 0,
        "skipped": found.skipped,
        **faults(found.problems),
        "notices": [say(notice) for notice in found.notices],
    }


def faults(problems: Iterable[Problem]) -> dict[str, Any]:
    """What is wrong with a file, by line and column."""
    return {"problems": [{"line": p.line, "column": p.column, "problem": say(p.what)} for p in problems]}


_POOLED = ("k", "g", "se", "ci_low", "ci_high", "tau2", "i2", "q", "pi_low", "pi_high")
_EFFECT = ("n_therapy", "n_control", "g", "se", "variance", "ci_low", "ci_high")


def pooled(found: Pooled, without: Iterable[tuple[Effect, Pooled]], modalities: Iterable[Subgroup]) -> dict[str, Any]:
    """Several trials as one effect, each trial beside it."""
    return {
        "method": found.method.value,
        **{name: getattr(found, name) for name in _POOLED},
        "studies": [
            {
                **{name: getattr(effect.trial, name) for name in ("id", "study", "modality", "scale")},
                **{name: getattr(effect, name) for name in _EFFECT},
                "weight": weight,
            }
            for effect, weight in zip(found.effects, found.weights, strict=True)
        ],
        "leave_one_out": [
            {"id": effect.trial.id, **{name: getattr(rest, name) for name in ("g", "ci_low", "ci_high", "tau2")}}
            for effect, rest in without
        ],
        "modalities": [
            {name: getattr(group, name) for name in ("modality", "k", "g", "ci_low", "ci_high")} for group in modalities
        ],
    }


def forecast(found: Forecast, benchmark: Benchmark) -> dict[str, Any]:
    """Where one person is heading, with the three chances."""
    return {
        "baseline": found.baseline,
        "at": found.week,
        "mean": found.mean,
        "sd": found.sd,
        "band50": list(found.band50),
        "band80": list(found.band80),
        "p_reliable_improvement": found.reliable_improvement,
        "p_response": found.response,
        "p_remission": found.remission,
        "benchmark": benchmark.name,
        "benchmark_version": benchmark.version,
    }
