"""Reads a gist on a day: the signal, what is due, and where the row stands in the caseload and why."""

from __future__ import annotations

from datetime import date
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from trdtrack.domain.due import listed
from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.risk import item9_words
from trdtrack.domain.signals import Signal, Standing, of_day, on_day

if TYPE_CHECKING:
    from trdtrack.domain.gist import Gist

ENDING_SESSIONS = 2
"""A course with this many planned sessions left, or fewer, ends soon."""


class Rank(IntEnum):
    """Where a row stands by default, the most pressing first."""

    RISK = 1
    REVIEW = 2
    PLATEAU = 3
    NO_RECENT_SCORE = 4
    DUE = 5
    ENDING = 6
    SLOWER = 7
    REST = 8


class Place(NamedTuple):
    """Where a row stands in the default order: by rank, the most pressing of each rank first, then by code."""

    rank: Rank
    pressing: tuple[int, ...]
    sort: str


def ended_on(gist: Gist, today: date) -> bool:
    """Whether the course has ended by today, or the patient died."""
    return gist.died or (gist.end_day is not None and gist.end_day <= today.toordinal())


def signal_on(gist: Gist, today: date) -> tuple[Signal, Message]:
    """Return the signal today and why it holds. Without a course there is none: too early, "no course yet"."""
    base = Standing(gist.base, gist.why)
    if not gist.course:
        return base.signal, base.why
    found = on_day(base, latest=gist.latest_date, ended=ended_on(gist, today), today=today)
    return found.signal, found.why


def prorated_on(gist: Gist, today: date) -> bool:
    """Whether a total that today's signal or the change rests on is prorated."""
    return gist.change_prorated or (gist.signal_prorated and _signal(gist, today) is gist.base)


def _signal(gist: Gist, today: date) -> Signal:
    """Return the signal today without its words: asked of every row."""
    if not gist.course:
        return gist.base
    age = today.toordinal() - gist.latest_day if gist.latest_day else 0
    return of_day(gist.base, age=age, ended=ended_on(gist, today))


def next_on(gist: Gist, today: date) -> tuple[date, str] | None:
    """Return day and time ("" where nobody wrote one) of the next appointment, today's included."""
    now = today.toordinal()
    if gist.next_day and now <= gist.next_day:
        return date.fromordinal(gist.next_day), gist.next_time
    if not gist.packed_later:
        return None
    return next(((date.fromordinal(day), time) for after, day, time in gist.later if after < now <= day), None)


def in_care(gist: Gist, today: date) -> bool:
    """Whether anything but open risk and unfinished notes is asked for."""
    return not gist.died and (gist.closed_day is None or gist.closed_day > today.toordinal())


def reviews_on(gist: Gist, today: date) -> list[date]:
    """Return the course reviews due: within 7 days, today, or overdue."""
    if not _asks(gist, today):
        return []
    return [day for day, until in gist.reviews if listed(day, until=until, today=today)]


def follow_ups_on(gist: Gist, today: date) -> list[date]:
    """Return the follow-ups due: within 7 days, today, or overdue."""
    return [day for day in gist.follow_ups if listed(day, today=today)] if _asks(gist, today) else []


def _asks(gist: Gist, today: date) -> bool:
    return gist.asked_from is not None and gist.asked_from <= today.toordinal() and in_care(gist, today)


def sessions_left(gist: Gist, today: date) -> int | None:
    """Return how many planned sessions are left, below 0 beyond the plan; None where nothing is planned any more."""
    if gist.planned is None or ended_on(gist, today) or not in_care(gist, today):
        return None
    return gist.planned - gist.attended


def under_way(gist: Gist, today: date) -> bool:
    """Whether there is a course that goes on, of somebody who is in care."""
    return bool(gist.course) and not ended_on(gist, today) and in_care(gist, today)


def ending_soon(gist: Gist, today: date) -> bool:
    """Whether few of the planned sessions are left, or none."""
    left = sessions_left(gist, today)
    return left is not None and left <= ENDING_SESSIONS


