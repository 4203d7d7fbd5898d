"""Real small disks for tests: only root on Linux can mount one."""

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

root_only = pytest.mark.skipif(
    not (sys.platform == "linux" and os.geteuid() == 0), reason="only root on Linux can mount a disk"
)


def mount(*arguments: object) -> None:
    """Mount, or skip the test where even root may not."""
    done = subprocess.run(["mount", *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"this machine does not let its root mount: {done.stderr.strip()}")


@contextmanager
def place_for_a_disk():
    """A folder to mount on, taken away again with what is mounted there.

    Not in pytest's own: clearing up after a run that was killed, the next one would stumble over the mount.
    """
    place = Path(tempfile.mkdtemp(prefix="trdtrack-disk-"))
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], capture_output=True, check=False)
        place.rmdir()


@contextmanager
def small_disk(size: str):
    """An empty disk of so many bytes, in memory."""
    with place_for_a_disk() as place:
        mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", place)
        yield place
