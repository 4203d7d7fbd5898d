"""Puts a backup in the place of a caseload that is closed; the unlock page says how it went. Imports nothing heavy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.ui.desk import in_words
from trdtrack.words import _, moment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from trdtrack.ui.window import Window
    from trdtrack.ui.work import Tick

    Key = tuple[bytes, bytes]


class Restoring:
    """Closes the caseload for a restore; the unlock page says how it went."""

    def __init__(self, window: Window, *, who: str, clock: Callable[[], datetime]) -> None:
        self._window, self._who, self._clock = window, who, clock

    def replace(self, backup: Path) -> None:
        """Put a backup in the place of the caseload that is open."""
        place = self._window.workspace
        if place is None:
            return
        caseload = place.desk.caseload
        path, keys = caseload.path, caseload.backups.keys
        if self._window.lock():
            self.start(backup, path, lambda: keys)

    def start(self, backup: Path, path: Path, keys: Callable[[], Sequence[Key]]) -> None:
        """Put a backup in the place of a file that is closed, damaged or gone; `keys` as `Caseload.restore_from`.

        They are asked for beside the window: to make them takes time.
        """
        from trdtrack.caseload import Caseload
        from trdtrack.domain.backups import backup_at

        unlock, at = self._window.unlock, self._clock()

        def job(_tick: Tick) -> Path | None:
            return Caseload.restore_from(backup, path, keys=keys(), who=self._who, at=at)

        def done(aside: Path | None) -> None:
            unlock.set_busy(False)
            of = backup_at(backup)
            said = [_("Restored the backup of {moment}.").format(moment=moment(of.at) if of else backup.name)]
            if aside:
                said.append(_("What it replaced is kept as {file}.").format(file=aside.name))
            unlock.choose(path)
            unlock.say(" ".join([*said, _("Type the passphrase to open it.")]), tone="muted")

        def failed(error: BaseException) -> None:
            unlock.set_busy(False)
            unlock.say(in_words(error))
            unlock.take_focus()

        unlock.set_busy(True)
        self._window.work.run(_("Restoring…"), job, done=done, failed=failed)
