"""Writes what was made, whole or not at all, and puts it into the history: what, about whom, where."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from trdtrack.domain.edit import added, joined, sent
from trdtrack.domain.exported import Exported
from trdtrack.domain.message import Message, message
from trdtrack.domain.refusals import Refusal
from trdtrack.exchange.writing import refuse_own, write_folder, write_parts
from trdtrack.exports.kinds import NoCourse
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trdtrack.exports.kinds import Draw, Export, Made, Source, Tick, Wishes


_WRITTEN = message("Write and send letter")


@dataclass(frozen=True)
class Wrote:
    """How many files were written, and what has to be said of them."""

    files: int
    remarks: tuple[Message, ...] = ()


def write_export(export: Export, source: Source, wishes: Wishes, path: Path, *, draw: Draw, tick: Tick) -> Wrote:
    """Make one file and write it whole, with its line in the history, or leave everything as it was and refuse."""
    return write_made(export.make(source, wishes, draw=draw, tick=tick), path, say(export.name), source)


def write_made(made: Made, path: Path, what: str, source: Source | None) -> Wrote:
    """Write a finished file whole; with a source its line in the history too, or nothing of either."""
    remarks = (made.remark,) if made.remark else ()
    if source is None:
        write_parts(path, made.parts)
        return Wrote(1, remarks)
    refuse_own(path, source.caseload)
    write_parts(path, made.parts, then=partial(note, what, source, path))
    return Wrote(1, (*remarks, *_unnoted(source)))


def write_exports(export: Export, source: Source, wishes: Wishes, folder: Path, *, draw: Draw, tick: Tick) -> Wrote:
    """Make a file for each patient and write them into a new folder, all or none, with one line in the history."""
    remarks: dict[str, Message] = {}
    without: dict[str, list[str]] = {}

    def files() -> Iterator[tuple[str, bytes]]:
        for code, made in export.each(source, wishes, draw=draw, tick=tick):
            if isinstance(made, Refusal):
                why = _("no course of care yet") if isinstance(made, NoCourse) else say(made.what).rstrip(".")
                without.setdefault(why, []).append(code)
                continue
            if made.remark:
                remarks[made.remark.text] = made.remark
            yield export.file_name(code, source.today), made.content
        if len(source.patients) == sum(map(len, without.values())):
            raise Refusal(message("There is nothing to write: {why}.", why=next(iter(without))))

    written = write_folder(folder, files(), then=partial(note, say(export.name), source, folder))
    for why, codes in without.items():
        remarks[why] = message("Left out: {who} ({why})", who=", ".join(codes), why=why)
    return Wrote(written, (*remarks.values(), *_unnoted(source)))


def note(what: str, source: Source, where: object) -> None:
    """Put an export into the history, if the caseload can be written to; letters are stored as they leave."""
    caseload = source.caseload
    if source.letters:
        stored = {record.id for record in caseload.records("letter", among=[one.id for one in source.letters.values()])}
        for_first_time = [one for one in source.letters.values() if one.sent is None]
        edits = [
            sent(one, source.at) if one.id in stored else added(_WRITTEN, replace(one, sent=source.at))
            for one in for_first_time
        ]
        caseload.edit(joined(edits[0].title if edits else _WRITTEN, edits), at=source.at)
    if not caseload.read_only:
        caseload.note_export(Exported(what=what, where=str(where), patients=source.patients), at=source.at)


def _unnoted(source: Source) -> tuple[Message, ...]:
    if not source.caseload.read_only:
        return ()
    return (message("The caseload is read-only: its history does not say so."),)
