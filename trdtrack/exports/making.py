"""How each export is made. Imports are late: start-up needs none of them."""

from __future__ import annotations

import secrets
from functools import partial
from typing import TYPE_CHECKING

from trdtrack.domain.records import Letter
from trdtrack.exports.kinds import Made, NoCourse, untold
from trdtrack.words import say, shown

if TYPE_CHECKING:
    from trdtrack.domain.caseload_outcomes import CaseloadOutcomes
    from trdtrack.domain.records import Recipient
    from trdtrack.domain.summary import Summary
    from trdtrack.exports.kinds import Draw, Source, Tick, Wishes


def summary(summary: Summary, source: Source, wishes: Wishes, draw: Draw) -> Made:
    """Make the patient summary of a course."""
    from trdtrack.report.summary import draw_chart, typeset_summary

    chart = draw(partial(draw_chart, summary, size=wishes.size, names=wishes.names))
    return Made.of(typeset_summary(summary, chart, made=source.today, size=wishes.size, names=wishes.names))


def own(summary: Summary, source: Source, wishes: Wishes, draw: Draw) -> Made:
    """Make the summary that the patient takes along."""
    from trdtrack.report.own_summary import draw_own, typeset_own

    chart = draw(partial(draw_own, summary, size=wishes.size))
    return Made.of(typeset_own(summary, chart, made=source.today, size=wishes.size, names=wishes.names))


def expectation(summary: Summary, source: Source, wishes: Wishes, draw: Draw) -> Made:
    """Make the sheet of what to expect."""
    from trdtrack.report.expectation import draw_expectation, typeset_expectation

    chart = draw(partial(draw_expectation, summary, size=wishes.size))
    return Made.of(typeset_expectation(summary, chart, made=source.today, size=wishes.size, names=wishes.names))


def letters(source: Source, *, to: Recipient, risk: bool | None = None) -> dict[str, Letter]:
    """Return a letter for each patient with a course, filled from the clinic's template; not stored yet.

    `risk`: whether the risk reviews stand in it; None: as is usual for that recipient.
    """
    from trdtrack.domain.letters import WITH_RISK, address_of, fill

    clinic, told = source.caseload.clinic(), to in WITH_RISK if risk is None else risk
    found: dict[str, Letter] = {}
    for held in source.held(untold):
        summary = source.meant(held)
        if summary is None:
            continue
        patient = held.dossier.patient
        text = shown(say(fill(clinic.letter, summary, to=to, risk=told, today=source.today, clinic=clinic)))
        found[patient.id] = Letter(
            patient=patient.id,
            course=summary.course.id,
            date=source.today,
            to=to,
            address=address_of(patient, to),
            text=text,
            risk=told,
            entered=source.at,
        )
    return found


def letter(letter: Letter, source: Source, wishes: Wishes) -> Made:
    """Make a letter to be printed."""
    from trdtrack.report.letter import typeset_letter

    caseload = source.caseload
    patient, clinic = caseload.patient(letter.patient), caseload.clinic()
    return Made.of(typeset_letter(letter, patient=patient, clinic=clinic, made=source.today, size=wishes.size))


def letter_docx(letter: Letter, source: Source, wishes: Wishes) -> Made:
    """Make a letter for a word processor."""
    from trdtrack.report.letter_docx import letter_docx as docx

    caseload = source.caseload
    patient, clinic = caseload.patient(letter.patient), caseload.clinic()
    return Made.whole(docx(letter, patient=patient, clinic=clinic, size=wishes.size))


def supervision(source: Source, wishes: Wishes, tick: Tick) -> Made:
    """Make the sheet of all cases, in the order of the caseload."""
    from trdtrack.report.supervision import draw_supervision, typeset_supervision

    cases = source.caseload.cases(only=source.patients, unconfirmed=source.unconfirmed, today=source.today)
    tick(0, 1)
    paper = typeset_supervision(
        cases,
        draw_supervision(cases, size=wishes.size),
        therapist=source.therapist,
        made=source.today,
        size=wishes.size,
        names=wishes.names,
        identified=wishes.identified,
    )
    return Made.of(paper)


def record(patient: str, source: Source, wishes: Wishes) -> Made:
    """Make a patient's full record to be read."""
    from trdtrack.report.record import typeset_record

    held = source.caseload.full_record(patient, today=source.today)
    return Made.of(typeset_record(held, made=source.today, size=wishes.size))


def record_json(patient: str, source: Source, _wishes: Wishes) -> Made:
    """Make a patient's full record for a program."""
    from trdtrack.exchange.record_json import record_json

    held = source.caseload.full_record(patient, today=source.today)
    return Made.whole(record_json(held, at=source.at, head=source.caseload.head))


def csv(source: Source, _wishes: Wishes, tick: Tick) -> Made:
    """Make the table of scores."""
    from trdtrack.exchange.tables import scores_csv

    if len(source.patients) == 1 and source.caseload.current_course(source.patients[0]) is None:
        raise NoCourse(source.caseload.patient(source.patients[0]))
    return Made.whole(scores_csv(source.held(tick)))


def workbook(source: Source, wishes: Wishes, tick: Tick) -> Made:
    """Make the workbook of everything."""
    from trdtrack.exchange.data_workbook import workbook

    return Made.whole(workbook(source.held(tick), at=source.at, head=source.caseload.head, names=wishes.names))


def tables(source: Source, wishes: Wishes, tick: Tick) -> Made:
    """Make the same tables as CSV files."""
    from trdtrack.exchange.tables import tables_zip

    return Made.whole(tables_zip(source.held(tick), at=source.at, head=source.caseload.head, names=wishes.names))


def fhir(source: Source, wishes: Wishes, tick: Tick) -> Made:
    """Make a FHIR bundle."""
    from trdtrack.exchange.fhir_out import fhir_bundle

    return Made(fhir_bundle(source.held(tick), at=source.at, head=source.caseload.head, names=wishes.names))


def research(source: Source, _wishes: Wishes, tick: Tick) -> Made:
    """Make de-identified tables."""
    from trdtrack.exchange.research import research_csv

    # Kept nowhere: nobody can lead a study id back to a patient, not even with the caseload.
    return Made.whole(research_csv(source.held(tick), key=secrets.token_bytes(32)))


def service(source: Source, wishes: Wishes, tick: Tick) -> Made:
    """Make the service report to be read."""
    from trdtrack.report.service import typeset_service

    found = _outcomes(source, wishes, tick)
    return Made.of(typeset_service(found, made=source.today, size=wishes.size, demo=_demo(found)))


def service_workbook(source: Source, wishes: Wishes, tick: Tick) -> Made:
    """Make the service report as a workbook."""
    from trdtrack.exchange.service_workbook import service_workbook as workbook

    found = _outcomes(source, wishes, tick)
    return Made.whole(workbook(found, at=source.at, demo=_demo(found)))


def _outcomes(source: Source, wishes: Wishes, tick: Tick) -> CaseloadOutcomes:
    from trdtrack.outcomes import outcomes

    return outcomes(source.caseload, wishes.outcomes, today=source.today, tick=tick)


def _demo(found: CaseloadOutcomes) -> str:
    """Return the mark of invented data, if any course is invented."""
    from trdtrack.report.sheet import demo_mark

    return next((mark for case in found.cases if (mark := demo_mark(case.code))), "")
