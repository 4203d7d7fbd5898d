"""Carries out an export asked for in the window: made and written beside it, charts drawn by it a turn at a time."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from trdtrack.domain.message import message
from trdtrack.exports.writing import note, write_export, write_exports
from trdtrack.ui.exporting.form import How
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from trdtrack.exports import Made
    from trdtrack.ui.desk import Desk
    from trdtrack.ui.exporting.form import Asked
    from trdtrack.ui.work import Tick


def carry_out(desk: Desk, asked: Asked, over: Callable[[], None]) -> None:
    """Close the form with `over` and do what was asked."""
    over()
    if asked.how is not How.SAVE:
        _paper(desk, asked)
    elif asked.export.together is None and len(asked.source.patients) > 1:
        _save_several(desk, asked)
    else:
        _save(desk, asked)


def _save(desk: Desk, asked: Asked) -> None:
    source, export, title = asked.source, asked.export, say(asked.export.name)
    code = desk.caseload.patient(source.patients[0]).code if len(source.patients) == 1 else ""
    suggested = export.file_name(code, source.today)
    path = desk.dialogs.save_file(title, suggested, f"{title} (*{export.suffix})")
    if path is None:
        return
    job = partial(write_export, export, source, asked.wishes, path, draw=desk.work.here)
    desk.write_beside(path, lambda tick: job(tick=tick))


def _save_several(desk: Desk, asked: Asked) -> None:
    source = asked.source
    parent = desk.dialogs.folder(_("Choose the folder in which a new one is made"))
    if parent is None:
        return
    name = f"TRDTrack-{asked.kind}-{source.today}"
    path = next(p for n in range(1, 1000) if not (p := parent / (name if n == 1 else f"{name}-{n}")).exists())
    job = partial(write_exports, asked.export, source, asked.wishes, path, draw=desk.work.here)
    desk.write_beside(path, lambda tick: job(tick=tick))


def _paper(desk: Desk, asked: Asked) -> None:
    """Print a paper, or show how it would be printed."""
    from trdtrack.ui.exporting.printing import PREVIEWED, dots_for, named, paint_pages

    source, export, size = asked.source, asked.export, asked.wishes.size
    printer = desk.dialogs.printer(size) if asked.how is How.PRINT else None
    if asked.how is How.PRINT and printer is None:
        return

    def job(tick: Tick) -> tuple[Made, list[bytes]]:
        made = export.make(source, asked.wishes, draw=desk.work.here, tick=tick)
        assert made.paper  # noqa: S101 - only papers are asked for here
        pages = made.paper.draw(PREVIEWED)
        return made, made.paper.draw(dots_for(len(pages))) if printer else pages

    def done(found: tuple[Made, list[bytes]]) -> None:
        made, pages = found
        paper = made.paper
        assert paper  # noqa: S101 - as above
        try:
            if printer:
                paint_pages(printer, pages)
                where = named(printer)
            else:
                where = desk.dialogs.preview(size, pages, lambda: paper.draw(dots_for(len(pages))))
            if where:
                note(say(export.name), source, where)
                words = say(message("Printed: {what}.", what=export.name))
                desk.show(f"{words} {say(made.remark)}" if made.remark else words)
        except Exception as error:  # noqa: BLE001 - said in words
            desk.refuse(error)

    desk.work.run(say(message("Preparing: {what}…", what=export.name)), job, done=done, failed=desk.refuse)
