"""Full and read-only disks are real ones, small tmpfs mounts: root writes into a folder whatever its mode says."""

from __future__ import annotations

import errno
import os
import stat
import subprocess

import pytest
from disks import root_only, small_disk

from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.exchange import writing
from trdtrack.exchange.writing import refuse_taken, write_folder, write_parts, write_whole
from trdtrack.words import say


@pytest.fixture
def disk():
    """A disk of 64 KiB."""
    with small_disk("64k") as place:
        yield place


def refused(path, content=b"new") -> str:
    with pytest.raises(Refusal) as caught:
        write_whole(path, content)
    return say(caught.value.what)


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_written_whole_and_for_its_owner_only(tmp_path):
    path = tmp_path / "scores.csv"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert names(tmp_path) == ["scores.csv"]


def test_through_a_link_to_the_file_itself(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    real, link = tmp_path / "elsewhere" / "real.csv", tmp_path / "link.csv"
    real.write_bytes(b"old")
    link.symlink_to(real)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


@root_only
def test_a_full_disk_keeps_the_old_file_whole(disk):
    path = disk / "scores.csv"
    write_whole(path, b"old")
    assert refused(path, b"x" * 200_000) == f"The disk is full: {path} was not written."
    assert path.read_bytes() == b"old"
    assert names(disk) == ["scores.csv"]
    assert refused(disk / "other.csv", b"x" * 200_000) == f"The disk is full: {disk / 'other.csv'} was not written."
    assert names(disk) == ["scores.csv"]
    write_whole(path, b"y" * 8_000)  # the room came back with the temporary file's going
    assert path.read_bytes() == b"y" * 8_000


@root_only
def test_a_read_only_disk(disk):
    path = disk / "scores.csv"
    path.write_bytes(b"old")
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    for target in (path, disk / "other.csv"):
        assert refused(target) == (
            f"{target} cannot be written: the folder is read-only, you have no permission, or another program holds it."
        )
    assert path.read_bytes() == b"old"
    assert names(disk) == ["scores.csv"]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has no such permissions")
def test_a_folder_without_permission(tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o555)
    for above in (tmp_path, *tmp_path.parents[:2]):
        above.chmod(0o755)
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    try:
        assert "cannot be written" in refused(folder / "scores.csv")
    finally:
        os.seteuid(was)
    assert not names(folder)


def test_no_such_folder_and_a_folder_as_target(tmp_path):
    missing = tmp_path / "none" / "scores.csv"
    assert refused(missing) == f"There is no folder {missing.parent}."
    (tmp_path / "file").write_bytes(b"")
    assert refused(tmp_path / "file" / "scores.csv") == f"There is no folder {tmp_path / 'file'}."
    assert refused(tmp_path) == f"{tmp_path} is a folder: choose a file name."


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.EDQUOT, "The disk is full"),
        (errno.EPERM, "cannot be written"),
        (errno.EIO, "could not be written (Input/output error)"),
    ],
)
def test_other_failures_in_words_and_nothing_left(tmp_path, monkeypatch, code, words):
    def fail(_handle):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(writing.os, "fsync", fail)
    assert words in refused(tmp_path / "scores.csv")
    assert names(tmp_path) == []


def test_a_cancel_in_the_middle_leaves_nothing(tmp_path, monkeypatch):
    def cancel(_handle):
        raise KeyboardInterrupt

    path = tmp_path / "scores.csv"
    path.write_bytes(b"old")
    monkeypatch.setattr(writing.os, "fsync", cancel)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["scores.csv"]


def test_what_comes_last_may_still_refuse(tmp_path):
    path = tmp_path / "scores.csv"
    write_whole(path, b"old")

    def refuse():
        assert len(names(tmp_path)) == 2  # the new bytes are there, under another name
        raise Refusal(message("No."))

    with pytest.raises(Refusal, match="No"):
        write_parts(path, (b"new",), then=refuse)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["scores.csv"]


def test_a_name_that_is_taken_is_refused(tmp_path):
    path = tmp_path / "scores.csv"
    refuse_taken(path)
    path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(Refusal) as caught:
        refuse_taken(path)
    assert say(caught.value.what) == f"{path} is there already: choose another name."


def test_a_folder_is_written_whole_and_for_its_owner_only(tmp_path):
    folder = tmp_path / "out"
    files = [("A-1.pdf", b"1"), ("a-1.pdf", b"2"), ("A-1.pdf", b"3")]
    assert write_folder(folder, iter(files)) == 3
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert found == {"A-1.pdf": b"1", "a-1-2.pdf": b"2", "A-1-3.pdf": b"3"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert names(tmp_path) == ["out"]


def test_an_empty_folder_is_filled_and_any_other_refused(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    assert write_folder(folder, [("a", b"1")]) == 1
    for taken in (folder, folder / "a"):
        with pytest.raises(Refusal) as caught:
            write_folder(taken, [("b", b"2")])
        assert say(caught.value.what) == f"{taken} is there already: choose a new or an empty folder."
    assert names(folder) == ["a"]


def test_a_folder_that_is_not_finished_leaves_nothing(tmp_path):
    def files():
        yield "a", b"1"
        raise KeyboardInterrupt

    def refuse():
        raise Refusal(message("No."))

    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path / "out", files())
    with pytest.raises(Refusal, match="No"):
        write_folder(tmp_path / "out", [("a", b"1")], then=refuse)
    with pytest.raises(Refusal) as caught:
        write_folder(tmp_path / "gone" / "out", [("a", b"1")])
    assert say(caught.value.what) == f"There is no folder {tmp_path / 'gone'}."
    assert names(tmp_path) == []


@root_only
def test_a_folder_on_a_full_disk_leaves_nothing(disk):
    with pytest.raises(Refusal) as caught:
        write_folder(disk / "out", [("a", b"x" * 8_000), ("b", b"x" * 200_000)])
    assert say(caught.value.what) == f"The disk is full: {disk / 'out'} was not written."
    assert names(disk) == []
