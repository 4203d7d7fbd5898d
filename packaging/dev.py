"""Prepare a checkout and run it: `python3 packaging/dev.py demo` or `python3 packaging/dev.py test`."""

import ctypes
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

# Said before the first annotation that an older Python could not read.
if sys.version_info < (3, 11):  # noqa: UP036 - older ones do start this file
    sys.exit(f"TRDTrack needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.")

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "packaging" / "lock.txt"
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "trdtrack-stamp"  # written last: without it the environment counts as half made

BENCH = ["-p", "no:cacheprovider", "--benchmark-enable", "-m", "bench", "tests/benchmarks", "-s"]
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}

# What Qt loads from the system, and the Debian package that brings it.
DRAWING = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
}
WINDOWS = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}

TOOLS = {
    "strace": "strace",
    "dbus-run-session": "dbus",
    "gnome-keyring-daemon": "gnome-keyring",
    "xvfb-run": "xvfb",
    "xauth": "xauth",
    "pdfinfo": "poppler-utils",
    "openbox": "openbox",
    "xdotool": "xdotool",
}
"""Programs the tests look through, and the package that brings each."""
SERVER = "postgresql"
"""The package of the server that tests of a shared caseload start for themselves; Debian keeps it off the PATH."""
READER = ["at-spi2-core", "python3-pyatspi"]
"""What lets the system's Python read a window as a screen reader does."""
ENDURING = {"TRDTRACK_LONG": "1", "TRDTRACK_KILLS": "200"}
LONGER = re.compile("|".join(ENDURING))
INSTALL = ["install", "-y", "--no-install-recommends"]


def setup(_arguments: list[str]) -> int:
    """Only prepare the environment in .venv."""
    prepare()
    return 0


def demo(arguments: list[str]) -> int:
    """Open the program with made-up patients; words that follow are passed on."""
    display = has_display()
    prepare(window=display)
    # -P: the caller's folder stays the current one, and must not be searched for another trdtrack.
    return hand_over(["-P", "-m", "trdtrack", "demo", *arguments], Path.cwd(), {} if display else OFFSCREEN)


def test(arguments: list[str]) -> int:
    """Run the tests; pytest options may follow."""
    prepare()
    if sys.platform.startswith("linux"):
        provide_tools()
    return hand_over(["-m", "pytest", *arguments], ROOT, OFFSCREEN)


def endure(arguments: list[str]) -> int:
    """Run the long tests in full: 200 kills, every page, every power cut; pytest options may follow."""
    prepare()
    if sys.platform.startswith("linux"):
        provide_tools()
    files = sorted(path for path in (ROOT / "tests").rglob("test_*.py") if LONGER.search(path.read_text("utf-8")))
    return hand_over(["-m", "pytest", *map(str, files), *arguments], ROOT, OFFSCREEN | ENDURING)


def bench(arguments: list[str]) -> int:
    """Run the benchmarks, which print their own ratios (the first run makes caseloads); pytest options may follow."""
    prepare()
    return hand_over(["-m", "pytest", *BENCH, *arguments], ROOT, OFFSCREEN | {"TRDTRACK_BENCH": "1"})


def lock(arguments: list[str]) -> int:
    """Refresh packaging/lock.txt from pyproject.toml with uv; `--upgrade` may follow."""
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("Refreshing the lock needs uv on the PATH; get it with `pipx install uv`.")
    what = ["--universal", "--python-version", "3.11", "--group", "test", "pyproject.toml"]
    # No header and no notes: the file then holds versions and hashes, and no address.
    form = ["--generate-hashes", "--no-header", "--no-annotate", "-o", "packaging/lock.txt"]
    return subprocess.call([uv, "pip", "compile", "--quiet", *what, *form, *arguments], cwd=ROOT)


def audit(arguments: list[str]) -> int:
    """Look the locked packages up in the lists of known weaknesses with pip-audit; its options may follow."""
    command = auditor()
    if command is None:
        sys.exit("Nothing was looked up: there is no pip-audit, nor uvx or pipx to run it (`pipx install pip-audit`).")
    # The lock names every package with its hashes, so nothing is resolved. Strict: a package not looked up is no pass.
    what = ["--requirement", str(LOCK), "--require-hashes", "--disable-pip", "--strict", "--progress-spinner", "off"]
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
    prepare()
    return hand_over(["packaging/catalogues.py", *arguments], ROOT, {})


COMMANDS = {
    "setup": setup, "demo": demo, "test": test, "endure": endure, "bench": bench, "lock": lock, "audit": audit,
    "catalogues": catalogues,
}  # fmt: skip


