"""The README's first session in a real window under a window manager, by a keyboard alone; in the long run."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader
from test_at_spi import HERE, SYSTEM_PYTHON, outside

from trdtrack.caseload import Caseload


@pytest.mark.skipif(not os.environ.get("TRDTRACK_LONG"), reason="TRDTRACK_LONG=1 runs it: half a minute")
def test_the_first_session_needs_no_mouse(tmp_path: Path) -> None:
    if not shutil.which("openbox"):
        pytest.skip("not here: openbox")
    script = [SYSTEM_PYTHON, str(HERE / "keys_only.py"), str(tmp_path)]
    ran = outside(
        [*script, "env", "PYTHONPATH=" + os.pathsep.join(sys.path), sys.executable, "-m", "trdtrack"], tmp_path
    )
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found["ended"] == 0
    assert found["chart"].startswith("PHQ-9 17 on ")
    caseload = Caseload.open(tmp_path / "clinic.trdtrack", "seven dry tulips", who="test")
    (patient,) = caseload.patients()
    (score,) = caseload.records("assessment")
    caseload.close()
    assert patient.code == "A-003"
    assert score.answers == (2, 3, 3, 2, 1, 3, 2, 0, 1)
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "summary.pdf").pages)
    assert "A-003" in text
    assert "17" in text
