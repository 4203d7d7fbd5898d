"""Writes an edit in one transaction: what follows from it, its checks, its audit lines, and the gists it bears on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from trdtrack import gists
from trdtrack.domain.checks import check
from trdtrack.domain.consequences import with_consequences
from trdtrack.domain.edit import Edit
from trdtrack.domain.message import message
from trdtrack.domain.records import Patient
from trdtrack.domain.refusals import Refusal
from trdtrack.paths import DEMO_CODE, is_demo

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from trdtrack.domain.afterwards import Read
    from trdtrack.domain.edit import Touched
    from trdtrack.domain.message import Message
    from trdtrack.domain.records import Clinic, Rules
    from trdtrack.storage.records import Records

    Tick = Callable[[int, int], None]


@dataclass(frozen=True)
class Done:
    """An edit that can be taken back or done again: its number in the audit lines, its title, and its reach."""

    number: int
    title: Message
    reach: int


def reach(store: Records, edit: Edit) -> int:
    """Return how many records and gists an edit bears on: how long it takes goes with that."""
    return len(edit.steps) + gists.count(store, edit)


@dataclass(frozen=True)
class Writing:
    """One act of writing. `draw` gives what draws a gist by the rules it reads; `tick` may cancel."""

    store: Records
    who: str
    at: datetime
    draw: Callable[[Read], gists.Draw]
    tick: Tick | None = None

    def edit(self, edit: Edit, *, rules: Callable[[], Rules], clinic: Callable[[], Clinic]) -> tuple[Done, Touched]:
        """Write an edit and what follows from it by itself: one act, one number, one undo."""
        with self.store.transaction(write=True):
            read = self._read(edit)
            return self._write(with_consequences(edit, read, rules=rules, clinic=clinic, at=self.at), read, "edit")

    def reverse(self, done: Done, role: str) -> tuple[Done, Touched]:
        """Write the opposite of an edit, itself an edit: `role` says whether to undo or to redo."""
        with self.store.transaction(write=True):
            edit = replace(self.store.edit(done.number).inverse(), undoes=done.number, why="")
            wrote, touched = self._write(edit, self._read(edit), role)
        return replace(wrote, title=done.title), touched

    # Three parts that take about as long, as far as they tell: reading ahead, a gist each; steps; gists.

    def _read(self, edit: Edit) -> gists.Reading:
        patients, everybody = edit.touched.patients, gists.for_all(edit)
        many = everybody or len(patients) >= gists.MANY
        known = self.store.hold(patients, everything=everybody, kinds=() if many else gists.KINDS_AHEAD)
        read = gists.Reading(self.store, known)
        if many:
            of_gists = gists.count(self.store, edit)
            tell = self._telling(len(edit.steps) + 2 * of_gists)
            read.ahead(patients, tick=lambda done, of: tell(done * of_gists // of))
        return read

    def _write(self, edit: Edit, read: gists.Reading, role: str) -> tuple[Done, Touched]:
        check(edit, read, today=self.at.date())
        if isinstance(self.store.place, Path) and is_demo(self.store.place):
            _refuse_unmarked(edit)
        steps, of_gists = len(edit.steps), gists.count(self.store, edit)
        tell = self._telling(steps + 2 * of_gists)

        def keep() -> None:
            # Drawn by the rules as they are now: the edit may have been one of them.
            now = read if gists.OF_CLINIC.isdisjoint(edit.touched.kinds) else self.store.read
            gists.keep(
                self.store, edit, read, draw=self.draw(now), tick=lambda done, _of: tell(of_gists + steps + done)
            )

        number = self.store.write(
            edit, who=self.who, at=self.at, role=role, then=keep, tick=lambda done, _of: tell(of_gists + done)
        )
        return Done(number, edit.title, steps + of_gists), edit.touched

    def _telling(self, of: int) -> Callable[[int], None]:
        tick = self.tick
        return (lambda done: tick(done, of)) if tick else lambda _done: None


def _refuse_unmarked(edit: Edit) -> None:
    """In a demo refuse a code that does not say so: whatever is made there must not pass for a patient's."""
    for step in edit.steps:
        if isinstance(step.after, Patient) and not step.after.code.upper().startswith(DEMO_CODE):
            said = message(
                "In the demo every code begins with {begins}, so that nobody takes it for a patient.", begins=DEMO_CODE
            )
            raise Refusal(said, field="code")