def prepare(*, window: bool = False) -> None:
    """Bring what is missing, and do next to nothing when all is there."""
    wanted = fingerprint()
    stale = not (PYTHON.exists() and STAMP.is_file() and STAMP.read_bytes() == wanted)
    if stale and not has_module("ensurepip") and not has_module("pip"):
        sys.exit("This Python has neither ensurepip nor pip; on Debian or Ubuntu: sudo apt-get install python3-pip")
    if sys.platform.startswith("linux"):
        provide_libraries(DRAWING | (WINDOWS if window else {}))
    if stale:
        build_environment(wanted)


def fingerprint() -> bytes:
    """Name the lock and the Python that an environment was made from."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    return f"{digest} {sys.platform} {sys.implementation.cache_tag}\n".encode()


def build_environment(stamp: bytes) -> None:
    """Make .venv anew, with the locked packages and this checkout in it."""
    import venv  # noqa: PLC0415 - late: seldom needed

    print("Preparing .venv: this downloads about 210 MB, once ...", flush=True)
    own_pip = has_module("ensurepip")  # Debian keeps it in a package of its own
    try:
        STAMP.unlink(missing_ok=True)  # first, or an interrupted clearing would pass for a whole environment
        # Anew, because a package that left the lock must not go on hiding a missing dependency.
        venv.EnvBuilder(clear=True, symlinks=os.name != "nt", with_pip=own_pip).create(VENV)
    except (OSError, ValueError, subprocess.CalledProcessError) as problem:
        sys.exit(f"Could not make {VENV}: {problem}")
    pip = [PYTHON, "-m", "pip"] if own_pip else [sys.executable, "-m", "pip", "--python", PYTHON]
    options = ["-q", "--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:"]
    if subprocess.call([*pip, "install", *options, "-r", LOCK]) != 0:
        sys.exit("pip could not install packaging/lock.txt, for the reason it gives above.")
    site = Path(sysconfig.get_path("purelib", "venv", vars={"base": str(VENV)}))
    # Relative, so that it survives a move and holds no letters a Windows code page lacks.
    link = os.path.relpath(ROOT, site)
    (site / "trdtrack-checkout.pth").write_text(f"{link}\n", encoding="ascii")
    STAMP.write_bytes(stamp)


def provide_libraries(wanted: dict[str, str]) -> None:
    """See that Qt finds the system's libraries, installing them where that is ours to do."""
    lacking = [name for name in wanted if not loads(name)]
    if not lacking:
        return
    if not shutil.which("apt-get"):
        sys.exit(f"Qt needs these libraries; please install them with the system's tools: {', '.join(lacking)}")
    packages = [wanted[name] for name in lacking]
    if os.geteuid() != 0:
        install = " ".join([*INSTALL, *packages])
        sys.exit(f"Qt needs a few of the system's libraries; please run:\nsudo apt-get {install}")
    print("Installing what Qt needs from the system:", *packages, flush=True)
    if not bring(packages) or not all(map(loads, lacking)):
        sys.exit(f"apt-get could not bring {', '.join(lacking)}; its reason, if it gave one, stands above.")


def provide_tools() -> None:
    """Bring the programs some tests look through, where that is ours to do; without one its tests are skipped."""
    packages = [package for command, package in TOOLS.items() if not shutil.which(command)]
    if not (os.environ.get("TRDTRACK_TEST_POSTGRES") or has_server()):
        packages.append(SERVER)
    if subprocess.call(["/usr/bin/python3", "-c", "import pyatspi"], stderr=subprocess.DEVNULL) != 0:
        packages += READER
    if packages and shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing what the tests look through:", *packages, flush=True)
        bring(packages)


def has_server() -> bool:
    """Tell whether the programs of a PostgreSQL server are here."""
    return bool(shutil.which("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb")))


def bring(packages: list[str]) -> bool:
    """Install packages of the system, as root; whether that went well."""
    # An old list of packages is still worth a try, so only the second answer counts.
    subprocess.call(["apt-get", "update", "-qq"], stdout=subprocess.DEVNULL)
    # Another installation may be under way, and a container may have no terminal to log.
    patiently = ["-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Use-Pty=0"]
    quietly = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return not subprocess.call(["apt-get", *patiently, *INSTALL, *packages], env=quietly, stdout=subprocess.DEVNULL)


def loads(library: str) -> bool:
    """Tell whether the system finds this library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_module(name: str) -> bool:
    """Tell whether this Python has the module, without importing it."""
    return importlib.util.find_spec(name) is not None


def has_display() -> bool:
    """Tell whether a window can be shown; only Linux may lack the means."""
    linux = sys.platform.startswith("linux")
    return not linux or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))


def hand_over(arguments: list[str], folder: Path, settings: dict[str, str]) -> int:
    """Let the environment's Python take over; what it answers is our answer."""
    command, environment = [str(PYTHON), *arguments], os.environ | settings
    if os.name != "nt":
        os.chdir(folder)
        os.execve(PYTHON, command, environment)  # signals and Ctrl+C now reach the program itself
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
