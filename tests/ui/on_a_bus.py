"""A window on a private D-Bus, and a desktop beside it that says what desktops say: run by test_locking in a process.

Prints a line of JSON: for each thing said, whether the window locked.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import datetime
from pathlib import Path

os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = os.environ["DBUS_SESSION_BUS_ADDRESS"]
os.environ["XDG_SESSION_ID"] = "7"

from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusObjectPath, QDBusVirtualObject

from trdtrack.caseload import Caseload
from trdtrack.demo import make_demo
from trdtrack.ui.app import application
from trdtrack.ui.screens import Quiet, settle
from trdtrack.ui.window import Window

OWN, OTHER = "/org/freedesktop/login1/session/_37", "/org/freedesktop/login1/session/_38"
LOGIN = "org.freedesktop.login1"
SAID = {
    "screen saver on": ("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", True),
    "screen saver off": ("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", False),
    "GNOME on": ("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", True),
    "session locked": (OWN, f"{LOGIN}.Session", "Lock", None),
    "another session locked": (OTHER, f"{LOGIN}.Session", "Lock", None),
    "going to sleep": ("/org/freedesktop/login1", f"{LOGIN}.Manager", "PrepareForSleep", True),
    "awake again": ("/org/freedesktop/login1", f"{LOGIN}.Manager", "PrepareForSleep", False),
}


class Login(QDBusVirtualObject):
    """Knows one session."""

    asked: list[object]

    def introspect(self, _path: str) -> str:
        return ""

    def handleMessage(self, asked: QDBusMessage, connection: QDBusConnection) -> bool:  # noqa: N802 - Qt's name
        self.asked = [asked.member(), *asked.arguments()]
        return connection.send(asked.createReply(QDBusObjectPath(OWN)))


def turn(seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        settle()
        time.sleep(0.01)


def main(folder: Path) -> None:
    application()
    desktop = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, "desktop")
    login = Login()
    assert desktop.registerService(LOGIN)
    assert desktop.registerVirtualObject(
        "/org/freedesktop/login1", login, QDBusConnection.VirtualObjectRegisterOption.SubPath
    )
    at = datetime.now().astimezone()
    made = make_demo(at=at, folder=folder)
    made.close()
    window = Window(who="test", clock=lambda: at, dialogs=Quiet())  # type: ignore[arg-type]
    window.show()
    found = {}
    for what, (path, interface, name, argument) in SAID.items():
        if window.workspace is None:
            window.show_caseload(Caseload.open(made.path, "demo", who="test"))
        turn(0.3)
        signal = QDBusMessage.createSignal(path, interface, name)
        if argument is not None:
            signal.setArguments([argument])
        assert desktop.send(signal)
        turn(0.3)
        found[what] = window.workspace is None
    sys.stdout.write(json.dumps({"locked": found, "asked": login.asked}) + "\n")
    window.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
