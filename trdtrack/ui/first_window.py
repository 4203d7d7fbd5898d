"""One window on a file: a second start on this computer brings the first one forward through a local socket.

The socket is the computer's own, for the same account only, and takes no word: to be called is to come forward. Its
name is a digest of the file's place and the account. It reaches no network.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from trdtrack.domain.message import message
from trdtrack.settings import user_name

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtNetwork import QLocalServer
    from PySide6.QtWidgets import QWidget

    from trdtrack.domain.message import Message

WAIT_MS = 1000
HERE = b"here\n"
"""What the first window answers."""


def name_of(path: Path) -> str:
    """Return the socket's name for a file and this account."""
    import hashlib  # late: the start can do without

    place = os.path.normcase(path.resolve())
    return "trdtrack-" + hashlib.sha256(f"{place}\n{user_name()}".encode("utf-8", "surrogateescape")).hexdigest()[:24]


def raised(path: Path) -> bool:
    """Bring the window that has had a file open forward; False if there is none."""
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(name_of(path))
    there = socket.waitForConnected(WAIT_MS)
    if there:
        # Whoever does not answer has the file all the same: busy, or waiting for somebody.
        socket.waitForReadyRead(WAIT_MS)
    socket.abort()
    return there


def already_open(path: Path) -> Message:
    """Say that the first window was brought forward."""
    return message("{file} belongs to another TRDTrack window, which is in front now.", file=path.name)


class FirstWindow(QObject):
    """A window's ear for second starts on the file it opened last."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._server: QLocalServer | None = None
        self._name = ""

    def of(self, path: Path) -> bool:
        """Whether this is the first window of a file."""
        return self._server is not None and self._name == name_of(path)

    def listen(self, path: Path) -> None:
        """Be the first window of a file, unless another window is."""
        from PySide6.QtNetwork import QLocalServer

        if self.of(path):
            return
        self.end()
        if raised(path):
            return
        self._name = name_of(path)
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._come_forward)
        QLocalServer.removeServer(self._name)  # a crash's: nobody answered
        if server.listen(self._name):
            self._server = server

    def end(self) -> None:
        """Leave the file to other windows."""
        if self._server:
            self._server.close()
            self._server.deleteLater()
        self._server = None

    def _come_forward(self) -> None:
        while self._server and (caller := self._server.nextPendingConnection()):
            caller.disconnected.connect(caller.deleteLater)
            caller.write(HERE)
            caller.disconnectFromServer()
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()
