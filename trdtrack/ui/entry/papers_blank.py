"""The form before blank PHQ-9s are printed: which paper, and whether the name may stand on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale

from trdtrack.domain.message import plural
from trdtrack.exports import Made
from trdtrack.ui import theme
from trdtrack.ui.entry.choosing import Check, Choice
from trdtrack.ui.entry.form import Form
from trdtrack.words import _, say, wording_remark

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from trdtrack.domain.gist import Gist
    from trdtrack.domain.records import Patient
    from trdtrack.ui.desk import Desk


class BlankForm(Form):
    """Yields the function that makes the PDF, which may run in any thread, and the ids of the patients."""

    def __init__(self, who: Sequence[Patient | Gist], *, said: str, at: datetime) -> None:
        """`said` names the patients, as far as that can be read."""
        from trdtrack.report.sheet import SIZES, Size

        super().__init__(_("Blank PHQ-9 to print"), key="", patient_id="", at=at)
        self._who = who
        pages = say(plural("{n} page in one PDF", "{n} pages in one PDF, one a patient", len(who)))
        inches = QLocale.system().measurementSystem() is QLocale.MeasurementSystem.ImperialUSSystem
        self.save_button.setText(_("Make PDF"))
        self.lay_out(
            [
                self.section(
                    "",
                    theme.label(said, wrap=True),
                    theme.label(
                        _("{pages}. The code stands on it in print and as a QR code that holds only the code.").format(
                            pages=pages
                        ),
                        tone="muted",
                        wrap=True,
                    ),
                    *([theme.label(say(remark), tone="muted", wrap=True)] if (remark := wording_remark()) else []),
                    self.slot(Choice("size", _("Paper"), SIZES), Size.LETTER if inches else Size.A4),
                    self.slot(
                        Check(
                            "names",
                            _("Print the name beside the code"),
                            hint=_("Once filled in, a sheet with a name tells anybody who finds it whose it is"),
                        ),
                        value=False,
                    ),
                ),
            ]
        )

    def made(self) -> tuple[Callable[[], Made], list[str]]:
        """Return what makes the file, and for whom. Refuses more pages than one file takes."""
        from trdtrack.report.blank import check_pages

        check_pages(len(self._who))
        size, made = self.slots["size"].value(), self.at.date()
        who = [(one.code, one.name if self.slots["names"].value() else "") for one in self._who]

        def finish() -> Made:
            from trdtrack.report.blank import blank_paper

            return Made.of(blank_paper(who, size=size, made=made))

        return finish, [one.patient for one in self._who]


def write_blank(desk: Desk, asked: tuple[Callable[[], Made], list[str]], over: Callable[[], None]) -> None:
    """Close the form, ask where, and write the PDF. No code stands in the name proposed for it."""
    over()
    finish, about = asked
    desk.write_out(_("Blank PHQ-9"), f"PHQ-9-blank-{desk.today}.pdf", finish, about=about)
