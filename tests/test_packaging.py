"""What is packaged and how: the lists of the spec, the desktop's files, the version, the licences."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from configparser import RawConfigParser
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

import trdtrack
from trdtrack.ui.app import DESKTOP_ID

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PACKAGING = ROOT / "packaging"
LINUX = PACKAGING / "linux"
MIME = {"": "http://www.freedesktop.org/standards/shared-mime-info"}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(autouse=True)
def _scripts_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PACKAGING))


def script(name: str) -> ModuleType:
    """One of the scripts of packaging/."""
    return import_module(name)


def imported() -> Iterator[str]:
    """Every module that the program's code names in an import."""
    for file in (ROOT / "trdtrack").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (name.name for name in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module
                yield from (f"{node.module}.{name.name}" for name in node.names)


def test_nothing_the_program_imports_is_left_out() -> None:
    left_out = set(script("parts").EXCLUDED)
    names = set(imported())
    assert {"PySide6.QtWidgets", "scipy.optimize", "docx", "trdtrack.caseload"} <= names
    wrong = {name for name in names if any(name == out or name.startswith(f"{out}.") for out in left_out)}
    assert wrong == set()


def test_qts_libraries_the_program_imports_are_shipped() -> None:
    wanted = script("parts").wanted
    modules = {name.split(".")[1] for name in imported() if name.startswith("PySide6.Q")}
    assert len(modules) > 5
    for module in sorted(modules):
        assert wanted(f"PySide6/{module}.abi3.so"), module
        assert wanted(f"PySide6/Qt/lib/libQt6{module.removeprefix('Qt')}.so.6"), module
        assert wanted(f"PySide6\\Qt6{module.removeprefix('Qt')}.dll"), module


@pytest.mark.parametrize(
    ("file", "shipped"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/plugins/sqldrivers/libqsqlite.so", False),
        ("PySide6/Qt/lib/libQt6Qml.so.6", False),
        ("PySide6/Qt/lib/libQt6WebEngineCore.so.6", False),
        ("PySide6/Qt/qml/QtQuick/qmldir", False),
        ("PySide6/Qt/translations/qtbase_fr.qm", True),
        ("PySide6/Qt/translations/designer_fr.qm", False),
        ("babel/locale-data/de_AT.dat", True),
        ("babel/locale-data/pt.dat", True),
        ("babel/locale-data/pt_BR.dat", False),
        ("numpy/_core/tests/data/utf8_bytes.csv", False),
        ("resources/evidence/trials.csv", True),
    ],
)
def test_what_is_shipped(file: str, *, shipped: bool) -> None:
    assert script("parts").wanted(file) is shipped


def test_a_name_in_a_string_is_brought_in_and_every_language_has_its_dates() -> None:
    parts = script("parts")
    code = "".join(file.read_text("utf-8") for file in (ROOT / "trdtrack").rglob("*.py"))
    by_string = set(re.findall(r'import_module\("([^"]+)"\)', code))
    assert by_string <= set(parts.HIDDEN)
    assert all(import_module(name) for name in parts.HIDDEN)
    translated = {file.stem for file in (ROOT / "resources" / "locale").glob("*.po")}
    assert set(parts.LANGUAGES) == translated | {"en"}


def entry() -> RawConfigParser:
    read = RawConfigParser(delimiters=("=",))
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(LINUX / "org.trdtrack.TRDTrack.desktop", "utf-8")
    return read


def test_the_menu_the_double_click_and_the_window_name_the_same_program() -> None:
    name, said = script("building").APP_ID, entry()["Desktop Entry"]
    assert (name, said["Icon"], said["Exec"]) == (DESKTOP_ID, DESKTOP_ID, "trdtrack %f")
    kinds = ET.parse(LINUX / f"{name}.xml").findall("mime-type", MIME)
    assert [f"{kind.get('type')};" for kind in kinds] == [said["MimeType"]]
    assert [glob.get("pattern") for glob in kinds[0].findall("glob", MIME)] == ["*.trdtrack"]
    described = ET.fromstring(script("deb").metainfo())
    assert described.findtext("id") == name
    assert described.findtext("launchable") == f"{name}.desktop"
    assert described.findtext("provides/mediatype") == kinds[0].get("type")
    assert described.findtext("project_license") == "Apache-2.0"


def test_the_menu_speaks_every_language_shipped() -> None:
    said = entry()["Desktop Entry"]
    comments = ET.parse(LINUX / "org.trdtrack.TRDTrack.xml").iterfind(".//comment", MIME)
    told = {comment.get(LANGUAGE, "en") for comment in comments}
    for language in script("parts").LANGUAGES:
        assert language in told
        if language != "en":
            assert {f"{key}[{language}]" for key in ("GenericName", "Comment")} <= set(said)


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="desktop-file-utils is not here")
def test_the_menu_entry_is_valid() -> None:
    told = subprocess.run(
        ["desktop-file-validate", LINUX / "org.trdtrack.TRDTrack.desktop"], capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stdout) == (0, "")


