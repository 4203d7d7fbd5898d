"""Pictures of every page of the demo caseload, and the demo's PDF and CSV: what a person sees, without a display."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import datetime, time
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QCoreApplication, QEvent, QIODevice
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QScrollArea

from trdtrack import settings
from trdtrack.demo import PASSPHRASE, SHOWN, make_demo
from trdtrack.domain.edit import altered
from trdtrack.domain.message import message
from trdtrack.domain.records import Recipient
from trdtrack.domain.refusals import Refusal
from trdtrack.exchange.writing import write_whole
from trdtrack.exports import EXPORTS, Source, Wishes
from trdtrack.exports.kinds import at_once, untold
from trdtrack.exports.making import letters
from trdtrack.settings import Look
from trdtrack.ui import theme
from trdtrack.ui.appearance import THEMES, look
from trdtrack.ui.caseload.filters import Filter
from trdtrack.ui.caseload.page import CaseloadPage
from trdtrack.ui.caseload.several import ACTIONS
from trdtrack.ui.entry.papers import PapersForm
from trdtrack.ui.evidence.page import EvidencePage
from trdtrack.ui.history.page import HistoryPage
from trdtrack.ui.importing.errand import import_file
from trdtrack.ui.importing.form import ImportForm
from trdtrack.ui.outcomes.page import OutcomesPage
from trdtrack.ui.patient.view import PatientView
from trdtrack.ui.restore.form import RestoreForm
from trdtrack.ui.settings.page import SettingsPage
from trdtrack.ui.tour_stops import STOPS
from trdtrack.ui.window import SMALLEST, USUAL, Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from trdtrack.caseload import Caseload
    from trdtrack.ui.workspace import Workspace

SOUGHT = "sister"
NEW_CODE = "A-003"
FOR_HELP = "passphrase"
IMPORTED = """patient,date,PHQ-9 total
DEMO-003,2026-01-05,19
demo-021,2026-01-05,17
G-014,2026-01-06,16
G-014,2026-01-13,12.5
G-015,2026-02-30,12
"""
GENERATED = 60
"""Synthetic patients whose outcomes are shown."""
TABS = ("scores", "items", "sessions", "treatment", "risk", "course", "events", "letters", "history")
"""What the tabs of a patient's page are called in the names of the pictures, whatever the language."""
SIZES = {100: USUAL, 200: SMALLEST}
"""The sizes of text shown, in percent, and the window each is shown in: the largest text in the smallest."""
TYPED = (2, 3, 3, 2, 1, 3, 2, 0, 1)
PAPERS_TYPED = ("233213202", "1101-1010", "11013", "211201100")


class Quiet:
    """Answers the window's questions where nobody is there to ask: goes on, chooses nothing."""

    def confirm(self, _question: str, _yes: str, *, no: str = "") -> bool:  # noqa: ARG002
        return True

    def ask(self, _question: str) -> str | None:
        return None

    def choose(self, _question: str, _offered: Sequence[str]) -> str | None:
        return None

    def open_file(self, _title: str, _kinds: str) -> Path | None:
        return None

    def save_file(self, _title: str, _suggested: str, _kinds: str) -> Path | None:
        return None

    def show_folder(self, _folder: Path) -> bool:
        return False

    def read(self, _title: str, _text: str) -> None:
        return None


def settle() -> None:
    """Let Qt lay out and paint what was asked for."""
    for _round in range(3):
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def demo_window(today: date) -> tuple[Window, Caseload]:
    """Return a window, shown, with the demo caseload open in it."""
    at = datetime.combine(today, time(9, 30)).astimezone()
    window = Window(who="demo", clock=lambda: at, dialogs=Quiet())  # pyright: ignore[reportArgumentType]
    caseload = make_demo(at=at)
    window.show()
    window.show_caseload(caseload)
    settle()
    return window, caseload


def write_screens(
    out: Path, *, today: date, themes: Sequence[str] = tuple(THEMES), sizes: Sequence[int] = tuple(SIZES)
) -> Iterator[Path]:
    """Write a PNG for every page in these themes and sizes of text (percent), and yield each path."""
    _make_folder(out)
    before = look()
    try:
        for name, size in product(themes, sizes):
            theme.take(Look(name, size))
            _make_folder(folder := out / f"{name}-{size}")
            for scene, window in scenes(today):
                window.resize(*SIZES[size])
                settle()
                picture = QPixmap(window.size())
                window.render(picture)
                write_whole(path := folder / f"{scene}.png", _png(picture))
                yield path
    finally:
        theme.take(before)


