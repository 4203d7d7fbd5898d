"""Starts Qt and the window. The window is shown before anything heavy is imported; the rest warms up behind it."""

from __future__ import annotations

import os
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from trdtrack import bugs, settings
from trdtrack.ui import language, theme
from trdtrack.ui.desk import in_words, now
from trdtrack.ui.first_window import already_open, raised
from trdtrack.ui.tidying import Tidying
from trdtrack.ui.window import Window
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from types import TracebackType

WARM_AFTER_MS = 50
CHART_AFTER_MS = 1500
"""The list comes first; the chart's libraries are there before a patient is chosen, or come with the choice."""
DESKTOP_ID = "org.trdtrack.TRDTrack"
"""The name of the program's entry in a Linux desktop's menu: by it a desktop finds the icon of a window."""


def application() -> QApplication:
    """Return the one application object, styled."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    app = QApplication(["trdtrack"])
    app.setApplicationName("TRDTrack")
    app.setApplicationDisplayName("")
    app.setDesktopFileName(DESKTOP_ID)
    language.dress(app)
    theme.apply(app)
    Tidying(app).begin()
    return app


def run(words: Sequence[str]) -> int:
    """Show the window, on the file named if one is, and stay until it is closed."""
    if not _has_display():
        print("There is no display for a window. `trdtrack --help` lists what works without one.", file=sys.stderr)  # noqa: T201
        return 1
    app = application()
    path = Path(words[0]) if words else None
    if path and raised(path):
        print(say(already_open(path)))  # noqa: T201
        return 0
    window = _window()
    if path:
        window.unlock.choose(path)
    if sys.platform == "darwin":
        from trdtrack.ui.handed import HandedFiles

        app.installEventFilter(HandedFiles(window))
    _warm_up_behind(window)
    QTimer.singleShot(WARM_AFTER_MS, lambda: _warm_up("trdtrack.caseload", "trdtrack.ui.workspace"))
    return app.exec()


def run_demo(*, today: date) -> None:  # noqa: ARG001 - the demo is dated by the clock
    """Show the window with the demo caseload open."""
    app = application()
    window = _window()
    _warm_up_behind(window)
    window.opening.demo()
    app.exec()


def _window() -> Window:
    window = Window(who=settings.user_name(), clock=now)

    def fell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        QMessageBox.warning(window, "TRDTrack", in_words(error))

    sys.excepthook = fell
    threading.excepthook = lambda args: bugs.note(args.exc_value) if args.exc_value else None  # type: ignore[assignment]
    # Python would print what such an error said; a desktop writes what is printed to a log of its own.
    sys.unraisablehook = lambda raised: bugs.note(raised.exc_value) if raised.exc_value else None  # type: ignore[assignment]
    bugs.prepare_for_a_crash()
    return window


def _warm_up_behind(window: Window) -> None:
    """Show the window, and bring in the chart's libraries once it rests."""
    tidying = application().findChild(Tidying)
    assert isinstance(tidying, Tidying)  # noqa: S101 - made with the application
    tidying.rest()
    window.show()
    # After it: drawing the picture would keep the window waiting.
    QTimer.singleShot(WARM_AFTER_MS, lambda: window.setWindowIcon(theme.program_icon()))
    QTimer.singleShot(CHART_AFTER_MS, lambda: _warm_up("trdtrack.ui.patient.page", then=tidying.warm.emit))


def _warm_up(*modules: str, then: Callable[[], None] | None = None) -> None:
    """Import what will be needed soon, in a thread, while the passphrase is typed."""

    def bring() -> None:
        try:
            for name in modules:
                import_module(name)
        finally:
            if then:
                then()

    threading.Thread(target=bring, daemon=True).start()


def _has_display() -> bool:
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
