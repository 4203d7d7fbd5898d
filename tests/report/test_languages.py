"""Paper in another language: the document says which it is, words and decimal signs are its own, figures the same."""

import io
import re

import pytest
from pypdf import PdfReader

from report.held import AT, TODAY
from trdtrack import locales
from trdtrack.demo import SHOWN, make_demo
from trdtrack.evidence import default_benchmark
from trdtrack.report.summary import summary_pdf
from trdtrack.words import translated


@pytest.fixture(scope="module")
def summary():
    caseload = make_demo(at=AT)
    only = [caseload.patient_by_code(SHOWN).id]
    held = next(iter(caseload.held(only=only, today=TODAY)))
    yield held.summaries[0], TODAY
    caseload.close()


@pytest.fixture(autouse=True)
def english_again():
    yield
    locales.speak(locales.ENGLISH)


def read(summary, today):
    pdf = PdfReader(io.BytesIO(summary_pdf(summary, made=today)))
    return pdf.trailer["/Root"]["/Lang"], " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(("code", "week"), [("de", "Woche 0"), ("es", "semana 0"), ("fr", "semaine 0")])
def test_a_summary_is_set_in_the_language_in_force(summary, code, week):
    shown, today = summary
    language, english = read(shown, today)
    assert language == "en"
    locales.speak(code)
    language, text = read(shown, today)
    assert language == code
    assert week.casefold() in text.casefold()
    first, last = shown.baseline.point.score.total, shown.latest.score.total
    assert f"{first} → {last}" in text
    assert f"{first} → {last}" in english
    caveat = default_benchmark().caveats[0]
    assert translated(caveat) != caveat
    assert translated(caveat)[:40] in text
    assert not re.search(r"\bweeks?\b|\bnot recorded\b", text)
