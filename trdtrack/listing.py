"""What a list of patients needs to know: one row a patient, the benchmark of each course."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trdtrack.domain.cases import Case
from trdtrack.domain.gist_facts import gist_of
from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.domain.summary import Summary, summarise
from trdtrack.evidence import FIRST_BENCHMARK

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.gist import Gist
    from trdtrack.domain.records import Clinic, Course, Patient, Rules


@dataclass(frozen=True)
class Row:
    """A patient on the caseload with all that is held, and the summary of the course in question if there is one."""

    patient: Patient
    summary: Summary | None
    dossier: Dossier


def row_of(dossier: Dossier, *, known: Iterable[Benchmark], rules: Rules, today: date) -> Row:
    """Return a patient's row."""
    course = dossier.current_course
    if course is None:
        return Row(dossier.patient, None, dossier)
    benchmark = drawn_with(course, known)
    summary = summarise(dossier, course, benchmark=benchmark, rules=rules, today=today)
    return Row(dossier.patient, summary, dossier)


def gist_of_patient(dossier: Dossier, *, known: Iterable[Benchmark], rules: Rules, clinic: Clinic) -> Gist:
    """Return a patient's gist."""
    course = dossier.current_course
    return gist_of(dossier, benchmark=drawn_with(course, known) if course else None, rules=rules, clinic=clinic)


def case_of(
    dossier: Dossier, *, known: Iterable[Benchmark], rules: Rules, clinic: Clinic, today: date, unconfirmed: int
) -> Case:
    """Return a patient as a case for supervision."""
    row = row_of(dossier, known=known, rules=rules, today=today)
    gist = gist_of_patient(dossier, known=known, rules=rules, clinic=clinic)
    return Case.of(dossier, row.summary, gist, today=today, unconfirmed=unconfirmed)


def drawn_with(course: Course, known: Iterable[Benchmark]) -> Benchmark:
    """Return the benchmark, of those there are, that a course is drawn with. Refuses if it is gone."""
    name, version = course.benchmark or FIRST_BENCHMARK[0], course.benchmark_version or FIRST_BENCHMARK[1]
    for benchmark in known:
        if (benchmark.name, benchmark.version) == (name, version):
            return benchmark
    what = message("The benchmark {name}, version {version}, is not in the caseload.", name=name, version=version)
    raise Refusal(what)


def newer(benchmark: Benchmark, known: Iterable[Benchmark]) -> Benchmark | None:
    """Return the latest version of a benchmark if it is later than this one, else None."""
    later = [b for b in known if b.name == benchmark.name and b.date > benchmark.date]
    return max(later, key=lambda b: b.date, default=None)
