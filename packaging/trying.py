"""Try a frozen program where it stands: its selftest on a virtual screen, its size, how fast it starts."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 5
PATIENCE_S = 60


def size(place: Path) -> int:
    """Return the bytes of a file, or of all files in a folder."""
    files = [place] if place.is_file() else [f for f in place.rglob("*") if f.is_file() and not f.is_symlink()]
    return sum(file.stat().st_size for file in files)


def say_size(what: str, place: Path) -> None:
    """Print it in megabytes."""
    print(f"{what}: {size(place) / 1e6:.0f} MB", flush=True)


def selftest(folder: Path) -> None:
    """Let the program try every part of itself, with a home of its own and none of this computer's Python."""
    with tempfile.TemporaryDirectory(prefix="trdtrack-build-") as home:
        done = subprocess.run(
            [*_screen(), _program(folder, command=True), "selftest"],
            env=_bare(home), capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        # What failed beside the pages, such as a table that a page would show a moment later, stands in the log alone.
        noted = "".join(log.read_text("utf-8") for log in Path(home).rglob("bugs.log"))
    if done.returncode:
        sys.exit(f"The frozen program's selftest failed after\n{done.stdout}\n{done.stderr}")
    if noted:
        sys.exit(f"The frozen program's selftest went through, but noted\n{noted}")
    print(f"selftest: {len(done.stdout.splitlines())} parts tried, all well", flush=True)


def time_start(folder: Path) -> None:
    """Print how long it takes from the start to the window, cold and warm; needs Xvfb and xdotool."""
    if not (shutil.which("xvfb-run") and shutil.which("xdotool")):
        print("start: not timed, for there is no xvfb-run or no xdotool here")
        return
    with tempfile.TemporaryDirectory(prefix="trdtrack-build-") as home:
        cold = _start(folder, home, cold=True)
        warm = statistics.median(_start(folder, home) for _round in range(ROUNDS))
    print(f"start to the window: {cold:.2f} s with nothing of it in memory, then {warm:.2f} s (median of {ROUNDS})")


def _start(folder: Path, home: str, *, cold: bool = False) -> float:
    if cold:
        for file in folder.rglob("*"):
            if file.is_file():
                held = os.open(file, os.O_RDONLY)
                os.fsync(held)
                os.posix_fadvise(held, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(held)
    watch = [sys.executable, __file__, _program(folder)]
    done = subprocess.run([*_screen(), *watch], env=_bare(home), capture_output=True, text=True, check=True)
    return float(done.stdout)


def _watched(program: str) -> None:
    """Start the program on the screen that is here and print after how many seconds its window stands there."""
    begun = time.perf_counter()
    with subprocess.Popen([program], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        try:
            seen = ["xdotool", "search", "--sync", "--onlyvisible", "--pid", str(child.pid), "--name", "TRDTrack"]
            subprocess.run(seen, check=True, stdout=subprocess.DEVNULL, timeout=PATIENCE_S)
            print(f"{time.perf_counter() - begun:.3f}")
        finally:
            child.terminate()


def _screen() -> list[str]:
    return ["xvfb-run", "-a", "-s", "-screen 0 1280x1024x24"] if shutil.which("xvfb-run") else []


def _program(folder: Path, *, command: bool = False) -> str:
    if sys.platform == "win32":
        return str(folder / ("trdtrack-command.exe" if command else "trdtrack.exe"))
    return str(folder / "trdtrack")


def _bare(home: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP", "LANG") if name in os.environ}
    return kept | {"HOME": home, "USERPROFILE": home, "LC_ALL": "C.UTF-8"}


if __name__ == "__main__":
    _watched(sys.argv[1])
