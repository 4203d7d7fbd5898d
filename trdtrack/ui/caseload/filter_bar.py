"""The row of controls above the patient list: what it lets through, in which order, and filters saved for next time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from trdtrack import settings
from trdtrack.domain.records import Modality
from trdtrack.ui import theme
from trdtrack.ui.caseload.columns import COLUMNS, SIGNAL_ORDER
from trdtrack.ui.caseload.filters import Filter, filter_of
from trdtrack.ui.caseload.listed import signal_words
from trdtrack.ui.caseload.order import Order
from trdtrack.ui.entry.choices import MODALITIES
from trdtrack.words import _, manner, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trdtrack.ui.dialogs import Dialogs


class FilterBar(QWidget):
    """Holds the filter and the order; `changed` whenever either is another."""

    changed = Signal()

    def __init__(self, place: settings.Place, dialogs: Dialogs, *, therapists: Callable[[], Sequence[str]]) -> None:
        """`place`: whose filters are kept; `therapists`: the names on the caseload's courses, one of them sits here."""
        super().__init__()
        self._place, self._dialogs, self._therapists = place, dialogs, therapists
        self._quiet = False
        self.order = Order()
        self.therapist = settings.therapist(place)
        self.mine = theme.Check(_("Mine"))
        self.open = theme.Check(_("Open courses") if manner().longer else _("Open"))
        self.open.setAccessibleName(_("Open courses"))
        self.open.setToolTip(_("Open courses"))
        self.no_recent_score = theme.Check(_("No recent score"))
        self.modality = _choice(_("Modality"), 136)
        self.modality.addItem(_("Any modality"), None)
        for modality, words in MODALITIES.items():
            self.modality.addItem(say(words) if modality else _("Not recorded"), modality.value)
        self.signal = _choice(_("Where it stands"), 124)
        self.signal.addItem(_("Any signal"), None)
        for signal in SIGNAL_ORDER:
            self.signal.addItem(signal_words(signal), signal.value)
        self.sorting = _choice(_("Order"), 152)
        self.sorting.addItem(_("Who needs me"), None)
        for number, column in enumerate(COLUMNS):
            if column.sort:
                self.sorting.addItem(_("By: {heading}").format(heading=column.heading), number)
        self.saved = theme.button(_("Filters"))
        self.menu = QMenu(self.saved)
        self.menu.aboutToShow.connect(self._fill)
        self.saved.setMenu(self.menu)
        across = theme.row(self)
        for widget in (self.mine, self.open, self.no_recent_score, self.modality, self.signal, self.saved):
            across.addWidget(widget)
        across.addStretch(1)
        across.addWidget(self.sorting)
        self.mine.clicked.connect(self._who)
        for tick in (self.open, self.no_recent_score):
            tick.toggled.connect(lambda _on: self._tell())
        for box in (self.modality, self.signal):
            box.currentIndexChanged.connect(lambda _index: self._tell())
        self.sorting.activated.connect(lambda _index: self._sort())

    # The filter

    def filter(self) -> Filter:
        """Return what is asked for."""
        return Filter(
            mine=self.mine.isChecked(),
            open=self.open.isChecked(),
            modality=None if self.modality.currentData() is None else Modality(self.modality.currentData()),
            signal=next((s for s in SIGNAL_ORDER if s.value == self.signal.currentData()), None),
            no_recent_score=self.no_recent_score.isChecked(),
        )

    def show_filter(self, chosen: Filter) -> None:
        """Ask for this from now on. Where nobody has said who "me" is, that is asked."""
        self._quiet = True
        self.mine.setChecked(chosen.mine)
        self.open.setChecked(chosen.open)
        self.no_recent_score.setChecked(chosen.no_recent_score)
        self.modality.setCurrentIndex(
            self.modality.findData(None if chosen.modality is None else chosen.modality.value)
        )
        self.signal.setCurrentIndex(self.signal.findData(None if chosen.signal is None else chosen.signal.value))
        self._quiet = False
        self._who()

    def _who(self) -> None:
        if self.mine.isChecked() and not self.therapist:
            self.ask_who()
        self._tell()

    def ask_who(self) -> None:
        """Ask as which therapist the person here stands on the courses."""
        question = _("Under which name do you stand on the courses as therapist?")
        name = self._dialogs.choose(question, self._therapists())
        if name:
            self.therapist = name
            settings.remember_therapist(self._place, name)
        elif not self.therapist:
            self.mine.setChecked(False)

    def _tell(self) -> None:
        if not self._quiet:
            self.changed.emit()

    # The order

    def sort_by(self, column: int) -> None:
        """Order by a column, or the other way round if it is already."""
        self.order = self.order.by(column)
        self._show_order()

    def _sort(self) -> None:
        column = self.sorting.currentData()
        self.order = Order() if column is None else self.order.by(column)
        self._show_order()

    def _show_order(self) -> None:
        self.sorting.setCurrentIndex(max(self.sorting.findData(self.order.column), 0))
        self.changed.emit()

    # Saved filters

    def kept(self) -> list[Filter]:
        """Return the filters saved, each once."""
        found = (filter_of(plain) for plain in settings.filters(self._place))
        return list(dict.fromkeys(one for one in found if one))

    def _fill(self) -> None:
        menu, now, kept = self.menu, self.filter(), self.kept()
        menu.clear()
        for one in (Filter(), *kept):
            act = menu.addAction(one.words())
            act.setCheckable(True)
            act.setChecked(one == now)
            act.triggered.connect(lambda _on=False, one=one: self.show_filter(one))
        menu.addSeparator()
        if now in kept:
            menu.addAction(_("Forget this filter")).triggered.connect(lambda: self._keep([k for k in kept if k != now]))
        else:
            act = menu.addAction(_("Save this filter"))
            act.setEnabled(bool(now))
            act.triggered.connect(lambda: self._keep([*kept, now]))
        mine = _("Mine: {name}…").format(name=self.therapist) if self.therapist else _("Say who I am…")
        menu.addAction(mine).triggered.connect(self._change_who)

    def _change_who(self) -> None:
        self.ask_who()
        self._tell()

    def _keep(self, kept: list[Filter]) -> None:
        settings.remember_filters(self._place, [one.plain() for one in kept])


def _choice(name: str, px: int) -> theme.Choice:
    made = theme.Choice()
    made.setAccessibleName(name)
    made.setToolTip(name)
    theme.as_wide(made, px)
    return made
