"""The history as a person reads it: one line a changed record, what changed in words, and why."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import Enum
from functools import reduce
from typing import TYPE_CHECKING, Any, cast

from trdtrack.domain import phq9
from trdtrack.domain.exported import Exported
from trdtrack.domain.history_labels import NOUNS, label, named
from trdtrack.domain.message import Message, message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trdtrack.domain.records import Record

    Words = Message | str

_LONG = frozenset(
    {
        *("notes", "referrer", "gp", "prescriber", "consent_note", "goals", "medication", "baseline_reason"),
        *("note", "task", "text", "closing_note", "asked", "found", "plan", "told", "risk_prompt", "emergency"),
        *("address", "letterhead", "letter"),
    }
)
"""Free texts: said to have changed, shown in full only where somebody asks for the details."""
_SHORT = 60
"""Letters from which any other text counts as long."""
_NEVER_SAID = frozenset({"id", "entered", "patients"})
_REFERENCES = {
    "course": {"patient", "baseline"},
    "session": {"patient", "course"},
    "assessment": {"patient", "course", "session"},
    "outcome": {"patient", "course"},
    "follow_up": {"patient", "course"},
    "risk": {"patient", "assessment"},
    "risk_review": {"patient", "risk"},
    "letter": {"patient", "course"},
}
"""Fields that name another record by its id, which tells a person nothing."""
OF_FILE = "file"
"""The kind of a line about the whole file: its title says what was done, and it holds no word of anybody."""
_NOTHING = message("not recorded")
_BLANK = (None,) * phq9.ITEMS


@dataclass(frozen=True, kw_only=True)
class Line:
    """One record changed by one edit. `number` counts all lines, `edit` the acts they belong to.

    `before` and `after` are None where the record was new or went, and both where lawful erasure took them (`erased`).
    """

    number: int
    edit: int
    undoes: int | None = None
    at: datetime
    who: str
    title: str
    kind: str
    record: str
    before: Record | None
    after: Record | Exported | None
    why: str = field(default="", repr=False)
    erased: bool = False

    @property
    def patient(self) -> str:
        """The id of the patient it is about, the one a record went to; empty where it is about none, or erased."""
        present = self.after or self.before
        return present.patient if present else ""


def title(line: Line) -> Message:
    """Return what was done: the edit's title, and whether it was an undo or a redo."""
    for prefix, said in (("undo: ", message("Undo: {what}")), ("redo: ", message("Redo: {what}"))):
        if line.title.startswith(prefix):
            return Message(said.text, {"what": _plain(line.title.removeprefix(prefix))})
    return _plain(line.title)


def _plain(text: str) -> Message:
    """Return a stored title, its numbers left out: they are not stored."""
    return Message(text.replace("{n} ", "")) if "{" not in text.replace("{n} ", "") else message("{text}", text=text)


def _made(record: str) -> datetime | str:
    """Return the moment a line about the whole file names."""
    try:
        return datetime.fromisoformat(record)
    except ValueError:
        return record


def describe(line: Line) -> Message:
    """Return the line as one sentence: which record, what changed, why."""
    before, after = line.before, line.after
    if isinstance(after, Exported):
        return after.said
    if line.kind == OF_FILE:
        return message("{what} ({which})", what=title(line), which=_made(line.record)) if line.record else title(line)
    if before is None and after is None:
        if line.kind == "clinic" and not line.erased:
            return message("The passphrase was changed: a recovery sheet made before opens nothing more")
        erased = message("{what}: its words were erased on a lawful request", what=NOUNS[line.kind])
        return erased if line.erased else message("A patient was erased on a lawful request")
    if before is None or after is None:
        present = after or before
        assert present is not None  # noqa: S101 - one of the two is there
        said = message("{what} removed", what=named(present))
        if before is None:
            said = message("{what} added", what=named(present))
    else:
        said = _changed(before, after)
    return message("{what}, {why}", what=said, why=" ".join(line.why.split())) if line.why.strip() else said


