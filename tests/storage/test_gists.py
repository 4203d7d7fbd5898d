"""What is kept of each patient reads back as it was, goes with every edit, and is drawn anew where it is not whole."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from trdtrack.caseload import Caseload
from trdtrack.domain.edit import Edit, Step, added, altered, joined, withdrawn
from trdtrack.domain.gist import Gist, pack_days, packed
from trdtrack.domain.message import message, plural
from trdtrack.domain.records import Assessment, BenchmarkFile, Clinic, Course, Patient, Rules, Session
from trdtrack.domain.refusals import Refusal
from trdtrack.domain.signals import Signal
from trdtrack.evidence import benchmarks
from trdtrack.paths import resources
from trdtrack.storage import gists

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

AT = datetime(2026, 5, 4, 10, tzinfo=UTC)
WEEK_0 = date(2026, 1, 7)
PEOPLE = [Patient(id=f"{n:032x}", code=f"P-{n}", name=f"Name {n}") for n in range(1, 4)]
COURSES = [Course(id=f"{n + 16:032x}", patient=p.id, start=WEEK_0, therapist="Dr Rot") for n, p in enumerate(PEOPLE)]
ADA, BEA, CARL = PEOPLE


def scored(patient: int, day: date, total: int) -> Assessment:
    return Assessment(patient=PEOPLE[patient].id, course=COURSES[patient].id, date=day, total=total, entered=AT)


SCORES = [scored(n, WEEK_0, 16 + n) for n in range(3)]


@pytest.fixture
def caseload(tmp_path: Path) -> Iterator[Caseload]:
    with closing(Caseload.create(tmp_path / "c.trdtrack", "four plain boats", who="Dr Test")) as found:
        found.edit(added(message("Add"), *PEOPLE, *COURSES, *SCORES), at=AT)
        yield found


def kept(caseload: Caseload) -> dict[str, str]:
    with caseload._store.transaction(write=False) as connection:
        return gists.texts(connection)


def by_code(caseload: Caseload) -> dict[str, Gist]:
    return {g.code: g for g in caseload.gists()}


def test_a_gist_reads_back_as_it_was(caseload: Caseload) -> None:
    whole = Gist(
        patient=ADA.id,
        code='P-"1"',
        name="Ünal, [Ada]",
        sort="p-11",
        closed_day=date(2026, 4, 1).toordinal(),
        died=True,
        course=COURSES[0].id,
        modality="CBT",
        therapist="Dr Rot",
        week_zero_day=WEEK_0.toordinal(),
        end_day=date(2026, 3, 1).toordinal(),
        planned=12,
        attended=3,
        baseline=19,
        lines_start_day=date(2026, 1, 8).toordinal(),
        benchmark_name="Ours",
        benchmark_version="2",
        packed_totals=pack_days([(WEEK_0, 19), (date(2026, 1, 14), 0)]),
        latest=0,
        latest_day=date(2026, 1, 14).toordinal(),
        latest_prorated=True,
        change=-19,
        change_prorated=True,
        signal=Signal.REVIEW.value,
        packed_why=packed(message("{why}, seen on {day}", why=plural("{n} point", "{n} points", 6), day=WEEK_0)),
        signal_prorated=True,
        risk_open=2,
        risk_due=3,
        risk_again_day=date(2026, 2, 2).toordinal(),
        item9=0,
        next_day=date(2026, 5, 5).toordinal(),
        next_time="14:30",
        packed_later=pack_days([(date(2026, 5, 5), date(2026, 5, 9), "")]),
        packed_unfinished=pack_days([(WEEK_0,), (WEEK_0,)]),
        packed_reviews=pack_days([(date(2026, 4, 7), date.max)]),
        packed_follow_ups=pack_days([(date(2026, 6, 1),)]),
        asked_from=date(2026, 3, 31).toordinal(),
        last_note="Slept badly.\N{HORIZONTAL ELLIPSIS}",
    )
    assert all(value not in (None, "", (), False) or value == 0 for value in whole)
    bare = Gist(BEA.id, "x", "", "x")
    with caseload._store.transaction(write=True) as connection:
        gists.keep(connection, [whole, bare])
    found = {g.patient: g for g in caseload.gists()}
    assert found[ADA.id] == whole
    assert found[BEA.id] == bare
    assert caseload.gists(only=[ADA.id]) == [whole]
    ada = found[ADA.id]
    assert (ada.closed, ada.week_zero, ada.end) == (date(2026, 4, 1), WEEK_0, date(2026, 3, 1))
    assert (ada.lines_start, ada.latest_date, ada.risk_again) == (
        date(2026, 1, 8),
        date(2026, 1, 14),
        date(2026, 2, 2),
    )
    assert ada.why == message("{why}, seen on {day}", why=plural("{n} point", "{n} points", 6), day=WEEK_0)
    assert ada.totals == ((WEEK_0, 19), (date(2026, 1, 14), 0))
    assert ada.later == ((date(2026, 5, 5).toordinal(), date(2026, 5, 9).toordinal(), ""),)
    assert (ada.unfinished, ada.follow_ups) == ((WEEK_0, WEEK_0), (date(2026, 6, 1),))
    assert ada.reviews == ((date(2026, 4, 7), date.max),)
    assert (ada.base, ada.benchmark) == (Signal.REVIEW, ("Ours", "2"))
    assert (bare.why, bare.totals, bare.unfinished, bare.closed) == (message("no course yet"), (), (), None)


def test_every_edit_takes_the_gists_along(caseload: Caseload) -> None:
    assert {code: g.latest for code, g in by_code(caseload).items()} == {"P-1": 16, "P-2": 17, "P-3": 18}
    caseload.edit(added(message("Add"), scored(0, date(2026, 2, 1), 25)), at=AT)
    assert (by_code(caseload)["P-1"].latest, by_code(caseload)["P-1"].base) == (25, Signal.REVIEW)
    caseload.undo(at=AT)
    assert by_code(caseload)["P-1"].latest == 16
    caseload.redo(at=AT)
    assert by_code(caseload)["P-1"].latest == 25
    caseload.edit(withdrawn(BEA, "twice"), at=AT)
    assert set(by_code(caseload)) == {"P-1", "P-3"}
    assert caseload.gists(only=[BEA.id]) == []
    caseload.undo(at=AT)
    assert set(by_code(caseload)) == {"P-1", "P-2", "P-3"}
    assert caseload.rebuild() == []


def test_a_record_that_moves_changes_both_patients(caseload: Caseload) -> None:
    other = replace(SCORES[0], patient=BEA.id, course=COURSES[1].id, date=date(2026, 2, 1))
    caseload.edit(altered(message("Move"), SCORES[0], other), at=AT)
    assert [by_code(caseload)[code].latest for code in ("P-1", "P-2")] == [None, 16]
    assert caseload.rebuild() == []


def test_undoing_a_new_patient_leaves_nothing_of_them(caseload: Caseload) -> None:
    new = Patient(code="N-1", name="Nobody Else")
    caseload.edit(added(message("Add"), new), at=AT)
    assert new.id in kept(caseload)
    caseload.undo(at=AT)
    assert new.id not in kept(caseload)


def test_erasing_leaves_nothing_of_the_patient(caseload: Caseload) -> None:
    caseload.erase(ADA.id, at=AT)
    assert set(kept(caseload)) == {BEA.id, CARL.id}
    assert not any("Name 1" in text for text in kept(caseload).values())


def test_rules_and_clinic_draw_every_gist_anew_with_progress(caseload: Caseload) -> None:
    caseload.edit(added(message("Add"), *(scored(n, date(2026, 2, 1), 22 + n) for n in range(3))), at=AT)
    assert {g.base for g in caseload.gists()} == {Signal.REVIEW}
    seen: list[tuple[int, int]] = []
    strict = added(message("Set rules"), Rules(reliable_change=8))
    caseload.edit(strict, at=AT, tick=lambda done, of: seen.append((done, of)))
    assert {g.base for g in caseload.gists()} == {Signal.TOO_EARLY}
    assert seen[-1] == (7, 7)
    caseload.edit(added(message("Set clinic"), Clinic(review_months=(1,))), at=AT)
    assert {g.reviews for g in caseload.gists()} == {((date(2026, 2, 7), date.max),)}
    assert caseload.rebuild() == []
    caseload.undo(at=AT)
    caseload.undo(at=AT)
    assert {g.base for g in caseload.gists()} == {Signal.REVIEW}
    assert caseload.rebuild() == []


@pytest.mark.parametrize(
    ("edit", "everybody"),
    [
        (added(message("Set"), Rules(trial_weeks=6)), False),
        (added(message("Set"), Clinic(emergency="112")), False),
        (added(message("Set"), Rules(prorate=False)), True),
    ],
)
def test_only_what_bears_on_everybody_draws_everybody_anew(caseload: Caseload, edit, everybody) -> None:
    seen: list[str] = []
    caseload._store._raw.set_trace_callback(seen.append)
    caseload.edit(edit, at=AT)
    caseload._store._raw.set_trace_callback(None)
    assert any("INSERT INTO gist" in statement for statement in seen) is everybody


def test_an_edit_asks_for_its_own_patient_alone(caseload: Caseload) -> None:
    seen: list[str] = []
    session = Session(patient=ADA.id, course=COURSES[0].id, date=WEEK_0, entered=AT)
    caseload._store._raw.set_trace_callback(seen.append)
    caseload.edit(added(message("Log"), session), at=AT)
    caseload._store._raw.set_trace_callback(None)
    wholes = [s for s in seen if s.startswith("SELECT") and "WHERE" not in s]
    assert {s.split("FROM ")[1].split()[0] for s in wholes} == {"audit", "rules", "clinic", "benchmark"}
    assert sum("INSERT INTO gist" in s for s in seen) == 1


def test_a_benchmark_that_a_course_is_drawn_with_cannot_be_taken_away(caseload: Caseload) -> None:
    text = next((resources() / "evidence").glob("*.toml")).read_text("utf-8")
    name = benchmarks()[0].name
    ours = BenchmarkFile(
        name="Ours", version="7", text=text.replace(name, "Ours").replace('version = "1"', 'version = "7"')
    )
    drawn = altered(message("Draw"), COURSES[0], replace(COURSES[0], benchmark="Ours", benchmark_version="7"))
    caseload.edit(joined(message("Both"), [added(message("Add"), ours), drawn]), at=AT)
    assert by_code(caseload)["P-1"].benchmark == ("Ours", "7")
    gone = Edit(message("Take away"), (Step(ours, None),))
    with pytest.raises(Refusal):
        caseload.edit(gone, at=AT)
    assert by_code(caseload)["P-1"].benchmark == ("Ours", "7")
    assert caseload.rebuild() == []


def spoil(caseload: Caseload, statement: str) -> None:
    caseload._store._raw.execute(statement)


@pytest.mark.parametrize(
    ("statement", "wrong"),
    [
        (f"UPDATE gist SET text = replace(text, 'Name 1', 'Name 9') WHERE patient = '{ADA.id}'", ["P-1"]),
        (f"DELETE FROM gist WHERE patient IN ('{ADA.id}', '{CARL.id}')", ["P-1", "P-3"]),
        (f"UPDATE gist SET text = 'torn' WHERE patient = '{BEA.id}'", ["P-2"]),
        ("INSERT INTO gist VALUES ('ghost', '[]')", ["ghost"]),
    ],
)
def test_tampering_is_found_named_and_put_right(caseload: Caseload, statement: str, wrong: list[str]) -> None:
    before = kept(caseload)
    spoil(caseload, statement)
    assert sorted(caseload.rebuild()) == wrong
    assert kept(caseload) == before
    assert caseload.rebuild() == []


@pytest.mark.parametrize(
    "statement",
    [
        f"DELETE FROM gist WHERE patient = '{ADA.id}'",
        f"UPDATE gist SET text = 'torn' WHERE patient = '{ADA.id}'",
        f"UPDATE gist SET text = '[]' WHERE patient = '{ADA.id}'",
        "UPDATE gist SET text = 'older' WHERE patient = ''",
    ],
)
def test_nobody_is_missing_from_the_list_whatever_was_kept(caseload: Caseload, statement: str) -> None:
    before = by_code(caseload)
    spoil(caseload, statement)
    assert by_code(caseload) == before


@pytest.mark.parametrize("empty", ["DELETE FROM gist", "UPDATE gist SET text = 'older' WHERE patient = ''"])
def test_a_file_of_an_older_program_is_filled_when_it_is_opened(tmp_path: Path, empty: str) -> None:
    path = tmp_path / "c.trdtrack"
    with closing(Caseload.create(path, "x", who="x")) as caseload:
        caseload.edit(added(message("Add"), *PEOPLE, *COURSES, *SCORES), at=AT)
        before = kept(caseload)
        spoil(caseload, empty)
    with closing(Caseload.open(path, "x", who="x")) as caseload:
        assert kept(caseload) == before


def test_what_fails_leaves_the_gists_as_they_were(caseload: Caseload) -> None:
    before = kept(caseload)

    def at_the_last(done: int, of: int) -> None:
        if done == of:
            raise KeyboardInterrupt

    refused: list[tuple[type[BaseException], Callable[[int, int], None] | None, Assessment]] = [
        (KeyboardInterrupt, at_the_last, scored(0, date(2026, 2, 1), 3)),
        (Refusal, None, scored(0, date(2030, 2, 1), 3)),
    ]
    for error, tick, score in refused:
        with pytest.raises(error):
            caseload.edit(added(message("Add"), score), at=AT, tick=tick)
        assert kept(caseload) == before
        assert len(caseload.assessments(ADA.id)) == 1


def test_many_patients_at_once_are_drawn_as_one_by_one(caseload: Caseload) -> None:
    people = [Patient(code=f"M-{n}") for n in range(120)]
    courses = [Course(patient=p.id, start=WEEK_0) for p in people]
    caseload.edit(added(message("Add"), *people, *courses), at=AT)
    totals = [
        Assessment(patient=p.id, course=c.id, date=WEEK_0, total=n % 28, entered=AT)
        for n, (p, c) in enumerate(zip(people, courses, strict=True))
    ]
    caseload.edit(added(message("Add"), *totals), at=AT)
    assert caseload.rebuild() == []
    caseload.undo(at=AT)
    assert {g.latest for g in caseload.gists() if g.code.startswith("M-")} == {None}
    assert caseload.rebuild() == []