def scenes(today: date) -> Iterator[tuple[str, Window]]:
    """Yield the name of everything the program shows, and the window that shows it."""
    window, caseload = demo_window(today)
    place = window.workspace
    assert place is not None  # noqa: S101 - just opened
    yield "caseload", window
    for name in _several(place):
        settle()
        yield name, window
    place.caseload_page.tabs.setCurrentIndex(1)
    settle()
    yield "to-do", window
    place.caseload_page.tabs.setCurrentIndex(0)
    codes = [p.code for p in caseload.patients()]
    for code in codes:
        place.open_patient(caseload.patient_by_code(code).id)
        settle()
        yield f"patient-{code}", window
    place.open_patient(caseload.patient_by_code(SHOWN).id)
    tabs = place.patient_page.tabs
    for number in range(1, tabs.count()):
        tabs.setCurrentIndex(number)
        settle()
        yield f"patient-{TABS[number]}", window
    for name in _looks(place):
        settle()
        yield name, window
    for name, act in _forms(place):
        act()
        settle()
        yield name, window
        place.close_form()
    for name in _import(place):
        settle()
        yield name, window
    for name, look_at, leave in (
        ("conflict", _changed_first, place.close_form),
        ("search", _search, place.finder.leave),
        ("keys", lambda place: place.key_sheet.start(), place.key_sheet.leave),
    ):
        look_at(place)
        settle()
        yield name, window
        leave()
    yield from _about_all(window)
    yield from _help(window)
    yield from _tour(window)
    yield from _handed_over(window)
    window.lock()
    settle()
    yield "unlock", window
    yield from _server(window)
    window.unlock.make(Path("clinic.trdtrack"))
    window.unlock.making.passphrase.first.setText("correct horse battery staple")
    settle()
    yield "unlock-new", window
    yield from _outcomes(window, today)
    yield from _empty(window)
    window.close()


def _several(place: Workspace) -> Iterator[str]:
    """The list with a filter and several patients chosen, and the forms of what can be done with them."""
    page = place.caseload_page
    page.filters.show_filter(Filter(open=True))
    page.table.selectAll()
    yield "caseload-several"
    for action, name in zip(ACTIONS, ("papers", "blank", "export-several", "assign"), strict=False):
        page.foot.asked.emit(action)
        if isinstance(place.form, PapersForm):
            rows = place.form.grid.typed()
            place.form.grid.put([row._replace(answers=text) for row, text in zip(rows, PAPERS_TYPED, strict=False)])
        yield f"form-{name}"
        place.close_form()
    page.filters.show_filter(Filter())
    page.table.choose_none()


def _looks(place: Workspace) -> Iterator[str]:
    """What else the patient page shows when asked: one score, the forecast, sessions, months, the patient's view."""
    page = place.patient_page
    page.tabs.setCurrentWidget(page.items)
    page.items.by_change.setChecked(True)
    page.chart.pointOpened.emit(page.summary.points[-2])  # pyright: ignore[reportOptionalMemberAccess]
    yield "patient-one-score"
    page.one.closed.emit()
    page.items.by_change.setChecked(False)
    page.tabs.setCurrentIndex(0)
    page.now.forecast.setChecked(True)
    page.now.why.click()
    yield "patient-forecast"
    page.now.forecast.setChecked(False)
    for name in ("by_session", "withdrawn"):
        page.picture.ticks[name].trigger()
        yield f"patient-{name.replace('_', '-')}"
        page.picture.ticks[name].trigger()
    page.picture.show_window(3)
    yield "patient-3-months"
    page.picture.show_window(None)
    page.patient_view.emit(page.summary)
    yield "patient-view"
    view = place.findChild(PatientView)
    view.forecast.click()  # pyright: ignore[reportOptionalMemberAccess]
    yield "patient-view-forecast"
    view.left.emit()  # pyright: ignore[reportOptionalMemberAccess]


def _forms(place: Workspace) -> Iterator[tuple[str, Callable[[], None]]]:
    def typed() -> None:
        place.log_session()
        form = place.form
        for field, digit in zip(form.answers, TYPED, strict=False):  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
            field.set_value(digit)

    yield "log", place.log_session
    yield "log-typed", typed
    yield "person-new", place.new_patient
    yield "person", place.edit_person
    ask = place.patient_page.asked.emit
    for name in ("course", "end", "treatment", "event", "risk", "letter", "merge", "erase"):
        yield f"form-{name}", partial(ask, name)
    place.desk.caseload.backups.make(at=place.desk.clock())
    yield "form-restore", partial(_restore, place)
    yield "form-export", partial(place.export, "pdf")
    yield "form-move", partial(place.mending.move, place.patient_page.scores.table.rows.records[0].assessment)


