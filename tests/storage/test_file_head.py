"""The first bytes of a file that is open here are not read from it: its locks, and so what is saved, are not let go."""

from __future__ import annotations

import gc
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from trdtrack import file_head, settings
from trdtrack.caseload import Caseload
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Patient
from trdtrack.storage import cipher
from trdtrack.storage.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Sample

SHARED = 0x40000002
"""Where SQLite locks a file's 510 bytes while it is open (sqlite.org/fileformat2.html, 1.3.2; os.h, SHARED_FIRST)."""
OTHER_PROGRAM = f"""
import fcntl, sys
with open(sys.argv[1], "rb+") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, {SHARED})
        print("free")
    except BlockingIOError:
        print("held")
"""


def found_by_another(path: Path) -> str:
    """How another program of this computer finds the file."""
    command = [sys.executable, "-c", OTHER_PROGRAM, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def remembered(path: Path) -> bool:
    return file_head.place_of(path) in file_head._open


@pytest.mark.skipif(sys.platform == "win32", reason="the locks of POSIX are meant")
@pytest.mark.parametrize("look", [settings.identity_of, settings.remember, cipher.salt_of])
def test_a_look_at_a_file_that_is_open_lets_no_lock_go(small: Path, sample: type[Sample], look: object) -> None:
    with closing(Caseload.open(small, sample.passphrase, who="x")) as caseload:
        caseload.edit(added(message("Add"), Patient(code="N-1")), at=sample.at)
        look(small)
        assert found_by_another(small) == "held"
        with small.open("rb"):
            pass
        assert found_by_another(small) == "free", "this sees a lock that was let go"
    assert found_by_another(small) == "free"


def test_what_is_remembered_is_what_the_file_begins_with_and_only_while_it_is_open(
    small: Path, sample: type[Sample]
) -> None:
    salt = small.read_bytes()[: file_head.BYTES]
    with closing(Caseload.open(small, sample.passphrase, who="x")):
        with closing(Caseload.open(small, sample.passphrase, who="x")):
            assert file_head.read(small) == salt
        assert remembered(small)
        link = small.with_name("link")
        link.symlink_to(small)
        assert file_head.read(link) == salt
    assert not remembered(small)
    assert file_head.read(small) == salt


def test_after_a_new_passphrase_it_is_the_new_salt(small: Path, sample: type[Sample]) -> None:
    with closing(Caseload.open(small, sample.passphrase, who="x")) as caseload:
        caseload.change_passphrase("four wet crocuses", old=sample.passphrase, at=sample.at)
        head = file_head.read(small)
    assert head == small.read_bytes()[: file_head.BYTES]
    assert not remembered(small)


def test_a_file_let_go_without_being_closed_is_not_remembered(small: Path, sample: type[Sample]) -> None:
    """Another file may be given its number."""
    store = Store.open(small, sample.passphrase)
    assert remembered(small)
    store._presence.leave()
    del store
    gc.collect()
    assert not remembered(small)
