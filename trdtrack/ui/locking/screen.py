"""Hears from the desktop, by D-Bus, that the screen is locked or the computer goes to sleep. No bus: hears nothing.

Windows and macOS have no such bus: there the lock falls by idle time, and at the first touch after a sleep.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import SLOT, QObject, Signal, Slot

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection, QDBusPendingCallWatcher

_SAVERS = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", "org.cinnamon.ScreenSaver", "org.mate.ScreenSaver")
_LOGIN = "org.freedesktop.login1"
_SWITCHED, _TOLD = SLOT("_switched(bool)"), SLOT("_told()")


class Screen(QObject):
    """Says once each time the screen is locked or the computer is about to sleep."""

    locked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._asked: QDBusPendingCallWatcher | None = None
        if sys.platform.startswith("linux"):
            # Without the system's own D-Bus library there is nothing to hear.
            with suppress(ImportError):
                self._listen()

    def _listen(self) -> None:
        from PySide6.QtDBus import QDBusConnection

        if _has_session_bus():
            bus = QDBusConnection.sessionBus()
            for saver in _SAVERS:
                self._hear(bus, "", (saver, "ActiveChanged"), _SWITCHED)
        system = QDBusConnection.systemBus()
        if system.isConnected():
            self._hear(system, "", (f"{_LOGIN}.Manager", "PrepareForSleep"), _SWITCHED)
            self._ask_for_session(system)

    def _hear(self, bus: QDBusConnection, path: str, said: tuple[str, str], slot: str) -> None:
        """Hear a signal, by interface and name, from whoever sends it; of one object only if its path is given."""
        bus.connect("", path, *said, self, slot)  # pyright: ignore[reportArgumentType] - it takes text, not bytes

    def _ask_for_session(self, system: QDBusConnection) -> None:
        """Hear `Lock` of this session alone: another person's on the same computer is no concern of ours."""
        from PySide6.QtDBus import QDBusMessage, QDBusPendingCallWatcher

        call = QDBusMessage.createMethodCall(_LOGIN, "/org/freedesktop/login1", f"{_LOGIN}.Manager", "GetSession")
        # "auto" is the session on this person's screen, for a program the desktop started outside of it.
        call.setArguments([os.environ.get("XDG_SESSION_ID") or "auto"])

        def answered(watcher: QDBusPendingCallWatcher) -> None:
            reply = watcher.reply()
            if reply.type() is QDBusMessage.MessageType.ReplyMessage and reply.arguments():
                (path,) = reply.arguments()
                self._hear(system, path.path(), (f"{_LOGIN}.Session", "Lock"), _TOLD)

        self._asked = QDBusPendingCallWatcher(system.asyncCall(call), self)
        self._asked.finished.connect(answered)

    @Slot(bool)
    def _switched(self, on: bool) -> None:  # noqa: FBT001 - a signal's argument
        if on:
            self.locked.emit()

    @Slot()
    def _told(self) -> None:
        self.locked.emit()


def _has_session_bus() -> bool:
    """Whether there is a bus to join: asked for one that is not there, the library would start one."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS")) or bool(runtime and (Path(runtime) / "bus").exists())
