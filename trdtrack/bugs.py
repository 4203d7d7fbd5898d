"""Notes a bug of ours without a word of any patient's: the kind of error and where it happened, nothing it said."""

from __future__ import annotations

import faulthandler
import os
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TextIO

import platformdirs

KEEP_BYTES = 200_000


def log_path() -> Path:
    """Return where bugs are noted."""
    return Path(platformdirs.user_log_dir("trdtrack", appauthor=False)) / "bugs.log"


def note(error: BaseException) -> str:
    """Add the error's kind and frames to the log and return the place it happened, for the person to report.

    The error's own text is left out: it may quote what was typed. A log that cannot be written is no further error.
    """
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    where = f"{type(error).__name__}, {places[-1] if places else '?'}"
    with suppress(OSError), _appended(log_path()) as log:
        log.write(f"{datetime.now(UTC).isoformat()} {type(error).__name__} {' < '.join(reversed(places))}\n")
    return where


def prepare_for_a_crash() -> None:
    """Have the places noted if the whole process falls, and no picture of its memory left, which would hold it all.

    Python names files, lines and functions of a crash, never a value.
    """
    with suppress(ImportError, OSError, ValueError):  # Windows has no such limit
        resource = import_module("resource")
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):
        faulthandler.enable(_appended(log_path().with_name("crash.log")))


def _appended(path: Path) -> TextIO:
    """Open a log to write at its end; one that has grown too long begins anew. Nobody else may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > KEEP_BYTES:
        path.unlink()
    return os.fdopen(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "a", encoding="utf-8")
