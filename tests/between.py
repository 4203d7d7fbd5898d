"""Stands between the program and a server, and loses what one asks it to lose."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from trdtrack.domain.address import Address

COMMIT = b"COMMIT\x00"


class Between:
    """A port that hands everything on to a server. `lose`: what is to happen at the next COMMIT, once.

    "asked" loses it on the way there, "answer" on the way back. While `shut`, nobody is let in.
    """

    def __init__(self, to: Address) -> None:
        parts = dict(to.parts)
        self._host, self._port = parts["host"], int(parts["port"])
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = replace(
            to, parts=tuple(sorted({**parts, "port": str(self._door.getsockname()[1])}.items()))
        )
        self.lose = ""
        self.shut = False
        self.leave_hanging = False
        """Whether the server is not told that anything was lost: to it the client is there, and silent."""
        self.shut_after = False
        """Whether to shut once something was lost."""
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._begin(self._let_in)

    def close(self) -> None:
        for one in (self._door, *self._ends):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for one in (self._door, *self._ends):
            one.close()

    def _begin(self, work: Callable[..., None], *ends: socket.socket) -> None:
        self._threads.append(threading.Thread(target=work, args=ends))
        self._threads[-1].start()

    def _let_in(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                if self.shut:
                    client.close()
                    continue
                server = socket.create_connection((self._host, self._port))
                self._ends += (client, server)
                for one in (self._there, self._back):
                    self._begin(one, client, server)

    def _there(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while said := client.recv(65536):
                if COMMIT in said and self.lose:
                    asked, self.lose, self.shut = self.lose == "asked", "", self.shut_after
                    client.shutdown(socket.SHUT_RDWR)
                    if not asked:
                        server.sendall(said)
                    if self.leave_hanging:
                        return
                    break
                server.sendall(said)
        with suppress(OSError):
            server.shutdown(socket.SHUT_WR)

    def _back(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while said := server.recv(65536):
                client.sendall(said)
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
