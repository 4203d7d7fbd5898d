"""The recovery sheet from the window: printed, or saved as a PDF, for a key that is known already."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trdtrack.domain.message import message
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trdtrack.exports import Made
    from trdtrack.report.typeset import Paper
    from trdtrack.ui.desk import Desk
    from trdtrack.ui.work import Tick


def offer_sheet(desk: Desk, key: Sequence[str], *, said: str) -> None:
    """Say what has happened and offer to print the sheet of the key that opens the file now."""
    why = _(
        "{said} Print the recovery sheet now? Its key opens the file if the passphrase is ever forgotten; without "
        "both nobody can. It can also be printed later, under Settings."
    )
    if desk.dialogs.confirm(why.format(said=said), _("Print the recovery sheet…"), no=_("Not now")):
        print_sheet(desk, key)


def print_sheet(desk: Desk, key: Sequence[str]) -> None:
    """Ask on which printer and print the sheet."""
    from trdtrack.ui.exporting.form import usual_size
    from trdtrack.ui.exporting.printing import dots_for, paint_pages

    size = usual_size()
    printer = desk.dialogs.printer(size)
    if printer is None:
        return
    paper = _paper(desk, key)

    def job(_tick: Tick) -> list[bytes]:
        return paper.draw(dots_for(1))

    def done(pages: list[bytes]) -> None:
        try:
            paint_pages(printer, pages)
        except Exception as error:  # noqa: BLE001 - said in words
            desk.refuse(error)
        else:
            desk.show(_("Printed. Put it into a sealed envelope, away from the computer."))

    desk.work.run(_("Preparing: Recovery sheet…"), job, done=done, failed=desk.refuse)


def save_sheet(desk: Desk, key: Sequence[str]) -> None:
    """Ask where and write the sheet as a PDF."""
    from trdtrack.exports import Made
    from trdtrack.exports.kinds import safe
    from trdtrack.report.recovery import NAME

    warning = message("Print it and delete the file: it opens the caseload.")
    paper = _paper(desk, key)

    def finish() -> Made:
        return replace(Made.of(paper), remark=warning)

    desk.write_out(say(NAME), f"{safe(desk.caseload.path.stem)}-recovery-{desk.today}.pdf", finish)


def _paper(desk: Desk, key: Sequence[str]) -> Paper:
    from trdtrack.report.recovery import recovery_paper
    from trdtrack.ui.exporting.form import usual_size

    return recovery_paper(key, desk.caseload.path.name, made=desk.today, size=usual_size())