def place_of(gist: Gist, today: date, *, unconfirmed: int = 0) -> Place:
    """Return where a row stands by default: the first rank that holds, the most pressing first, then by code.

    `unconfirmed`: an answer of 1-3 to item 9 that waits to be confirmed; it is open risk like one on record.
    """
    return Place(*_place(gist, today, unconfirmed), gist.sort)


def _place(gist: Gist, today: date, unconfirmed: int = 0) -> tuple[Rank, tuple[int, ...]]:
    """Return the rank, and what puts the most pressing of a rank first."""
    if unconfirmed and not gist.died:
        return Rank.RISK, (0, -max(unconfirmed, gist.risk_due or 0))
    if not gist.died and (gist.risk_open or gist.risk_due):
        return Rank.RISK, _pressing_risk(gist, today)
    if not in_care(gist, today):
        return Rank.REST, (1,)
    signal = _signal(gist, today)
    # A rise is always larger than a fall or no change: 6 or more above baseline come first, the largest before all.
    if signal is Signal.REVIEW:
        return Rank.REVIEW, (-(gist.change or 0),)
    if signal is Signal.PLATEAU:
        return Rank.PLATEAU, (-(gist.latest or 0),)
    if signal is Signal.NO_RECENT_SCORE and gist.latest_day:
        return Rank.NO_RECENT_SCORE, (gist.latest_day,)
    if _asks(gist, today) and (due := [*reviews_on(gist, today), *follow_ups_on(gist, today)]):
        return Rank.DUE, (min(due).toordinal(),)
    if ending_soon(gist, today):
        return Rank.ENDING, (sessions_left(gist, today) or 0,)
    if signal is Signal.SLOWER:
        return Rank.SLOWER, (-(gist.change or 0),)
    return Rank.REST, (int(signal is Signal.ENDED),)


def _pressing_risk(gist: Gist, today: date) -> tuple[int, ...]:
    if gist.risk_due:
        return 0, -gist.risk_due
    again = gist.risk_again_day
    if again is None:
        return 2, date.max.toordinal()
    return (1 if again <= today.toordinal() else 2), again


def why_here(gist: Gist, today: date, *, unconfirmed: int = 0) -> Message:
    """Return why a row stands where it does by default."""
    if unconfirmed and not gist.died:
        return message("open risk: {item9}, not confirmed yet", item9=item9_words(unconfirmed))
    rank, _pressing = _place(gist, today)
    if rank is Rank.RISK:
        return _why_risk(gist, today)
    if not in_care(gist, today):
        return message("died") if gist.died else message("no longer in care")
    if rank is Rank.DUE:
        return _why_due(gist, today)
    if rank is Rank.ENDING:
        left = max(sessions_left(gist, today) or 0, 0)
        return plural("ending soon: {n} planned session left", "ending soon: {n} planned sessions left", left)
    signal, why = signal_on(gist, today)
    if prorated_on(gist, today):
        why = message("{why}, prorated", why=why)
    if rank is Rank.REST:
        return why if signal is Signal.ENDED or not gist.course else message("nothing presses: {why}", why=why)
    return Message(_OF_RANK[rank].text, {"why": why})


_OF_RANK = {
    Rank.REVIEW: message("review: {why}"),
    Rank.PLATEAU: message("plateau: {why}"),
    Rank.NO_RECENT_SCORE: message("no recent score: {why}"),
    Rank.SLOWER: message("slower than average: {why}"),
}


def _why_due(gist: Gist, today: date) -> Message:
    due: list[tuple[date, Message]]
    due = [(day, message("review of the course due on {day}", day=day)) for day in reviews_on(gist, today)]
    due += [(day, message("follow-up due on {day}", day=day)) for day in follow_ups_on(gist, today)]
    return min(due, key=_first)[1]


def _first(pair: tuple[Any, Any]) -> Any:
    return pair[0]


def _why_risk(gist: Gist, today: date) -> Message:
    if gist.risk_due:
        return message("open risk: {item9}, to be answered", item9=item9_words(gist.risk_due))
    again = gist.risk_again
    if again is None:
        return message("open risk record")
    if again < today:
        return message("open risk: look again was due on {day}", day=again)
    if again == today:
        return message("open risk: look again today")
    return message("open risk record, look again on {day}", day=again)
