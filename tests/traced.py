"""Runs a program under strace, where it can be had, and hands back what the system was asked for."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SIGNS = ("--- SIG", "+++ exited", "+++ killed")

traced_only = pytest.mark.skipif(shutil.which("strace") is None, reason="strace cannot be had here")


def traced(
    command: Sequence[object], *options: str, folder: Path, variables: Mapping[str, str] | None = None
) -> list[str]:
    """Run a command to its end under `strace -f` with these options; return the calls, one a line."""
    log = folder / "strace.txt"
    done = subprocess.run(
        ["strace", "-f", "-qq", "-o", log, *options, *map(str, command)],
        cwd=folder,
        env={**os.environ, **(variables or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if "PTRACE" in done.stderr:
        pytest.skip(f"this machine lets nobody be traced: {done.stderr.splitlines()[0]}")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if not any(mark in line for mark in SIGNS)]
