"""Long errands for a page: a course or its chart out to a file. Asked where, done beside the window, told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.exports import Made
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from trdtrack.domain.summary import Summary
    from trdtrack.exports import Export
    from trdtrack.ui.desk import Desk
    from trdtrack.ui.work import Tick


def export_course(desk: Desk, summary: Summary, export: Export) -> None:
    """Ask where and write a course as one of the export formats."""
    suggested = f"{_safe(summary.patient.code)}-{desk.today}{export.suffix}"
    try:
        # The chart is drawn here, where Qt's scenes live; setting and writing happen beside the window.
        finish = export.prepare(summary, desk.today)
    except Exception as error:  # noqa: BLE001 - said in words
        desk.refuse(error)
        return
    desk.write_out(say(export.name), suggested, finish)


def save_chart(desk: Desk, summary: Summary, ending: str, make: Callable[[], bytes]) -> None:
    """Ask where and write the chart as it is seen: what `make` gives, or for a PDF that set on a page."""
    suggested = f"{_safe(summary.patient.code)}-{desk.today}-chart{ending}"
    today = desk.today

    def finish() -> Made:
        from trdtrack.report.chart_alone import typeset_chart

        if ending != ".pdf":
            return Made(make())
        paper = typeset_chart(summary, make(), made=today)
        return Made(paper.pdf, paper.dropped)

    desk.write_out(_("Picture of the chart"), suggested, finish)


def write_archive(desk: Desk) -> None:
    """Warn that it is not encrypted, ask where, and write everything the caseload holds to one file."""
    if not desk.dialogs.confirm(
        _("An archive holds everything, the notes and the history too, and is not encrypted: whoever has it reads it."),
        _("Write an archive…"),
    ):
        return
    suggested = f"{_safe(desk.caseload.path.stem)}-{desk.today}.json"
    path = desk.dialogs.save_file(_("Write an archive"), suggested, _("Archive (*.json)"))
    if path is None:
        return
    caseload, at = desk.caseload, desk.clock()

    def job(tick: Tick) -> int:
        from trdtrack.exchange.archive import write_archive

        return write_archive(path, caseload, at=at, tick=tick)

    def done(_entries: int) -> None:
        desk.show(_("Wrote {path}.").format(path=path))

    desk.beside(_("Writing {file}…").format(file=path.name), job, done=done, failed=desk.refuse)


def _safe(code: str) -> str:
    """Return a code as part of a file name any system takes."""
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in code)
