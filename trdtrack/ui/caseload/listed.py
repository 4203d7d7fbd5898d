"""One line of the patient list: what is kept of a patient, where the line stands today, and how each column says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from trdtrack.chart.marks import MARKS
from trdtrack.domain import place as places
from trdtrack.domain.gist import Gist
from trdtrack.domain.place import Place, ended_on, next_on, place_of, prorated_on, signal_on, under_way
from trdtrack.domain.signals import RECENT_DAYS, Signal
from trdtrack.domain.summary import SIGNAL_WORDS
from trdtrack.words import _, say

if TYPE_CHECKING:
    from trdtrack.domain.summary import Summary


@dataclass(slots=True, eq=False)
class Listed:
    """A patient's gist as it reads on a day. A row is equal to itself alone: it is looked for among thousands."""

    gist: Gist
    today: date
    place: Place
    sought: str = field(repr=False)
    """What typing is compared with: code and name, in small letters."""
    unconfirmed: int = 0
    """The answer of 1-3 to item 9 that stands in a draft and waits to be confirmed; 0 for none."""

    @classmethod
    def of(cls, gist: Gist, today: date, *, unconfirmed: int = 0) -> Listed:
        """Work out where the row stands on a day."""
        # Where the patient died nothing is asked for any more.
        unconfirmed = 0 if gist.died else unconfirmed
        place = place_of(gist, today, unconfirmed=unconfirmed)
        return cls(gist, today, place, f"{gist.code} {gist.name}".casefold(), unconfirmed)

    @property
    def signal(self) -> Signal:
        """The signal of the day; one for whom there is no course has none to tell apart."""
        return signal_on(self.gist, self.today)[0]

    @property
    def prorated(self) -> bool:
        """Whether the change or the signal rests on a prorated total."""
        return prorated_on(self.gist, self.today)

    @property
    def ended(self) -> bool:
        """Whether the course is over."""
        return ended_on(self.gist, self.today)

    @property
    def under_way(self) -> bool:
        """Whether there is a course that goes on, of somebody who is in care."""
        return under_way(self.gist, self.today)

    @property
    def days_since(self) -> int | None:
        """Days since the last score."""
        return (self.today - self.gist.latest_date).days if self.gist.latest_date else None

    @property
    def no_recent_score(self) -> bool:
        """Whether a course under way has no score, or none in 28 days, whatever signal comes before that one."""
        return self.under_way and (self.days_since is None or self.days_since > RECENT_DAYS)

    @property
    def asked_again(self) -> bool:
        """Whether the day to look at the risk again has come."""
        return self.gist.risk_again is not None and self.gist.risk_again <= self.today

    @property
    def next(self) -> tuple[date, str] | None:
        """Day and time of the next appointment, if one is still to come."""
        return next_on(self.gist, self.today)


def standing_words(summary: Summary | None) -> str:
    """Return a summary's signal as shape and words."""
    return signal_words(summary.standing.signal) if summary else ""


def signal_words(signal: Signal) -> str:
    """Return a signal as shape and words."""
    return f"{MARKS[signal]}  {say(SIGNAL_WORDS[signal])}".strip()


def why_here(listed: Listed) -> str:
    """Return why a line stands where it does in the order by default."""
    why = say(places.why_here(listed.gist, listed.today, unconfirmed=listed.unconfirmed))
    return _("Why here: {why}").format(why=why) if why else ""
