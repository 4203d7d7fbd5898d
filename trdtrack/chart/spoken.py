"""The chart in words, for those who do not see it: where things stand, then each lane."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.records import Role
from trdtrack.words import day, say, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trdtrack.chart.alongside import Alongside, Bar, Happening
    from trdtrack.chart.drawing import Drawing
    from trdtrack.domain.summary import Summary


def spoken(summary: Summary, drawn: Drawing) -> list[str]:
    """Return the chart in sentences: what the page says of the course, the forecast if it is shown, and the lanes."""
    first = _for_patient(drawn) if drawn.view.patient else summary.sentence
    said = [shown(say(first))]
    if drawn.outlook:
        said.append(drawn.outlook.words)
    said += [say(words) for words in _lanes(drawn.alongside)]
    if drawn.ended is not None:
        said.append(say(message("The course ended on {day}", day=_day(drawn.ended))))
    if drawn.crosses:
        said.append(say(plural("{n} withdrawn score shown", "{n} withdrawn scores shown", len(drawn.crosses))))
    return said


def _for_patient(drawn: Drawing) -> Message:
    """Say the totals and nothing that judges them."""
    latest, baseline = drawn.latest, drawn.baseline
    if latest is None:
        return message("No PHQ-9 total yet.")
    if baseline is None or baseline is latest:
        return message("PHQ-9 {total} on {day}", total=latest.y, day=_day(latest.x))
    return message("PHQ-9 {start} at the start, {total} on {day}", start=baseline.y, total=latest.y, day=_day(latest.x))


def _lanes(found: Alongside) -> Iterator[Message]:
    if unsettled := [mark for mark in found.item9 if mark.unsettled]:
        days = ", ".join(say(message("{answer} on {day}", answer=m.text, day=_day(m.x))) for m in unsettled)
        yield message("Item 9 open or not yet reviewed: {days}", days=days)
    if found.sessions:
        kept = sum(session.attended for session in found.sessions)
        yield message("Sessions: {kept} attended, {missed} not", kept=kept, missed=len(found.sessions) - kept)
    if found.flags:
        days = ", ".join(
            say(message("done {day}", day=_day(f.x)) if f.done else message("planned {day}", day=_day(f.x)))
            for f in found.flags
        )
        yield message("Follow-up: {days}", days=days)
    if found.phases:
        names = ", ".join(say(message("{name} from {day}", name=p.name, day=_day(p.x0))) for p in found.phases)
        yield message("Phases: {names}", names=names)
    if found.treatments:
        yield message("Medication and ECT: {names}", names="; ".join(say(bar_words(bar)) for bar in found.treatments))
    if found.events:
        yield message("Events: {names}", names="; ".join(say(event_words(event)) for event in found.events))


def bar_words(bar: Bar) -> Message:
    """Return a treatment in full."""
    if bar.role is Role.AUGMENTATION:
        return message("{name}, augmentation, {dates}", name=bar.name, dates=bar.dates)
    return message("{name}, {dates}", name=bar.name, dates=bar.dates)


def event_words(event: Happening) -> Message:
    """Return an event in full."""
    return message(
        "{letter}, {day}, {kind}: {what}", letter=event.letter, day=event.when, kind=event.kind, what=event.what
    )


def _day(x: float) -> str:
    return day(date.fromordinal(int(x)))
