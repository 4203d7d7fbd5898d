"""Real small disks for tests: only root on Linux can mount one."""

import os
import subprocess
import sys

import pytest

root_only = pytest.mark.skipif(
    not (sys.platform == "linux" and os.geteuid() == 0), reason="only root on Linux can mount a disk"
)


def mount(*arguments: object) -> None:
    """Mount, or skip the test where even root may not."""
    done = subprocess.run(["mount", *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"this machine does not let its root mount: {done.stderr.strip()}")
