"""A release: its version, its changelog, its sums, and the icons that its packages carry."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGING = ROOT / "packaging"


@pytest.fixture(autouse=True)
def _scripts_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PACKAGING))


def script(name: str) -> ModuleType:
    """One of the scripts of packaging/."""
    return import_module(name)


NEWS = "# Changelog\n\n## Unreleased\n\n- A thing.\n"


def test_a_release_raises_the_version_and_dates_the_changelog() -> None:
    release = script("release")
    source = '"""The program."""\n\n__version__ = "0.1.0"\n'
    assert release.raised(source, "0.2.0") == source.replace("0.1.0", "0.2.0")
    assert release.raised(source, "0.1.10") == source.replace("0.1.0", "0.1.10")
    once = release.dated(NEWS, "0.2.0", date(2027, 1, 5))
    assert once == "# Changelog\n\n## Unreleased\n\n## 0.2.0 (2027-01-05)\n\n- A thing.\n"
    assert script("deb").RELEASE.findall(once) == [("0.2.0", "2027-01-05")]


@pytest.mark.parametrize("version", ["0.1.0", "0.0.9", "1.0", "v2.0.0", "1.0.0rc1"])
def test_a_release_is_not_made_of_a_version_that_is_none_or_not_higher(version: str) -> None:
    with pytest.raises(SystemExit):
        script("release").raised('__version__ = "0.1.0"\n', version)


def test_a_release_without_news_is_not_made() -> None:
    release = script("release")
    with pytest.raises(SystemExit):
        release.dated("# Changelog\n\n## Unreleased\n\n## 0.1.0 (2026-12-01)\n\n- Old.\n", "0.2.0", date(2027, 1, 5))


def test_the_sums_of_a_release_are_those_that_sha256sum_checks(tmp_path: Path) -> None:
    (tmp_path / "trdtrack_0.2.0_amd64.deb").write_bytes(b"abc")
    (tmp_path / "else.txt").write_text("x", "utf-8")
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert script("release").checksums(tmp_path) == f"{known}  trdtrack_0.2.0_amd64.deb\n"


def test_icons_of_windows_and_macos_hold_every_size_as_png(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, PACKAGING / "icons.py", ROOT / "resources" / "trdtrack.svg", tmp_path], check=True, timeout=60
    )
    png = b"\x89PNG\r\n\x1a\n"
    icons = script("icons")
    assert all((tmp_path / f"trdtrack-{size}.png").read_bytes().startswith(png) for size in icons.SIZES)
    windows, macos = ((tmp_path / f"trdtrack.{kind}").read_bytes() for kind in ("ico", "icns"))
    assert windows.startswith(b"\0\0\1\0")
    assert windows.count(png) == len(icons.WINDOWS)
    assert macos.startswith(b"icns" + len(macos).to_bytes(4, "big"))
    assert macos.count(png) == len(icons.MACOS)
