"""Courses for the patient summary, and how its pages are read back."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

from chart.courses import AT, answers, beside, course, crowded, event, treatment, usual, week
from pypdf import PdfReader

from trdtrack.domain.dossier import Dossier
from trdtrack.domain.ending import outcome_at_end
from trdtrack.domain.merging import every_record
from trdtrack.domain.phq9 import Completeness
from trdtrack.domain.records import Episode, RiskRecord, RiskReview, Role, Treatment
from trdtrack.domain.summary import Summary, summarise
from trdtrack.evidence import default_benchmark
from trdtrack.report.summary import summary_paper
from trdtrack.words import day, signed

MADE = date(2026, 5, 2)

NAME = "Zoë Åkesson-O’Neill"


def reader(summary, **how) -> PdfReader:
    return PdfReader(io.BytesIO(summary_paper(summary, made=MADE, **how).pdf))


def text(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def trial(drug: str, **fields) -> Treatment:
    """A failed trial that counts towards the criterion, unless told otherwise."""
    yes = dict.fromkeys(("adequate", "adherence", "in_episode"), "yes")
    return Treatment(patient="p", drug=drug, **{**yes, "weeks": 8, "outcome": "no response", **fields})


def more(summary: Summary, *records: Treatment, **fields) -> Summary:
    """The same course with treatments and further facts; its outcome fixed where it has ended."""
    care = replace(summary.course, **fields)
    known = [r for r in every_record(summary.dossier) if r.id != care.id]
    dossier = Dossier.of(summary.patient, [care, *known, *records])
    fixed = outcome_at_end(dossier, care, summary.rules, None)
    if fixed:
        dossier = Dossier.of(summary.patient, [*every_record(dossier), fixed])
    return summarise(dossier, care, benchmark=default_benchmark(), rules=summary.rules, today=summary.today)


def staged() -> Summary:
    """Two failed trials of different classes and an augmentation, in an episode that can be staged."""
    episode = Episode(patient="-", start=date(2024, 1, 6), severity="moderate", psychotic="no", entered=AT)
    return beside(
        usual(),
        episode,
        trial("sertraline", dose="200 mg", drug_class="SSRI", start=date(2025, 1, 10), end=date(2025, 4, 1)),
        trial("amitriptyline", dose="150 mg", drug_class="tricyclic", still_taken=True, start=date(2025, 5, 2)),
        trial("lithium", dose="600 mg", role=Role.AUGMENTATION, weeks=None, outcome="partial response"),
    )


def cared_for(count: int) -> Summary:
    """A usual course of so many scores: two drugs, one risk record with one review, notes of usual length."""
    rows = [(n, answers(19 - n % 9, 1 if n == 3 else 0, (1,) if n % 5 == 4 else ())) for n in range(count)]
    summary = course(*rows, name=NAME, therapist="Dr. K. Møller", format="individual", planned_sessions=None)
    asked_ = next(p for p in summary.points if p.date == week(3)).assessment
    record = RiskRecord(patient="-", opened=week(3), assessment=asked_.id, entered=AT)
    look = RiskReview(
        patient="-",
        risk=record.id,
        date=week(3),
        item9=1,
        asked="about plans and means, and what has kept her safe before",
        found="passing thoughts, no plan; the children and the choir keep her here",
        plan="Call the clinic if they come more often; numbers are on the card",
        told="GP by telephone",
        again=week(5),
        entered=AT,
    )
    drugs = (
        trial("sertraline", dose="200 mg", start=date(2025, 1, 10), end=date(2025, 4, 1)),
        trial("venlafaxine", dose="225 mg", start=date(2025, 5, 2), still_taken=True),
    )
    return beside(summary, record, look, *drugs)


def fullest() -> Summary:
    """Two years with as much of everything as anybody would write, and more."""
    words = "Thoughts of it, plans, means and what keeps him here, all asked at length. " * 30
    records: list = []
    for n in range(8):
        record = RiskRecord(patient="-", opened=week(n), closed=week(n + 1), closing_note=words, entered=AT)
        texts = dict.fromkeys(("asked", "found", "plan", "told"), words)
        looks = [RiskReview(patient="-", risk=record.id, date=week(n), item9=2, **texts, entered=AT) for _ in range(3)]
        records += [record, *looks]
    drugs = [trial(f"antidepressant with a very long name {n}", dose="1000 mg", adequate="unsure") for n in range(30)]
    summary = crowded(code="W" * 40, name="Maximiliane von und zu " * 20, therapist="Ø" * 90)
    summary = beside(summary, *records, *drugs)
    first = summary.points[3].assessment.id
    return more(summary, baseline=first, baseline_reason=words, end=week(103), end_reason="completed")


def ended(scores: int, *, later: int = 17) -> Summary:
    """A course of weekly scores from 19 down, ended with the last, and one score two months on, all facts recorded."""
    rows = [(n, answers(19 - n // 2, 0, (1,) if n % 5 == 0 else ())) for n in range(scores)]
    return more(
        course(*rows, (scores + 8, answers(later)), name=NAME, therapist="Dr. K. Møller", format="individual"),
        trial("sertraline", dose="200 mg"),
        trial("venlafaxine", dose="225 mg", still_taken=True),
        trial("lithium", dose="600 mg", role=Role.AUGMENTATION, still_taken=True),
        trial("mirtazapine", weeks=None),
        trial("amitriptyline", adequate="unsure"),
        end=week(scores - 1),
        end_reason="completed",
    )


def row_of(point, summary) -> str:
    """One line of the table of scores as its text is read back."""
    given = point.assessment.answers
    gap = "–"
    cells = ["not recorded", "?"] if given is None else [gap if a is None else str(a) for a in given]
    difficulty = point.assessment.difficulty
    total = gap if point.score.total is None else str(point.score.total)
    change = gap
    if point == summary.baseline.point:
        change = "baseline"
    elif point.counts:
        change = signed(point.total - summary.baseline.point.total)
    elif point.score.total is not None:
        total = f"({total})"
    answered = {
        Completeness.COMPLETE: "complete",
        Completeness.PRORATED: f"{point.score.answered} of 9, prorated",
        Completeness.TOTAL_ONLY: "total only",
        Completeness.NO_TOTAL: f"{point.score.answered} of 9, no total",
    }[point.score.completeness]
    week_ = f"{point.week:.0f}".replace("-", "−")
    return " ".join(
        [day(point.date), week_, total, change, *cells, gap if difficulty is None else str(difficulty), answered]
    )


def asked(*scores, **fields) -> Summary:
    """A course of (week, answers, item 10)."""
    summary = course(*((w, given) for w, given, _ in scores), **fields)
    tens = {week(w): ten for w, _, ten in scores}
    return beside(summary, *(replace(a, difficulty=tens[a.date]) for a in summary.dossier.assessments))


def told_everything() -> Summary:
    """A course with a name or a private word wherever one can be written."""
    summary = usual(name=NAME, therapist="Dr. K. Møller", goals="secret goal", medication="from Mr Neighbour")
    record = RiskRecord(
        patient="-",
        opened=week(1),
        closed=week(4),
        closing_note="the choir helps",
        assessment=summary.points[1].assessment.id,
        entered=AT,
    )
    look = RiskReview(
        patient="-",
        risk=record.id,
        date=week(1),
        item9=1,
        asked="asked words",
        found="Schwester",
        entered=AT,
        plan="call Mr Neighbour",
        told="told words",
    )
    sessions = [replace(s, note="Mr Neighbour", phase="the choir", task="Schwester") for s in summary.sessions]
    drug = treatment("sertraline", "150 mg", since=1, until=3, note="Schwester")
    happened = event(3, "Mr Neighbour moved in")
    full_ = beside(summary, *sessions, record, look, drug, happened)
    first = full_.points[2].assessment.id
    return more(full_, baseline=first, baseline_reason="asked words")


def tagged(pdf: PdfReader) -> list[tuple[str, str]]:
    """Every tag of the tag tree with its alternative text."""
    found: list[tuple[str, str]] = []

    def walk(node) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            found.append((str(node.get("/S", "")), str(node.get("/Alt", ""))))
            if "/K" in node:
                walk(node["/K"])

    walk(pdf.root_object["/StructTreeRoot"])
    return found


def alternatives(pdf: PdfReader) -> str:
    return " ".join(alt for _tag, alt in tagged(pdf))
