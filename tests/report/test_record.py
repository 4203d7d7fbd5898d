from __future__ import annotations

import io
import re
import shutil
import subprocess
from contextlib import closing
from dataclasses import fields, replace
from datetime import date, datetime, timedelta

import pytest
from pypdf import PdfReader

from report.held import AT, CODE, MADE, NOTE, TODAY, lived, squeezed, text
from trdtrack.domain.edit import Edit, Step
from trdtrack.domain.full_record import FullRecord, day_of
from trdtrack.domain.history import describe, details, title
from trdtrack.domain.history_labels import NOUNS, label, named
from trdtrack.domain.message import message
from trdtrack.domain.records import KINDS, Assessment, Session
from trdtrack.report.record import record_data, typeset_record
from trdtrack.report.sheet import Size
from trdtrack.words import day, moment, phq9_wording, say, shown

OF_NOBODY = {"rules", "clinic", "benchmark"}


@pytest.fixture(scope="module")
def caseload(tmp_path_factory):
    with closing(lived(tmp_path_factory.mktemp("record"))) as caseload:
        yield caseload


@pytest.fixture(scope="module")
def held(caseload) -> FullRecord:
    return caseload.full_record(caseload.patient_by_code(CODE).id, today=TODAY)


@pytest.fixture(scope="module")
def pdf(held) -> bytes:
    paper = typeset_record(held, made=MADE)
    assert paper.dropped is None
    return paper.pdf


