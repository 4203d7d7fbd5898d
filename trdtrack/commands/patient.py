"""The command on one patient: where the current course stands."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from trdtrack.commands.opening import open_caseload
from trdtrack.commands.printing import print_json
from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.words import say, signed

if TYPE_CHECKING:
    import argparse

    from trdtrack.domain.summary import Summary


def summary(arguments: argparse.Namespace) -> None:
    """Say where one patient's current course stands."""
    from trdtrack.exchange import plain

    found = _current_summary(arguments)
    if arguments.json:
        print_json(plain.summary(found))
        return
    print(f"{found.patient.code}: {say(found.sentence)}.")
    if found.baseline:
        print(f"Baseline {found.baseline.point.total}: {say(found.baseline.rule)}.")
    if found.benchmark:
        print(f"Benchmark: {found.benchmark.name}, version {found.benchmark.version}.")
    elif found.no_benchmark:
        print(f"No benchmark: {say(found.no_benchmark)}.")
    for point in found.points:
        week = "" if point.week is None else f"week {point.week:.1f}"
        total = "-" if point.score.total is None else point.score.total
        base = found.baseline.point.total if found.baseline else None
        change = "" if base is None or point.score.total is None else signed(point.score.total - base)
        print(f"  {point.date}  {week:<10}  {total:>2}  {change:>3}  {point.score.completeness}")


def _current_summary(arguments: argparse.Namespace) -> Summary:
    with closing(open_caseload(arguments)) as caseload:
        patient = caseload.patient_by_code(arguments.patient)
        course = caseload.current_course(patient.id)
        if course is None:
            raise Refusal(message("{code} has no course of care yet.", code=patient.code))
        return caseload.summary(course, today=arguments.today)
