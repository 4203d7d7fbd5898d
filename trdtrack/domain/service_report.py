"""What stands in a service report: a caseload's outcomes without anybody in them, small numbers hidden.

Paper and workbook hold the same tables; neither knows a code, a name or a single course.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trdtrack.domain.caseload_outcomes import RESULT_WORDS, Result
from trdtrack.domain.message import Message, message
from trdtrack.domain.records import EndReason
from trdtrack.domain.refusals import Refusal
from trdtrack.domain.resistance import Met
from trdtrack.domain.service_cells import HIGH, LOW, Cell, Row, Table, count, mean_cells, rate_cells, share
from trdtrack.domain.service_evidence import calibration, course, fall, local
from trdtrack.domain.small_cells import (
    SMALL,
    hidden_by_group,
    hidden_parts,
    hidden_rate,
    hidden_results,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trdtrack.domain.caseload_outcomes import CaseloadOutcomes, Choice, Group

CRITERION_WORDS = {
    Met.MET: message("TRD criterion met"),
    Met.NOT_MET: message("TRD criterion not met"),
    Met.CANNOT_TELL: message("cannot tell"),
}
NOT_RECORDED = message("not recorded")


@dataclass(frozen=True)
class ServiceReport:
    """The report: which courses it is about, and its tables."""

    about: tuple[tuple[Message, Message], ...]
    """What was chosen, and what that is."""
    tables: tuple[Table, ...]


def service_report(found: CaseloadOutcomes) -> ServiceReport:
    """Return the report of what was found; refuses where there are so few courses that it would tell about one."""
    if found.all.n < SMALL:
        what = message(
            "There are fewer than {n} closed courses with a baseline of 10 or more among those chosen: a report would "
            "tell about single people.",
            n=SMALL,
        )
        raise Refusal(what)
    return ServiceReport(
        tuple(chosen(found.choice)),
        (
            _who(found),
            _reached(found.all),
            _change(found.all),
            _by_criterion(found),
            _by_modality(found),
            fall(found),
            course(found),
            _endings(found),
            _afterwards(found),
            local(found),
            calibration(found),
        ),
    )


def chosen(choice: Choice) -> Iterator[tuple[Message, Message]]:
    """Yield what was chosen; a therapist's name stands there only where it was chosen, and never below 5 courses."""
    everything = message("all")
    yield message("Courses that ended"), _period(choice) or everything
    therapy = choice.modality.words if choice.modality else NOT_RECORDED
    yield message("Modality"), everything if choice.modality is None else therapy
    kind = choice.presentation
    yield message("Presentation"), kind.words if kind else everything
    yield message("TRD criterion"), CRITERION_WORDS[choice.criterion] if choice.criterion else everything
    if choice.therapist is not None:
        yield message("Therapist"), message("{name}", name=choice.therapist) if choice.therapist else NOT_RECORDED


def _period(choice: Choice) -> Message | None:
    if choice.since and choice.until:
        return message("from {since} to {until}", since=choice.since, until=choice.until)
    if choice.since:
        return message("from {since}", since=choice.since)
    return message("up to {until}", until=choice.until) if choice.until else None


def _who(found: CaseloadOutcomes) -> Table:
    group, unpaired = found.all, hidden_rate(found.all.paired)

    def line(name: Message, n: int, *, hidden: bool) -> Row:
        return Row(name, (count(n, hidden=hidden), share(n / group.n, hidden=hidden)))

    def left_out(name: Message, n: int) -> Row:
        return Row(name, (count(n, hidden=n < SMALL), Cell(share(None).unit, None)))

    died = EndReason.DIED in _hidden_endings(found)
    return Table(
        message("The courses"),
        message("Courses"),
        (message("n"), message("share")),
        (
            line(message("closed, with a baseline of 10 or more"), group.n, hidden=False),
            line(message("paired: with an end score"), group.paired.count, hidden=unpaired),
            line(message("no outcome"), group.no_outcome, hidden=unpaired),
            line(message("died"), group.died, hidden=died),
            left_out(message("left out: baseline below 10"), found.below_caseness),
            left_out(message("left out: no baseline"), found.no_baseline),
        ),
    )


def _reached(group: Group) -> Table:
    hidden, unpaired = hidden_results(group), hidden_rate(group.paired)
    return Table(
        message("What was reached by the end"),
        message("Result"),
        (
            message("n"),
            message("of all"),
            LOW,
            HIGH,
            message("of the paired"),
            LOW,
            HIGH,
        ),
        tuple(
            Row(
                RESULT_WORDS[r.result],
                (
                    count(r.of_all.count, hidden=r.result in hidden),
                    *rate_cells(r.of_all, hidden=r.result in hidden),
                    *rate_cells(r.of_paired, hidden=r.result in hidden or unpaired or hidden_rate(r.of_paired)),
                ),
            )
            for r in group.reached
        ),
        message("Of all: a course without an outcome counts as not having reached it; nobody is dropped."),
    )


