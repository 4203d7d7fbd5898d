"""Scores in from a file, from the question which file to the one edit that can be undone."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from trdtrack import settings
from trdtrack.domain.backups import Kind
from trdtrack.domain.message import plural
from trdtrack.exchange.score_file import Columns, examine, guess, kind_of, needs_day_order, open_table
from trdtrack.exports import Made
from trdtrack.ui.importing.form import Checked, ImportForm
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from pathlib import Path

    from trdtrack.exchange.score_file import Choices, Found, Table
    from trdtrack.ui.desk import Desk
    from trdtrack.ui.forms import Forms
    from trdtrack.ui.work import Tick

    Read = tuple[Table, Columns]


def import_scores(desk: Desk, forms: Forms) -> None:
    """Ask for a file and open the page on which it is checked and taken in."""
    path = desk.dialogs.open_file(
        _("Import scores: PHQ-9 totals or answers"),
        _("Tables, FHIR, archives (*.csv *.tsv *.txt *.xlsx *.json);;All files (*)"),
    )
    if path is not None:
        import_file(desk, forms, path)


def import_file(desk: Desk, forms: Forms, path: Path) -> None:
    """Open what a file's kind asks for."""
    KINDS[kind_of(path)](desk, forms, path)


def _import_table(desk: Desk, forms: Forms, path: Path) -> None:
    """Read a CSV or a workbook beside the window, then show its page."""

    def read(sheet: str, tick: Tick) -> Read:
        table = open_table(path, sheet=sheet, tick=tick)
        return table, _remembered(table) or guess(table)

    def show(found: Read) -> None:
        table, columns = found

        def check(choices: Choices, tick: Tick) -> Checked:
            unclear = needs_day_order(table, choices.columns)
            if unclear and choices.day_first is None:
                return Checked(unclear)
            return Checked(unclear, examine(table, choices, desk.caseload, at=desk.clock(), tick=tick))

        form = ImportForm(
            path.name, table=table, columns=columns, check=check, read=read, work=desk.work, at=desk.clock()
        )
        form.sheet_read.connect(show)
        form.closed.connect(lambda: _remember(table, form))
        open_page(desk, forms, form)

    desk.beside(_("Reading {file}…").format(file=path.name), lambda tick: read("", tick), done=show, failed=desk.refuse)


def _import_json(desk: Desk, forms: Forms, path: Path) -> None:
    """Fill an empty caseload from an archive, or show the page of a FHIR file, which says itself what is what."""
    from trdtrack.exchange.archive import is_archive, take_archive
    from trdtrack.exchange.fhir_in import COLUMNS, fhir_table

    def show(table: Table) -> None:
        def check(choices: Choices, tick: Tick) -> Checked:
            known = replace(choices, columns=COLUMNS)
            return Checked(found=examine(table, known, desk.caseload, at=desk.clock(), tick=tick))

        form = ImportForm(path.name, table=None, columns=COLUMNS, check=check, work=desk.work, at=desk.clock())
        open_page(desk, forms, form)

    def taken(entries: Counter[str]) -> None:
        patients = plural("{n} patient", "{n} patients", entries["patient"])
        desk.show(_("Took in the archive: {patients}, with the whole history.").format(patients=say(patients)))

    if is_archive(path):
        what = _("Taking in {file}…").format(file=path.name)
        at = desk.clock()

        def job(tick: Tick) -> Counter[str]:
            desk.caseload.backups.make_before(Kind.BEFORE_IMPORT, at=at)
            return take_archive(path, desk.caseload, tick=tick)

        desk.beside(what, job, done=taken, failed=desk.refuse)
    else:
        what = _("Reading {file}…").format(file=path.name)
        desk.beside(what, lambda _tick: fhir_table(path), done=show, failed=desk.refuse)


KINDS: dict[str, Callable[[Desk, Forms, Path], None]] = {"table": _import_table, "json": _import_json}
"""What is done with each kind of file there is, as `kind_of` names them."""


def open_page(desk: Desk, forms: Forms, form: ImportForm) -> None:
    """Show an import's page; Import writes what its check finds then, as one edit."""

    def take(choices: Choices, over: Callable[[], None]) -> None:
        at = desk.clock()

        def job(tick: Tick) -> Found | None:
            # Once more: since the last check the caseload may have changed under another window.
            found = form.examine(choices, tick).found
            if found and found.edit:
                desk.caseload.backups.make_before(Kind.BEFORE_IMPORT, at=at)
                desk.caseload.edit(found.edit, at=at, tick=tick)
            return found

        def done(found: Found | None) -> None:
            if found is None or found.edit is None:
                form.check()
                return
            over()
            what = plural("Imported {n} score.", "Imported {n} scores.", found.scores)
            desk.show(say(what) + " " + _("Ctrl+Z takes the import back."))

        desk.beside(_("Importing {file}…").format(file=form.name), job, done=done, failed=desk.refuse)

    def save(text: str) -> None:
        suggested = _("{file}, problems.txt").format(file=form.name)
        desk.write_out(_("Problems in the file"), suggested, lambda: Made.whole(text.encode()))

    form.another_asked.connect(lambda: import_scores(desk, forms))
    form.save_asked.connect(save)
    forms.open(form, act=take)


def _remembered(table: Table) -> Columns | None:
    """Return the columns chosen last time for a file with this header, None if there was none."""
    kept = settings.columns(table.header)
    try:
        text: dict[str, Any] = {key: str(kept[key]) for key in ("patient", "date", "total", "difficulty")}
        items = tuple(str(name) for name in kept["items"])
        occasions = tuple((str(name), str(when)) for name, when in kept["occasions"])
    except (KeyError, TypeError, ValueError):
        return None
    return Columns(**text, items=items, occasions=occasions)


def _remember(table: Table, form: ImportForm) -> None:
    from trdtrack.exchange.score_file import guess

    if form.columns is None or form.columns.missing:
        return
    chosen = form.columns.chosen
    # What is guessed anyway need not be kept, unless something else was kept of this header.
    if chosen != guess(table) or settings.columns(table.header):
        settings.remember_columns(table.header, asdict(chosen))