@pytest.mark.skipif(not shutil.which("appstreamcli"), reason="appstream is not here")
def test_the_metainfo_is_valid(tmp_path: Path) -> None:
    written = tmp_path / "org.trdtrack.TRDTrack.metainfo.xml"
    written.write_text(script("deb").metainfo(), "utf-8")
    told = subprocess.run(
        ["appstreamcli", "validate", "--no-net", "--no-color", written], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout


def test_the_metainfo_tells_the_releases_that_are_dated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    deb = script("deb")
    assert ET.fromstring(deb.metainfo()).tag == "component"
    (tmp_path / "CHANGELOG.md").write_text("## Unreleased\n\n## 0.2.0 (2027-01-05)\n\n## 0.1.0 (2026-12-01)\n", "utf-8")
    monkeypatch.setattr(deb, "ROOT", tmp_path)
    releases = ET.fromstring(deb.metainfo()).iterfind("releases/release")
    assert [dict(release.items()) for release in releases] == [
        {"version": "0.2.0", "date": "2027-01-05"},
        {"version": "0.1.0", "date": "2026-12-01"},
    ]


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"]["path"] == "trdtrack/__init__.py"
    assert trdtrack.__version__ == script("building").VERSION
    sources = [ROOT / "pyproject.toml", *(file for file in PACKAGING.rglob("*") if file.suffix != ".txt")]
    texts = {file.name: file.read_text("utf-8", "ignore") for file in sources if file.is_file()}
    assert {"trdtrack.iss", "trdtrack.spec", "sign.sh"} <= set(texts)
    assert [name for name, text in texts.items() if trdtrack.__version__ in text and not name.endswith(".pyc")] == []


def test_the_scripts_of_a_build_hold_no_address() -> None:
    files = [*PACKAGING.glob("*.py"), *PACKAGING.glob("*.spec"), *LINUX.iterdir()]
    files += [*(PACKAGING / "windows").iterdir(), *(PACKAGING / "macos").iterdir(), ROOT / ".pre-commit-config.yaml"]
    found = {address for file in files for address in re.findall(r"\w+://[\w./-]+", file.read_text("utf-8"))}
    assert found == set(MIME.values())


def locked() -> dict[str, bool]:
    """Each package shipped, and whether it is only for some systems."""
    text = (PACKAGING / "lock-runtime.txt").read_text("utf-8")
    return {name: bool(only) for name, only in re.findall(r"^([a-z0-9-]+)==[^ ;\n]+( ;)?", text, re.MULTILINE)}


def test_every_package_shipped_has_its_licence_text() -> None:
    licences = script("licences")
    seen = 0
    for name, only_somewhere in locked().items():
        try:
            package = distribution(name)
        except PackageNotFoundError:
            assert only_somewhere, name
            continue
        texts = dict(licences.texts(package))
        assert any(len(text) > 200 for text in texts.values()), name
        seen += 1
    assert seen > 20


def test_qt_comes_with_the_texts_the_lgpl_asks_for() -> None:
    texts = dict(script("licences").texts(distribution("pyside6-essentials")))
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in texts["LGPL-3.0.txt"]
    assert "GNU GENERAL PUBLIC LICENSE" in texts["GPL-3.0.txt"]


def test_a_package_without_a_licence_text_stops_the_build(tmp_path: Path) -> None:
    bare = tmp_path / "bare_thing-1.0.dist-info"
    bare.mkdir()
    (bare / "METADATA").write_text("Metadata-Version: 2.1\nName: bare-thing\nVersion: 1.0\nLicense: MIT\n", "utf-8")
    (bare / "RECORD").write_text("bare_thing-1.0.dist-info/METADATA,,\n", "utf-8")
    done = subprocess.run(
        [sys.executable, PACKAGING / "licences.py", tmp_path / "out"],
        env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "bare-thing 1.0 (MIT) brings no licence text." in done.stderr
