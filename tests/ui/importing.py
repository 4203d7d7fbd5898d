"""An import at the window: the file chosen, its page read and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.ui.importing.form import ImportForm
from ui.hands import Person, until

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def checked(person: Person, qtbot: QtBot) -> ImportForm | None:
    """Wait until nothing is being read or checked; then the import's page, if one is open."""

    def settled() -> bool:
        form = person.place.form
        return not person.window.work.busy and not (isinstance(form, ImportForm) and form.checking)

    until(qtbot, settled)
    form = person.place.form
    return form if isinstance(form, ImportForm) else None


def bringing(person: Person, path: Path, qtbot: QtBot) -> ImportForm | None:
    """Choose a file to import, from the list's button."""
    person.answers.ready("open", path)
    person.click("Import scores…")
    return checked(person, qtbot)


def brought(person: Person, path: Path, qtbot: QtBot) -> ImportForm:
    """Choose a file that can be read."""
    form = bringing(person, path, qtbot)
    assert form is not None, person.line
    return form
