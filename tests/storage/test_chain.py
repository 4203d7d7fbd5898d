"""The audit chain: the guards refuse, and whoever takes them away is found at the first line that is not as it was."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from behind import sql, unguarded

from trdtrack.caseload import Caseload
from trdtrack.domain.edit import Edit, Step, added, altered
from trdtrack.domain.message import message
from trdtrack.domain.records import Course, Patient
from trdtrack.storage import chain, cipher, journal
from trdtrack.storage.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Sample

GUARDED = {
    "edit a line": "UPDATE audit SET who = 'x' WHERE seq = 5",
    "edit a hash": "UPDATE audit SET hash = hash",
    "delete a line": "DELETE FROM audit WHERE seq = 14",
    "replace a line": "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 5",
    "edit a text": "UPDATE audit_text SET after = '{}' WHERE seq = 5",
    "delete a text": "DELETE FROM audit_text WHERE seq = 5",
    "replace a text": "REPLACE INTO audit_text SELECT seq, 'x', before, after, why FROM audit_text WHERE seq = 5",
}


@pytest.mark.parametrize("how", GUARDED)
def test_the_guards_refuse(opened: Store, how: str) -> None:
    for pragma in ("foreign_keys = OFF", "recursive_triggers = OFF"):
        opened._raw.execute(f"PRAGMA {pragma}")
    before = opened._raw.execute("SELECT * FROM audit LEFT JOIN audit_text USING (seq)").fetchall()
    with pytest.raises(cipher.driver.IntegrityError, match="the history is only added to"):
        opened._raw.execute(GUARDED[how])
    assert opened._raw.execute("SELECT * FROM audit LEFT JOIN audit_text USING (seq)").fetchall() == before
    assert opened.faults() == ()
    with unguarded(opened) as raw:
        changes = raw.total_changes
        raw.execute(GUARDED[how])
        assert raw.total_changes > changes, "the guard is what refused"


def test_a_text_goes_only_straight_after_the_line_of_its_patients_erasure(opened: Store, sample: type[Sample]) -> None:
    other = Patient(code="P-2")
    sample.add(opened, other)
    delete = "DELETE FROM audit_text WHERE seq = ?"
    with opened.transaction(write=True) as connection:
        title = chain.ERASE.text
        journal.append_bare(connection, title, kind="patient", record=sample.patient.id, who="x", at=sample.at)
    opened._raw.execute(delete, (3,))
    with pytest.raises(cipher.driver.IntegrityError):
        opened._raw.execute(delete, (15,))
    sample.add(opened, Patient(code="P-3"))
    with pytest.raises(cipher.driver.IntegrityError):
        opened._raw.execute(delete, (4,))


def test_guards_that_are_gone_or_weakened_are_said(opened: Store) -> None:
    gone = ("what keeps the history from being changed was taken away",)
    for name, guard in chain.GUARDS.items():
        opened._raw.execute(f"DROP TRIGGER {name}")
        assert opened.faults() == gone
        opened._raw.execute(guard.replace("BEGIN", "WHEN 0 BEGIN") if " WHEN" not in guard else guard + " ")
        assert (opened.faults() == gone) is (" WHEN" not in guard)
        opened._raw.execute(f"DROP TRIGGER {name}")
        opened._raw.execute(guard)
        assert opened.faults() == ()


TAMPERED = {
    "edit a line's title": ("UPDATE audit SET title = 'x' WHERE seq = 5", "history line 5 was changed"),
    "edit a line's author": ("UPDATE audit SET who = 'x' WHERE seq = 5", "history line 5 was changed"),
    "edit a line's moment": ("UPDATE audit SET at = '2020' WHERE seq = 5", "history line 5 was changed"),
    "edit a line's record": ("UPDATE audit SET record = 'x' WHERE seq = 5", "history line 5 was changed"),
    "edit a digest": ("UPDATE audit SET digest = 'x' WHERE seq = 5", "history line 5 was changed"),
    "edit a hash": ("UPDATE audit SET hash = 'x' WHERE seq = 5", "history line 5 was changed"),
    "edit which edit it undoes": ("UPDATE audit SET undoes = 1 WHERE seq = 5", "history line 5 was changed"),
    "delete a line": ("DELETE FROM audit WHERE seq = 5", "history line 5 is missing"),
    "delete the first line": ("DELETE FROM audit WHERE seq = 1", "history line 1 is missing"),
    "delete the last line": (
        "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
        "assessment 00000000000000000000000000000009 is not as its history says",
    ),
    "swap two lines": (
        (
            "UPDATE audit SET seq = CASE seq WHEN 5 THEN -6 ELSE -5 END WHERE seq IN (5, 6);"
            "UPDATE audit SET seq = -seq WHERE seq < 0"
        ),
        "history line 5 was changed",
    ),
    "insert a line": (
        "INSERT INTO audit SELECT max(seq) + 1, 99, NULL, at, who, title, kind, record, digest, hash, 'x' FROM audit",
        "history line 15 was changed or put in",
    ),
    "insert a line before the first": (
        "INSERT INTO audit SELECT 0, 1, NULL, at, who, title, kind, record, digest, previous, hash FROM audit LIMIT 1",
        "history line 0 was changed or put in",
    ),
    "edit a text": (
        "UPDATE audit_text SET after = replace(after, '2', '3') WHERE seq = 5",
        "the text of history line 5 was changed",
    ),
    "edit a text's salt": ("UPDATE audit_text SET salt = 'x' WHERE seq = 5", "the text of history line 5 was changed"),
    "delete a text": ("DELETE FROM audit_text WHERE seq = 5", "the text of history line 5 is gone without an erasure"),
    "delete all texts": ("DELETE FROM audit_text", "the text of history line 1 is gone without an erasure"),
    "swap two texts": (
        (
            "UPDATE audit_text SET seq = CASE seq WHEN 5 THEN -6 ELSE -5 END WHERE seq IN (5, 6);"
            "UPDATE audit_text SET seq = -seq WHERE seq < 0"
        ),
        "the text of history line 5 was changed",
    ),
    "insert a text": ("INSERT INTO audit_text (seq, salt, after) VALUES (99, 's', '{}')", "texts without lines"),
    "edit a record": ("UPDATE patient SET name = 'x'", "patient pppppppppppppppppppppppppppppppp is not as"),
    "edit a score": ("UPDATE assessment SET answers = '[0,0,0,0,0,0,0,0,0]' WHERE id LIKE '%7'", "7 is not as its"),
    "edit a score to nonsense": ("UPDATE assessment SET answers = '[9]' WHERE id LIKE '%7'", "a assessment holds what"),
    "edit a date to nonsense": ("UPDATE session SET date = 'yesterday'", "a session holds what"),
    "edit a rule": ("UPDATE rules SET reliable_change = 5", "rules rules is not as its history says"),
    "delete a record": ("DELETE FROM session", "session 55555555555555555555555555555555 is missing"),
    "delete a score": ("DELETE FROM assessment WHERE id LIKE '%7'", "7 is missing"),
    "insert a record": ("INSERT INTO patient (id, code, name, notes) VALUES ('q', 'Q', '', '')", "patient q is not as"),
    "a reference to nothing": ("UPDATE assessment SET course = 'x' WHERE id LIKE '%7'", "7 is not as its history says"),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_a_change_behind_the_programs_back_is_named(opened: Store, how: str) -> None:
    statements, named = TAMPERED[how]
    assert opened.faults() == ()
    opened._raw.execute("PRAGMA foreign_keys = OFF")
    with unguarded(opened) as raw:
        changes = raw.total_changes
        raw.executescript(statements)
        assert raw.total_changes > changes
    first, *others = opened.faults()
    assert named in first
    assert not any("Zaphod" in fault for fault in (first, *others))


def test_a_line_forged_together_with_its_hash_breaks_the_next_one(opened: Store) -> None:
    with unguarded(opened) as raw:
        [*values] = raw.execute(
            "SELECT seq, edit, undoes, at, who, title, kind, record, digest, previous FROM audit WHERE seq = 5"
        ).fetchone()
        names = ("seq", "edit", "undoes", "at", "who", "title", "kind", "record", "digest", "previous")
        line = dict(zip(names, values, strict=True)) | {"who": "nobody"}
        raw.execute("UPDATE audit SET who = ?, hash = ? WHERE seq = 5", ("nobody", chain.line_hash(line)))
    [fault] = opened.faults()
    assert fault == "history line 6 does not follow the one before it: one of them was changed or put in"


def test_a_reason_is_guarded_too(opened: Store, sample: type[Sample]) -> None:
    edit = altered(message("Correct patient"), sample.patient, replace(sample.patient, name="Trillian"))
    sample.write(opened, replace(edit, why="misheard"))
    assert opened.faults() == ()
    sql(opened, "UPDATE audit_text SET why = 'another' WHERE why = 'misheard'")
    assert opened.faults() == (f"the text of history line {len(sample.records) + 1} was changed",)
    sql(opened, "UPDATE audit_text SET why = NULL WHERE why = 'another'")
    assert len(opened.faults()) == 1


@pytest.fixture
def two(opened: Store, sample: type[Sample]) -> Caseload:
    """A caseload of two patients, one of them erased, whose last act was another."""
    caseload = Caseload(opened, who="x")
    other = Patient(code="P-2", name="Trillian")
    caseload.edit(added(message("Add"), other, Course(patient=other.id)), at=sample.at)
    caseload.erase(sample.patient.id, at=sample.at)
    caseload.edit(altered(message("Correct"), other, replace(other, name="Tricia")), at=sample.at)
    return caseload


def test_erasing_is_lawful(two: Caseload) -> None:
    assert two.check() == ()


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("DELETE FROM audit_text WHERE seq = 1", "other texts before history line 17 are gone than the erasure took"),
        ("DELETE FROM audit_text WHERE seq = 15", "other texts before history line 17 are gone than the erasure took"),
        ("INSERT INTO audit_text (seq, salt) VALUES (5, 'x')", "the text of history line 5 was changed"),
        ("DELETE FROM audit_text WHERE seq = 17", "the text of history line 2 is gone without an erasure"),
        ("DELETE FROM audit_text WHERE seq = 18", "the text of history line 18 is gone without an erasure"),
        ("UPDATE audit_text SET salt = 'without words: 13, x' WHERE seq = 17", "the text of history line 17 was"),
    ],
)
def test_an_erasure_covers_no_other_text(two: Caseload, statement: str, fault: str) -> None:
    sql(two._store, statement)
    assert fault in two.check()[0]


def test_a_second_erasure_covers_both(two: Caseload, sample: type[Sample]) -> None:
    [other] = two.patients()
    two.erase(other.id, at=sample.at)
    assert two.check() == ()
    sql(two._store, "DELETE FROM audit_text WHERE seq = 1")
    assert two.check() == ("other texts before history line 19 are gone than the erasure took",)


def test_a_moved_record_whose_text_went_with_the_other_patient_is_no_fault(opened: Store, sample: type[Sample]) -> None:
    other = Patient(code="P-2")
    course = Course(patient=other.id)
    moved = replace(sample.session, patient=other.id, course=course.id)
    caseload = Caseload(opened, who="x")
    steps = (Step(None, other), Step(None, course), Step(sample.session, moved))
    caseload.edit(Edit(message("Move"), steps), at=sample.at)
    caseload.erase(sample.patient.id, at=sample.at)
    assert caseload.sessions(course.id) == [moved]
    assert caseload.check() == ()


def cut(path: Path, passphrase: str, *, after: int) -> None:
    """Take the newest lines away, and the records they made: inside the file no trace is left."""
    with closing(Store.open(path, passphrase)) as store, unguarded(store) as raw:
        for table in ("audit_about", "audit_text", "audit"):
            raw.execute(f"DELETE FROM {table} WHERE seq > ?", (after,))
        raw.execute("DELETE FROM assessment WHERE id > ?", (f"{after - 5:032d}",))
        raw.execute("DELETE FROM gist")


def test_a_cut_off_end_is_seen_only_from_a_head_kept_elsewhere(small: Path, sample: type[Sample]) -> None:
    with closing(Caseload.open(small, sample.passphrase, who="x")) as caseload:
        known = caseload.head
    cut(small, sample.passphrase, after=10)
    with closing(Caseload.open(small, sample.passphrase, who="x")) as caseload:
        assert caseload.check() == ()
        assert (known.number, caseload.head.number, len(caseload.assessments(sample.patient.id))) == (14, 10, 6)
        assert not caseload.continues(known)


def test_a_history_written_anew_does_not_continue_the_head_known(small: Path, sample: type[Sample]) -> None:
    """Whoever has the key can forge the whole chain; not what another place remembers of it."""
    with closing(Caseload.open(small, sample.passphrase, who="x")) as caseload:
        known = caseload.head
        assert caseload.continues(known)
        caseload.edit(added(message("Add"), Patient(code="P-2")), at=sample.at)
        assert caseload.continues(known)
        assert caseload.head.number == known.number + 1
    with closing(Store.open(small, sample.passphrase)) as store, unguarded(store) as raw:
        previous = chain.GENESIS
        names = ("seq", "edit", "undoes", "at", "who", "title", "kind", "record", "digest", "previous")
        for values in raw.execute(f"SELECT {', '.join(names)} FROM audit ORDER BY seq").fetchall():
            line = dict(zip(names, values, strict=True)) | {"who": "nobody", "previous": previous}
            previous = chain.line_hash(line)
            new = (line["who"], line["previous"], previous, line["seq"])
            raw.execute("UPDATE audit SET who = ?, previous = ?, hash = ? WHERE seq = ?", new)
    with closing(Caseload.open(small, sample.passphrase, who="x")) as caseload:
        assert caseload.check() == ()
        assert not caseload.continues(known)
