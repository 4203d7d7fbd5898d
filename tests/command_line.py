"""Runs `trdtrack` for the tests: as a process with an empty environment, or in this one where that adds nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trdtrack import cli

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).resolve().parents[1]
PASSPHRASE = "seven dry tulips"
TODAY = date(2026, 11, 20)
TRDTRACK = [sys.executable, "-m", "trdtrack"]


@dataclass(frozen=True)
class Said:
    """What a command answered: its exit code and what it said."""

    code: int
    out: str
    err: str

    @property
    def done(self) -> str:
        """What it printed, having done what was asked without a word of complaint."""
        assert (self.code, self.err) == (0, ""), self
        return self.out

    @property
    def refused(self) -> str:
        """The one sentence it refused with."""
        assert self.code == 1, self
        assert self.err.count("\n") == 1, self
        assert self.err.endswith(".\n"), self
        assert "Traceback" not in self.out + self.err, self
        assert "itself failed" not in self.err, self
        return self.err.rstrip("\n")

    @property
    def misused(self) -> str:
        """What it said about the words it was given."""
        assert self.code == 2, self
        assert self.err.startswith("usage: trdtrack"), self
        assert "Traceback" not in self.err, self
        assert self.out == ""
        return self.err


def environment(home: Path, **more: str) -> dict[str, str]:
    """Nothing but what a process needs to start: no display, no Qt variable, no language."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "HOME": str(home), **more}


def run(*words: object, folder: Path, passphrase: str | None = PASSPHRASE, **more: Any) -> Said:
    """Run the program as a process of its own in a folder, its input closed."""
    variables = {} if passphrase is None else {cli.PASSPHRASE: passphrase}
    variables |= more.pop("variables", {})
    done = subprocess.run(
        [*TRDTRACK, *map(str, words)],
        cwd=folder,
        env=environment(folder, **variables),
        check=False,
        timeout=120,
        encoding="utf-8",
        **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more},
    )
    return Said(done.returncode, done.stdout or "", done.stderr or "")


class Program:
    """The program in this process, in a folder of the test's own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._patch, self._capsys = monkeypatch, capsys
        monkeypatch.chdir(folder)

    def __call__(self, *words: object, passphrase: str | None = PASSPHRASE, today: date = TODAY) -> Said:
        if passphrase is None:
            self._patch.delenv(cli.PASSPHRASE, raising=False)
        else:
            self._patch.setenv(cli.PASSPHRASE, passphrase)
        self._capsys.readouterr()
        try:
            code = cli.main([str(word) for word in words], today=today)
        except SystemExit as left:
            code = int(left.code or 0)
        return Said(code, *self._capsys.readouterr())
