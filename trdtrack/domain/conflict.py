"""Two people changed one record: what each of them changed, field by field, and what stands if one goes over the other.

What only one of them changed is no quarrel: putting mine over theirs keeps what only they changed, answer by answer.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, cast

from trdtrack.domain.history import differing
from trdtrack.domain.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from trdtrack.domain.edit import Edit, Step
    from trdtrack.domain.message import Message
    from trdtrack.domain.records import Record

    Words = Message | str


class Stands(Enum):
    """Whose value a field has once mine are put over theirs."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


@dataclass(frozen=True)
class Row:
    """One field that is no longer as both found it. A side that is None left it as it was."""

    label: Message
    was: Words
    theirs: Words | None
    mine: Words | None
    stands: Stands


@dataclass(frozen=True)
class Conflict:
    """One record of an edit that is stored otherwise now. `stored` and `over` are None where it is gone."""

    step: Step
    stored: Record | None
    over: Record | None
    """The record with mine put over theirs."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """What the two changed, in the order of the record's fields."""
        before, mine = self.step.before, self.step.after
        if before is None or mine is None or self.stored is None or self.over is None:
            return ()
        ours, others, between, left = (
            {_key(part): part for part in differing(old, new)}
            for old, new in ((before, mine), (before, self.stored), (self.stored, mine), (self.over, mine))
        )
        both = {**ours, **others}
        return tuple(
            Row(
                both[key][0],
                both[key][2],
                others[key][3] if key in others else None,
                ours[key][3] if key in ours else None,
                Stands.BOTH if key not in between else Stands.THEIRS if key in left else Stands.MINE,
            )
            for key in sorted(both, key=lambda key: _place(before, key))
        )


def conflicts(edit: Edit, stored: Callable[[Record], Record | None]) -> tuple[Conflict, ...]:
    """Return which records of an edit are not as it expects them; `stored` looks each up as it is now.

    Empty where the two cannot be laid side by side: a record that was to go, or that the edit changes twice.
    """
    found: list[Conflict] = []
    if any(times > 1 for times in Counter(step.record.id for step in edit.steps).values()):
        return ()
    for step in edit.steps:
        if step.before is None:
            continue
        now = stored(step.before)
        if now == step.before:
            continue
        if step.after is None:
            return ()
        found.append(Conflict(step, now, _over(step.before, step.after, now) if now else None))
    return tuple(found)


def put_over(edit: Edit, found: tuple[Conflict, ...]) -> Edit:
    """Return the edit that puts mine over theirs, on the records as they are stored. Its steps may be none at all."""
    instead = {c.step.record.id: replace(c.step, before=c.stored, after=c.over) for c in found}
    steps = (instead.get(step.record.id, step) for step in edit.steps)
    return replace(edit, steps=tuple(step for step in steps if step.before != step.after))


def _over(before: Record, mine: Record, theirs: Record) -> Record:
    changed: dict[str, Any] = {}
    for name in (part.name for part in fields(mine)):
        was, ours, now = (getattr(record, name) for record in (before, mine, theirs))
        if ours != was:
            changed[name] = _joined(was, ours, now) if name == "answers" else ours
    try:
        return replace(theirs, **changed)
    except Refusal:  # the halves do not go together: a total of theirs beside answers of mine
        return mine


def _joined(was: Any, ours: Any, now: Any) -> Any:
    """Return answers with those of mine that I changed."""
    if not all(isinstance(answers, tuple) for answers in (was, ours, now)):
        return ours
    rows = zip(*(cast("tuple[Any, ...]", answers) for answers in (was, ours, now)), strict=True)
    return tuple(mine if mine != old else theirs for old, mine, theirs in rows)


def _key(part: tuple[Message, str, Words, Words]) -> tuple[str, int]:
    """Name a row: the field, and the question's number where it is an answer."""
    return part[1], part[0].fields.get("number", 0)


def _place(record: Record, key: tuple[str, int]) -> tuple[int, int]:
    return [part.name for part in fields(record)].index(key[0]), key[1]