def _changed_first(place: Workspace) -> None:
    """Correct the newest score while another program has corrected it already: both versions are shown."""
    page = place.patient_page
    page.scores.table.selectRow(0)
    page.scores._correct()  # noqa: SLF001 - what the button does
    shown = page.scores.table.rows.records[0].assessment
    theirs = replace(shown, answers=(1, *shown.answers[1:7], 3, *shown.answers[8:]))
    place.desk.caseload.edit(altered(message("Correct PHQ-9"), shown, theirs), at=place.desk.clock())
    form = place.form
    for field, digit in zip(form.answers, (3, 2), strict=False):  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
        field.set_value(digit)
    form.save()  # pyright: ignore[reportOptionalMemberAccess]


def _search(place: Workspace) -> None:
    place.find_anything()
    place.finder.line.setText(SOUGHT)
    place.finder.look()


def _restore(place: Workspace) -> None:
    """Open the form before a restore, and let it look into the backups."""
    place.restore_backup()
    form = place.form
    while isinstance(form, RestoreForm) and form.looking:
        settle()


def checked_import(place: Workspace, folder: Path) -> ImportForm:
    """Open the import of a file put into a folder, and wait until it is checked."""
    path = folder / "autumn group.csv"
    path.write_text(IMPORTED, encoding="utf-8")
    import_file(place.desk, place.forms, path)
    while not isinstance(form := place.form, ImportForm) or form.checking:
        settle()
    return form


def _import(place: Workspace) -> Iterator[str]:
    """The page of an import: rows with a problem among them, and the list of problems."""
    with tempfile.TemporaryDirectory() as folder:
        form = checked_import(place, Path(folder))
        yield "import"
        form.preview.tabs.setCurrentIndex(1)
        yield "import-problems"
        place.close_form()


def _evidence_tabs(window: Window) -> Iterator[tuple[str, Window]]:
    tabs = window.workspace.pages[EvidencePage].tabs  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
    for number in range(1, tabs.count()):
        tabs.setCurrentIndex(number)
        settle()
        yield f"evidence-{number}", window


def _help(window: Window) -> Iterator[tuple[str, Window]]:
    """The manual over the window, and what a search in it found."""
    for name, topic, sought in (("help", "chart", ""), ("help-search", "", FOR_HELP)):
        window.over.show_help(topic)
        assert window.over.help is not None  # noqa: S101 - just opened
        window.over.help.search.setText(sought)
        settle()
        yield name, window
        window.over.leave()
    window.over.show_about()
    settle()
    yield "about", window
    window.over.leave()


def _tour(window: Window) -> Iterator[tuple[str, Window]]:
    """The tour of the demo, stop by stop."""
    from trdtrack.ui.tour import Tour

    window.trying.take_tour()
    tour = window.findChild(Tour)
    assert tour is not None  # noqa: S101 - the demo is open
    for number in range(1, len(STOPS) + 1):
        settle()
        yield f"tour-{number}", window
        tour.after()
    settle()


def _about_all(window: Window) -> Iterator[tuple[str, Window]]:
    """The pages that are about no patient."""
    place = window.workspace
    assert place is not None  # noqa: S101 - open
    for name, page in (("evidence", EvidencePage), ("settings", SettingsPage), ("history", HistoryPage)):
        place.go(page)
        while window.work.busy:
            settle()
        yield name, window
        if page is EvidencePage:
            yield from _evidence_tabs(window)
        if page is SettingsPage:
            yield from _keys(window)


def _keys(window: Window) -> Iterator[tuple[str, Window]]:
    """The settings' card about passphrase and recovery key."""
    page = window.workspace.pages[SettingsPage]  # pyright: ignore[reportOptionalMemberAccess]
    card = page.keys  # pyright: ignore[reportAttributeAccessIssue]
    card.new.first.setText("correct horse battery staple")
    page.findChild(QScrollArea).ensureWidgetVisible(card.change_button)  # pyright: ignore[reportOptionalMemberAccess]
    settle()
    yield "settings-keys", window
    card.forget()


def _outcomes(window: Window, today: date) -> Iterator[tuple[str, Window]]:
    """The outcomes of invented courses, tab by tab: the demo has too few that are closed."""
    from trdtrack.generate import generate

    at = datetime.combine(today, time(9, 30)).astimezone()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "outcomes.trdtrack"
        caseload = generate(path, PASSPHRASE, patients=GENERATED, seed=1, at=at, tick=lambda _done, _of: None)
        window.show_caseload(caseload)
        settle()
        page = _at_outcomes(window)
        for number in range(page.tabs.count()):
            page.tabs.setCurrentIndex(number)
            if not number:
                page.overview.scatter.setFocus()
                page.overview.scatter.choose(page.overview.scatter.scatter.spots[0])
            settle()
            yield f"outcomes-{number}", window
        window.lock()


