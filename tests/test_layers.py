"""Who may import whom: import-linter's contract from pyproject, and each library in its one home."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "trdtrack"
# Library: where it may be imported, as the start of a path inside trdtrack/.
HOMES = {
    "sqlalchemy": ("storage/",),
    "sqlcipher3": ("storage/",),
    "argon2": ("storage/",),
    "pyqtgraph": ("chart/",),
    "openpyxl": ("exchange/",),
    "pandas": ("exchange/", "outcomes/"),
    "PySide6": ("ui/", "chart/"),
    "scipy": ("domain/pooling.py",),
    "typst": ("report/typeset.py",),
    "segno": ("report/blank.py",),
    "docx": ("report/letter_docx.py",),
    "xlsxwriter": ("exchange/",),
    "psycopg": ("storage/postgres/",),
    "keyring": ("passwords.py",),
    "trdtrack.storage": ("storage/", "caseload.py", "clinic.py", "reading.py", "gists.py", "writing.py"),
}
STANDARD = sys.stdlib_module_names
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, no_logo=True))"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter by a folder's pyproject, in a process of its own: it reads the package under that folder."""
    path = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", LINT], cwd=folder, env=path, capture_output=True, text=True, check=False
    )


def imports(file: Path) -> set[str]:
    """Every module a file imports, late and for type checking included."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file}: imports name their module in full"
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def within(module: str, library: str) -> bool:
    return module == library or module.startswith(library + ".")


def strays(package: Path) -> list[str]:
    """Imports of a library outside its home."""
    found = []
    for file in package.rglob("*.py"):
        place, modules = file.relative_to(package).as_posix(), imports(file)
        for library, homes in HOMES.items():
            if not place.startswith(homes) and any(within(module, library) for module in modules):
                found.append(f"{place}: {library}")
    return sorted(found)


@pytest.fixture
def copy(tmp_path):
    """A copy of the package that may be spoilt."""
    shutil.copytree(PACKAGE, tmp_path / "trdtrack", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_each_room_sees_only_the_rooms_below_it():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_contract_can_fail(copy):
    with (copy / "trdtrack" / "domain" / "phq9.py").open("a", encoding="utf-8") as file:
        file.write("\n\ndef late():\n    import trdtrack.ui\n")
    done = lint(copy)
    assert done.returncode == 1
    assert "trdtrack.domain.phq9 -> trdtrack.ui" in done.stdout


def test_every_room_has_its_layer():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    (contract,) = settings["contracts"]
    layered = {room.strip() for layer in contract["layers"] for room in layer.split("|")}
    rooms = {f"trdtrack.{path.stem}" for path in PACKAGE.glob("*.py") if path.stem != "__init__"}
    rooms |= {f"trdtrack.{path.parent.name}" for path in PACKAGE.glob("*/__init__.py")}
    assert rooms - layered == set()


def test_each_library_has_one_home():
    assert strays(PACKAGE) == []


@pytest.mark.parametrize("library", HOMES)
def test_a_library_away_from_home_is_found(library, tmp_path):
    (tmp_path / "words.py").write_text(f"def late():\n    from {library} import sub\n")
    for home in HOMES[library]:
        at_home = tmp_path / home / "own.py" if home.endswith("/") else tmp_path / home
        at_home.parent.mkdir(parents=True, exist_ok=True)
        at_home.write_text(f"import {library}.sub\n")
    assert strays(tmp_path) == [f"words.py: {library}"]


def test_the_domain_knows_no_library_and_no_clock():
    for file in (PACKAGE / "domain").glob("*.py"):
        known = {module.split(".")[0] for module in imports(file)}
        # Pooling alone needs mathematics beyond the standard library, imported late.
        allowed = {"trdtrack"} | ({"numpy", "scipy"} if file.name == "pooling.py" else set())
        assert known - STANDARD <= allowed, file.name
        assert not known & {"os", "pathlib", "io", "time", "locale", "logging", "sqlite3"}, file.name
        asked = {n.attr for n in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(n, ast.Attribute)}
        assert not asked & {"now", "today", "utcnow"} or file.name == "summary.py", file.name
