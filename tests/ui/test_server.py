"""Two people at their windows on one server: what the one saves, the other sees; and nothing typed is lost."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from served import ANNA, BO, Served
from sqlalchemy import event

from trdtrack.domain.edit import Touched, altered
from trdtrack.domain.message import message
from trdtrack.storage.postgres import notices, store
from trdtrack.ui.history.page import HistoryPage
from trdtrack.ui.server import again, elsewhere
from ui.hands import AT, Person, scores, settle, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from cluster import Cluster
    from pytestqt.qtbot import QtBot
    from sqlalchemy import Connection

CODE = "DEMO-021"


@pytest.fixture
def at_server(served: Served, newcomer: Callable[[], Person]) -> Callable[[str], Person]:
    """Open the server's caseload as somebody, in a window of its own."""

    def open_(login: str) -> Person:
        person = newcomer()
        person.window.show_caseload(served.open(login))
        settle()
        return person

    return open_


@pytest.fixture
def both(at_server: Callable[[str], Person]) -> tuple[Person, Person]:
    one, two = at_server(ANNA), at_server(BO)
    for person in (one, two):
        person.show_patient(CODE)
    return one, two


def correct_last(person: Person) -> None:
    person.place.patient_page.scores._correct()
    settle()


def test_what_the_other_saves_appears_without_asking(both: tuple[Person, Person], qtbot: QtBot) -> None:
    one, two = both
    before = scores(two)
    correct_last(one)
    one.log.answers[0].setText("3")
    one.log.save()
    settle()
    assert one.place.form is None
    until(qtbot, lambda: scores(two) != before)
    assert scores(two) == scores(one)


def test_both_correct_one_score(both: tuple[Person, Person], qtbot: QtBot) -> None:
    one, two = both
    for person in both:
        correct_last(person)
    one.log.answers[0].setText("0")
    one.log.save()
    two.log.answers[1].setText("3")
    two.log.note.setPlainText("typed by Bo")
    two.log.save()
    settle()
    assert two.place.forms.conflict is not None
    assert two.sees(f"{ANNA} changed it on")
    two.click("Put mine over it")
    assert two.place.form is None
    until(qtbot, lambda: scores(one) == scores(two))
    assert scores(one)[0]["Answers"].replace(" ", "").startswith("03")
    assert [line.who for line in one.caseload.history(limit=3)] == [BO, BO, ANNA]


def test_pages_look_again_at_most_so_often_and_only_at_who_is_shown(
    at_server: Callable[[str], Person], served: Served, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elsewhere, "EACH_MS", 400)
    person = at_server(ANNA)
    person.show_patient(CODE)
    page, drawn, told = person.place.patient_page, list[Touched | None](), list[tuple[float, Touched]]()
    monkeypatch.setattr(page, "redraw", drawn.append)
    person.place.desk.changed.connect(lambda touched: told.append((time.monotonic(), touched)))
    bo = served.open(BO)
    shown, *others = sorted(bo.patients(), key=lambda patient: patient.code != CODE)
    for other in others[:10]:
        bo.edit(altered(message("Correct patient"), other, replace(other, notes="seen")), at=AT)
        qtbot.wait(60)
    until(qtbot, lambda: set[str]().union(*(one.patients for _at, one in told)) == {p.id for p in others[:10]})
    moments = [at for at, _touched in told]
    assert 2 <= len(moments) < 10
    assert min(later - before for before, later in pairwise(moments)) >= 0.39
    assert drawn == [], "somebody else is on the page"
    bo.edit(altered(message("Correct patient"), shown, replace(shown, notes="seen")), at=AT)
    until(qtbot, lambda: bool(drawn))
    bo.close()
    assert drawn == [Touched(frozenset({shown.id}), frozenset({"patient"}))]


def test_locked_it_hears_nothing_and_holds_no_connection(
    at_server: Callable[[str], Person], served: Served, qtbot: QtBot
) -> None:
    person = at_server(ANNA)
    assert served.cluster.cut_off(served.database) == 2, "one to work with, one to hear"
    until(qtbot, lambda: person.line == "The clinic's server is back.")
    person.lock()
    until(qtbot, lambda: served.cluster.connected(served.database) == 0)


