"""Drafts survive a crash, stay out of the history, tell nobody, and never stop anybody's work."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from trdtrack.caseload import Caseload
from trdtrack.domain.drafts import Draft
from trdtrack.storage import cipher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Sample

    from trdtrack.domain.edit import Touched

ROOT = Path(__file__).parents[2]
PASSPHRASE = "seven dry tulips"
KEEPING = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from trdtrack.caseload import Caseload
from trdtrack.storage import cipher
cipher.derive_key = lambda _passphrase, _salt: bytes.fromhex(sys.argv[2])
caseload = Caseload.open(Path(sys.argv[1]), "", who="child")
assert caseload.keep_draft("log:1", patient="p", text="half a sen", at=datetime(2026, 5, 4, tzinfo=UTC))
os.write(1, b"kept\\n")
os.read(0, 1)
"""


@pytest.fixture
def caseload(small: Path) -> Iterator[Caseload]:
    with closing(Caseload.open(small, PASSPHRASE, who="Dr Test")) as opened:
        yield opened


def test_the_last_text_of_each_form_is_kept_newest_first(caseload: Caseload, sample: type[Sample]) -> None:
    told: list[Touched] = []
    caseload.tell = told.append
    lines = len(caseload.history())
    text = "Robert'); DROP TABLE draft;-- 😀 " + "ש" * 100_000
    for minutes, (form, typed) in enumerate([("log:1", "a"), ("patient:new", "b"), ("log:1", text)]):
        patient = "" if form == "patient:new" else "p"
        assert caseload.keep_draft(form, patient=patient, text=typed, at=sample.at + timedelta(minutes=minutes))
    last = Draft("log:1", "p", sample.at + timedelta(minutes=2), text)
    assert caseload.draft("log:1") == last
    assert caseload.drafts() == [last, Draft("patient:new", "", sample.at + timedelta(minutes=1), "b")]
    assert caseload.drop_draft("log:1")
    assert caseload.draft("log:1") is None
    assert [d.form for d in caseload.drafts()] == ["patient:new"]
    assert (told, len(caseload.history()), caseload.can_undo(), caseload.check()) == ([], lines, None, ())
    assert "ש" not in repr(last)


def test_a_draft_survives_the_programs_death(small: Path) -> None:
    key = cipher.derive_key(PASSPHRASE, cipher.salt_of(small)).hex()
    command = [sys.executable, "-c", KEEPING, str(small), key]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ) as child:
        assert child.stdout
        assert child.stdout.readline() == b"kept\n"
        child.kill()
    assert child.returncode != 0
    with closing(Caseload.open(small, PASSPHRASE, who="x")) as caseload:
        assert [(d.form, d.text) for d in caseload.drafts()] == [("log:1", "half a sen")]


def test_what_cannot_be_kept_is_no_error(
    caseload: Caseload, small: Path, sample: type[Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not caseload.keep_draft("log:1", patient="p", text="\ud800", at=sample.at)
    caseload._store._raw.execute("PRAGMA busy_timeout = 50")
    with closing(Caseload.open(small, PASSPHRASE, who="y")) as other:
        other._store._raw.execute("BEGIN IMMEDIATE")
        assert not caseload.keep_draft("log:1", patient="p", text="x", at=sample.at)
        assert not caseload.drop_draft("log:1")
        other._store._raw.execute("ROLLBACK")
    assert caseload.keep_draft("log:1", patient="p", text="x", at=sample.at)
    caseload.close()
    monkeypatch.setattr(cipher, "writable", lambda _path: False)
    with closing(Caseload.open(small, PASSPHRASE, who="x")) as looked_at:
        assert not looked_at.keep_draft("log:1", patient="p", text="y", at=sample.at)
        assert not looked_at.drop_draft("log:1")
        assert looked_at.draft("log:1") == replace(looked_at.drafts()[0], text="x")
