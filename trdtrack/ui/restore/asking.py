"""Asks which backup is to be brought back, and makes a new file of it or says that it is to take the place."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from trdtrack.ui.restore.form import RestoreForm
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from trdtrack.ui.desk import Desk
    from trdtrack.ui.forms import Forms
    from trdtrack.ui.restore.form import RestoreAsked

KIND = _("TRDTrack caseload (*.trdtrack)")


def ask_restore(desk: Desk, forms: Forms, *, replace: Callable[[Path], None]) -> None:
    """Open the form with the backups of the caseload; `replace` is told which one is to take its place."""
    backups = desk.caseload.backups
    form = RestoreForm(
        backups.listed(),
        examine=lambda b: backups.examined(b.path),
        compare=lambda b: backups.differs(b.path),
        at=desk.clock(),
    )

    def act(asked: RestoreAsked, over: Callable[[], None]) -> None:
        if asked.as_new:
            _as_new(desk, asked, over)
        else:
            over()
            replace(asked.backup.path)

    forms.open(form, act=act)


def _as_new(desk: Desk, asked: RestoreAsked, over: Callable[[], None]) -> None:
    stem = f"{asked.backup.caseload}-{asked.backup.at.astimezone(UTC):%Y-%m-%d}"
    path = desk.dialogs.save_file(_("Restore as a new file"), f"{stem}.trdtrack", KIND)
    if path is None:
        return
    at = desk.clock()
    over()
    desk.work.run(
        _("Restoring…"),
        lambda _tick: desk.caseload.backups.restore_new(asked.backup.path, path, at=at),
        done=lambda _none: desk.show(_("Made {path}. It opens with the passphrase of the backup.").format(path=path)),
        failed=desk.refuse,
    )
