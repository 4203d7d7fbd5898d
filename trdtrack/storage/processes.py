"""Which computer this is, and which of its processes still run."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

MACHINE_ID = Path("/etc/machine-id")


@cache
def computer() -> str:
    """Return what tells this computer from others: on Linux its machine id, hashed as systemd asks; else its name."""
    with suppress(OSError):
        if found := MACHINE_ID.read_bytes().strip():
            return hashlib.sha256(b"trdtrack " + found).hexdigest()[:16]
    return machine()


@cache
def machine() -> str:
    """Return the name people know this computer by."""
    return platform.node() or "unknown"


def runs(process: int) -> bool:
    """Whether a process of this computer is still there, whoever's it is."""
    if process <= 0:
        return False
    if sys.platform == "win32":
        return _runs_on_windows(process)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # another person's
        return True
    return True


def _runs_on_windows(process: int) -> bool:
    """Ask for the process's handle: `os.kill` would end it there. Untested."""
    import ctypes  # noqa: PLC0415 - late: for Windows only

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined]
    handle = kernel.OpenProcess(0x1000, False, process)  # noqa: FBT003 - PROCESS_QUERY_LIMITED_INFORMATION
    if not handle:
        return False
    code = ctypes.c_ulong()
    kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return code.value == 259  # STILL_ACTIVE
