"""Make a release: `python3 packaging/release.py 1.2.0` raises the version, dates the changelog, commits, tags, builds.

The packages made here are listed with their checksums in dist/SHA256SUMS. Nothing leaves this computer: pushing the
commit with its tag, and handing the packages out, stay with the person who releases.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

from building import DIST, ROOT, SAID, VERSION

UNRELEASED = "## Unreleased\n"
NUMBER = re.compile(r"(\d+)\.(\d+)\.(\d+)")
PACKAGES = ("trdtrack_*.deb", "trdtrack-*-setup.exe", "TRDTrack-*.dmg")


def main(words: list[str]) -> int:
    """Check first, change then: a release that cannot be made leaves the checkout as it was."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("version", help="the number, such as 1.2.0")
    asked.add_argument("--no-build", action="store_true", help="leave the packages to `packaging/build.py`, later")
    wanted = asked.parse_args(words)
    version = Path("trdtrack/__init__.py")
    news = Path("CHANGELOG.md")
    raised_version = raised((ROOT / version).read_text("utf-8"), wanted.version)
    dated_news = dated((ROOT / news).read_text("utf-8"), wanted.version, date.today())  # noqa: DTZ011 - the day here
    if said("git", "status", "--porcelain"):
        sys.exit("There are changes that are not committed: a release is made of what is.")
    run(sys.executable, "packaging/dev.py", "check")
    (ROOT / version).write_text(raised_version, "utf-8")
    (ROOT / news).write_text(dated_news, "utf-8")
    run("git", "commit", "--quiet", "--message", f"TRDTrack {wanted.version}", "--", version, news)
    run("git", "tag", "--annotate", f"v{wanted.version}", "--message", f"TRDTrack {wanted.version}")
    if not wanted.no_build:
        for old in packages(DIST):
            old.unlink()
        run(sys.executable, "packaging/build.py")  # a process of its own: it reads the new version
        (DIST / "SHA256SUMS").write_text(checksums(DIST), "utf-8")
    print(f"TRDTrack {wanted.version} is committed and tagged v{wanted.version}.")
    return 0


def raised(source: str, version: str) -> str:
    """Return trdtrack/__init__.py with a higher version in it; stops at one that is not higher."""
    if not NUMBER.fullmatch(version):
        sys.exit(f"A version is three numbers, such as 1.2.0; not {version}.")
    now = SAID.search(source)
    if now is None or _numbers(version) <= _numbers(now[1]):
        sys.exit(f"The version is {now[1] if now else VERSION} already; a release has a higher one.")
    return SAID.sub(f'__version__ = "{version}"', source)


def dated(news: str, version: str, day: date) -> str:
    """Return the changelog with what is unreleased under a heading of its own; stops if there is nothing."""
    before, heading, after = news.partition(UNRELEASED)
    if not heading or not after.partition("\n## ")[0].strip():
        sys.exit("CHANGELOG.md says nothing under Unreleased: what is new?")
    return f"{before}{UNRELEASED}\n## {version} ({day.isoformat()})\n{after}"


def packages(folder: Path) -> list[Path]:
    """Return the packages in a folder."""
    return sorted(path for pattern in PACKAGES for path in folder.glob(pattern))


def checksums(folder: Path) -> str:
    """Return the packages' SHA-256 sums, in the form that `sha256sum --check` reads."""
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in packages(folder))


def said(*command: str) -> str:
    """Return what a command prints."""
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def run(*command: object) -> None:
    """Run a command in the checkout, or stop."""
    words = [str(word) for word in command]
    if subprocess.call(words, cwd=ROOT):
        sys.exit(f"Stopped: `{' '.join(words)}` failed, for the reason above.")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
