"""Writes a file in whole or not at all, readable by its owner only, and says in words why it could not."""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from trdtrack.domain.message import Message, message
from trdtrack.domain.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path`, or leave whatever was there before untouched and refuse."""
    write_parts(path, (content,))


def write_parts(path: Path, parts: Iterable[bytes]) -> None:
    """Write `parts` one after another to `path`; where making one fails, whatever was there before stays untouched.

    The bytes go to a new file (owner-only) in the same folder, are synced to the disk, and then take the name in one
    step: neither a full disk nor a power cut leaves half a file under it.
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
            temporary.replace(target)
        except BaseException:  # also a cancel: the temporary file goes in every case
            with suppress(OSError):
                temporary.unlink()
            raise
        _sync_folder(target.parent)
    except OSError as error:
        raise Refusal(_why(error, path)) from error


def _sync_folder(folder: Path) -> None:
    """Bring the new name itself to the disk; Windows cannot open a folder and does not need it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


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
