"""The form before an export: which one, on which paper, with or without names; to a file, printed or looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale

from trdtrack import settings
from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.exports import EXPORTS, Option, Wishes
from trdtrack.report.sheet import SIZES, Size
from trdtrack.ui import theme
from trdtrack.ui.entry.choosing import Check, Choice
from trdtrack.ui.entry.form import Form
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trdtrack.exports import Export, Source


class How(Enum):
    """Where it goes."""

    SAVE = auto()
    PRINT = auto()
    PREVIEW = auto()


@dataclass(frozen=True)
class Asked:
    """What is to be done: whose data, which export, with what on it, and where it goes."""

    source: Source
    kind: str
    wishes: Wishes
    how: How

    @property
    def export(self) -> Export:
        """The export itself."""
        return EXPORTS[self.kind]


class ExportForm(Form):
    """Yields what was asked for."""

    def __init__(self, source: Source, *, said: str, kinds: Iterable[str] = EXPORTS, chosen: str = "") -> None:
        """`said` names the patients; `kinds` are the exports offered, the first of them unless another is chosen."""
        super().__init__(_("Export"), key="", patient_id="", at=source.at)
        self._source, self._several = source, len(source.patients) > 1
        self._how = How.SAVE
        self.preview_button = theme.button(_("Preview"))
        self.print_button = theme.button(_("Print…"))
        self.save_button.setText(_("Save as…"))
        self.about = theme.label(tone="muted", wrap=True)
        options = {kind: EXPORTS[kind].name for kind in kinds}
        self.slot(Choice("kind", _("What"), options), chosen or next(iter(options)))
        self.slot(Choice("size", _("Paper"), SIZES), usual_size())
        self.slot(
            Check("names", _("With names"), hint=_("The patient's and the therapist's; without, the code alone")),
            value=True,
        )
        hint = _("No code, name, day or words of anybody: cases are numbered, and weeks stand in the place of days")
        self.slot(Check("anonymous", _("De-identified"), hint=hint), value=False)
        whose = theme.label(said, strong=True, wrap=True)
        open_to_all = theme.label(
            _("What leaves is not encrypted: whoever has it can read it. The history says that it left, and where to."),
            px=theme.SMALL_PX,
            tone="muted",
            wrap=True,
        )
        s = self.slots
        parts = (whose, s["kind"], self.about, s["size"], s["names"], s["anonymous"], open_to_all)
        self.lay_out([self.section("", *parts)])
        s["kind"].on_edit(self._draw)
        s["anonymous"].on_edit(self._draw)
        self.preview_button.clicked.connect(lambda: self._go(How.PREVIEW))
        self.print_button.clicked.connect(lambda: self._go(How.PRINT))
        self._draw()

    def buttons(self) -> theme.Row:
        across = super().buttons()
        for place, button in enumerate((self.preview_button, self.print_button), start=across.count() - 1):
            across.insertWidget(place, button)
        return across

    @property
    def _export(self) -> Export:
        return EXPORTS[self.slots["kind"].value()]

    def _draw(self) -> None:
        """Show what can be chosen of this export."""
        export = self._export
        self.about.setText(say(export.about))
        anonymous = Option.IDENTIFIED in export.options
        self.slots["size"].part.setVisible(Option.SIZE in export.options)
        self.slots["anonymous"].part.setVisible(anonymous)
        named = Option.NAMES in export.options and not (anonymous and self.slots["anonymous"].value())
        self.slots["names"].part.setVisible(named)
        for button in (self.preview_button, self.print_button):
            button.setVisible(export.printed)
            button.setEnabled(export.together is not None or not self._several)

    @property
    def changed(self) -> bool:
        """Nothing: what is chosen here is lost without a loss."""
        return False

    def _go(self, how: How) -> None:
        self._how = how
        self.save()
        self._how = How.SAVE

    def made(self) -> Asked:
        """Return what is asked for."""
        kind, size = self.slots["kind"].value(), self.slots["size"].value()
        anonymous = Option.IDENTIFIED in self._export.options and self.slots["anonymous"].value()
        if self._how is not How.SAVE and self._several and self._export.together is None:
            raise Refusal(message("Several papers are saved into a folder; each can be printed from there."))
        settings.remember_paper(size.value)
        wishes = Wishes(size=size, names=self.slots["names"].value() and not anonymous, identified=not anonymous)
        return Asked(self._source, kind, wishes, self._how)


def usual_size() -> Size:
    """Return the paper chosen last, else what the country prints on."""
    inches = QLocale.system().measurementSystem() is QLocale.MeasurementSystem.ImperialUSSystem
    known = settings.paper()
    return Size(known) if known in {size.value for size in Size} else Size.LETTER if inches else Size.A4
