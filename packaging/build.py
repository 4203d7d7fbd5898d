"""Build the packages of this system: `python3 packaging/build.py`. What it needs it brings; see packaging/README.md."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import deb
import parts
import sbom
import trying
from building import DIST, ROOT, VERSION, WORK
from environment import BUILDING, PACKAGING, SHIPPED, prepare

FOLDER = DIST / "trdtrack"
SYMBOLS = ("libpython*", "python3*/lib-dynload/*.so", "sqlcipher3/*.so", "typst/*.so", "cryptography/**/*.so")
"""Files with symbols for debuggers, up to half of their size. numpy's libraries do not survive losing theirs."""


def main() -> int:
    """Gather, freeze, try, and pack."""
    WORK.mkdir(exist_ok=True)
    prepare(SHIPPED, BUILDING, window=True)
    gather()
    freeze()
    trying.say_size("the folder", FOLDER)
    trying.selftest(FOLDER)
    trying.time_start(FOLDER)
    if sys.platform.startswith("linux"):
        package = deb.write(FOLDER, VERSION)
        trying.say_size(package.name, package)
    elif sys.platform == "win32":
        installer()
    else:
        print("dist/TRDTrack.app is not signed yet: packaging/macos/sign.sh does that and makes the .dmg.")
    return 0


def gather() -> None:
    """Make what the spec takes in: icons, licence texts, the bill of materials; and drop the plugins left out."""
    run(SHIPPED.python, PACKAGING / "icons.py", ROOT / "resources" / "trdtrack.svg", WORK / "icons")
    run(SHIPPED.python, PACKAGING / "licences.py", WORK / "licences")
    sbom.write(WORK / "sbom.cdx.json")
    # Before PyInstaller looks: what only they load (GTK, for one) then is not gathered either.
    for folder in (SHIPPED.site / "PySide6").rglob("plugins"):
        for file in folder.rglob("*"):
            if file.is_file() and not parts.wanted(file.relative_to(SHIPPED.site).as_posix()):
                file.unlink()


def freeze() -> None:
    """Make the program's folder."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    where = ["--workpath", WORK / "pyinstaller", "--distpath", DIST]
    # The tools' packages come last: what is shipped is what the runtime's lock brought.
    path = os.pathsep.join((str(SHIPPED.site), str(BUILDING.site)))
    options = ["--noconfirm", "--clean", "--log-level", "ERROR"]
    run(
        SHIPPED.python, "-m", "PyInstaller", *options, *where, PACKAGING / "trdtrack.spec",
        settings={"PYTHONPATH": path, "PYTHONHASHSEED": "1"},
    )  # fmt: skip
    if sys.platform.startswith("linux") and shutil.which("strip"):
        files = [file for pattern in SYMBOLS for file in (FOLDER / "_internal").glob(pattern) if not file.is_symlink()]
        run("strip", "--strip-unneeded", *files)


def installer() -> None:
    """Make the Windows installer with Inno Setup, if that is here."""
    compiler = shutil.which("ISCC") or shutil.which("iscc")
    if compiler is None:
        print("There is no installer: Inno Setup's ISCC was not found on the PATH. dist/trdtrack runs without one.")
        return
    run(compiler, f"/DVersion={VERSION}", PACKAGING / "windows" / "trdtrack.iss")


def run(*command: object, settings: dict[str, str] | None = None) -> None:
    """Run a command in the checkout; stops at the first that fails."""
    done = subprocess.run([str(word) for word in command], cwd=ROOT, env=os.environ | (settings or {}), check=False)
    if done.returncode:
        sys.exit(f"Stopped: {Path(str(command[0])).name} failed, for the reason above.")


if __name__ == "__main__":
    sys.exit(main())
