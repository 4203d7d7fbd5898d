"""Make a Debian package of the frozen program: the folder, its place in the menu, and what it needs of the system."""

from __future__ import annotations

import gzip
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import parts
from building import APP_ID, DIST, ROOT, WORK
from environment import PACKAGING
from trying import size

MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
NEEDED = re.compile(r"\(NEEDED\)\s+Shared library: \[(.+?)\]")
RELEASE = re.compile(r"^## (\d+\.\d+\.\d+) \((\d{4}-\d{2}-\d{2})\)$", re.MULTILINE)
"""How the changelog heads a release."""
MOST_TOLD = 5


def write(folder: Path, version: str) -> Path:
    """Return the path of dist/trdtrack_VERSION_MACHINE.deb, made of the frozen folder."""
    machine = MACHINES[platform.machine()]
    tree = WORK / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(folder, tree / "usr" / "lib" / "trdtrack", symlinks=True)
    _menu(tree / "usr" / "share")
    (tree / "usr" / "bin").mkdir()
    (tree / "usr" / "bin" / "trdtrack").symlink_to("../lib/trdtrack/trdtrack")
    (tree / "usr" / "share" / "doc" / "trdtrack" / "licences").symlink_to("../../../lib/trdtrack/_internal/licences")
    # No script runs at installing or removing: the system's triggers do the menu, and a caseload is never touched.
    control = tree / "DEBIAN" / "control"
    control.parent.mkdir()
    control.write_text(_control(version, machine, size(tree) // 1024, depends(folder)), "utf-8")
    for path in tree.rglob("*"):
        if not path.is_symlink():
            runs = path.is_dir() or path == tree / "usr" / "lib" / "trdtrack" / "trdtrack"
            path.chmod(0o755 if runs else 0o644)
    out = DIST / f"trdtrack_{version}_{machine}.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", tree, out]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return out


def depends(folder: Path) -> list[str]:
    """Return Debian's packages for the libraries that the folder loads and does not hold; stops at one not known."""
    files = [path for path in folder.rglob("*") if path.is_file() and (".so" in path.name or path.name == "trdtrack")]
    said = subprocess.run(["readelf", "-d", *files], check=True, capture_output=True, text=True).stdout
    needed = set(NEEDED.findall(said)) - {path.name for path in files} - set(parts.RECOMMENDED.values())
    known = {library: package for package, libraries in parts.SYSTEM.items() for library in libraries}
    if strange := sorted(needed - set(known)):
        sys.exit(f"The program loads what no package in packaging/parts.py brings: {', '.join(strange)}")
    return sorted({known[library] for library in needed} | set(parts.LOADED_LATE))


def metainfo() -> str:
    """Return the AppStream file, its releases those that the changelog dates."""
    dated = RELEASE.findall((ROOT / "CHANGELOG.md").read_text("utf-8"))[:MOST_TOLD]
    lines = [f'    <release version="{number}" date="{day}"/>' for number, day in dated]
    releases = "".join(f"{line}\n" for line in ["  <releases>", *lines, "  </releases>"]) if dated else ""
    text = (PACKAGING / "linux" / f"{APP_ID}.metainfo.xml").read_text("utf-8")
    return text.replace("@RELEASES@", releases)


def _menu(share: Path) -> None:
    linux = PACKAGING / "linux"
    for source, place in {
        linux / f"{APP_ID}.desktop": f"applications/{APP_ID}.desktop",
        linux / f"{APP_ID}.xml": f"mime/packages/{APP_ID}.xml",
        ROOT / "resources" / "trdtrack.svg": f"icons/hicolor/scalable/apps/{APP_ID}.svg",
        ROOT / "LICENSE": "doc/trdtrack/copyright",
    }.items():
        _copy(source, share / place)
    _copy(ROOT / "resources" / "trdtrack.svg", share / "icons/hicolor/scalable/mimetypes/application-x-trdtrack.svg")
    for png in (WORK / "icons").glob("trdtrack-*.png"):
        pixels = png.stem.rpartition("-")[2]
        _copy(png, share / f"icons/hicolor/{pixels}x{pixels}/apps/{APP_ID}.png")
        _copy(png, share / f"icons/hicolor/{pixels}x{pixels}/mimetypes/application-x-trdtrack.png")
    (share / "metainfo").mkdir()
    (share / "metainfo" / f"{APP_ID}.metainfo.xml").write_text(metainfo(), "utf-8")
    # mtime=0: the same tree makes the same package.
    news = gzip.compress((ROOT / "CHANGELOG.md").read_bytes(), mtime=0)
    (share / "doc" / "trdtrack" / "changelog.gz").write_bytes(news)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _control(version: str, machine: str, kilobytes: int, needed: list[str]) -> str:
    return f"""Package: trdtrack
Version: {version}
Architecture: {machine}
Maintainer: The TRDTrack maintainers <maintainers@trdtrack.invalid>
Installed-Size: {kilobytes}
Depends: {", ".join(needed)}
Recommends: {", ".join(parts.RECOMMENDED)}
Section: science
Priority: optional
Description: track patients with treatment-resistant depression
 TRDTrack helps psychotherapists track patients with treatment-resistant
 depression: the PHQ-9 of each session against an honest expected course, in a
 local encrypted file. It is not a diagnostic or risk tool.
 .
 Caseloads and settings are files of each person's own; installing, upgrading
 and removing this package never touches them.
"""
