"""What stands in a service report: nobody, no small number, and none that gives one away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.outcomes_made import TODAY, case, group, mean, outcomes, rate, step
from trdtrack.domain.caseload_outcomes import Choice, CourseOver, Ending, LocalBenchmark, OfModality
from trdtrack.domain.message import message
from trdtrack.domain.records import EndReason, Modality
from trdtrack.domain.refusals import Refusal
from trdtrack.domain.resistance import Met
from trdtrack.domain.service_definitions import definitions
from trdtrack.domain.service_report import service_report
from trdtrack.words import say


def said(**fields) -> dict[str, dict[str, list[str]]]:
    """Each table by its title, each row's figures in words by its name."""
    report = service_report(outcomes(**fields))
    return {
        say(table.title): {say(row.name): [say(cell.words) for cell in row.cells] for row in table.rows}
        for table in report.tables
    }


def test_figures_are_those_of_the_outcomes() -> None:
    tables = said()
    assert tables["The courses"]["closed, with a baseline of 10 or more"] == ["40", "100%"]
    assert tables["The courses"]["paired: with an end score"] == ["30", "75%"]
    assert tables["What was reached by the end"]["reliable improvement"] == [
        *("22", "55%", "45%", "65%"),
        *("73%", "63%", "83%"),
    ]
    assert tables["Mean totals"]["change, paired"] == ["−6.2", "−7.7", "−4.7"]
    assert tables["By the TRD criterion"]["TRD criterion met"][:4] == ["24", "−6.9", "−8.4", "−5.4"]
    assert tables["By modality"]["CBT"] == ["28", "−6.8", "−8.3", "−5.3"]
    assert tables["The fall against the evidence"]["observed"] == ["33%", "26%", "41%"]
    assert tables["The fall against the evidence"]["expected with psychotherapy"][0] == "26%"
    assert tables["Change over the weeks"]["week 8"][0] == "14.6"
    assert tables["Local benchmark"]["both together (posterior)"] == ["37%", "5%"]
    assert tables["How good the program's forecast was"]["from week 8"] == [
        *("57%", "47%", "67%", "79%", "69%", "89%", "3.1", "3.6"),
    ]


def test_small_numbers_and_what_would_give_them_back_are_hidden() -> None:
    tables = said()
    # One died: so few that the next smallest reason goes too; the line of its own says no more.
    assert tables["The courses"]["died"] == ["not shown"] * 2
    endings = tables["Reasons for ending"]
    assert {name for name, cells in endings.items() if cells[0] != "not shown"} == {"completed", "dropped out"}
    # 40 - 25 - 9 = 6 are left for four reasons.
    after = tables["After the end"]
    assert after["worse since the end"] == after["possible relapse"] == ["not shown"] * 2
    # Four had a score in week 26.
    assert tables["Change over the weeks"]["week 26"] == ["not shown"] * 5
    assert tables["The courses"]["left out: baseline below 10"][0] == "not shown"


def test_where_few_have_no_outcome_the_paired_are_not_told() -> None:
    tables = said(all=group(40, 37, (22, 6, 14, 9, 12, 7)))
    assert tables["The courses"]["paired: with an end score"] == ["not shown"] * 2
    assert tables["The courses"]["no outcome"] == ["not shown"] * 2
    for cells in tables["What was reached by the end"].values():
        assert cells[4:] == ["not shown"] * 3
    assert tables["What was reached by the end"]["reliable improvement"][0] == "22"


def test_a_small_modality_takes_the_next_smallest_with_it() -> None:
    parts = [(Modality.BA, 2), (Modality.CBASP, 8), (Modality.CBT, 30)]
    tables = said(by_modality=tuple(OfModality(m, group(n, n)) for m, n in parts))
    shown = {name: cells[0] for name, cells in tables["By modality"].items()}
    assert shown == {"BA": "not shown", "CBASP": "not shown", "CBT": "30"}


def test_a_group_nobody_is_in_is_no_cell() -> None:
    assert list(said()["By the TRD criterion"]) == ["TRD criterion met", "TRD criterion not met"]
    three = ((Met.MET, group(24, 18)), (Met.NOT_MET, group(13, 10)), (Met.CANNOT_TELL, group(3, 2)))
    shown = {name: cells[0] for name, cells in said(by_criterion=three)["By the TRD criterion"].items()}
    assert shown == {"TRD criterion met": "24", "TRD criterion not met": "not shown", "cannot tell": "not shown"}


def test_nobody_is_in_it() -> None:
    found = outcomes(cases=(case(1, 20, 9, code="X-SECRET", therapist="Okafor"),) * 40)
    report = service_report(found)
    told = repr(report) + " ".join(f"{say(term)} {say(meaning)}" for term, meaning in definitions(found))
    for word in ("X-SECRET", "Okafor", "p1", "c1"):
        assert f"'{word}" not in told
        assert word not in told.split()


def test_a_therapist_is_named_only_where_chosen() -> None:
    def about(choice: Choice) -> dict[str, str]:
        report = service_report(outcomes(choice=choice))
        return {say(name): say(what) for name, what in report.about}

    assert "Therapist" not in about(Choice())
    assert about(Choice(therapist="Okafor"))["Therapist"] == "Okafor"
    assert about(Choice(therapist=""))["Therapist"] == "not recorded"
    assert about(Choice())["Courses that ended"] == "all"
    assert about(Choice(since=TODAY))["Courses that ended"] == "from 20 Nov 2026"
    assert about(Choice(until=TODAY))["Courses that ended"] == "up to 20 Nov 2026"
    both = about(Choice(since=date(2025, 1, 1), until=TODAY))["Courses that ended"]
    assert both == "from 1 Jan 2025 to 20 Nov 2026"
    assert about(Choice(modality=Modality.NOT_RECORDED))["Modality"] == "not recorded"


@pytest.mark.parametrize("n", [0, 1, 4])
def test_too_few_courses_make_no_report(n: int) -> None:
    with pytest.raises(Refusal, match="fewer than"):
        service_report(outcomes(all=group(n, n)))


def test_a_reason_nobody_had_is_listed_all_the_same() -> None:
    found = outcomes(endings=(Ending(EndReason.COMPLETED, rate(33, 40)), Ending(EndReason.DROPPED_OUT, rate(7, 40))))
    table = next(t for t in service_report(found).tables if say(t.title) == "Reasons for ending")
    assert len(table.rows) == len(EndReason)


def test_why_there_is_no_local_benchmark_does_not_tell_how_many_there_are() -> None:
    local = LocalBenchmark(n=3, prior=0.29, prior_sd=0.09, why_not=message("{n} so far", n=3))
    found = outcomes(local=local)
    table = next(t for t in service_report(found).tables if say(t.title) == "Local benchmark")
    assert "needs 30 closed courses" in say(table.note or "")
    assert len(table.rows) == 1


def test_a_week_of_few_is_hidden_with_its_lines() -> None:
    found = outcomes(over_weeks=CourseOver(40, (step(0, 18.0, 5), replace(step(4, 12.0, 4), observed=mean(12.0, 4)))))
    table = next(t for t in service_report(found).tables if say(t.title) == "Change over the weeks")
    assert [row.cells[0].hidden for row in table.rows] == [False, True]
