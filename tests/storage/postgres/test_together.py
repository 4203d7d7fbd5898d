"""Several people in one caseload at once: one after the other where it matters, nothing lost, nothing half."""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from clinic import ADA, AT, COURSE, PASSWORD, SESSION, Clinic

from trdtrack.domain.edit import added, altered
from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Course, Patient, Rules, Session
from trdtrack.domain.refusals import Refusal, Stale
from trdtrack.storage.postgres import members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trdtrack.caseload import Caseload


@pytest.fixture
def both(clinic: Clinic) -> Iterator[tuple[Caseload, Caseload]]:
    """Tom and tina, who both have Ada."""
    members.assign(clinic.address("erna"), PASSWORD, login="tina", codes=["P-1"])
    with closing(clinic.open("tom")) as tom, closing(clinic.open("tina")) as tina:
        yield tom, tina
        with closing(clinic.open("erna")) as erna:
            assert erna.check() == ()
            assert erna.rebuild() == []


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """Do several things at the same moment, and return what was raised."""
    raised: list[BaseException] = []
    start = threading.Barrier(len(acts))

    def work(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - returned
            raised.append(error)

    threads = [threading.Thread(target=work, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_of_two_who_change_one_record_the_second_is_told(both: tuple[Caseload, Caseload]) -> None:
    tom, tina = both
    was = SESSION
    for n in range(10):
        mine, hers = (replace(was, note=f"{who} {n}") for who in ("tom", "tina"))
        raised = at_once(
            lambda was=was, mine=mine: tom.edit(altered(message("x"), was, mine), at=AT),
            lambda was=was, hers=hers: tina.edit(altered(message("x"), was, hers), at=AT),
        )
        now = tom.sessions(COURSE.id)[0]
        assert now in (mine, hers)
        [stale] = raised
        assert isinstance(stale, Stale)
        assert (stale.expected, stale.stored) == (was, now)
        was = now


def test_two_who_add_to_one_patient_both_count(both: tuple[Caseload, Caseload]) -> None:
    """What the caseload page shows is drawn from both, whoever came second."""
    tom, tina = both
    for n in range(10):
        day = AT.date() - timedelta(n + 1)
        one = Session(patient=ADA.id, course=COURSE.id, date=day, entered=AT)
        other = Assessment(patient=ADA.id, course=COURSE.id, date=day, total=n, entered=AT)
        assert not at_once(
            lambda one=one: tom.edit(added(message("x"), one), at=AT),
            lambda other=other: tina.edit(added(message("x"), other), at=AT),
        )
    assert tom.gists() == tina.gists()
    assert len(tom.sessions(COURSE.id)) == 11


def test_a_rule_is_not_passed_by_two_at_once(clinic: Clinic, both: tuple[Caseload, Caseload]) -> None:
    """One open course a patient: each finds none, and each begins one."""
    tom, tina = both
    tom.edit(altered(message("End"), COURSE, replace(COURSE, end=AT.date())), at=AT)
    raised = at_once(*(lambda who=who: who.edit(added(message("x"), Course(patient=ADA.id)), at=AT) for who in both))
    assert [type(error) for error in raised] == [Refusal]
    assert len(tina.courses(ADA.id)) == 2


def test_the_clinics_rules_changed_while_others_write(clinic: Clinic, both: tuple[Caseload, Caseload]) -> None:
    tom, tina = both
    with closing(clinic.open("erna")) as erna:

        def rule() -> None:
            now = erna.rules()
            for points in (5, 7, 8):
                erna.edit(altered(message("Set"), now, now := Rules(reliable_change=points)), at=AT)

        def write(who: Caseload, first: int) -> None:
            for n in range(first, first + 8):
                day = AT.date() - timedelta(n)
                one = Assessment(patient=ADA.id, course=COURSE.id, date=day, total=n, entered=AT)
                who.edit(added(message("x"), one), at=AT)

        assert not at_once(rule, lambda: write(tom, 1), lambda: write(tina, 20))
        assert erna.rules().reliable_change == 8


def test_what_somebody_else_changed_is_noticed(both: tuple[Caseload, Caseload]) -> None:
    tom, tina = both
    assert not tom.changed_elsewhere()
    tina.edit(altered(message("x"), SESSION, replace(SESSION, note="hers")), at=AT)
    assert tom.changed_elsewhere()
    assert not tom.changed_elsewhere()
    assert not tina.changed_elsewhere(), "one's own is nobody else's"
    tina.edit(added(message("x"), Patient(code="T-1")), at=AT)
    tom.edit(added(message("x"), Patient(code="T-2")), at=AT)
    assert tom.changed_elsewhere(), "also where one wrote oneself since"


def test_drafts_are_their_writers_alone(both: tuple[Caseload, Caseload]) -> None:
    tom, tina = both
    for who, typed in ((tom, "his"), (tina, "hers"), (tom, "his again")):
        assert who.keep_draft("log:1", patient=ADA.id, text=typed, at=AT)
    tom.keep_draft("log:2", patient=ADA.id, text="later", at=AT - timedelta(days=1))
    assert [draft.text for draft in tom.drafts()] == ["later", "his again"]
    assert [draft.text for draft in tina.drafts()] == ["hers"]
    assert tina.drop_draft("log:1")
    assert tina.drafts() == []
    found = tom.draft("log:1")
    assert found
    assert found.text == "his again"


def test_the_search_finds_as_one_types(both: tuple[Caseload, Caseload]) -> None:
    tom, tina = both
    jose = Patient(code="X-22", name="José Ångström-Meyer", notes="likes the sea")
    course = Course(patient=jose.id)
    days = [AT.date() - timedelta(n) for n in (3, 1, 2)]
    said = ["slept badly", "slept well, cafe\u0301 again", "O'Neil \\ slept 'all' night: & | ! * <->"]
    sessions = [
        Session(patient=jose.id, course=course.id, date=day, note=note, entered=AT)
        for day, note in zip(days, said, strict=True)
    ]
    tom.edit(added(message("x"), jose, course, *sessions), at=AT)

    def found(typed: str, **more: int) -> list[str]:
        return [one.record for one in tom.find(typed, **more)]

    for typed in ("jose", "JOSÉ", "angstr", "meyer jos", "x-22", "X-2", "x 22", "jos sea"):
        assert found(typed) == [jose.id], typed
    assert found("slept") == [sessions[1].id, sessions[2].id, sessions[0].id], "the newest first"
    assert found("slept", limit=2) == [sessions[1].id, sessions[2].id]
    for typed, one in (("cafe", 1), ("o'neil", 2), ("'all'", 2), ("well caf", 1)):
        assert found(typed) == [sessions[one].id], typed
    for typed in ("22-x", "slept sea", "", "' ' \\ :*", "& | !", "zzz", "\0"):
        assert found(typed) == [], typed
    assert "slept well" in tom.find("slept")[0].snippet
    assert tina.find("jose") == [], "not hers"
    tom.edit(altered(message("x"), sessions[1], replace(sessions[1], note="walked")), at=AT)
    assert found("well") == []
    assert found("walk") == [sessions[1].id]
    tom.undo(at=AT)
    assert found("well") == [sessions[1].id]


def test_a_long_words_middle_is_shown(clinic: Clinic) -> None:
    with closing(clinic.open("tom")) as tom:
        note = " ".join(f"word{n}" for n in range(200))
        tom.edit(altered(message("x"), SESSION, replace(SESSION, note=note)), at=AT)
        [found] = tom.find("word150")
        assert found.snippet.startswith("…")
        assert found.snippet.endswith("…")
        assert "word150" in found.snippet
        assert len(found.snippet.split()) <= 13


def test_many_patients_at_once(clinic: Clinic) -> None:
    """An import of more than are held one by one."""
    with closing(clinic.open("tom")) as tom, closing(clinic.open("erna")) as erna:
        many = [Patient(code=f"M-{n}") for n in range(150)]
        tom.edit(added(message("Import"), *many, *(Course(patient=one.id) for one in many)), at=AT)
        assert len(tom.patients()) == 151
        tom.undo(at=AT)
        assert tom.patients() == [ADA]
        tom.redo(at=AT)
        assert erna.check() == ()
        assert erna.rebuild() == []
