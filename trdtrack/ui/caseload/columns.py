"""The columns of the patient list: what each says of a row, aloud too, and what it sorts by."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from trdtrack.chart.marks import TONES
from trdtrack.domain.message import message, plural
from trdtrack.domain.place import signal_on
from trdtrack.domain.records import Modality
from trdtrack.domain.signals import Signal
from trdtrack.domain.summary import SIGNAL_WORDS
from trdtrack.ui.caseload.listed import Listed, signal_words
from trdtrack.ui.rows import Column
from trdtrack.words import _, day, month_day, say, signed, translated

if TYPE_CHECKING:
    pass


_SHORT = {Modality.PSYCHODYNAMIC.value: _("PDT")}
"""Where the name of a modality leaves no room for the week beside it."""
PRORATED = "\N{ALMOST EQUAL TO}"
"""Stands before a total that is prorated, and a change that rests on one; in words aloud and in the tip."""


def _course(listed: Listed) -> str:
    gist = listed.gist
    kind = _SHORT.get(gist.modality) or translated(gist.modality)
    if not gist.course:
        return _("no course yet")
    if listed.ended:
        return f"{kind}  {_('ended')}".strip()
    weeks = _("wk {week}").format(week=max((listed.today - gist.week_zero).days // 7, 0)) if gist.week_zero else ""
    sessions = _("s{number}").format(number=gist.attended) if gist.attended else ""
    return "  ".join(part for part in (kind, weeks or _("not begun"), sessions) if part)


def _course_spoken(listed: Listed) -> str:
    gist = listed.gist
    if not gist.course or listed.ended or gist.week_zero is None:
        short = _SHORT.get(gist.modality)
        return _course(listed).replace(short, translated(gist.modality)) if short else _course(listed)
    week = max((listed.today - gist.week_zero).days // 7, 0)
    what = message(
        "{modality} week {week}, session {n}", modality=translated(gist.modality), week=week, n=gist.attended
    )
    planned = message("{what} of {planned}", what=what, planned=gist.planned) if gist.planned else what
    who = message("{what}, with {who}", what=planned, who=gist.therapist) if gist.therapist else planned
    return say(who).strip()


def course_so_far(listed: Listed) -> str:
    """Return the little chart in words."""
    totals = listed.gist.totals
    if not totals:
        return _("no score yet")
    if len(totals) == 1:
        return say(message("one score, {total}", total=totals[0][1]))
    what = message("from {first} to {last}", first=totals[0][1], last=totals[-1][1])
    return say(plural("{what}, last {n} score", "{what}, last {n} scores", len(totals), what=what))


def _risk(listed: Listed) -> str:
    """Return the open risk in a word or two: what is asked for first."""
    gist = listed.gist
    if gist.died:
        return _("■ open, died") if gist.risk_open else ""
    if listed.unconfirmed > (gist.risk_due or 0):
        return _("■ confirm item 9: {n}").format(n=listed.unconfirmed)
    if gist.risk_due is not None:
        return _("■ answer item 9: {n}").format(n=gist.risk_due)
    if listed.asked_again:
        return _("■ look again")
    return _("■ open") if gist.risk_open else ""


def _risk_spoken(listed: Listed) -> str:
    known = _risk_on_record(listed)
    if not listed.unconfirmed:
        return known
    waits = message("item 9 answered {answer}, not confirmed yet", answer=listed.unconfirmed)
    return say(message("{waits}; on record: {known}", waits=waits, known=known) if known else waits)


def _risk_on_record(listed: Listed) -> str:
    gist = listed.gist
    if gist.died and gist.risk_open:
        return _("risk record open; nothing is asked for any more")
    if gist.risk_due is not None:
        return say(message("item 9 answered {answer}: to be answered", answer=gist.risk_due))
    if gist.risk_again and gist.risk_open:
        if gist.risk_again > listed.today:
            return say(message("risk record open, look again on {day}", day=gist.risk_again))
        late = gist.risk_again < listed.today
        return say(message("look again was due on {day}", day=gist.risk_again)) if late else _("look again today")
    if gist.risk_open:
        return _("risk record open")
    return "" if gist.item9 is None else say(message("item 9 answered {answer}", answer=gist.item9))


def _risk_order(listed: Listed) -> tuple[int, int] | None:
    gist = listed.gist
    if listed.unconfirmed:
        return (0, -max(listed.unconfirmed, gist.risk_due or 0))
    if not gist.risk_open and gist.risk_due is None:
        return None
    if gist.died:
        return (3, 0)
    return (0, -gist.risk_due) if gist.risk_due is not None else (1 if listed.asked_again else 2, 0)


def _risk_tone(listed: Listed) -> str:
    asked = listed.unconfirmed or listed.gist.risk_due is not None or listed.asked_again
    return "risk" if asked and not listed.gist.died else "muted"


def _last(listed: Listed) -> str:
    gist = listed.gist
    return "" if gist.latest is None else f"{PRORATED if gist.latest_prorated else ''}{gist.latest}"


def _last_spoken(listed: Listed) -> str:
    gist = listed.gist
    if gist.latest is None or gist.latest_date is None:
        return _("no score yet")
    what = message("{total} on {day}", total=gist.latest, day=gist.latest_date)
    if gist.latest_prorated:
        what = message("{what}, prorated", what=what)
    if gist.change is not None:
        what = message("{what}, {change} since the baseline", what=what, change=signed(gist.change))
    return say(what)


def _change_spoken(listed: Listed) -> str:
    said = _change(listed).removeprefix(PRORATED)
    return _("{change}, prorated").format(change=said) if listed.gist.change_prorated and said else said


def _change(listed: Listed) -> str:
    gist = listed.gist
    return "" if gist.change is None else f"{PRORATED if gist.change_prorated else ''}{signed(gist.change)}"


def _age(listed: Listed) -> str:
    return "" if listed.days_since is None else str(listed.days_since)


def _down(number: int | None) -> int | None:
    """Return a sort key with the highest first."""
    return None if number is None else -number


def _standing_spoken(listed: Listed) -> str:
    if not listed.gist.course:
        return _("no course yet")
    signal, why = signal_on(listed.gist, listed.today)
    said = message("{signal}: {why}", signal=SIGNAL_WORDS[signal], why=why)
    return say(message("{what}, prorated", what=said) if listed.prorated else said)


def _appointment(listed: Listed) -> tuple[date, str] | None:
    found = listed.next
    # Where only the day is known, after those of the day that have their time.
    return (found[0], found[1] or "24") if found else None


def near_day(when: date, today: date) -> str:
    """Return a day as one says it who stands close to it."""
    return _("today") if when == today else month_day(when)


def _next(listed: Listed) -> str:
    found = listed.next
    return f"{near_day(found[0], listed.today)}  {found[1]}".strip() if found else ""


def _next_spoken(listed: Listed) -> str:
    found = listed.next
    return f"{day(found[0])}  {found[1]}".strip() if found else _("none to come")


SIGNAL_ORDER = (
    Signal.REVIEW,
    Signal.PLATEAU,
    Signal.NO_RECENT_SCORE,
    Signal.SLOWER,
    Signal.ON_TRACK,
    Signal.AHEAD,
    Signal.TOO_EARLY,
    Signal.PAST_DATA,
    Signal.NO_BENCHMARK,
    Signal.ENDED,
)
"""The signals as the column sorts them: what asks for a thought first."""
_PLACES = {signal: place for place, signal in enumerate(SIGNAL_ORDER)}

LEAST_CODE, MOST_CODE = 96, 180
"""Between these, in pixels, the codes' column is as wide as the widest code."""
COURSE_SO_FAR = 3
"""The column a delegate paints instead of writing it."""

