"""What start-up imports: the unlock page nothing heavy, the list of patients nothing of the chart's."""

import subprocess
import sys

RULES = "trdtrack.domain.signals"
LIBRARIES = ("sqlalchemy", "sqlcipher3", "argon2", "pyqtgraph", "numpy", "scipy", "pandas", "typst", "zxcvbn", "babel")
OF_SERVERS = ("psycopg", "keyring")
HEAVY = (RULES, *LIBRARIES, *OF_SERVERS)


def loaded_by(module: str) -> set[str]:
    """The heavy libraries in a fresh interpreter that has imported a module."""
    words = f"import sys, {module}; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    said = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    return set(said.stdout.split())


def test_the_unlock_page_takes_keys_before_anything_heavy_is_there():
    assert loaded_by("trdtrack.ui.app") == set()


def test_the_list_of_patients_does_not_wait_for_the_chart():
    assert loaded_by("trdtrack.ui.workspace") == {RULES}, "the file is opened beside the window, with its libraries"


def test_the_expected_course_needs_no_library():
    assert loaded_by("trdtrack.cli, trdtrack.commands.evidence, trdtrack.evidence") <= {RULES}


def test_the_outcomes_bring_pandas_in_only_when_they_are_asked_for():
    assert loaded_by("trdtrack.cli, trdtrack.commands.outcomes, trdtrack.domain.caseload_outcomes") <= {RULES}
    assert "pandas" not in loaded_by("trdtrack.caseload, trdtrack.ui.workspace, trdtrack.ui.window")
    assert "pandas" in loaded_by("trdtrack.outcomes")


def test_a_file_is_opened_without_what_a_server_needs():
    assert loaded_by("trdtrack.caseload, trdtrack.known_heads") & set(OF_SERVERS) == set()
