"""The end of the history, known on this computer and written on every export: a history cut off or forged shows."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import openpyxl
import pytest
from conftest import AT
from fhir.resources.R4B.bundle import Bundle

from trdtrack import known_heads, settings
from trdtrack.caseload import Caseload
from trdtrack.domain.chain_head import ChainHead
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Patient
from trdtrack.exchange.data_workbook import workbook
from trdtrack.exchange.fhir_out import fhir_bundle
from trdtrack.exchange.tables import tables_zip
from trdtrack.exports import Source, Wishes, making
from trdtrack.exports.kinds import untold
from trdtrack.words import say

if TYPE_CHECKING:
    from pathlib import Path

    from command_line import Program

PASSPHRASE = "two loud herons"


def opened(path: Path) -> Caseload:
    return Caseload.open(path, PASSPHRASE, who="x")


def add(caseload: Caseload, *codes: str) -> None:
    caseload.edit(added(message("Add"), *[Patient(code=code) for code in codes]), at=AT)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.trdtrack"
    with closing(Caseload.create(path, PASSPHRASE, who="x")) as caseload:
        add(caseload, "P-1", "P-2")
    return path


def test_what_goes_on_is_not_mentioned_and_the_end_is_remembered(path: Path) -> None:
    for _ in range(3):
        with closing(opened(path)) as caseload:
            assert known_heads.begin(caseload) is None
            add(caseload, f"N-{caseload.head.number}")
            end = caseload.head
        assert settings.heads(path) == [(str(path), ChainHead(end.number, end.hash[:16]))]


def test_an_older_copy_is_said_once_by_opening_and_for_ever_by_checking(path: Path) -> None:
    older = path.read_bytes()
    with closing(opened(path)) as caseload:
        known_heads.begin(caseload)
        add(caseload, "P-3", "P-4", "P-5")
    path.write_bytes(older)
    with closing(opened(path)) as caseload:
        missing = known_heads.begin(caseload)
        assert missing
        said = "History lines 3 to 5, known on this computer, are missing: is this an older copy?"
        assert say(missing) == said
        add(caseload, *"ABCDEF")
    with closing(opened(path)) as caseload:
        assert known_heads.begin(caseload) is None
        [missing] = known_heads.missing(caseload)
        assert say(missing) == (
            "History line 5 is not the one known on this computer: this is another copy, or its history was changed."
        )
        assert caseload.check() == ()


def test_two_copies_that_both_go_on_are_known_apart(path: Path, tmp_path: Path) -> None:
    with closing(opened(path)) as caseload:
        known_heads.begin(caseload)
    other = tmp_path / "b.trdtrack"
    other.write_bytes(path.read_bytes())
    with closing(opened(other)) as caseload:
        known_heads.begin(caseload)
    for code in "ABC":
        for place in (path, other):
            with closing(opened(place)) as caseload:
                assert known_heads.begin(caseload) is None
                add(caseload, code)
                assert known_heads.missing(caseload) == []


@pytest.mark.parametrize("instead", [True, False])
def test_a_backup_that_was_put_back_on_purpose_lacks_nothing(path: Path, tmp_path: Path, instead: bool) -> None:
    with closing(opened(path)) as caseload:
        known_heads.begin(caseload)
        backup = caseload.backups.make(at=AT).path
        add(caseload, "P-3", "P-4")
        keys = caseload.backups.keys
    target = path if instead else tmp_path / "b.trdtrack"
    if instead:
        Caseload.restore_from(backup, path, keys=keys, who="x", at=AT)
    else:
        Caseload.restore_new(backup, target, keys=keys, who="x", at=AT)
    for place in {target, path}:
        with closing(opened(place)) as caseload:
            assert known_heads.begin(caseload) is None
            assert known_heads.missing(caseload) == []


def test_only_a_few_ends_are_kept_and_nonsense_is_none(path: Path) -> None:
    older = path.read_bytes()
    for n in range(9):
        path.write_bytes(older)
        with closing(opened(path)) as caseload:
            known_heads.begin(caseload)
            add(caseload, f"N-{n}")
    assert len(settings.heads(path)) == settings.MOST_HEADS
    for nonsense in ("x", [1], [["a", "b"]], [[1]], None, {}):
        settings._keep_of_file("heads", path, nonsense)
        assert settings.heads(path) == []
    with closing(opened(path)) as caseload:
        assert not caseload.continues(replace(caseload.head, hash=""))


def test_the_check_names_the_end_and_what_is_missing(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "a.trdtrack"
    assert program("new", path).code == 0
    older = path.read_bytes()
    (tmp_path / "scores.csv").write_text("patient,date,total\nP-1,2026-01-01,12\n")
    assert program("import", path, tmp_path / "scores.csv").code == 0
    assert "Chain head: " in program("check", path).done
    path.write_bytes(older)
    first, second = program("check", path), program("check", path)
    assert "are missing: is this an older copy?" in first.err
    assert second.err == ""
    for said in (first, second):
        assert (said.code, "are missing: is this an older copy?" in said.out) == (0, True)


def test_exports_say_where_the_history_ended(path: Path) -> None:
    head = ChainHead(57, "ab" * 32)
    about = openpyxl.load_workbook(io.BytesIO(workbook([], at=AT, head=head)))["About"]
    assert ("Chain head", "57, abababababab") in list(about.iter_rows(values_only=True))
    with zipfile.ZipFile(io.BytesIO(tables_zip([], at=AT, head=head))) as tables:
        assert 'Chain head,"57, abababababab"' in tables.read("about.csv").decode("utf-8-sig")
    bundle = b"".join(fhir_bundle([], at=AT, head=head))
    [tag] = Bundle.model_validate_json(bundle).meta.tag
    assert (tag.system, tag.code) == ("urn:trdtrack:chain-head", "57-abababababab")
    assert b'"meta"' not in b"".join(fhir_bundle([], at=AT)).split(b'"entry"')[0]


def test_the_end_on_an_export_is_that_of_the_caseload(path: Path) -> None:
    with closing(opened(path)) as caseload:
        patient = caseload.patients()[0].id
        source = Source(caseload, (patient,), at=AT, today=AT.date())
        made = json.loads(making.record_json(patient, source, Wishes()).content)
        assert made["chain_head"] == {"number": 2, "hash": caseload.head.hash}
        code = f"2-{caseload.head.hash[:12]}"
        assert code in making.fhir(source, Wishes(), untold).content.decode()
        shown = openpyxl.load_workbook(io.BytesIO(making.workbook(source, Wishes(), untold).content))["About"]
        assert ("Chain head", f"2, {caseload.head.hash[:12]}") in list(shown.iter_rows(values_only=True))