def _changed(before: Record, after: Record) -> Message:
    what, changes = named(before), list(_changes(before, after))
    old, new = getattr(before, "withdrawn", None), getattr(after, "withdrawn", None)
    verbs: list[Message] = []
    if new is not None and new != old:
        reason = " ".join(new.split())
        verbs.append(message("withdrawn") if reason in {"", "-"} else message("withdrawn: {reason}", reason=reason))
    elif old is not None and new is None:
        verbs.append(message("restored"))
    if before.kind != "patient" and before.patient != after.patient:
        verbs.append(message("moved to another patient"))
    elif before.kind in {"session", "assessment"} and getattr(before, "course", "") != getattr(after, "course", ""):
        verbs.append(message("moved to another course"))
    if not verbs and not changes:
        return message("{what} saved again unchanged", what=what)
    if not verbs:
        return message("{what}: {changes}", what=what, changes=_joined(changes))
    return message("{what} {changes}", what=what, changes=_joined([*verbs, *changes]))


def _joined(parts: list[Message]) -> Message:
    return reduce(lambda first, next_: message("{first}; {next}", first=first, next=next_), parts)


def _changes(before: Record, after: Record) -> Iterator[Message]:
    moved = {"patient", "course", "session", "withdrawn"}
    for what, name, old, new in differing(before, after):
        if name in moved and (before.kind, name) != ("assessment", "session"):
            continue
        if name in _LONG or name in _REFERENCES.get(before.kind, ()) or _is_long(old) or _is_long(new):
            yield message("{label} changed", label=what)
        elif old is _NOTHING:
            yield message("{label} set to {after}", label=what, after=new)
        elif new is _NOTHING:
            yield message("{label} {before} taken out", label=what, before=old)
        else:
            yield message("{label} changed {before} -> {after}", label=what, before=old, after=new)


def _is_long(words: Words) -> bool:
    return isinstance(words, str) and (len(words) > _SHORT or "\n" in words)


def details(line: Line) -> list[tuple[Message, Words, Words]]:
    """Return every field that changed: what it is called, what it was and what it is, in words (`say` both).

    For a record that is new or went, every field that holds anything; the side that is not there is empty.
    """
    found: list[tuple[Message, Words, Words]] = []
    for what, _name, old, new in differing(line.before, line.after):
        if line.before is not None and line.after is not None:
            found.append((what, old, new))
        elif (old if line.after is None else new) is not _NOTHING:
            found.append((what, old, "") if line.after is None else (what, "", new))
    return found


def differing(before: Record | None, after: Record | Exported | None) -> Iterator[tuple[Message, str, Words, Words]]:
    """Yield label, name, old and new words of what differs, an answer for each question."""
    present = after or before
    if present is None:
        return
    kind = present.kind
    for name in (f.name for f in fields(present) if f.name not in _NEVER_SAID):
        old, new = getattr(before, name, None), getattr(after, name, None)
        if old == new:
            continue
        if (kind, name) == ("assessment", "answers"):
            for number, (first, then) in enumerate(zip(old or _BLANK, new or _BLANK, strict=True), start=1):
                if first != then:
                    yield message("item {number}", number=number), name, _answer(first), _answer(then)
        elif name in _REFERENCES.get(kind, ()):
            if before is not None and after is not None:
                yield label(kind, name), name, *_referred(old, new)
        else:
            yield label(kind, name), name, worded(old), worded(new)


def _answer(answer: int | None) -> Words:
    return message("blank") if answer is None else str(answer)


def _referred(old: str | None, new: str | None) -> tuple[Words, Words]:
    none, one = message("none"), message("one")
    return none if old is None else one, none if new is None else message("another") if old else one


def worded(value: Any) -> Words:
    """Return a field's value in words; what nobody recorded says so."""
    if value is None or value in {"", ()}:
        return _NOTHING
    if isinstance(value, bool):
        return message("yes") if value else message("no")
    if isinstance(value, Enum):
        return Message(str(value.value))
    if isinstance(value, datetime):
        return message("{day} {time}", day=value.date(), time=f"{value:%H:%M %Z}")
    if isinstance(value, date):
        return message("{day}", day=value)
    if isinstance(value, tuple):
        first, *others = cast("tuple[Any, ...]", value)
        return (
            message("{first}, {others}", first=worded(first), others=worded(tuple(others))) if others else worded(first)
        )
    return str(value)
