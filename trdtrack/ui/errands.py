"""Long errands for a page: scores in from a file, a course out to one. Asked where, done beside the window, told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain.message import plural
from trdtrack.domain.refusals import Problems
from trdtrack.exports import Made
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from trdtrack.domain.edit import Edit
    from trdtrack.domain.summary import Summary
    from trdtrack.exports import Export
    from trdtrack.ui.desk import Desk
    from trdtrack.ui.work import Tick


def import_scores(desk: Desk) -> None:
    """Ask for a CSV and take it in, whole or not at all."""
    path = desk.dialogs.open_file(_("Import scores: patient, date and PHQ-9 total"), _("CSV (*.csv *.txt *.tsv)"))
    if path is None:
        return
    caseload, at = desk.caseload, desk.clock()

    def job(tick: Tick) -> Edit:
        from trdtrack.exchange.scores_import import import_edit

        edit = import_edit(path, caseload, columns=None, at=at, tick=tick)
        caseload.edit(edit, at=at, tick=tick)
        return edit

    def done(edit: Edit) -> None:
        scores = sum(step.record.kind == "assessment" for step in edit.steps)
        what = plural("Imported {n} score.", "Imported {n} scores.", scores)
        desk.show(say(what) + " " + _("Ctrl+Z takes the import back."))

    def failed(error: BaseException) -> None:
        desk.refuse(error)
        if isinstance(error, Problems):
            desk.dialogs.read(say(error.what), problem_list(error, path))

    desk.beside(_("Importing {file}…").format(file=path.name), job, done=done, failed=failed)


def problem_list(problems: Problems, path: Path) -> str:
    """Return an import's problems as text, a line each, as the file's editor counts them."""
    return "\n".join(f"{path.name}, line {p.line}, {p.column}: {say(p.what)}" for p in problems.problems)


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


def _safe(code: str) -> str:
    """Return a code as part of a file name any system takes."""
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in code)
