"""Errors fit for a person: one clear sentence each, and nothing was changed when one is raised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain.message import Message, message

if TYPE_CHECKING:
    from datetime import datetime


class Refusal(Exception):  # noqa: N818 - a refusal is the clinic's word for it
    """The program will not do what was asked. `what` says so in one sentence; `field` names the input it is about."""

    def __init__(self, what: Message, *, field: str | None = None) -> None:
        super().__init__(what.text)
        self.what = what
        self.field = field


class Stale(Refusal):
    """Somebody changed the record since it was read. Carries what was expected and what is stored now."""

    def __init__(self, what: Message, *, expected: object, stored: object) -> None:
        super().__init__(what)
        self.expected = expected
        self.stored = stored


class NotYours(Refusal):
    """The server keeps this for somebody else: it was not changed by anybody, and cannot be changed by this person."""


class ConnectionLost(Refusal):
    """The server does not answer any more. `saved`: False where nothing was saved, None where that is not known yet."""

    def __init__(self, what: Message, *, saved: bool | None = False) -> None:
        super().__init__(what)
        self.saved = saved


def no_answer(name: str) -> ConnectionLost:
    """Return the refusal of a server's caseload that cannot be reached, `name` being the caseload's."""
    return ConnectionLost(message("{name} does not answer: nothing was saved.", name=name))


class WrongPassphrase(Refusal):
    """The passphrase does not open the file."""


class Damaged(Refusal):
    """A file's pages are not as they were written. Carries the paths of the file and of its newest good backup."""

    def __init__(self, what: Message, *, file: str = "", backup: str = "") -> None:
        super().__init__(what)
        self.file = file
        self.backup = backup


class OpenElsewhere(Refusal):
    """Another computer has the file open. Carries which, by whom, since when, and the path of the newest backup."""

    def __init__(self, what: Message, *, machine: str, user: str, since: datetime, backup: str = "") -> None:
        super().__init__(what)
        self.machine = machine
        self.user = user
        self.since = since
        self.backup = backup


class Problems(Refusal):
    """Bad input with a list: every problem found, by line, and nothing taken in."""

    def __init__(self, what: Message, problems: tuple[Problem, ...]) -> None:
        super().__init__(what)
        self.problems = problems


class Problem:
    """One thing wrong in a file: the line (1 = first line of the file), the column's name, and what is wrong."""

    __slots__ = ("column", "line", "what")

    def __init__(self, line: int, column: str, what: Message) -> None:
        self.line = line
        self.column = column
        self.what = what
