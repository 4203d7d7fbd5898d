"""The form before a restore: which backup, what is in it, and what would differ from the caseload as it is now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from trdtrack.domain.backups import KINDS, Backup, Contents, Difference
from trdtrack.domain.history_labels import NOUNS
from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.refusals import Refusal
from trdtrack.ui import theme
from trdtrack.ui.beside import Beside
from trdtrack.ui.entry.form import Form
from trdtrack.ui.rows import Column, Table
from trdtrack.words import _, figures, moment, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from PySide6.QtGui import QHideEvent
    from PySide6.QtWidgets import QWidget

_TABLE_PX = 256
_CODES = 24
"""So many patients are named whose records differ."""


@dataclass(frozen=True)
class RestoreAsked:
    """This backup is to be brought back: in the caseload's place, or as a new file."""

    backup: Backup
    as_new: bool


class RestoreForm(Form):
    """Yields a RestoreAsked. The backups are looked into one by one beside the window, the chosen one first."""

    def __init__(
        self,
        found: Sequence[Backup],
        *,
        examine: Callable[[Backup], Contents],
        compare: Callable[[Backup], Difference],
        at: datetime,
    ) -> None:
        super().__init__(_("Restore a backup"), key="", patient_id="", at=at)
        self._found, self._examine, self._compare = tuple(found), examine, compare
        self._contents: dict[Backup, Contents] = {}
        self._differences: dict[Backup, Difference] = {}
        self._as_new = self._gone = False
        columns: list[Column[Backup]] = [
            Column(_("Made"), lambda b: moment(b.at), strong=True, width=160),
            Column(_("Why"), lambda b: say(KINDS[b.kind]), stretch=True),
            Column(_("Patients"), lambda b: self._n(b, "patients"), number=True, width=84),
            Column(_("Sessions"), lambda b: self._n(b, "sessions"), number=True, width=84),
            Column(_("Size"), _size, number=True, width=76),
            Column(_("Checked"), self._checked, width=84, tone=self._tone),
        ]
        self.table: Table[Backup] = Table(columns, name=_("Backups"))
        self.table.setFixedHeight(theme.px(_TABLE_PX))
        self.table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._draw())
        self.chosen = theme.label(px=theme.HEADLINE_PX, strong=True, wrap=True)
        self.held = theme.label(tone="muted", wrap=True)
        self.differs = theme.label(wrap=True)
        self.codes = theme.label(tone="muted", wrap=True)
        kept = _(
            "The caseload as it is now is backed up first and stays in this list. No other backup is touched. "
            "Afterwards it is opened with the passphrase it has now."
        )
        note = theme.label(kept, px=theme.SMALL_PX, tone="muted", wrap=True)
        self.save_button.setText(_("Restore this backup"))
        self.new_button = theme.button(_("As a new file…"))
        self.new_button.clicked.connect(self._save_as_new)
        self.lay_out(
            [self.section("", self.table), self.section("", self.chosen, self.held, self.differs, self.codes, note)]
        )
        self._beside = Beside()
        self._beside.over.connect(self._looked)
        self.table.show_records(self._found, keep=lambda b: b.path)
        if self._found:
            self.table.selectRow(0)
        self._draw()

    def buttons(self) -> theme.Row:
        across = super().buttons()
        across.insertWidget(across.count() - 1, self.new_button)
        return across

    # What is shown

    def _n(self, backup: Backup, what: str) -> str:
        found = self._contents.get(backup)
        return "" if found is None or found.wrong else str(getattr(found, what))

    def _checked(self, backup: Backup) -> str:
        found = self._contents.get(backup)
        return _("looking…") if found is None else _("broken") if found.wrong else _("whole")

    def _tone(self, backup: Backup) -> str:
        found = self._contents.get(backup)
        return "muted" if found is None else "risk" if found.wrong else "ink"

    def _draw(self) -> None:
        backup = self.table.chosen()
        found = self._contents.get(backup) if backup else None
        difference = self._differences.get(backup) if backup else None
        whole = found is not None and found.wrong is None
        self.save_button.setEnabled(whole and difference is not None)
        self.new_button.setEnabled(whole)
        self.chosen.setText(moment(backup.at) if backup else _("There is no backup yet."))
        self.held.setText("" if found is None else say(found.wrong or held_words(found)))
        self.held.set_tone("risk" if found and found.wrong else "muted")
        self.differs.setText("" if difference is None else "\n".join(map(say, difference_words(difference))))
        named = difference.codes if difference else ()
        shown = ", ".join((*named[:_CODES], *(["…"] if len(named) > _CODES else [])))
        self.codes.setText(_("Patients concerned: {codes}").format(codes=shown) if named else "")
        for part in (self.held, self.differs, self.codes):
            part.setVisible(bool(part.text()))
        self._look()

    # Looking

    def _look(self) -> None:
        """Look into the chosen backup, then into the others, one at a time."""
        chosen = self.table.chosen()
        order = [*([chosen] if chosen else []), *self._found]
        todo = next((b for b in order if b not in self._contents), None)
        compare = chosen is not None and chosen not in self._differences and chosen in self._contents
        if self._gone:
            return
        if compare and chosen and not self._contents[chosen].wrong:
            self._beside.start(lambda: (chosen, self._compare(chosen)))
        elif todo:
            self._beside.start(lambda: (todo, self._examine(todo)))

    def _looked(self, result: tuple[Backup, Contents | Difference] | None, error: BaseException | None) -> None:
        if self._gone:
            return
        if result is None:
            self.refuse(error if isinstance(error, Refusal) else Refusal(message("The backup cannot be compared.")))
            return
        backup, found = result
        if isinstance(found, Contents):
            self._contents[backup] = found
            self.table.viewport().update()
        else:
            self._differences[backup] = found
        self._draw()

    @property
    def looking(self) -> bool:
        """Whether there is more to find out."""
        return self._beside.busy

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            # Whoever goes on from here may close the caseload.
            self._gone = True
            self._beside.wait()

    # What the window asks

    @property
    def changed(self) -> bool:
        """Nothing: a choice is lost without a loss."""
        return False

    def stops(self) -> list[QWidget]:
        return [self.table]

    def start(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _save_as_new(self) -> None:
        self._as_new = True
        self.save()
        self._as_new = False

    def made(self) -> RestoreAsked:
        """Return what is to be brought back."""
        backup = self.table.chosen()
        if backup is None or backup not in self._contents or self._contents[backup].wrong:
            raise Refusal(message("Choose a backup that is whole."))
        return RestoreAsked(backup, self._as_new)


def _size(backup: Backup) -> str:
    try:
        size = backup.path.stat().st_size
    except OSError:
        return ""
    return _("{n} MB").format(n=figures(f"{size / 1e6:.1f}"))


def held_words(found: Contents) -> Message:
    """Return how much a backup holds, in a sentence."""
    return message(
        "It holds {patients}, {sessions} and {scores}.",
        patients=plural("{n} patient", "{n} patients", found.patients),
        sessions=plural("{n} session", "{n} sessions", found.sessions),
        scores=plural("{n} score", "{n} scores", found.scores),
    )


def difference_words(difference: Difference) -> list[Message]:
    """Return what restoring would change, a line a kind of record."""
    if not difference.kinds:
        return [message("It is the same as the caseload now: restoring it would change no record.")]
    lines = [message("Restoring it would")]
    for one in difference.kinds:
        parts = [
            said
            for n, said in (
                (one.gained, message("bring back {n}", n=one.gained)),
                (one.lost, message("take away {n}", n=one.lost)),
                (one.changed, message("change {n}", n=one.changed)),
            )
            if n
        ]
        said = parts[0]
        for part in parts[1:]:
            said = message("{first}, {next}", first=said, next=part)
        lines.append(message("{kind}: {what}", kind=NOUNS[one.kind], what=said))
    return lines
