"""The language of the window: chosen before anything of it is brought in, and told to Qt for what Qt itself says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator

from trdtrack import locales
from trdtrack.words import manner

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def begin() -> None:
    """Speak what the variable, the setting or the system asks for."""
    locales.speak(locales.wanted(QLocale.system().uiLanguages()))


def dress(app: QApplication) -> None:
    """Let Qt's own buttons, menus and calendars speak the program's language, and the window lie as it is read."""
    spoken = manner()
    system = QLocale.system()
    locale = QLocale(QLocale.codeToLanguage(spoken.language), system.territory())
    foreign = spoken.language != locales.ENGLISH
    if foreign or system.language() not in {locale.language(), QLocale.Language.C}:
        # The country, and with it the first day of the week, stays the system's.
        QLocale.setDefault(locale)
    if foreign:
        words = QTranslator(app)
        if words.load(locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            app.installTranslator(words)
    if not spoken.rightward:
        app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)


def own_name(code: str) -> str:
    """Return a language's own name, such as Deutsch; the code itself where nobody knows one."""
    if code in locales.NAMES:
        return locales.NAMES[code]
    name = QLocale(code).nativeLanguageName()
    return name[:1].upper() + name[1:] if name else code
