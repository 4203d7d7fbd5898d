"""Prepare a checkout and run it: `python3 packaging/dev.py demo` or `python3 packaging/dev.py test`."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

# Said before the first annotation that an older Python could not read.
if sys.version_info < (3, 11):  # noqa: UP036 - older ones do start this file
    sys.exit(f"TRDTrack needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.")

from environment import CHECKING, PACKAGING, ROOT, WORKING, prepare, provide_tools

BENCH = ["-p", "no:cacheprovider", "--benchmark-enable", "-m", "bench", "tests/benchmarks", "-s"]
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}
LOCKS = {
    "lock.txt": ["--group", "test", "pyproject.toml"],
    "lock-runtime.txt": ["pyproject.toml"],
    "lock-check.txt": ["--group", "check"],
    "lock-build.txt": ["--group", "build"],
}
"""What runs and tests the program; what is shipped of it; what reads the code; what packages it."""
ENDURING = {"TRDTRACK_LONG": "1", "TRDTRACK_KILLS": "200"}
LONGER = re.compile("|".join(ENDURING))


def setup(_arguments: list[str]) -> int:
    """Only prepare the environment in .venv."""
    prepare(WORKING)
    return 0


def demo(arguments: list[str]) -> int:
    """Open the program with made-up patients; words that follow are passed on."""
    display = has_display()
    prepare(WORKING, window=display)
    # -P: the caller's folder stays the current one, and must not be searched for another trdtrack.
    return hand_over(["-P", "-m", "trdtrack", "demo", *arguments], Path.cwd(), {} if display else OFFSCREEN)


def test(arguments: list[str]) -> int:
    """Run the tests; pytest options may follow."""
    prepare(WORKING)
    if sys.platform.startswith("linux"):
        provide_tools()
    return hand_over(["-m", "pytest", *arguments], ROOT, OFFSCREEN)


def endure(arguments: list[str]) -> int:
    """Run the long tests in full: 200 kills, every page, every power cut; pytest options may follow."""
    prepare(WORKING)
    if sys.platform.startswith("linux"):
        provide_tools()
    files = sorted(path for path in (ROOT / "tests").rglob("test_*.py") if LONGER.search(path.read_text("utf-8")))
    return hand_over(["-m", "pytest", *map(str, files), *arguments], ROOT, OFFSCREEN | ENDURING)


def bench(arguments: list[str]) -> int:
    """Run the benchmarks, which print their own ratios (the first run makes caseloads); pytest options may follow."""
    prepare(WORKING)
    return hand_over(["-m", "pytest", *BENCH, *arguments], ROOT, OFFSCREEN | {"TRDTRACK_BENCH": "1"})


def lock(arguments: list[str]) -> int:
    """Refresh the four locks in packaging/ from pyproject.toml with uv; `--upgrade` may follow."""
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("Refreshing the locks needs uv on the PATH; get it with `pipx install uv`.")
    # No header and no notes: the files then hold versions and hashes, and no address.
    form = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate"]
    for name, what in LOCKS.items():
        # What is shipped is what was tested: the others keep to the versions of the first.
        after = ["-c", "packaging/lock.txt"] if name != "lock.txt" else []
        command = [uv, "pip", "compile", "--quiet", *form, *what, *after, "-o", f"packaging/{name}", *arguments]
        if answer := subprocess.call(command, cwd=ROOT):
            return answer
    return 0


def audit(arguments: list[str]) -> int:
    """Look the locked packages up in the lists of known weaknesses with pip-audit; its options may follow."""
    command = auditor()
    if command is None:
        sys.exit("Nothing was looked up: there is no pip-audit, nor uvx or pipx to run it (`pipx install pip-audit`).")
    # The lock names every package with its hashes, so nothing is resolved. Strict: a package not looked up is no pass.
    what = ["--requirement", str(PACKAGING / "lock.txt"), "--require-hashes", "--disable-pip", "--strict"]
    what += ["--progress-spinner", "off"]
    answer = subprocess.call([*command, *what, *arguments], cwd=ROOT)
    if answer:
        print("pip-audit found something, or could not look: its reason stands above.", file=sys.stderr)
    return answer


def auditor() -> list[str] | None:
    """Return how pip-audit is run here: as it is, or fetched for once by uv or pipx; None if it cannot be."""
    for name, words in (("pip-audit", []), ("uvx", ["pip-audit"]), ("pipx", ["run", "pip-audit"])):
        if found := shutil.which(name):
            return [found, *words]
    return None


def catalogues(arguments: list[str]) -> int:
    """Bring resources/locale/*.po up to date with the code, and say what is not translated; exit 1 if anything."""
    prepare(WORKING)
    return hand_over(["packaging/catalogues.py", *arguments], ROOT, {})


def check(arguments: list[str]) -> int:
    """Format, lint, types, and all tests, contracts and benchmarks' smoke among them; `--quick`: contracts alone."""
    prepare(WORKING, CHECKING)
    quick = "--quick" in arguments
    rest = [word for word in arguments if word != "--quick"]
    code = ["trdtrack", "tests", "packaging"]
    tool = CHECKING.python.parent
    for name, command in {
        "format": [tool / "ruff", "format", "--check", "trdtrack"],
        "lint": [tool / "ruff", "check", *code],
        "types": [tool / "basedpyright", "--pythonpath", WORKING.python],
    }.items():
        print(f"{name} ...", flush=True)
        if answer := subprocess.call(list(map(str, command)), cwd=ROOT):
            return answer
    return test(["tests/test_layers.py", "tests/test_lock.py", *rest] if quick else rest)


COMMANDS = {
    "setup": setup, "demo": demo, "test": test, "endure": endure, "bench": bench, "lock": lock, "audit": audit,
    "catalogues": catalogues, "check": check,
}  # fmt: skip


def has_display() -> bool:
    """Tell whether a window can be shown; only Linux may lack the means."""
    linux = sys.platform.startswith("linux")
    return not linux or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))


def hand_over(arguments: list[str], folder: Path, settings: dict[str, str]) -> int:
    """Let the environment's Python take over; what it answers is our answer."""
    command, environment = [str(WORKING.python), *arguments], os.environ | settings
    if os.name != "nt":
        os.chdir(folder)
        os.execve(WORKING.python, command, environment)  # signals and Ctrl+C now reach the program itself
    with subprocess.Popen(command, cwd=folder, env=environment) as child:
        while True:  # Windows has no such exec; there Ctrl+C reaches both, and the child decides
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue


def main(arguments: list[str]) -> int:
    """Carry out one command, or say which there are."""
    name, *rest = arguments or [""]
    if name in COMMANDS:
        return COMMANDS[name](rest)
    helping = name in {"-h", "--help", "help"}
    lines = [f"  {name:10} {command.__doc__}" for name, command in COMMANDS.items()]
    print("Usage: python3 packaging/dev.py COMMAND", *lines, sep="\n", file=None if helping else sys.stderr)
    return 0 if helping else 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("\nStopped. Whatever was left half made is made anew by the next run.", file=sys.stderr)
        sys.exit(130)
    except OSError as problem:  # a full disk, a read-only checkout, a missing lock: worth a sentence
        sys.exit(f"Stopped: {problem}")
