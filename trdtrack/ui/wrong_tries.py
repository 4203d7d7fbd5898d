"""How long to wait after a wrong passphrase: 1, 2, 4 … 60 s for each file, for as long as the program runs."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from trdtrack.domain.refusals import WrongPassphrase
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LONGEST_S = 60


class WrongTries:
    """Counts them by file. The clock is one that nobody can set."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tries: dict[Path, tuple[int, float]] = {}
        """How many one after another, and until when to wait."""

    def note(self, path: Path, error: BaseException) -> None:
        """Count a try that failed, if it was the passphrase; a slip in a recovery key is said before any try."""
        if isinstance(error, WrongPassphrase):
            number, _until = self._tries.get(path.resolve(), (0, 0.0))
            self._tries[path.resolve()] = number + 1, self._clock() + min(2**number, LONGEST_S)

    def right(self, path: Path) -> None:
        """Forget the wrong ones: the file was opened."""
        self._tries.pop(path.resolve(), None)

    def left(self, path: Path) -> int:
        """Return how many seconds to wait before the next try."""
        _number, until = self._tries.get(path.resolve(), (0, 0.0))
        return max(0, math.ceil(until - self._clock()))

    def words(self, path: Path) -> str:
        """Return what to say of the wait; empty if there is none."""
        left = self.left(path)
        return _("You can try again in {n} s.").format(n=left) if left else ""


TRIES = WrongTries()
"""Those of this program: locking the window or opening another does not begin anew."""