@pytest.fixture(scope="module")
def words(pdf) -> str:
    """All words of the record without spaces, and without what stands at the foot of a page."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    foot = re.compile(r"Full record \u00b7 Demo data.*?made 20 Nov 2026", re.DOTALL)
    assert all(foot.search(page) for page in pages)
    head = "No.WhenandwhoWhatwasdone,andwhateachfieldheldbeforeandafter"
    return "".join(squeezed(foot.sub("", page)).replace(head, "") for page in pages)


def test_everything_about_the_patient_is_held_and_nothing_about_another(caseload, held):
    patient = held.patient.id
    for kind in KINDS.keys() - OF_NOBODY:
        wanted = {r.id for r in caseload.records(kind) if r.patient == patient}
        assert {r.id for r in held.records if r.kind == kind} == wanted, kind
    lines = caseload.history(patient, limit=9999)
    assert [line.number for line in held.history] == sorted(line.number for line in lines)
    assert len(held.history) >= 40
    assert [draft.form.partition(":")[0] for draft in held.drafts] == ["log"]
    assert held.records[0] == held.patient
    kinds = [r.kind for r in held.records]
    assert kinds == sorted(kinds, key=list(KINDS).index)
    for kind in set(kinds):
        days = [day_of(r) or date.min for r in held.records if r.kind == kind]
        assert days == sorted(days)


def test_a_withdrawn_patient_can_ask_too(tmp_path):
    with closing(lived(tmp_path)) as caseload:
        patient = caseload.patient_by_code(CODE)
        gone = Step(patient, replace(patient, withdrawn="entered twice"))
        caseload.edit(Edit(message("Withdraw patient"), (gone,), why="entered twice"), at=AT)
        found = caseload.full_record(patient.id, today=TODAY)
        assert "Withdrawn: entered twice" in text(typeset_record(found, made=MADE).pdf)


def test_every_field_that_holds_anything_is_on_paper(held, words):
    for record in held.records:
        assert squeezed(say(named(record))) in words
        for field in fields(record):
            value = getattr(record, field.name)
            if isinstance(record, Assessment) or field.name in {"id", "patient"} or value in (None, "", ()):
                continue
            if isinstance(value, datetime):
                value = moment(value)
            elif isinstance(value, date):
                value = day(value)
            elif isinstance(value, bool):
                value = "yes" if value else "no"
            elif isinstance(value, tuple):
                value = ", ".join(str(v) for v in value)
            elif (other := {r.id: r for r in held.records}.get(value)) is not None:
                value = say(named(other))
            if field.name != "withdrawn":
                name = say(label(record.kind, field.name))
                assert squeezed(name[:1].upper() + name[1:] + str(value)) in words, (record.kind, field.name)


def test_every_note_letter_by_letter(held, words, pdf):
    notes = [r.note for r in held.records if isinstance(r, Session) and r.note]
    assert "Corrected. " + NOTE in notes
    assert all(squeezed(note) in words for note in [*notes, held.patient.notes])
    found = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    # Each line stands on its own, markup is no markup.
    assert "Talked with the sister:\n" in found
    assert "#panic() *b* $x$ <l>" in found


def test_every_score_is_a_row_of_its_answers(held, words):
    scores = [r for r in held.records if isinstance(r, Assessment)]
    assert len(scores) == 11
    for a in scores:
        answers = [*(a.answers or [None] * 9), a.difficulty]
        score = a.score()
        total = "\u2013" if score.total is None else str(score.total)
        kind = {"prorated": "prorated", "total only": "totalonly"}.get(score.completeness.value, "")
        cells = [day(a.date), *("\u2013" if n is None else str(n) for n in answers), total, kind, moment(a.entered)]
        assert squeezed("".join(cells)) in words, a.date
    for summary in held.summaries:
        for p in summary.counting:
            assert squeezed(day(p.date)) in words
        assert squeezed(shown(say(summary.sentence))) in words
    wording = phq9_wording()
    for item in (*wording.items, wording.difficulty, wording.licence):
        assert words.count(squeezed(item)) == 1


def test_what_was_withdrawn_says_why(words):
    assert "Session of 9 Sept 2026 \u00b7 Withdrawn: typed twice".replace(" ", "") in words
    assert "Withdrawn:another\u2019sanswers" in words
    assert "2ofthemwithdrawn" in words


def test_every_history_line_with_before_and_after(held, words):
    at = words.index("History(", words.index("Typedandnotsaved") + 1)
    for line in held.history:
        said = squeezed(f"{line.number}{moment(line.at)}{line.who}{say(title(line))}")
        at = words.index(said, at)
        assert squeezed(shown(say(describe(replace(line, why=""))))) in words[at:]
        assert squeezed(line.why) in words[at:]
        for what, before, after in details(line):
            for side in (before, after):
                assert squeezed(say(what)) in words[at:], say(what)
                assert squeezed(shown(say(side))) in words[at:]
    assert "Undo:Logsession" in words
    assert squeezed("Reason typed twice") in words


def test_both_sides_of_a_change_are_told_apart(held):
    lines = record_data(held, made=MADE, size=Size.A4)["history"]["lines"]
    edited = next(line for line in lines if line["title"] == "Edit patient")
    assert "name: L. B. \u2192 Zo\u00eb \u00c5kesson-O\u2019Neill" in edited["short"]
    assert "consent to share: not recorded \u2192 yes" in edited["short"]
    assert {"label": "notes", "old": "not recorded", "new": NOTE} in edited["long"]
    corrected = next(line for line in lines if line["title"] == "Correct session")
    (long,) = corrected["long"]
    assert long["new"] == "Corrected. " + NOTE
    assert long["old"] not in {"", long["new"]}


def test_what_is_typed_and_not_saved_is_there(words):
    at = words.rindex("Typedandnotsaved(1)")
    assert "notehalfasentence" in words[at:]
    assert "minutes45" in words[at:]
    assert "nothers" not in words


def test_a_draft_that_is_no_form_stands_as_it_is(held):
    odd = replace(held, drafts=(replace(held.drafts[0], text="[1, loose"),))
    assert "text [1, loose" in text(typeset_record(odd, made=MADE).pdf)


def test_kinds_without_a_record_are_named(held, words):
    absent = [kind for kind in KINDS if kind not in {r.kind for r in held.records} | OF_NOBODY]
    assert absent
    assert squeezed("Nothing held of" + ", ".join(say(NOUNS[kind]) for kind in absent)) in words


@pytest.mark.parametrize("size", Size)
def test_code_and_page_on_every_page_and_the_title(held, size):
    paper = typeset_record(held, made=MADE, size=size)
    pdf = PdfReader(io.BytesIO(paper.pdf))
    for number, page in enumerate(pdf.pages, start=1):
        assert f"{CODE} \u00b7 page {number} of {len(pdf.pages)}" in page.extract_text()
        assert round(page.mediabox.width) == (595 if size is Size.A4 else 612)
    assert pdf.metadata.title == f"Full record, {CODE}"
    assert pdf.trailer["/Root"]["/Lang"].lower().startswith("en")
    assert "pdfuaid:part" in pdf.xmp_metadata.stream.get_data().decode()
    assert len(pdf.outline) > 0


def test_headings_and_tables_are_tagged(pdf, tmp_path):
    pdfinfo = shutil.which("pdfinfo")
    if pdfinfo is None:
        pytest.skip("pdfinfo is not installed")
    (tmp_path / "r.pdf").write_bytes(pdf)
    run = subprocess.run([pdfinfo, "-struct-text", tmp_path / "r.pdf"], capture_output=True, check=True)
    tags = run.stdout.decode(errors="replace")
    for tag in ("H1", "H2", "H3", "Table", "TH"):
        assert re.search(rf"^\s*{tag}\b", tags, re.MULTILINE), tag


def test_an_empty_record_and_odd_names(caseload, held):
    nothing = caseload.full_record(caseload.patient_by_code("DEMO-040").id, today=TODAY)
    assert "page 1 of" in text(typeset_record(nothing, made=MADE).pdf)
    odd = replace(held.patient, name="\u5c71\u7530 \u0645\u062d\u0645\u062f \N{GRINNING FACE}", notes="y" * 3000)
    records = tuple(odd if r == held.patient else r for r in held.records)
    found = text(typeset_record(replace(held, patient=odd, records=records), made=MADE).pdf)
    assert "y" * 3000 in found.replace(" ", "")


def test_a_thousand_lines_of_history(caseload, held):
    """A record of many years: every line is there, in order."""
    first = held.history[-1]
    many = tuple(
        replace(first, number=n, at=AT + timedelta(minutes=n), title=f"Correct session no. {n}") for n in range(1, 1201)
    )
    found = squeezed(text(typeset_record(replace(held, history=many), made=MADE).pdf))
    places = [found.index(f"Correctsessionno.{n}Session") for n in range(1, 1201)]
    assert places == sorted(places)