def _at_outcomes(window: Window) -> OutcomesPage:
    """Go to the outcomes and wait until they are worked out."""
    place = window.workspace
    assert place is not None  # noqa: S101 - its caller opened it
    place.go(OutcomesPage)
    while window.work.busy:
        settle()
    settle()
    page = place.pages[OutcomesPage]
    assert isinstance(page, OutcomesPage)  # noqa: S101 - asked for by its kind
    return page


def _server(window: Window) -> Iterator[tuple[str, Window]]:
    """The unlock page's side for a clinic's server, and what it says of an address that holds a password."""
    unlock = window.unlock
    unlock.ask_server()
    settle()
    yield "unlock-server", window
    unlock.server.address.setText("postgresql://anna:secret@server/caseload")
    unlock.server.login.setText("anna")
    unlock.server.open_button.click()
    settle()
    yield "unlock-server-refused", window
    unlock.show_opening()


def _handed_over(window: Window) -> Iterator[tuple[str, Window]]:
    """What the patient sees with the screen in hand, and how its answers wait for the therapist."""
    place = window.workspace
    assert place is not None  # noqa: S101 - open until now
    place.open_patient(place.desk.caseload.patient_by_code(SHOWN).id)
    place.hand_over()
    page = window.handing.page
    assert page is not None  # noqa: S101 - Quiet agrees
    settle()
    yield "hand-over", window
    for digit in TYPED[:-1]:
        page.question.answered.emit(digit)
        settle()  # a higher page is laid out by steps
    yield "hand-over-item-9", window
    page.question.answered.emit(TYPED[-1])
    settle()
    yield "hand-over-help", window
    page.help.on.emit()
    page.question.on.emit()
    settle()
    yield "hand-over-last-look", window
    page.look.done.emit()
    settle()
    yield "hand-over-thanks", window
    page.ask_passphrase()
    settle()
    yield "hand-over-passphrase", window
    page.unlock_asked.emit(PASSPHRASE)
    while window.handing.under_way:
        settle()
    settle()
    yield "to-do-handed", window
    place = window.workspace
    assert place is not None  # noqa: S101 - open again
    place.caseload_page.show_list()
    settle()
    yield "caseload-handed", window
    place.open_patient(place.desk.caseload.patient_by_code(SHOWN).id)
    place.log_session()
    settle()
    yield "log-handed", window
    place.close_form()


def _empty(window: Window) -> Iterator[tuple[str, Window]]:
    from trdtrack.caseload import Caseload

    with tempfile.TemporaryDirectory() as folder:
        window.show_caseload(Caseload.create(Path(folder) / "new.trdtrack", PASSPHRASE, who="demo"))
        settle()
        yield "caseload-empty", window
        _at_outcomes(window)
        yield "outcomes-empty", window
        with settings.apart(Path(folder)):
            yield from _first_steps(window)
        window.lock()


def _first_steps(window: Window) -> Iterator[tuple[str, Window]]:
    """The strip of the first steps, from the empty caseload to the first chart."""
    place = window.workspace
    assert place is not None  # noqa: S101 - its caller opened it
    place.go(CaseloadPage)
    window.steps.begin()
    settle()
    yield "first-steps-2", window
    place.new_patient()
    place.form.slots["code"].put(NEW_CODE)  # pyright: ignore[reportOptionalMemberAccess]
    settle()
    yield "first-steps-2-form", window
    place.form.save()  # pyright: ignore[reportOptionalMemberAccess]
    settle()
    yield "first-steps-3", window
    place.log_session()
    for field, digit in zip(place.form.answers, TYPED, strict=False):  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
        field.set_value(digit)
    settle()
    yield "first-steps-3-form", window
    place.form.save()  # pyright: ignore[reportOptionalMemberAccess]
    settle()
    yield "first-steps-done", window
    window.steps.leave()


def write_demo(out: Path, *, today: date) -> Iterator[Path]:
    """Do the main job on the demo caseload without a display: pictures, one patient's PDF and CSV."""
    _make_folder(out)
    yield from write_screens(out / "screens", today=today, themes=("light", "dark"), sizes=(100,))
    at = datetime.combine(today, time(9, 30)).astimezone()
    with tempfile.TemporaryDirectory() as folder:
        caseload = make_demo(at=at, folder=Path(folder))
        source = Source(caseload, (caseload.patient_by_code(SHOWN).id,), at=at, today=today)
        source = replace(source, letters=letters(source, to=Recipient.GP))
        for name, export in EXPORTS.items():
            path = out / f"{SHOWN}{'' if export.suffix == f'.{name}' else f'-{name}'}{export.suffix}"
            made = export.make(source, Wishes(), draw=at_once, tick=untold)
            write_whole(path, made.content)
            yield path
        caseload.close()


def _png(picture: QPixmap) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return bytes(buffer.data().data())


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(message("The folder {folder} cannot be made.", folder=str(out))) from error
