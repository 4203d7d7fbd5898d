"""Write the bill of materials (CycloneDX, JSON): the packages, as cyclonedx-bom finds them, and what is in them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from building import ROOT, VERSION
from environment import BUILDING, SHIPPED

INNER = """
import json, platform, sys
import psycopg, sqlcipher3.dbapi2 as cipher
from PySide6.QtCore import qVersion
held = cipher.connect(":memory:")
held.execute("PRAGMA key = 'x'")  # SQLCipher names its parts of an encrypted file only
asked = lambda name: held.execute(f"PRAGMA {name}").fetchone()[0].split()[0]
libpq = psycopg.pq.version()
print(json.dumps([
    ["Python", platform.python_version(), "PSF-2.0"],
    ["Qt", qVersion(), "LGPL-3.0-only"],
    ["SQLCipher", asked("cipher_version"), "BSD-3-Clause"],
    ["SQLite", cipher.sqlite_version, "blessing"],
    ["OpenSSL", next(w for w in held.execute("PRAGMA cipher_provider_version").fetchone()[0].split() if w[0].isdigit()),
     "Apache-2.0"],
    ["libpq", f"{libpq // 10000}.{libpq % 10000}", "PostgreSQL"],
]))
"""
"""Asks the packages which libraries they hold that no package is named after."""


def write(out: Path) -> None:
    """Write the bill of what SHIPPED holds."""
    # A new environment brings pip, and older ones setuptools, which are not shipped.
    command = [BUILDING.python, "-m", "cyclonedx_py", "environment", "--output-format", "JSON", "--spec-version", "1.6"]
    subprocess.run([*command, "--output-file", out, SHIPPED.python], check=True, cwd=ROOT)
    bill = json.loads(out.read_text("utf-8"))
    left = {part["bom-ref"] for part in bill["components"] if part["name"] in {"pip", "setuptools"}}
    bill["components"] = [part for part in bill["components"] if part["bom-ref"] not in left]
    bill["dependencies"] = [one for one in bill["dependencies"] if one["ref"] not in left]
    answer = subprocess.run([SHIPPED.python, "-c", INNER], check=True, capture_output=True, text=True).stdout
    for name, version, licence in json.loads(answer):
        part = {"type": "library", "bom-ref": f"inner-{name}", "name": name, "version": version}
        bill["components"].append(part | {"licenses": [{"license": {"id": licence}}]})
    bill["metadata"]["component"] = {
        "type": "application",
        "bom-ref": "trdtrack",
        "name": "trdtrack",
        "version": VERSION,
        "licenses": [{"license": {"id": "Apache-2.0"}}],
    }
    text = json.dumps(bill, indent=1)
    _validate(text)
    out.write_text(text + "\n", "utf-8")


def _validate(text: str) -> None:
    """Hold what was written to CycloneDX's own schema, which comes with the tool."""
    words = (
        "import sys; from cyclonedx.schema import SchemaVersion as V; from cyclonedx.validation.json import"
        " JsonStrictValidator as S; e = S(V.V1_6).validate_str(sys.stdin.read()); sys.exit(str(e) if e else 0)"
    )
    subprocess.run([BUILDING.python, "-c", words], input=text, text=True, check=True)
