"""Gather the licence texts of all that is shipped; run by the packaged Python, whose packages it reads.

    python licences.py FOLDER

makes FOLDER anew, with a folder for each package and one each for Python and TRDTrack, and `overview.txt`.
"""

from __future__ import annotations

import re
import shutil
import sys
import sysconfig
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEXT = re.compile(r"(licen[cs]e|copying|notice|copyright|authors)", re.IGNORECASE)
NOT_SHIPPED = {"pip", "setuptools"}
"""What a new environment brings by itself."""
KEPT = ROOT / "packaging" / "licences"
OWED = {
    "pyside6-essentials": ("qt", "LGPL-3.0", "GPL-3.0"),
    "shiboken6": ("qt", "LGPL-3.0", "GPL-3.0"),
    "psycopg": ("GPL-3.0",),
    "psycopg-binary": ("GPL-3.0", "postgresql"),
    "sqlcipher3": ("sqlcipher",),
}
"""Texts that packages do not bring though they or the libraries in them ask for it; the files are in KEPT."""


def texts(package: Distribution) -> list[tuple[str, str]]:
    """Return name and text of each licence file of a package: those it brings, and those OWED."""
    found: dict[str, str] = {}
    for file in package.files or ():
        if file.suffix not in {".py", ".pyc", ".pyi", ".so", ".pyd"} and TEXT.search(file.name):
            path = Path(str(package.locate_file(file)))
            if path.is_file():
                # Two of the same name lie in different folders of the package.
                name = "-".join(file.parts[1:]) if file.name in found else file.name
                found[name] = path.read_text("utf-8", "replace")
    owed = {f"{name}.txt": (KEPT / f"{name}.txt").read_text("utf-8") for name in OWED.get(name_of(package), ())}
    return sorted((found | owed).items())


def name_of(package: Distribution) -> str:
    """Return a package's name as locks write it."""
    return re.sub(r"[-_.]+", "-", package.metadata["Name"]).lower()


def licence_of(package: Distribution) -> str:
    """Return what a package says its licence is, in one line."""
    said = package.metadata
    classes = [one.rpartition("::")[2].strip() for one in said.get_all("Classifier") or () if one.startswith("License")]
    first = (said.get("License-Expression") or said.get("License") or "").strip().splitlines()
    return first[0] if first and len(first[0]) < 80 else ", ".join(classes)


def shipped() -> list[Distribution]:
    """Return the packages of this Python that are shipped, by name."""
    return sorted((one for one in distributions() if name_of(one) not in NOT_SHIPPED), key=name_of)


def main(out: Path) -> None:
    """Write them all; stops at a package without a text."""
    shutil.rmtree(out, ignore_errors=True)
    lines = []
    for package in shipped():
        found = texts(package)
        if not found:
            sys.exit(f"{name_of(package)} {package.version} ({licence_of(package)}) brings no licence text.")
        folder = out / name_of(package)
        folder.mkdir(parents=True)
        for name, text in found:
            (folder / name).write_text(text, "utf-8")
        lines.append(f"{name_of(package)} {package.version}: {licence_of(package) or 'see its text'}")
    for name, file in {
        "python": Path(sysconfig.get_path("stdlib")) / "LICENSE.txt",
        "trdtrack": ROOT / "LICENSE",
        "inter": ROOT / "resources" / "fonts" / "OFL.txt",
        "lucide": ROOT / "resources" / "icons" / "LICENSE.txt",
    }.items():
        (out / name).mkdir()
        shutil.copy(file, out / name / "LICENSE.txt")
    lines.append(f"python {sys.version.split()[0]}: PSF-2.0")
    (out / "overview.txt").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
