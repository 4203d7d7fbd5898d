"""How long to wait after a wrong passphrase: 1, 2, 4 … 60 s for each file, for as long as the program runs."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from trdtrack.domain.refusals import WrongPassphrase
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_S = 60
LOOK_MS = 250
"""So often the seconds to wait are shown anew."""


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


class Waiting(QObject):
    """Says why the last try failed and counts the wait down; what was asked for meanwhile is done when it is over."""

    said = Signal(str)
    over = Signal()
    """Asked for before, and not to be waited for any more."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._why = ""
        self._tried = Path()
        self._asked = False
        """Whether opening was asked for while there is still to wait."""
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._count_down)

    def refused(self, why: str, path: Path | None, error: BaseException) -> None:
        """Say why a file did not open, and after a wrong passphrase how long to wait; a server counts by itself."""
        self._why, self._asked = why, False
        self.said.emit(why)
        if path:
            TRIES.note(path, error)
            self._begin(path)

    def holds(self, path: Path) -> bool:
        """Whether there is still to wait for a file; then it is asked for when that is over."""
        if not TRIES.left(path):
            return False
        self._asked = True
        self._begin(path)
        return True

    def ask_no_more(self) -> None:
        """Let go of what was asked for while there is to wait: something else is being typed."""
        self._asked = False

    def stop(self) -> None:
        """Say nothing any more."""
        self._timer.stop()
        self._why, self._asked = "", False
        self.said.emit("")

    def _begin(self, path: Path) -> None:
        self._tried = path
        if TRIES.left(path):
            self._count_down()
            self._timer.start()

    def _count_down(self) -> None:
        """Say how long to wait; when it is over, try what was asked for meanwhile."""
        left = TRIES.left(self._tried)
        words = _("Opening in {n} s…").format(n=left) if left and self._asked else TRIES.words(self._tried)
        self.said.emit(" ".join(filter(None, (self._why, words))))
        if not left:
            self._timer.stop()
            if self._asked:
                self._asked = False
                self.over.emit()
