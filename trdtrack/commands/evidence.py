"""The commands on evidence, which need no caseload: the expected course, a forecast from it, and a pooled effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.commands.printing import print_json, print_problems
from trdtrack.domain.refusals import Problems

if TYPE_CHECKING:
    import argparse


def expected(arguments: argparse.Namespace) -> None:
    """Print the expected course from a baseline, week by week."""
    from trdtrack.evidence import default_benchmark
    from trdtrack.exchange import plain

    benchmark = default_benchmark()
    rows = benchmark.table(arguments.baseline, arguments.weeks)
    if arguments.json:
        print_json(plain.expected(arguments.baseline, rows))
        return
    print(f"{benchmark.name}, version {benchmark.version}; baseline {arguments.baseline}, PHQ-9 points")
    print("week  usual care  + psychotherapy     sd  middle 50%   middle 80%")
    for row in rows:
        print(
            f"{row.week:>4g}  {row.usual_care:>10.2f}  {row.psychotherapy:>15.2f}  {row.sd:>5.2f}"
            f"  {row.low50:>4.1f}-{row.high50:<4.1f}   {row.low80:>4.1f}-{row.high80:<4.1f}"
        )
    print("Averages of groups in trials: they do not predict one person.")


def forecast(arguments: argparse.Namespace) -> None:
    """Say where a person is heading, from the scores so far."""
    from trdtrack.domain.forecast import forecast as outlook
    from trdtrack.domain.records import Rules
    from trdtrack.evidence import default_benchmark
    from trdtrack.exchange import evidence_text, plain

    benchmark = default_benchmark()
    found = outlook(benchmark, arguments.scores, arguments.at, Rules())
    if arguments.json:
        print_json(plain.forecast(found, benchmark))
        return
    for line in evidence_text.forecast(found, benchmark):
        print(line)


def pool(arguments: argparse.Namespace) -> None:
    """Pool a table of trials into one effect, with each trial left out in turn."""
    from trdtrack.domain import pooling
    from trdtrack.evidence_tables import read_trials
    from trdtrack.exchange import csv_text, evidence_text, plain

    try:
        trials = read_trials(csv_text.read_bytes(arguments.table), name=arguments.table.name)
    except Problems as refusal:
        if arguments.json:
            print_json(plain.faults(refusal.problems))
        else:
            print_problems(refusal.problems)
        raise
    effects, method = pooling.effects(trials), pooling.Method(arguments.method)
    found, without = pooling.pool(effects, method), pooling.leave_one_out(effects, method)
    modalities = pooling.by_modality(effects, method)
    if arguments.json:
        print_json(plain.pooled(found, without, modalities))
        return
    (other,) = (pooling.pool(effects, m) for m in pooling.Method if m is not method)
    for line in evidence_text.pooled(found, other, without, modalities):
        print(line)
