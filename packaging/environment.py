"""Environments of locked packages, and what they need of the system: nothing but the standard library is used here."""

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGING = ROOT / "packaging"

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
INSTALL = ["install", "-y", "--no-install-recommends"]


@dataclass(frozen=True)
class Environment:
    """A folder with a Python and the packages of one lock; `checkout`: this folder's own code is in it as well."""

    folder: Path
    lock: Path
    checkout: bool = False
    size: str = ""

    @property
    def python(self) -> Path:
        """Its Python."""
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def site(self) -> Path:
        """Where its packages lie."""
        return Path(sysconfig.get_path("purelib", "venv", vars={"base": str(self.folder)}))

    @property
    def _stamp(self) -> Path:
        return self.folder / "trdtrack-stamp"  # written last: without it the environment counts as half made

    def _fingerprint(self) -> bytes:
        """Name the lock and the Python that an environment was made from."""
        digest = hashlib.sha256(self.lock.read_bytes()).hexdigest()
        return f"{digest} {sys.platform} {sys.implementation.cache_tag}\n".encode()

    def stale(self) -> bool:
        """Whether it is missing, half made, or made from another lock."""
        there = self.python.exists() and self._stamp.is_file()
        return not there or self._stamp.read_bytes() != self._fingerprint()

    def make(self) -> None:
        """Make it anew, with the locked packages in it."""
        import venv  # noqa: PLC0415 - late: seldom needed

        print(f"Preparing {self.folder.name}: this downloads {self.size}, once ...", flush=True)
        own_pip = has_module("ensurepip")  # Debian keeps it in a package of its own
        try:
            self._stamp.unlink(missing_ok=True)  # first, or an interrupted clearing would pass for a whole environment
            # Anew, because a package that left the lock must not go on hiding a missing dependency.
            venv.EnvBuilder(clear=True, symlinks=os.name != "nt", with_pip=own_pip).create(self.folder)
        except (OSError, ValueError, subprocess.CalledProcessError) as problem:
            sys.exit(f"Could not make {self.folder}: {problem}")
        pip = [self.python, "-m", "pip"] if own_pip else [sys.executable, "-m", "pip", "--python", self.python]
        options = ["-q", "--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:"]
        if subprocess.call([*pip, "install", *options, "-r", self.lock]) != 0:
            sys.exit(f"pip could not install packaging/{self.lock.name}, for the reason it gives above.")
        if self.checkout:
            # Relative, so that it survives a move and holds no letters a Windows code page lacks.
            link = os.path.relpath(ROOT, self.site)
            (self.site / "trdtrack-checkout.pth").write_text(f"{link}\n", encoding="ascii")
        self._stamp.write_bytes(self._fingerprint())


WORKING = Environment(ROOT / ".venv", PACKAGING / "lock.txt", checkout=True, size="about 210 MB")
"""What the program and its tests run in."""
CHECKING = Environment(ROOT / ".venv-check", PACKAGING / "lock-check.txt", size="about 70 MB")
"""What reads the code: the formatter and the type checker."""
SHIPPED = Environment(ROOT / "build" / "venv", PACKAGING / "lock-runtime.txt", size="about 190 MB")
"""What is packaged: nothing that only tests or builders need."""
BUILDING = Environment(ROOT / "build" / "tools", PACKAGING / "lock-build.txt", size="about 20 MB")
"""What packages it."""


def prepare(*wanted: Environment, window: bool = False) -> None:
    """Bring what is missing, and do next to nothing when all is there."""
    stale = [environment for environment in wanted if environment.stale()]
    if stale and not has_module("ensurepip") and not has_module("pip"):
        sys.exit("This Python has neither ensurepip nor pip; on Debian or Ubuntu: sudo apt-get install python3-pip")
    if sys.platform.startswith("linux"):
        provide_libraries(DRAWING | (WINDOWS if window else {}))
    for environment in stale:
        environment.make()


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
    # Some tests show the window on a virtual screen, also where there is no display.
    packages += [package for library, package in WINDOWS.items() if sys.platform == "linux" and not loads(library)]
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


