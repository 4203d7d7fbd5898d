"""The one door to a caseload: reads return frozen records, writes take an Edit. No Qt and no SQL in its face."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from trdtrack import gists
from trdtrack.domain.address import Address
from trdtrack.domain.backups import Kind
from trdtrack.domain.drafts import Draft
from trdtrack.domain.edit import Edit, Touched
from trdtrack.domain.people import natural
from trdtrack.domain.refusals import Refusal
from trdtrack.listing import Row, drawn_with, newer
from trdtrack.reading import ReadableCaseload
from trdtrack.storage import backups, contents, drafts, erasure, journal, keys, migrations, restoring
from trdtrack.storage.keeping import Backups, ServersBackups
from trdtrack.storage.store import Store
from trdtrack.writing import Done, Writing, reach

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from trdtrack.domain.chain_head import ChainHead
    from trdtrack.domain.exported import Exported
    from trdtrack.domain.message import Message
    from trdtrack.storage.contents import Entry
    from trdtrack.storage.records import Records

    Tick = Callable[[int, int], None]

__all__ = ["UNDO_DEPTH", "Caseload", "Done", "Row", "drawn_with", "natural", "newer"]

UNDO_DEPTH = 100


def _nobody(_touched: Touched) -> None:
    """Tell nobody."""


class _DryRun(Exception):  # noqa: N818 - no error: it only takes back what a dry run wrote
    """All would have been taken."""


class Caseload(ReadableCaseload):
    """An open caseload. Every write goes through `edit`, `undo` or `redo`, and is told to whoever listens."""

    def __init__(self, store: Records, *, who: str) -> None:
        super().__init__(store)
        self._who = who
        self._undo: list[Done] = []
        self._redo: list[Done] = []
        self.backups = Backups(store, who=who) if isinstance(store, Store) else ServersBackups()
        self.tell: Callable[[Touched], None] = _nobody
        self._stop_listening: Callable[[], None] | None = None
        self.parting: Callable[[ChainHead], None] | None = None
        """Called on closing, once, with the end of the history."""
        # None are kept yet in a new file, and in one of an older program.
        if store.whole and not gists.complete(store):
            with suppress(Refusal):  # a benchmark that is gone: then they are drawn whenever they are asked for
                gists.make_anew(store, draw=self._draw())

    @classmethod
    def create(cls, path: Path, passphrase: str, *, who: str) -> Caseload:
        """Make a new, encrypted caseload file."""
        return cls(Store.create(path, passphrase), who=who)

    @classmethod
    def open(cls, place: Path | Address, secret: str, *, who: str, look: bool = False) -> Caseload:
        """Open a caseload file by its passphrase or its recovery key; with `look` nothing can be changed.

        Raises WrongPassphrase, Damaged with the newest backup, or a Refusal that says what is wrong with the file or
        with a letter of the recovery key. Of a server's address `secret` is the login's password, empty where it asks
        for none, and what is done there is done in the login's name, whatever `who` says.
        """
        if isinstance(place, Address):
            from trdtrack.storage.postgres.store import ServerStore  # noqa: PLC0415 - a file needs no psycopg

            server = ServerStore(place, secret, look=look)
            return cls(server, who=server.login)
        store = Store.open(place, secret, look=look)
        keys.clear_away(store)
        return cls(store, who=who)

    def close(self) -> None:
        """Close the file; undo ends here."""
        self.forget()
        try:
            with suppress(Refusal):  # a damaged file is closed all the same
                if self.parting:
                    self.parting(self.head)
        finally:
            self.parting = None
            self._store.close()

    def forget(self) -> None:
        """Let undo and redo go, and tell nobody any more: somebody else is at the screen."""
        self._undo.clear()
        self._redo.clear()
        self.tell = _nobody
        if self._stop_listening:
            self._stop_listening()
        self._stop_listening = None

    def listen(self, heard: Callable[[Touched], None], reached: Callable[[bool], None]) -> None:
        """Have what others change on a server told, and whether it answers, in another thread, until `forget`."""
        if self._stop_listening:
            self._stop_listening()
        self._stop_listening = self._store.listen(heard, reached)

    restore_from = staticmethod(restoring.restore_from)
    """Put a backup in the place of a caseload that is closed."""
    restore_new = staticmethod(restoring.restore_new)
    keys_from = staticmethod(backups.keys_from)
    is_lost = staticmethod(backups.is_lost)

    @contextmanager
    def contents(
        self, noting: Exported | None = None, *, at: datetime | None = None
    ) -> Generator[tuple[int, Iterator[Entry]]]:
        """Hold the file and hand out everything in it as plain entries (see `storage.contents`): how many, and each.

        `noting`: the line that says so, among the entries; without the rest of the work going through, not written.
        """
        with self._store.transaction(write=noting is not None) as connection:
            if noting and at:
                journal.append_export(connection, noting, who=self._who, at=at)
            yield contents.count(connection), contents.entries(connection)
        if noting:
            self._tell_export(noting)

    def settle(self) -> bool | None:
        """Find out whether a save was made whose end nobody heard of (ConnectionLost, `saved` None), and tell.

        None where there is none. Raises ConnectionLost as long as the server does not answer.
        """
        there = self._store.settle()
        if there:
            self.tell(Touched(everything=True))
        return there

    @property
    def file_version(self) -> int:
        """The version of the file's schema."""
        return migrations.current()

    # Writing

    def reach(self, edit: Edit) -> int:
        """Return how many records, and patients' rows, an edit bears on: how long it takes goes with that."""
        return reach(self._store, edit)

    def edit(self, edit: Edit, *, at: datetime, tick: Tick | None = None) -> Touched:
        """Check and write an edit, remember it for undo, and tell. `at` is the local moment, with its zone."""
        if not edit.steps:
            return edit.touched
        self._store.refuse_read_only()
        done, touched = self._writing(at, tick).edit(edit, rules=self.rules, clinic=self.clinic)
        self._redo.clear()
        self._remember(self._undo, done)
        self.tell(touched)
        return touched

    def note_export(self, exported: Exported, *, at: datetime) -> None:
        """Put into the history that something left the program. Nothing is changed by it, so nothing to undo."""
        self._store.refuse_read_only()
        with self._store.transaction(write=True) as connection:
            journal.append_export(connection, exported, who=self._who, at=at)
        self._tell_export(exported)

    def _tell_export(self, exported: Exported) -> None:
        # Only histories show it: not one row of the caseload has to be read again.
        whose = frozenset({exported.patient} - {""})
        self.tell(Touched(patients=whose, kinds=frozenset({exported.kind})))

    def take_contents(self, entries: Iterable[Entry], *, dry_run: bool = False) -> None:
        """Fill an empty caseload with all that `contents` handed out of another, history included, or refuse.

        In whole or not at all; with `dry_run` not at all. The history is the other caseload's, without a line more, and
        there is nothing to undo.
        """
        self._store.refuse_read_only()
        with suppress(_DryRun), self._store.transaction(write=True) as connection:
            contents.take(connection, entries)
            if dry_run:
                raise _DryRun
            with suppress(Refusal):  # as in `__init__`: a benchmark may be gone there too
                gists.make_anew(self._store, draw=self._draw())
        if not dry_run:
            self.tell(Touched(everything=True))

    def _writing(self, at: datetime, tick: Tick | None) -> Writing:
        return Writing(self._store, self._who, at, self._draw, tick)

    def can_undo(self) -> Done | None:
        """Return the edit that undo would take back."""
        return self._undo[-1] if self._undo else None

    def can_redo(self) -> Done | None:
        """Return the edit that redo would do again."""
        return self._redo[-1] if self._redo else None

    def undo(self, *, at: datetime, tick: Tick | None = None) -> Touched | None:
        """Take the last edit back: itself an edit, checked, audited and told. None if there is nothing to undo."""
        return self._reverse(self._undo, self._redo, role="undo", at=at, tick=tick)

    def redo(self, *, at: datetime, tick: Tick | None = None) -> Touched | None:
        """Do the last undone edit again. None if there is nothing to redo."""
        return self._reverse(self._redo, self._undo, role="redo", at=at, tick=tick)

    def _reverse(
        self, taken: list[Done], given: list[Done], *, role: str, at: datetime, tick: Tick | None
    ) -> Touched | None:
        if not taken:
            return None
        self._store.refuse_read_only()
        done, touched = self._writing(at, tick).reverse(taken[-1], role)
        taken.pop()
        self._remember(given, done)
        self.tell(touched)
        return touched

    @staticmethod
    def _remember(stack: list[Done], done: Done) -> None:
        stack.append(done)
        del stack[:-UNDO_DEPTH]

    # Drafts: what is typed and not saved. Nobody is told, and a draft never stops anybody's work.

    def keep_draft(self, form: str, *, patient: str, text: str, at: datetime) -> bool:
        """Keep a form's unsaved text in the place of its last; False if the file cannot take it now."""
        return drafts.keep(self._store, Draft(form, patient, at, text))

    def drop_draft(self, form: str) -> bool:
        """Let a form's draft go; False if the file cannot be written now."""
        return drafts.drop(self._store, form)

    # Keys

    def change_passphrase(self, new: str, *, old: str, at: datetime, tick: Tick | None = None) -> None:
        """Lock the file with a new passphrase; `old`, the one it has or the recovery key, opens it no more.

        The same passphrase again is a new key too. Refuses, nothing being changed, where `old` does not open the file
        or another program has it open. Undo and redo stay. `tick(done, all)` may raise to cancel.
        """
        store = self._file()
        first = partial(self.backups.make, at=at, kind=Kind.BEFORE_PASSPHRASE)
        keys.change(store, new, old=old, who=self._who, at=at, first=first, tick=tick)
        with suppress(Refusal):  # the change is made; backups say themselves where none can be made
            self.backups.make(at=at)
        self.tell(Touched(kinds=frozenset({keys.KIND})))

    # Erasing on a lawful request

    def shows(self, patient: str) -> list[tuple[Message, int]]:
        """Return what erasing a patient would take, and how many of each."""
        with self._store.transaction(write=False) as connection:
            return erasure.shows(connection, patient)

    def erase(self, patient: str, *, at: datetime) -> None:
        """Take a patient out of the file for good; one history line stays. Undo and redo end here.

        Refuses, nothing being done, while another program reads the file; or, the patient being gone, where remains
        may lie in the file: then erasing again finishes the work.
        """
        erasure.take_out(self._store, patient, who=self._who, at=at)
        self._undo.clear()
        self._redo.clear()
        try:
            erasure.sweep(self._store)
        finally:
            self.tell(Touched(everything=True))

    def copies_with(self, patient: str) -> list[Path]:
        """Return the backups and copies that still hold a patient."""
        return erasure.holding(self._store, patient, self.backups.keys)
