"""Writes a file in whole or not at all, readable by its owner only, and says in words why it could not."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from trdtrack.domain.message import Message, message
from trdtrack.domain.refusals import Refusal
from trdtrack.paths import sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from trdtrack.caseload import Caseload

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path`, or leave whatever was there before untouched and refuse."""
    write_parts(path, (content,))


def refuse_taken(path: Path) -> None:
    """Refuse a name that something has already: nobody said that it may be replaced."""
    if os.path.lexists(path) and not path.is_dir():
        raise Refusal(message("{file} is there already: choose another name.", file=str(path)))


def refuse_own(path: Path, caseload: Caseload) -> None:
    """Refuse the name of the caseload's own file, or of one of those beside it."""
    beside = {caseload.path, *(caseload.path.with_name(caseload.path.name + end) for end in ("-wal", "-shm"))}
    if path.resolve() in {own.resolve() for own in beside}:
        raise Refusal(message("{file} is the caseload itself: choose another name.", file=path.name))


def write_parts(path: Path, parts: Iterable[bytes], *, then: Callable[[], None] | None = None) -> None:
    """Write `parts` one after another to `path`; where making one fails, whatever was there before stays untouched.

    The bytes go to a new file (owner-only) in the same folder, are synced to the disk, and then take the name in one
    step: neither a full disk nor a power cut leaves half a file under it. `then` is called when only the name is
    missing; where it refuses, nothing is written.
    """
    if path.is_dir():
        raise Refusal(message("{file} is a folder: choose a file name.", file=str(path)))
    # Through a link to the file itself: replacing the link would leave the old content where it points.
    target = Path(os.path.realpath(path))
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".trdtrack-", suffix=".part")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(parts)
                file.flush()
                os.fsync(file.fileno())
            if then:
                then()
            temporary.replace(target)
        except BaseException:  # also a cancel: the temporary file goes in every case
            with suppress(OSError):
                temporary.unlink()
            raise
        sync_folder(target.parent)
    except OSError as error:
        raise Refusal(_why(error, path)) from error


def write_folder(folder: Path, files: Iterable[tuple[str, bytes]], *, then: Callable[[], None] | None = None) -> int:
    """Write files (name, content) into a new folder, all or none, and return how many. `then` as in `write_parts`.

    Of two files with one name the later gets a number. Refuses where the folder is there already and not empty.
    """
    target = Path(os.path.realpath(folder))
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Refusal(message("{file} is there already: choose a new or an empty folder.", file=str(folder)))
    written = set[str]()
    try:
        made = Path(tempfile.mkdtemp(dir=target.parent, prefix=".trdtrack-", suffix=".part"))
        try:
            for name, content in files:
                path = _free(made, name, written)
                with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
            sync_folder(made)
            if then:
                then()
            if target.is_dir():
                target.rmdir()
            made.rename(target)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
        sync_folder(target.parent)
    except OSError as error:
        raise Refusal(_why(error, folder)) from error
    return len(written)


def _free(folder: Path, name: str, taken: set[str]) -> Path:
    """Return a path no other file of the folder has; letters that differ only in case are one name on some disks."""
    path, number = Path(name), 2
    while name.casefold() in taken:
        name, number = f"{path.stem}-{number}{path.suffix}", number + 1
    taken.add(name.casefold())
    return folder / name


def _why(error: OSError, path: Path) -> Message:
    file, folder = str(path), str(path.parent)
    if error.errno in _FULL:
        return message("The disk is full: {file} was not written.", file=file)
    if error.errno in _FORBIDDEN:
        return message(
            "{file} cannot be written: the folder is read-only, you have no permission, or another program holds it.",
            file=file,
        )
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return message("There is no folder {folder}.", folder=folder)
    return message("{file} could not be written ({reason}).", file=file, reason=os.strerror(error.errno or errno.EIO))
