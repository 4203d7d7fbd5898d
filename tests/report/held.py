"""A demo caseload with everything a report may stumble over: corrections, withdrawals, drafts, long and odd texts."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime, timedelta

from pypdf import PdfReader

from trdtrack.demo import make_demo
from trdtrack.domain.edit import Edit, Step, added, altered
from trdtrack.domain.message import message
from trdtrack.domain.records import Known, Session

AT = datetime(2026, 11, 20, 9, 30).astimezone()
TODAY = AT.date()
MADE = date(2026, 11, 20)
CODE = "DEMO-003"
NOTE = "Slept better.\nTalked with the sister:\n\n  \u201cnot now\u201d \u2013 she said; #panic() *b* $x$ <l>"


def text(pdf: bytes) -> str:
    """All words of a PDF, spaces and breaks alike."""
    return flat(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def flat(words: str) -> str:
    """Words with one space between them and without the places where a long one may break."""
    return " ".join(words.replace("\u200b", "").split())


def squeezed(words: str) -> str:
    """Words without spaces: where a line breaks a PDF may lose one, or a narrow column gain one."""
    return "".join(words.replace("\u200b", "").split())


def lived(folder):
    """The demo caseload, in which one patient's record has been worked on."""
    caseload = make_demo(at=AT, folder=folder)
    patient = caseload.patient_by_code(CODE)
    told = replace(patient, name="Zo\u00eb \u00c5kesson-O\u2019Neill", notes=NOTE, gp="Dr Who\n1 Time Lane")
    caseload.edit(altered(message("Edit patient"), patient, replace(told, consent=Known.YES)), at=AT)
    care = caseload.current_course(patient.id)
    first, second, *_others = caseload.sessions(care.id)
    caseload.edit(altered(message("Correct session"), first, replace(first, note="Corrected. " + NOTE)), at=AT)
    caseload.edit(
        Edit(message("Withdraw session"), (Step(second, replace(second, withdrawn="typed twice")),), why="typed twice"),
        at=AT,
    )
    score = caseload.assessments(patient.id)[4]
    caseload.edit(altered(message("Withdraw PHQ-9"), score, replace(score, withdrawn="another\u2019s answers")), at=AT)
    extra = Session(patient=patient.id, course=care.id, date=TODAY - timedelta(days=1), note="To go again", entered=AT)
    caseload.edit(added(message("Log session"), extra), at=AT)
    caseload.undo(at=AT)
    draft = '{"at": "2026-11-20T09:00:00+00:00", "fields": {"note": "half a sentence", "minutes": 45}}'
    caseload.keep_draft(f"log:{care.id}", patient=patient.id, text=draft, at=AT)
    caseload.keep_draft("event:new", patient=caseload.patient_by_code("DEMO-007").id, text="not hers", at=AT)
    return caseload
