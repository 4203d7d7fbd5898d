from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from pypdf import PdfReader

from trdtrack.chart.forest_words import figure
from trdtrack.domain.pooling import Method, by_modality, effects, leave_one_out, pool
from trdtrack.domain.routes import routes
from trdtrack.evidence import benchmarks, default_benchmark
from trdtrack.evidence_tables import shipped_published, shipped_trials
from trdtrack.report.evidence import draw_evidence, evidence_data, typeset_evidence

MADE = date(2026, 5, 2)
# The page's own pictures are the chart's business: a stand-in shows that the words do not come from it.
STAND_IN = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 499 334" width="499" height="334"/>'


@cache
def pools():
    found = effects(shipped_trials())
    return [pool(found, method) for method in Method]


def parts(benchmark):
    trials, published = shipped_trials(), shipped_published()
    without = [rest for out, rest in leave_one_out(pools()[0].effects) if out.trial.id == "strauss2012"]
    g = [found.g for found in (*pools(), *without)]
    found = routes(trials=trials, published=published, pooled=g, benchmark=benchmark)
    return benchmark, pools(), published, trials, found


@cache
def paper(number: int = 0):
    return typeset_evidence(*parts(benchmarks()[number]), STAND_IN, made=MADE)


@cache
def text(number: int = 0) -> str:
    pdf = PdfReader(io.BytesIO(paper(number).pdf))
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def test_the_pool_by_both_methods_and_that_they_disagree():
    found = text()
    assert "10 comparisons pooled: g −0.54 (95% interval −0.78 to −0.30)" in found
    assert "Paule–Mandel 10 −0.54 −0.78 to −0.30 0.045 41.8% 11.96 −1.08 to −0.003" in found
    assert "REML 10 −0.50 −0.70 to −0.30 0 0.0% 11.96 −0.70 to −0.30" in found
    assert "The methods disagree" in found
    assert "τ² is 0.045 by Paule–Mandel and 0 by REML" in found
    assert "Michalak 2015 (MBCT) and Michalak 2015 (CBASP) share one control group: its 32 people" in found


def test_agreeing_methods_are_not_said_to_disagree():
    benchmark, both, *rest = parts(default_benchmark())
    data = evidence_data(benchmark, [both[0], replace(both[1], tau2=both[0].tau2)], *rest, made=MADE)
    assert data["pooling"]["between"].startswith("The methods agree")


def test_each_comparison_left_out_and_each_modality():
    found = text()
    for out, rest in leave_one_out(pools()[0].effects):
        mark = "*" if rest.narrowed else ""
        low, high = figure(rest.ci_low), figure(rest.ci_high)
        assert f"{out.trial.study} {figure(rest.g)}{mark} {low} to {high}" in found
    assert "Strauss 2012 −0.46* −0.57 to −0.35 0" in found
    for group in by_modality(pools()[0].effects):
        low, high = figure(group.ci_low), figure(group.ci_high)
        assert f"{group.modality} {group.k} {figure(group.g)} {low} to {high}" in found
    assert "All these intervals overlap: no modality can be said to do better" in found


@pytest.mark.parametrize("number", [0, 1])
def test_the_worked_course_is_the_benchmarks(number):
    benchmark, found = benchmarks()[number], text(number)
    there = benchmark.table(19, (4, 8, 12, 16, 26))
    for name, figures in (
        ("Usual care alone", [f"{e.usual_care:.2f}" for e in there]),
        ("With psychotherapy", [f"{e.psychotherapy:.2f}" for e in there]),
        ("Middle 50% of people", [f"{e.low50:.1f}–{e.high50:.1f}" for e in there]),
        ("Middle 80% of people", [f"{e.low80:.1f}–{e.high80:.1f}" for e in there]),
    ):
        assert f"{name} {' '.join(figures)}" in found


def test_the_worked_course_is_that_of_the_clinical_rules():
    assert "Usual care alone 17.52 16.97 16.63 16.39 15.96" in text()
    assert "With psychotherapy 16.31 15.33 14.71 14.26 13.49" in text()
    assert "9.8–22.8 8.1–22.6 7.0–22.4 6.2–22.3 5.0–22.0" in text()
    assert "usual care alone goes to 16.0 by week 26, a fall of 16%" in text()
    assert "the gap, 2.5 points: less than the 6 that make" in text()


def test_the_routes_stand_on_their_sides_with_their_data():
    data = evidence_data(*parts(default_benchmark()), made=MADE)["routes"]
    points = {side: [row[-1] for row in data[side]["rows"]] for side in ("agreeing", "others")}
    found = parts(default_benchmark())[-1]
    assert points["agreeing"] == [f"{route.points:.2f}" for route in found if route.agrees]
    assert points["others"] == [f"{route.points:.2f}" for route in found if not route.agrees]
    marked = [row[0] for side in points for row in data[side]["rows"] if row[0].endswith("(R)")]
    assert len(marked) == sum(route.same_data for route in found)
    assert "0.49 × 7.26; data: Giguère et al. 2025; SD: RefraMED (Lynch 2020)" in text()
    assert "5.57 − 3.13; data: RefraMED (Lynch 2020)" in text()
    assert "95% interval: 1.23 to 3.72" in text()
    assert f"Of 7 routes, {len(points['agreeing'])} end within 0.5 points" in text()


