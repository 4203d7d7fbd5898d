"""The settings page's card about the language: which one the program speaks on this computer from its next start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QWidget

from trdtrack import locales, settings
from trdtrack.ui import theme
from trdtrack.ui.entry.fields import Labelled
from trdtrack.ui.language import own_name
from trdtrack.ui.page import breakable
from trdtrack.ui.settings.titled import titled
from trdtrack.words import _

if TYPE_CHECKING:
    from trdtrack.ui.desk import Desk

_WIDE = 320


class LanguageCard(QWidget):
    """Belongs to this computer and is no edit of the caseload."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        stack = titled(self, _("Language"))
        self.choice = theme.Choice()
        theme.as_wide(self.choice, _WIDE)
        found = {one.code: one for one in locales.languages()}
        self.choice.addItem(_("The system's"), "")
        for code, one in found.items():
            name = own_name(code)
            if one.own:
                name = _("{language}: from your folder").format(language=name)
            elif code != locales.ENGLISH:
                name = _("{language}: not yet reviewed by a clinician").format(language=name)
            self.choice.addItem(name, code)
        self.choice.setCurrentIndex(max(self.choice.findData(settings.language()), 0))
        self.choice.activated.connect(self._save)
        hint = _("From the next start of the program")
        stack.addWidget(Labelled(_("The program speaks"), self.choice, hint=hint))
        said = _(
            "Translations that no clinician has reviewed may miss a term of the field. The words of the PHQ-9 are "
            "shown only as they were published. A further translation, a .po or .mo file, is put into this folder:"
        )
        stack.addWidget(theme.label(said, px=theme.SMALL_PX, tone="muted", wrap=True))
        stack.addWidget(theme.label(breakable(settings.catalogues()), px=theme.SMALL_PX, tone="muted", wrap=True))

    def _save(self) -> None:
        code = self.choice.currentData()
        settings.remember_language(code)
        if code and code != locales.ENGLISH and not self._read(code):
            self._desk.show(_("The file of this language cannot be read; the program stays English."))
            return
        spoken = own_name((code or locales.wanted(QLocale.system().uiLanguages())).split("_")[0])
        self._desk.show(_("From the next start the program speaks this language: {language}.").format(language=spoken))

    @staticmethod
    def _read(code: str) -> bool:
        file = next(one.file for one in locales.languages() if one.code == code)
        try:
            return file is not None and bool(locales.read(file))
        except (OSError, ValueError):
            return False
