"""What a caseload's records and history offer wherever they lie: read whole, written whole with their audit lines."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select

from trdtrack.domain.edit import Step
from trdtrack.storage import chain, journal, search
from trdtrack.storage.steps import apply, batch_key
from trdtrack.storage.tables import AS_WRITTEN, TABLES, records_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection, Select

    from trdtrack.domain.address import Address
    from trdtrack.domain.edit import Edit, Touched
    from trdtrack.domain.records import Record

    Tick = Callable[[int, int], None]
    Known = dict[str, dict[str, list[Record]]]

BATCH = 500


class Records(ABC):
    """The one face of a caseload file and of a server's caseload: nothing above this room knows which it is."""

    writable: bool

    @property
    @abstractmethod
    def place(self) -> Path | Address:
        """Where it is: a file, or a server's address."""

    @abstractmethod
    def transaction(self, *, write: bool, wait: bool = True) -> AbstractContextManager[Connection]:
        """Do several things or none; within another transaction, as a part of that one."""

    @abstractmethod
    def close(self) -> None:
        """Let it go."""

    @abstractmethod
    def refuse_read_only(self) -> None:
        """Refuse where it can only be looked at."""

    @abstractmethod
    def faults(self) -> tuple[str, ...]:
        """Check all there is: the history chain, and each record against its last line."""

    @abstractmethod
    def changed_elsewhere(self) -> bool:
        """Whether anybody else changed something since this was last asked."""

    def listen(
        self,
        heard: Callable[[Touched], None],  # noqa: ARG002 - of a file nobody is told
        reached: Callable[[bool], None],  # noqa: ARG002
    ) -> Callable[[], None]:
        """Tell what others change, and whether the server answers, in a thread; returns how to end it.

        Of a file nothing is told: `changed_elsewhere` has to be asked.
        """
        return _nothing

    def settle(self) -> bool | None:
        """Find out whether a save was made whose end nobody heard of; None where none is in doubt: never of a file."""
        return None

    @property
    def whole(self) -> bool:
        """Whether all there is can be read and written here: what is kept of everybody may then be made anew."""
        return self.writable

    @abstractmethod
    def hold(self, patients: Collection[str], *, everything: bool = False, kinds: tuple[str, ...] = ()) -> Known:
        """Within a writing transaction, before anything is read: keep others from these patients until it ends.

        Returns what was read at once: by patient the records of these kinds, by kind; under no id the clinic's. Empty
        where asking for them one by one is as fast.
        """

    def read(self, kind: str, **equal: str) -> list[Record]:
        """Return the records of one kind whose fields equal the values given."""
        with self.transaction(write=False) as connection:
            return records_of(kind, connection.execute(_equal(kind, *equal), equal))

    def count(self, kind: str) -> int:
        """Return how many records of one kind there are, withdrawn ones included."""
        with self.transaction(write=False) as connection:
            return connection.execute(select(func.count()).select_from(TABLES[kind])).scalar_one()

    def read_all(self, kind: str, field: str, among: Sequence[str]) -> Iterator[Record]:
        """Yield the records of one kind in which a field is one of many values."""
        query = select(TABLES[kind]).where(TABLES[kind].c[field].in_(bindparam("among", expanding=True)))
        query = query.order_by(AS_WRITTEN)
        with self.transaction(write=False) as connection:
            for start in range(0, len(among), BATCH):
                yield from records_of(kind, connection.execute(query, {"among": among[start : start + BATCH]}))

    def write(
        self,
        edit: Edit,
        *,
        who: str,
        at: datetime,
        role: str = "edit",
        then: Callable[[], None] | None = None,
        tick: Tick | None = None,
    ) -> int:
        """Write an edit and its audit lines in one transaction and return its number.

        `then` is done once the records are written, before the history is held, on which everybody waits.

        Raises Stale if a record is not as the edit expects it; then, and on every other failure, nothing is written.
        `tick(done, all)` is called now and then and may raise to cancel.
        """
        self.refuse_read_only()
        done, waiting = 0, list[Step]()
        with self.transaction(write=True) as connection:
            head: chain.Head | None = None
            for (kind, what), group in groupby(edit.steps, key=batch_key):
                steps = list(group)
                for start in range(0, len(steps), BATCH):
                    part = steps[start : start + BATCH]
                    apply(connection, kind, what, part)
                    search.keep(connection, part)
                    waiting += part
                    # Lines of several small groups go together: a session and its PHQ-9 take three statements, not six.
                    if len(waiting) >= BATCH:
                        head = head or chain.head(connection, to_add=True)
                        head = journal.append(connection, head, edit, waiting, who=who, at=at, role=role)
                        waiting = []
                    done += len(part)
                    if tick:
                        tick(done, len(edit.steps))
            if then:
                then()
            head = head or chain.head(connection, to_add=True)
            if waiting:
                head = journal.append(connection, head, edit, waiting, who=who, at=at, role=role)
        return head.edit

    def edit(self, number: int) -> Edit:
        """Return an edit as it was written, read back from the audit lines."""
        with self.transaction(write=False) as connection:
            return journal.edit(connection, number)


def _nothing() -> None:
    """End nothing."""


@cache
def _equal(kind: str, *fields: str) -> Select[Any]:
    table = TABLES[kind]
    return select(table).where(*(table.c[name] == bindparam(name) for name in fields)).order_by(AS_WRITTEN)
