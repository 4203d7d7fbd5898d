"""Long errands for a page: the chart or everything out to a file. Asked where, done beside the window, told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.exports import Made
from trdtrack.exports.kinds import safe
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from trdtrack.domain.summary import Summary
    from trdtrack.ui.desk import Desk
    from trdtrack.ui.work import Tick


def save_chart(desk: Desk, summary: Summary, ending: str, make: Callable[[], bytes]) -> None:
    """Ask where and write the chart as it is seen: what `make` gives, or for a PDF that set on a page."""
    suggested = f"{safe(summary.patient.code)}-{desk.today}-chart{ending}"
    today = desk.today

    def finish() -> Made:
        from trdtrack.report.chart_alone import typeset_chart

        if ending != ".pdf":
            return Made.whole(make())
        return Made.of(typeset_chart(summary, make(), made=today))

    desk.write_out(_("Picture of the chart"), suggested, finish, about=[summary.patient.id])


def write_archive(desk: Desk) -> None:
    """Warn that it is not encrypted, ask where, and write everything the caseload holds to one file."""
    if not desk.dialogs.confirm(
        _("An archive holds everything, the notes and the history too, and is not encrypted: whoever has it reads it."),
        _("Write an archive…"),
    ):
        return
    suggested = f"{safe(desk.caseload.path.stem)}-{desk.today}.json"
    path = desk.dialogs.save_file(_("Write an archive"), suggested, _("Archive (*.json)"))
    if path is None:
        return
    caseload, at = desk.caseload, desk.clock()

    def job(tick: Tick) -> int:
        from trdtrack.exchange.archive import write_archive

        return write_archive(path, caseload, at=at, tick=tick, noted=True)

    def done(_entries: int) -> None:
        desk.show(_("Wrote {path}.").format(path=path))

    desk.beside(_("Writing {file}…").format(file=path.name), job, done=done, failed=desk.refuse)