def _change(group: Group) -> Table:
    few = group.paired.count < SMALL
    return Table(
        message("Mean totals"),
        message("PHQ-9 points"),
        (message("mean"), LOW, HIGH),
        (
            Row(message("baseline, all"), mean_cells(group.baseline, hidden=False)),
            Row(message("end score, paired"), mean_cells(group.last, hidden=few)),
            Row(message("change, paired"), mean_cells(group.change, hidden=few)),
        ),
        message("A negative change is an improvement."),
    )


def _by_criterion(found: CaseloadOutcomes) -> Table:
    # A group nobody is in is no cell: there is nobody to be told about.
    there = [(met, group) for met, group in found.by_criterion if group.n]
    groups = [group for _met, group in there]
    hidden = hidden_by_group(found.all, groups)
    gone = hidden_parts([group.n for group in groups])
    no_mean = hidden_parts([group.paired.count for group in groups], gone=gone)
    shown = (Result.RELIABLE_IMPROVEMENT, Result.BELOW_CASENESS, Result.RESPONSE)
    rows = tuple(
        Row(
            CRITERION_WORDS[met],
            (
                count(group.n, hidden=place in gone),
                *mean_cells(group.change, hidden=place in no_mean),
                *(share(r.of_all.share, hidden=r.result in hidden[place]) for r in group.reached if r.result in shown),
            ),
        )
        for place, (met, group) in enumerate(there)
    )
    columns = (message("n"), message("mean change"), LOW, HIGH, *(RESULT_WORDS[result] for result in shown))
    note = message("Trials in the evidence used looser rules than this criterion.")
    return Table(message("By the TRD criterion"), message("Courses"), columns, rows, note)


def _by_modality(found: CaseloadOutcomes) -> Table:
    groups = [of.group for of in found.by_modality]
    gone = hidden_parts([group.n for group in groups])
    no_mean = hidden_parts([group.paired.count for group in groups], gone=gone)
    rows = tuple(
        Row(
            of.modality.words if of.modality else NOT_RECORDED,
            (count(of.group.n, hidden=place in gone), *mean_cells(of.group.change, hidden=place in no_mean)),
            message("fewer than 20: too few to go by") if of.group.few else None,
        )
        for place, of in enumerate(found.by_modality)
    )
    note = message(
        "In alphabetical order. Who is offered which therapy is not left to chance: this does not rank them."
    )
    columns = (message("n"), message("mean change"), LOW, HIGH)
    return Table(message("By modality"), message("Modality"), columns, rows, note)


def _hidden_endings(found: CaseloadOutcomes) -> set[EndReason]:
    counted = _endings_counted(found)
    reasons = list(counted)
    return {reasons[place] for place in hidden_parts(list(counted.values()))}


def _endings_counted(found: CaseloadOutcomes) -> dict[EndReason, int]:
    """Return every reason there can be, those nobody had as well: their absence would tell."""
    return dict.fromkeys(EndReason, 0) | {ending.reason: ending.rate.count for ending in found.endings}


def _endings(found: CaseloadOutcomes) -> Table:
    hidden = _hidden_endings(found)
    rows = tuple(
        Row(
            reason.words if reason else NOT_RECORDED,
            (count(n, hidden=reason in hidden), share(n / found.all.n, hidden=reason in hidden)),
        )
        for reason, n in _endings_counted(found).items()
    )
    return Table(message("Reasons for ending"), message("Reason"), (message("n"), message("share")), rows)


def _afterwards(found: CaseloadOutcomes) -> Table:
    f = found.follow_ups
    parts = [
        (message("no score since the end"), f.seen.of - f.seen.count),
        (message("no reliable rise since the end"), f.held.count),
        (message("possible relapse"), f.relapse.count),
        (message("worse since the end"), f.worse.count),
        (message("seen, without an end score to compare with"), f.unknown),
    ]
    hidden = hidden_parts([n for _name, n in parts])
    rows = tuple(
        Row(name, (count(n, hidden=place in hidden), share(n / found.all.n, hidden=place in hidden)))
        for place, (name, n) in enumerate(parts)
    )
    return Table(message("After the end"), message("Latest score"), (message("n"), message("share")), rows)