# The connection lost


def typed(person: Person) -> None:
    """Correct the last score, in a form that is open now."""
    correct_last(person)
    person.log.answers[0].setText("3")
    person.log.note.setPlainText("typed while the server went away")


@pytest.fixture
def hasty(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that is tried again is tried soon, on a server that may be stopped."""
    if not cluster.own:
        pytest.skip("the server that TRDTRACK_TEST_POSTGRES names is not ours to stop")
    monkeypatch.setattr(again, "AGAIN_MS", 50)
    monkeypatch.setattr(notices, "_AGAIN_S", 0.05)
    monkeypatch.setattr(store, "PATIENCE_S", 0.5)


def test_the_server_away_while_saving_the_form_stays_and_saves_by_itself(
    hasty: None, at_server: Callable[[str], Person], served: Served, qtbot: QtBot
) -> None:
    person = at_server(ANNA)
    person.show_patient(CODE)
    typed(person)
    lines = len(person.caseload.history())
    served.cluster.stop()
    try:
        person.log.save()
        settle()
        said = f"{served.database} does not answer: nothing was saved. It is tried again by itself."
        assert person.sees(said)
        assert person.log.note.toPlainText() == "typed while the server went away"
        until(qtbot, lambda: "does not answer. It is tried again" in person.line)
    finally:
        served.cluster.start()
    until(qtbot, lambda: person.place.form is None)
    assert person.line.startswith("Saved: ")
    assert scores(person)[0]["Answers"].startswith("3")
    assert len(person.caseload.history()) == lines + 2, "once: the session and its score"
    person.place.undo()
    settle()
    assert person.line.startswith("Undone: ")


def test_what_is_typed_on_meanwhile_is_not_saved_unasked(
    hasty: None, at_server: Callable[[str], Person], served: Served, qtbot: QtBot
) -> None:
    person = at_server(ANNA)
    person.show_patient(CODE)
    typed(person)
    before = scores(person)
    served.cluster.stop()
    try:
        person.log.save()
        person.log.note.setPlainText("half a sen")
    finally:
        served.cluster.start()
    until(qtbot, lambda: person.line == "The clinic's server is back. Save when you are ready.")
    assert person.log.note.toPlainText() == "half a sen"
    assert scores(person) == before
    person.log.save()
    settle()
    assert person.place.form is None


def test_the_connection_cut_in_the_very_end_of_a_save_is_saved_once(
    hasty: None, at_server: Callable[[str], Person], served: Served, qtbot: QtBot
) -> None:
    """The save is made, but its end is not heard: the server goes away between the two."""
    person = at_server(ANNA)
    person.show_patient(CODE)
    typed(person)
    lines = len(person.caseload.history())
    gone: list[bool] = []

    def and_gone(connection: Connection) -> None:
        if gone or not connection.get_execution_options().get("write"):
            return
        gone.append(True)
        raw: Any = connection.connection.dbapi_connection
        raw.commit()
        raw.execute("BEGIN")  # so that the second commit, the one asked for, has to ask the server
        served.cluster.stop()

    event.listen(person.caseload._store._engine, "commit", and_gone)
    try:
        person.log.save()
        settle()
        assert person.sees("it is not known yet whether this was saved. What you typed is kept. It is tried again")
    finally:
        served.cluster.start()
    until(qtbot, lambda: person.place.form is None)
    assert person.line.startswith("Saved: ")
    assert "Ctrl+Z" not in person.line, "this window does not hold what to take back"
    assert len(person.caseload.history()) == lines + 2
    assert scores(person)[0]["Answers"].startswith("3")


def test_pages_are_drawn_again_when_the_server_is_back(
    hasty: None, at_server: Callable[[str], Person], served: Served, qtbot: QtBot
) -> None:
    person = at_server(ANNA)
    served.cluster.stop()
    try:
        person.place.go(HistoryPage)
        settle()
        assert "does not answer" in person.line
    finally:
        served.cluster.start()
    until(qtbot, lambda: bool(person.place.pages[HistoryPage].lines.read))  # type: ignore[attr-defined]