# The first direction of a column is the one a therapist looks for: the worst, the oldest, the nearest first.
COLUMNS: tuple[Column[Listed], ...] = (
    Column(_("Patient"), lambda r: r.gist.code, width=LEAST_CODE, strong=True, sort=lambda r: r.gist.sort),
    Column(_("Name"), lambda r: r.gist.name, stretch=True, sort=lambda r: r.gist.name.casefold() or None),
    Column(_("Course"), _course, width=152, sort=lambda r: r.gist.modality or None, spoken=_course_spoken),
    Column(_("Course so far"), course_so_far, width=106),
    Column(
        _("Last"), _last, number=True, width=58, strong=True, sort=lambda r: _down(r.gist.latest), spoken=_last_spoken
    ),
    Column(
        _("Change"),
        _change,
        number=True,
        width=80,
        least=900,
        sort=lambda r: _down(r.gist.change),
        spoken=_change_spoken,
    ),
    Column(
        _("Days"), _age, number=True, width=60, least=1080, sort=lambda r: _down(r.days_since), tone=lambda _r: "muted"
    ),
    Column(
        _("Where it stands"),
        lambda r: signal_words(r.signal) if r.gist.course else "",
        width=170,
        tone=lambda r: TONES[r.signal],
        sort=lambda r: _PLACES[r.signal] if r.gist.course else None,
        spoken=_standing_spoken,
    ),
    Column(
        _("Risk"),
        _risk,
        width=156,
        tone=_risk_tone,
        sort=_risk_order,
        spoken=_risk_spoken,
    ),
    Column(_("Next"), _next, width=126, least=900, sort=_appointment, spoken=_next_spoken),
)
