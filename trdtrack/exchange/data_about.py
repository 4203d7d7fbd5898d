"""What is said about the data tables themselves: when and by what they were made, the rules in force, and caveats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack import __version__
from trdtrack.domain import phq9
from trdtrack.domain.ending import END_DAYS
from trdtrack.domain.message import message
from trdtrack.domain.trajectory import AFTER_DAYS, BEFORE_DAYS
from trdtrack.evidence import default_benchmark
from trdtrack.words import _, phq9_wording, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from trdtrack.domain.chain_head import ChainHead
    from trdtrack.domain.message import Message
    from trdtrack.domain.records import Rules


def about(*, at: datetime, head: ChainHead | None, rules: Rules | None, patients: int) -> Iterator[tuple[str, str]]:
    """Yield (what, is): `head` is the end of the caseload's history, where it is of one.

    `rules` are those the summaries rest on, None where nobody has a course of care.
    """
    yield _("Made"), say(message("{day}, {time}", day=at.date(), time=at.strftime("%H:%M %z").strip()))
    yield _("Program"), f"TRDTrack {__version__}"
    if head:
        yield _("Chain head"), head.short
    yield _("Patients"), str(patients)
    for name, said in _rules(rules):
        yield name, say(said)
    yield _("Not recorded"), _("An empty cell: not recorded, or a rule that does not apply. It never stands for 0.")
    for caveat in default_benchmark().caveats:
        yield _("Please keep in mind"), caveat
    yield _("PHQ-9"), phq9_wording().licence


def _rules(rules: Rules | None) -> Iterator[tuple[str, Message]]:
    zero = message(
        "The course's start as set, else its first attended session. Weeks are days since then, divided by 7."
    )
    yield _("Week 0"), zero
    yield (
        _("Baseline"),
        message(
            "The last total in the {before} days up to week 0, else the first in the {after} days after it; or the one "
            "the therapist chose, with the reason.",
            before=BEFORE_DAYS,
            after=AFTER_DAYS,
        ),
    )
    said = message("The last total in the {days} days up to and including the end of the course.", days=END_DAYS)
    yield _("End score"), said
    if rules is None:
        return
    yield (
        _("Reliable change"),
        message(
            "A fall or rise of {n} points or more: larger than measurement error. It does not mean because of the "
            "therapy. A course that has ended keeps the rule that was in force then.",
            n=rules.reliable_change,
        ),
    )
    prorated = message(
        "With up to {n} answers missing the total is prorated: the mean of those answered times {items}, rounded half "
        "up. With more there is none.",
        n=phq9.MOST_MISSING,
        items=phq9.ITEMS,
    )
    whole = message("A questionnaire with any answer missing has no total.")
    yield _("Missing answers"), prorated if rules.prorate else whole
    yield (
        _("Treatment resistance"),
        message("An antidepressant trial counts from {n} weeks at an adequate dose.", n=rules.trial_weeks),
    )