def test_every_trial_and_published_estimate_is_there_with_its_source():
    found = text()
    for trial in shipped_trials():
        assert f"{trial.id} · {trial.year}" in found
        assert f"{trial.therapy_after.n}/{trial.control_after.n}" in found
        assert f"{trial.therapy_before.mean:g} → {trial.therapy_after.mean:g}" in found
        assert f"{trial.control_before.mean:g} → {trial.control_after.mean:g}" in found
    for row in shipped_published():
        assert row.doi in found
        if row.estimate is not None:
            interval = f"{row.metric} {figure(row.estimate)} ({figure(row.ci_low)} to {figure(row.ci_high)})"
            assert interval in found
    assert found.count("unverified") == sum(row.confirmed == "no" for row in shipped_published())
    assert "g 0.49 to 0.59 over time points" in found


def test_every_parameter_has_its_source_or_says_that_none_states_it():
    rows = {
        row[0]: row[1:] for row in evidence_data(*parts(default_benchmark()), made=MADE)["parameters"]["table"]["rows"]
    }
    assert rows["Fall on usual care alone by week 26"] == ["16%", "S1"]
    assert rows["Fall with psychotherapy by week 26"] == ["29%", "S1"]
    assert rows["Variance at the end (points²)"] == ["44.27", "S1, S3"]
    assert rows["Variance at the start (points²)"] == ["8.00", "A1"]
    assert rows["Week by which the fall is reached"] == ["26", "A2"]
    assert rows["Week after which there are no data"] == ["30", "S1"]
    assert rows["What therapy adds, at least (SMD)"] == ["0.34", "S2"]
    assert rows["SD that turns it into points"] == ["5.0", "A7"]
    assert rows["Baseline it is a share of"] == ["19", "A7"]
    assert "44.27 = 7.26² × (1 − 0.16)" in text()


def test_figures_of_another_file_claim_no_derivation_and_no_source():
    other = replace(default_benchmark(), start_variance=9.0, end_variance=50.0, usual_care_fall=0.21, added_effect=None)
    table = evidence_data(*parts(other), made=MADE)["parameters"]
    rows = {row[0]: row[1:] for row in table["table"]["rows"]}
    assert rows["Fall on usual care alone by week 26"] == ["21%", "not stated"]
    assert rows["Variance at the end (points²)"] == ["50.00", "not stated"]
    assert len(rows) == 6
    assert "SEM" not in table["note"]


@pytest.mark.parametrize("number", [0, 1])
def test_sources_assumptions_and_caveats_are_all_there(number):
    benchmark, found = benchmarks()[number], text(number).replace("−", "-")
    for source in benchmark.sources:
        assert source.cite in found
        assert source.gives.replace("−", "-") in found
    for words in (*benchmark.caveats, *benchmark.assumptions):
        assert words in found
    assert "There are few trials of each modality" in found
    assert f"{benchmark.name}, version {benchmark.version}" in found


@pytest.mark.parametrize("number", [0, 1])
def test_it_is_three_numbered_pages(number):
    pdf = PdfReader(io.BytesIO(paper(number).pdf))
    assert len(pdf.pages) == 3
    for n, sheet in enumerate(pdf.pages, 1):
        foot = " ".join(sheet.extract_text().split())
        assert f"page {n} of 3" in foot
        assert "made 2 May 2026" in foot


def test_it_is_tagged_titled_and_in_a_language(tmp_path):
    assert paper().dropped is None
    pdf = PdfReader(io.BytesIO(paper().pdf))
    root = pdf.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].lower().startswith("en")
    assert pdf.metadata.title == "Where the numbers come from"
    metadata = pdf.xmp_metadata.stream.get_data().decode()
    assert "pdfuaid:part" in metadata
    assert "pdfaid:part" in metadata
    pdfinfo = shutil.which("pdfinfo")
    if pdfinfo is None:
        pytest.skip("pdfinfo is not installed")
    (tmp_path / "e.pdf").write_bytes(paper().pdf)
    run = subprocess.run([pdfinfo, "-struct-text", tmp_path / "e.pdf"], capture_output=True, text=True, check=True)
    for tag in ("H1", "H2", "Table", "TH", "Figure", "Caption"):
        assert re.search(rf"^\s*{tag}\b", run.stdout, re.MULTILINE), tag


def test_the_forest_plot_is_vectors_with_text(qapp):
    svg = draw_evidence(pools(), shipped_published())
    done = typeset_evidence(*parts(default_benchmark()), svg, made=MADE)
    pdf = PdfReader(io.BytesIO(done.pdf))
    assert len(pdf.pages) == 3
    assert [image for sheet in pdf.pages for image in sheet.images] == []
    first = " ".join(pdf.pages[0].extract_text().split())
    for trial in shipped_trials():
        assert first.count(trial.study) >= 2


def test_what_a_file_says_is_never_markup():
    odd = '#panic("x") *b* $x$ @a <l>'
    benchmark = replace(default_benchmark(), name=odd, population=odd, caveats=(odd,), assumptions=(odd,))
    done = typeset_evidence(*parts(benchmark), STAND_IN, made=MADE)
    found = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(done.pdf)).pages).split())
    assert found.count(odd) == 4
